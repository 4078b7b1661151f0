//! JSON in, strictly: one object, no key twice, no key unknown, and errors that name the path.

use crate::error::{Error, Result};
use crate::status::Status;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A JSON object whose keys are known to be unique.
pub(crate) type Object = Map<String, Value>;

/// Reads one JSON object. `what` names the text in errors: `opts_json`, `request_json`.
pub(crate) fn parse(text: &str, what: &str) -> Result<Object> {
    let mut twice = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Unique { path: String::new(), twice: &mut twice }.deserialize(&mut reader);
    if let Some(path) = twice {
        return Err(
            Error::new(Status::DuplicateOption, format!("{what}: {path} stands twice")).hint("give each key once")
        );
    }
    let malformed = |error: serde_json::Error| {
        // the position alone: serde_json's text can quote what stands there, which may be a secret
        let (line, column) = (error.line(), error.column());
        Error::new(Status::InvalidJson, format!("{what} is not JSON (line {line}, column {column})"))
            .hint("give one JSON object, encoded in UTF-8")
    };
    let value = value.map_err(malformed)?;
    reader.end().map_err(malformed)?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(Error::new(Status::InvalidJson, format!("{what} is not a JSON object")).hint("write {} around it")),
    }
}

/// Turns the object into a type that denies unknown fields.
pub(crate) fn read<T: DeserializeOwned>(object: Object, what: &str) -> Result<T> {
    serde_path_to_error::deserialize(Value::Object(object)).map_err(|error| {
        let path = error.path().to_string();
        complain(what, if path == "." { "" } else { &path }, &error.inner().to_string())
    })
}

/// serde tells kinds of errors apart by its wording alone; a test holds each of them.
fn complain(what: &str, path: &str, text: &str) -> Error {
    let at = if path.is_empty() { what.to_owned() } else { format!("{what}: {path}") };
    let quoted = text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("unknown field") {
        let expected = text.split_once("expected").map_or("", |(_, expected)| expected.trim());
        // where the path ends with the unknown key, it is not to be named twice
        let at = at.strip_suffix(quoted).map_or(at.clone(), |rest| rest.trim_end_matches(['.', ' ', ':']).to_owned());
        return Error::new(Status::UnknownOption, format!("{at}: the key {quoted:?} is not known"))
            .hint(format!("known here: {}", expected.trim_start_matches("one of ").replace('`', "")));
    }
    if text.starts_with("missing field") {
        return Error::new(Status::MissingOption, format!("{at}: the key {quoted:?} is missing"));
    }
    if let Some((_, expected)) = text.strip_prefix("invalid type").and_then(|rest| rest.rsplit_once("expected ")) {
        return Error::new(Status::WrongType, format!("{at}: expected {expected}"));
    }
    if let Some((_, expected)) = text.strip_prefix("unknown variant").and_then(|rest| rest.split_once("expected ")) {
        return Error::new(Status::OutOfRange, format!("{at}: expected {}", expected.replace('`', "")));
    }
    if let Some((_, expected)) = text.strip_prefix("invalid value").and_then(|rest| rest.rsplit_once("expected ")) {
        return Error::new(Status::OutOfRange, format!("{at}: expected {expected}"));
    }
    Error::new(Status::OutOfRange, format!("{at}: {text}"))
}

/// Builds a value and remembers the path of a key that stands twice.
struct Unique<'a> {
    path: String,
    twice: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        loop {
            let path = format!("{}[{}]", self.path, array.len());
            match elements.next_element_seed(Unique { path, twice: self.twice })? {
                Some(element) => array.push(element),
                None => return Ok(Value::Array(array)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let path = if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
            if object.contains_key(&key) && self.twice.is_none() {
                *self.twice = Some(path.clone());
            }
            let value = members.next_value_seed(Unique { path, twice: self.twice })?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[allow(dead_code)]
        number: u8,
        #[serde(default)]
        #[allow(dead_code)]
        inner: Option<Inner>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "snake_case")]
    struct Inner {
        #[allow(dead_code)]
        word: Word,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        One,
        Two,
    }

    #[test]
    fn every_slip_has_its_own_status_and_names_its_path() {
        let check = |text: &str| {
            let result = parse(text, "opts_json").and_then(|object| read::<Sample>(object, "opts_json"));
            result.map_err(|error| (error.status, error.message)).err()
        };
        let slip = |status, message: &str| Some((status, message.to_owned()));
        assert_eq!(check(r#"{"number": 1, "inner": {"word": "two"}}"#), None);
        assert_eq!(check("{"), slip(Status::InvalidJson, "opts_json is not JSON (line 1, column 1)"));
        assert_eq!(check("{} x"), slip(Status::InvalidJson, "opts_json is not JSON (line 1, column 4)"));
        assert_eq!(check("[]"), slip(Status::InvalidJson, "opts_json is not a JSON object"));
        assert_eq!(
            check(r#"{"number": 1, "inner": {"word": "one", "word": "two"}}"#),
            slip(Status::DuplicateOption, "opts_json: inner.word stands twice")
        );
        assert_eq!(
            check(r#"{"nummer": 1}"#),
            slip(Status::UnknownOption, r#"opts_json: the key "nummer" is not known"#)
        );
        assert_eq!(
            check(r#"{"number": 1, "inner": {"wort": 1}}"#),
            slip(Status::UnknownOption, r#"opts_json: inner: the key "wort" is not known"#)
        );
        assert_eq!(check("{}"), slip(Status::MissingOption, r#"opts_json: the key "number" is missing"#));
        assert_eq!(check(r#"{"number": "1"}"#), slip(Status::WrongType, "opts_json: number: expected u8"));
        assert_eq!(check(r#"{"number": 300}"#), slip(Status::OutOfRange, "opts_json: number: expected u8"));
        assert_eq!(
            check(r#"{"number": 1, "inner": {"word": "three"}}"#),
            slip(Status::OutOfRange, "opts_json: inner.word: expected one or two")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in ".*") {
            let _ = parse(&text, "opts_json");
        }

        #[test]
        fn what_serde_json_writes_comes_back(keys in proptest::collection::btree_map(".*", any::<i64>(), 0..8)) {
            let text = serde_json::to_string(&keys).unwrap();
            let object = parse(&text, "opts_json").unwrap();
            prop_assert_eq!(serde_json::to_string(&object).unwrap(), text);
        }
    }
}
