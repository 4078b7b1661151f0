//! The C ABI. The only folder with `unsafe` in it.
//!
//! Every export is short: arguments, one call of safe code behind the guard, a result. The documentation here
//! becomes the C header.
#![allow(unsafe_code)]

mod arguments;
mod batch;
mod guard;
mod host;
mod result;

use crate::http::cancel;
use crate::operation;
use crate::status::Status;
pub use batch::*;
use guard::guarded;
pub use result::redemption_result;
use std::ffi::{CStr, c_char};

/// What a call ended with: one of `enum redemption_status_code`. Any value may be passed in.
#[allow(non_camel_case_types)]
pub type redemption_status = i32;

/// Resets the redemption of one guest: finds it, plans, changes the address where needed, invites with the reset
/// flag, and verifies.
///
/// Parameters:
///   `user_id`: object id, user principal name or an e-mail address of the guest. Not NULL.
///   `email`: the address that the guest will sign in with. NULL means the guest's own `mail`.
///   `opts_json`: one JSON object, described by `reset-options.schema.json`. NULL means defaults.
///   All are NUL-terminated UTF-8 of at most 1 MiB each, and are read during the call only.
///
/// Returns: a result, never NULL. Its JSON is described by `result.schema.json`.
///
/// Ownership: free the result with `redemption_result_free`.
///
/// Threads: any thread may call. The call blocks, for at most the option `timeout_ms` (100 s by default).
///
/// Since: 0.1.0
///
/// # Safety
///
/// Each argument is NULL or points to a NUL-terminated string that does not change during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn reset_redemption(
    user_id: *const c_char,
    email: *const c_char,
    opts_json: *const c_char,
) -> *mut redemption_result {
    result::give(guarded("reset", || {
        // SAFETY: the caller keeps to this function's contract
        let user_id = unsafe { arguments::required(user_id, "user_id") }?;
        // SAFETY: as above
        let email = unsafe { arguments::optional(email, "email") }?;
        // SAFETY: as above
        let opts_json = unsafe { arguments::optional(opts_json, "opts_json") }?;
        Ok(operation::reset(user_id, email, opts_json))
    }))
}

/// Carries out any other operation: sessions, users, raw invitations, plans.
///
/// Parameters:
///   `request_json`: one JSON object with the member `op`, described by `request.schema.json`. Not NULL;
///   NUL-terminated UTF-8 of at most 1 MiB, read during the call only.
///
/// Returns: a result, never NULL. Its JSON is described by `result.schema.json`.
///
/// Ownership: free the result with `redemption_result_free`.
///
/// Threads: any thread may call. The call blocks, for at most the option `timeout_ms` (100 s by default).
///
/// Since: 0.1.0
///
/// # Safety
///
/// The argument is NULL or points to a NUL-terminated string that does not change during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_call(request_json: *const c_char) -> *mut redemption_result {
    result::give(guarded("", || {
        // SAFETY: the caller keeps to this function's contract
        let request_json = unsafe { arguments::required(request_json, "request_json") }?;
        Ok(operation::call(request_json))
    }))
}

/// What the call ended with.
///
/// Parameters: `result`: a result that has not been freed, or NULL.
///
/// Returns: its status; `REDEMPTION_NULL_ARGUMENT` for NULL.
///
/// Threads: any thread, also several at once.
///
/// Since: 0.1.0
///
/// # Safety
///
/// The argument is NULL or a result of this library that has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_result_status(result: *const redemption_result) -> redemption_status {
    // SAFETY: the caller keeps to this function's contract
    unsafe { result.as_ref() }.map_or(Status::NullArgument, redemption_result::status).code()
}

/// The whole answer as JSON.
///
/// Parameters:
///   `result`: a result that has not been freed, or NULL.
///   `len`: receives the length in bytes without the NUL, or NULL.
///
/// Returns: UTF-8 with a NUL at its end; an empty string for NULL. It may hold the redeem link, which is a secret.
///
/// Ownership: the text belongs to the result and lives as long as it; do not free it.
///
/// Threads: any thread, also several at once.
///
/// Since: 0.1.0
///
/// # Safety
///
/// `result` is NULL or a result of this library that has not been freed; `len` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_result_json(result: *const redemption_result, len: *mut usize) -> *const c_char {
    // SAFETY: the caller keeps to this function's contract
    let text = unsafe { result.as_ref() }.map_or(c"", redemption_result::json);
    // SAFETY: as above
    unsafe { lend(text, len) }
}

/// What happened, in one sentence, for people.
///
/// Parameters:
///   `result`: a result that has not been freed, or NULL.
///   `len`: receives the length in bytes without the NUL, or NULL.
///
/// Returns: UTF-8 with a NUL at its end; empty when the status is `REDEMPTION_OK`. It never holds a secret.
///
/// Ownership: the text belongs to the result and lives as long as it; do not free it.
///
/// Threads: any thread, also several at once.
///
/// Since: 0.1.0
///
/// # Safety
///
/// `result` is NULL or a result of this library that has not been freed; `len` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_result_message(result: *const redemption_result, len: *mut usize) -> *const c_char {
    // SAFETY: the caller keeps to this function's contract
    let text = unsafe { result.as_ref() }.map_or(c"", redemption_result::message);
    // SAFETY: as above
    unsafe { lend(text, len) }
}

/// Frees a result, with the texts that belong to it.
///
/// Parameters: `result`: a result that has not been freed, or NULL, which does nothing.
///
/// Threads: any thread, once, when no other thread uses the result any more.
///
/// Since: 0.1.0
///
/// # Safety
///
/// The argument is NULL or a result of this library that has not been freed, and that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_result_free(result: *mut redemption_result) {
    // SAFETY: the caller keeps to this function's contract
    unsafe { result::take_back(result) };
}

/// The name of a status, such as `GUEST_NOT_FOUND`.
///
/// Parameters: `status`: any number.
///
/// Returns: ASCII with a NUL at its end; `UNKNOWN` for a number that this version does not know.
///
/// Ownership: the text is static; do not free it.
///
/// Threads: any thread.
///
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn redemption_status_name(status: redemption_status) -> *const c_char {
    Status::from_code(status).map_or(c"UNKNOWN", Status::c_name).as_ptr()
}

/// The library's version, such as `0.1.0`.
///
/// Returns: ASCII with a NUL at its end; compare with `REDEMPTION_VERSION` of the header.
///
/// Ownership: the text is static; do not free it.
///
/// Threads: any thread.
///
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn redemption_version() -> *const c_char {
    const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };
    VERSION.as_ptr()
}

/// The version of this binary interface; it changes only when older programs would break.
///
/// Returns: 1.
///
/// Threads: any thread.
///
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn redemption_abi_version() -> u32 {
    crate::ABI_VERSION
}

/// A new cancel object, for the option `cancel_id` of one or more calls.
///
/// Returns: its id, never 0; 0 in a forked child.
///
/// Ownership: free it with `redemption_cancel_free`.
///
/// Threads: any thread.
///
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn redemption_cancel_new() -> u64 {
    if host::is_forked() { 0 } else { cancel::create() }
}

/// Cancels every call that uses this object, now and later: it stays cancelled.
///
/// A call that has not posted its invitation yet ends with `REDEMPTION_CANCELLED` within 100 ms. One whose
/// invitation is on its way waits for the answer for up to the option `cancel_grace_ms`.
///
/// Parameters: `id`: an id of `redemption_cancel_new`; any other does nothing.
///
/// Threads: any thread, at any time.
///
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn redemption_cancel(id: u64) {
    if !host::is_forked() {
        cancel::cancel(id);
    }
}

/// Frees a cancel object. Calls that use it go on and can no longer be cancelled.
///
/// Parameters: `id`: an id of `redemption_cancel_new`; any other does nothing.
///
/// Threads: any thread.
///
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn redemption_cancel_free(id: u64) {
    if !host::is_forked() {
        cancel::free(id);
    }
}

/// Hands out a text with its length.
///
/// # Safety
///
/// `len` is NULL or may be written.
unsafe fn lend(text: &CStr, len: *mut usize) -> *const c_char {
    // SAFETY: the caller keeps to this function's contract
    if let Some(len) = unsafe { len.as_mut() } {
        *len = text.count_bytes();
    }
    text.as_ptr()
}
