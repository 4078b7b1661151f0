//! A refusal in the shape of the token service.

use serde_json::json;
use uuid::Uuid;

use crate::sandbox::clock;
use crate::sandbox::http::{Reply, Request};

#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    error: &'static str,
    /// AADSTS number, where one is known.
    number: Option<u32>,
    text: String,
}

impl Refusal {
    pub(super) fn new(error: &'static str, number: u32, text: impl Into<String>) -> Self {
        let status = if error == "invalid_client" { 401 } else { 400 };
        Self { status, error, number: Some(number), text: text.into() }
    }

    /// One of those that RFC 8628 names and the service's documentation gives no number for.
    pub(super) fn plain(error: &'static str, text: &str) -> Self {
        Self { status: 400, error, number: None, text: text.to_owned() }
    }

    /// A field too many, too few or not as it has to be.
    pub(super) fn of_request(text: impl Into<String>) -> Self {
        Self::new("invalid_request", 900_144, text)
    }

    pub(super) fn reply(self, request: &Request) -> Reply {
        let trace = Uuid::new_v4().to_string();
        let correlation = request.client_request_id.as_deref().unwrap_or(&trace);
        let when = clock::timestamp(clock::unix_now()).replace('T', " ");
        let number = self.number.map_or_else(String::new, |number| format!("AADSTS{number}: "));
        let description =
            format!("{number}{} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {when}", self.text);
        let body = json!({
            "error": self.error, "error_description": description, "error_codes": self.number.as_slice(),
            "timestamp": when, "trace_id": trace, "correlation_id": correlation,
            "error_uri": self.number.map(|number| format!("https://login.microsoftonline.com/error?code={number}")),
        });
        Reply::json(self.status, &body)
    }
}
