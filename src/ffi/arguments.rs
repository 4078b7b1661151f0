//! C strings in, checked, with the argument's name in every error.

use crate::error::{Error, Result};
use crate::status::Status;
use std::ffi::{CStr, c_char};

const LONGEST: usize = 1 << 20;

/// A string that must be there.
///
/// # Safety
///
/// The pointer is NULL or points to a NUL-terminated string that lives and does not change for `'a`.
pub(super) unsafe fn required<'a>(pointer: *const c_char, name: &str) -> Result<&'a str> {
    // SAFETY: the caller keeps to this function's contract
    let text = unsafe { optional(pointer, name) }?;
    text.ok_or_else(|| Error::new(Status::NullArgument, format!("{name} is NULL")))
}

/// A string that may be NULL.
///
/// # Safety
///
/// As for [`required`].
pub(super) unsafe fn optional<'a>(pointer: *const c_char, name: &str) -> Result<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL; the caller keeps to this function's contract
    let text = unsafe { CStr::from_ptr(pointer) };
    if text.count_bytes() > LONGEST {
        return Err(Error::new(Status::ArgumentTooLong, format!("{name} is longer than 1 MiB")));
    }
    let text = text.to_str().map_err(|error| {
        let at = error.valid_up_to();
        Error::new(Status::InvalidUtf8, format!("{name} is not UTF-8 (at byte {at})")).hint("encode it in UTF-8")
    })?;
    Ok(Some(text))
}
