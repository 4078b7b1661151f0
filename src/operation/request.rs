//! A request's `op`, and the members that the operations share.

use crate::error::{Error, Result};
use crate::options::Object;
use crate::status::Status;
use serde_json::Value;

pub(super) const WHAT: &str = "request_json";

/// The operation's name, and what remains.
pub(super) fn take_operation(mut object: Object) -> Result<(String, Object)> {
    let operation = take_text(&mut object, "op")?.ok_or_else(|| missing("op"))?;
    Ok((operation, object))
}

/// Takes a text that may be absent or null.
pub(super) fn take_text(object: &mut Object, key: &str) -> Result<Option<String>> {
    match object.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Error::new(Status::WrongType, format!("{WHAT}: {key}: expected a string"))),
    }
}

/// Takes a text that must be there.
pub(super) fn require_text(object: &mut Object, key: &str) -> Result<String> {
    take_text(object, key)?.ok_or_else(|| missing(key))
}

fn missing(key: &str) -> Error {
    Error::new(Status::MissingOption, format!("{WHAT}: the key {key:?} is missing"))
}
