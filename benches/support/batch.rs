//! A batch of the C ABI, used the way a C program does: one thread that gives and takes.
#![allow(dead_code)]

use guest_redemption::Status;
use guest_redemption::ffi::{self, redemption_batch, redemption_result};
use serde_json::Value;
use std::ffi::{CStr, CString};

/// It is freed with this value.
pub(crate) struct Batch(*mut redemption_batch);

/// What came of asking for a result.
pub(crate) enum Next {
    Result(Answer),
    Pending,
    Done,
}

/// The result of one guest; it is freed with this value.
pub(crate) struct Answer(*mut redemption_result);

impl Batch {
    /// Ends the benchmark if it cannot be started.
    pub(crate) fn start(options: &Value) -> Self {
        let options = CString::new(options.to_string()).unwrap();
        let (mut batch, mut why) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: the text is NUL-terminated, and both may be written
        let status = unsafe { ffi::redemption_batch_start(options.as_ptr(), &raw mut batch, &raw mut why) };
        if status != 0 {
            panic!("{}", Answer(why).json());
        }
        Self(batch)
    }

    /// Whether the guest was taken; it is not where there is no room.
    pub(crate) fn add(&self, tag: u64, user: &CStr, email: Option<&CStr>) -> bool {
        let email = email.map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: the batch is not freed, and the texts are NUL-terminated or NULL
        let status = unsafe { ffi::redemption_batch_add(self.0, tag, user.as_ptr(), email, std::ptr::null(), 0) };
        match Status::from_code(status) {
            Some(Status::Ok) => true,
            Some(Status::BatchFull) => false,
            _ => panic!("a guest was not taken: {status}"),
        }
    }

    pub(crate) fn finish(&self) {
        // SAFETY: the batch is not freed
        unsafe { ffi::redemption_batch_finish(self.0) };
    }

    /// Waits at most so many milliseconds.
    pub(crate) fn next(&self, timeout: u32) -> Next {
        let mut result = std::ptr::null_mut();
        // SAFETY: the batch is not freed, a NULL tag is not written, and `result` may be
        let status = unsafe { ffi::redemption_batch_next(self.0, timeout, std::ptr::null_mut(), &raw mut result) };
        match Status::from_code(status) {
            Some(Status::Ok) => Next::Result(Answer(result)),
            Some(Status::BatchPending) => Next::Pending,
            Some(Status::BatchDone) => Next::Done,
            _ => panic!("the batch has failed: {status}"),
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // SAFETY: nobody uses it any more
        unsafe { ffi::redemption_batch_free(self.0) };
    }
}

impl Answer {
    pub(crate) fn json(&self) -> &str {
        let mut length = 0;
        // SAFETY: the result is one of the library's, and `length` may be written
        let text = unsafe { ffi::redemption_result_json(self.0, &raw mut length) };
        // SAFETY: the text is as long as told and lives as long as the result
        let bytes = unsafe { std::slice::from_raw_parts(text.cast(), length) };
        std::str::from_utf8(bytes).unwrap()
    }

    /// Ends the benchmark if the guest's reset did not end this way. Told by a look at the text, since reading all of it
    /// costs more than what is measured.
    pub(crate) fn must_be(&self, outcome: &str) {
        let json = self.json();
        assert!(json.contains(&format!(r#""outcome":"{outcome}""#)), "not {outcome}: {json}");
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        // SAFETY: nobody uses it any more
        unsafe { ffi::redemption_result_free(self.0) };
    }
}
