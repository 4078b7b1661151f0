//! What the service answers when it refuses: Graph's error JSON, and the refusals that several routes share.

use serde_json::{Value, json};

use super::clock;
use super::http::Reply;

/// A refusal on its way to becoming an error answer.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
    details: Option<Value>,
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: None, headers: Vec::new() }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "Request_BadRequest", message)
    }

    pub(super) fn unsupported_query(message: impl Into<String>) -> Self {
        Self::new(400, "Request_UnsupportedQuery", message)
    }

    pub(super) fn not_found(id: &str) -> Self {
        let message =
            format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
        Self::new(404, "Request_ResourceNotFound", message)
    }

    pub(super) fn denied() -> Self {
        Self::new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    }

    /// The address is a proxy address of another object.
    pub(super) fn conflict() -> Self {
        let message = "Another object with the same value for property proxyAddresses already exists.";
        let details = json!([{ "code": "ObjectConflict", "message": message, "target": "proxyAddresses" }]);
        Self { details: Some(details), ..Self::bad_request(message) }
    }

    pub(super) fn bad_token(message: &str) -> Self {
        let challenge = "Bearer realm=\"\", client_id=\"00000003-0000-0000-c000-000000000000\", \
                         error=\"invalid_token\"";
        let headers = vec![("www-authenticate", challenge.to_owned())];
        Self { headers, ..Self::new(401, "InvalidAuthenticationToken", message) }
    }

    pub(super) fn reply(self, request_id: &str, client_request_id: &str) -> Reply {
        let date = clock::timestamp(clock::unix_now());
        let inner = json!({
            "date": date.trim_end_matches('Z'),
            "request-id": request_id,
            "client-request-id": client_request_id,
        });
        let mut error = json!({ "code": self.code, "message": self.message, "innerError": inner });
        if let Some(details) = self.details {
            error["details"] = details;
        }
        let mut reply = Reply::json(self.status, &json!({ "error": error }));
        reply.headers[0].1 = "application/json".to_owned();
        reply.headers.extend(self.headers);
        reply
    }
}
