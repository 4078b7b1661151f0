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

/// The names of `select` as Graph takes them; without any, the usual ones.
pub(super) fn properties(select: Option<Vec<String>>, usual: &str) -> Result<String> {
    let Some(names) = select else { return Ok(usual.into()) };
    let is_name = |name: &String| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if names.is_empty() || !names.iter().all(is_name) {
        return Err(Error::new(Status::OutOfRange, format!("{WHAT}: select: expected names of properties")));
    }
    Ok(names.join(","))
}

fn missing(key: &str) -> Error {
    Error::new(Status::MissingOption, format!("{WHAT}: the key {key:?} is missing"))
}
