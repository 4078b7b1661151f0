//! The opaque result: owned by the caller, read through functions, freed once.

use crate::operation::Answer;
use crate::status::Status;
use std::ffi::{CStr, CString};

/// What a call left. Opaque; owned by the caller.
#[allow(non_camel_case_types)]
pub struct redemption_result {
    status: Status,
    message: CString,
    json: CString,
}

impl redemption_result {
    pub(super) fn status(&self) -> Status {
        self.status
    }

    pub(super) fn message(&self) -> &CStr {
        &self.message
    }

    pub(super) fn json(&self) -> &CStr {
        &self.json
    }
}

/// Hands an answer over to the caller.
pub(super) fn give(answer: Answer) -> *mut redemption_result {
    let result =
        redemption_result { status: answer.status, message: c_string(answer.message), json: c_string(answer.json) };
    Box::into_raw(Box::new(result))
}

/// JSON escapes NUL; a message that quotes the service may hold one, which would end it early.
fn c_string(text: String) -> CString {
    CString::new(text).unwrap_or_else(|error| {
        let without: Vec<u8> = error.into_vec().into_iter().filter(|byte| *byte != 0).collect();
        CString::new(without).unwrap_or_default()
    })
}

/// Frees a result.
///
/// # Safety
///
/// The pointer is NULL or came from [`give`] and was not taken back yet.
pub(super) unsafe fn take_back(result: *mut redemption_result) {
    if !result.is_null() {
        // SAFETY: not NULL; the caller keeps to this function's contract
        drop(unsafe { Box::from_raw(result) });
    }
}
