//! The fields of a form or a query, of which each must be known and stand once.

use super::refusal::Refusal;
use crate::sandbox::http::{self, Request};

pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// The form in the body.
    pub(super) fn read(request: &Request) -> Result<Self, Refusal> {
        let media_type = request.header("content-type").unwrap_or_default();
        if media_type.split(';').next() != Some("application/x-www-form-urlencoded") {
            return Err(Refusal::of_request(format!("The content type '{media_type}' is not that of a form.")));
        }
        if !request.query.is_empty() {
            return Err(Refusal::of_request("The request must not have a query."));
        }
        let fields = std::str::from_utf8(&request.body).ok().and_then(http::pairs);
        fields.map(Self).ok_or_else(|| Refusal::of_request("The body is not properly encoded."))
    }

    /// The query.
    pub(super) fn query(request: &Request) -> Self {
        Self(request.query.clone())
    }

    /// The field's value, unless it is missing or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
    }

    pub(super) fn field(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| {
            Refusal::of_request(format!("The request body must contain the following parameter: '{name}'."))
        })
    }

    /// Refuses a field that does not have this value.
    pub(super) fn expect(&self, name: &str, expected: &str) -> Result<(), Refusal> {
        match self.field(name)? {
            value if value == expected => Ok(()),
            value => Err(Refusal::of_request(format!("'{name}' must be '{expected}', not '{value}'."))),
        }
    }

    /// Refuses fields that are not among these, and those that stand twice.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        for (at, (name, _)) in self.0.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return Err(Refusal::of_request(format!("The parameter '{name}' is not known here.")));
            }
            if self.0[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(Refusal::of_request(format!("The parameter '{name}' stands twice.")));
            }
        }
        Ok(())
    }
}
