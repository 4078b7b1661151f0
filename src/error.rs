//! One error type: what happened, to whom, what to do next, and the service's own words.

use crate::status::Status;
use serde::Serialize;

/// Why a call did not end with [`Status::Ok`].
///
/// `message` is one sentence that names who or what is concerned; `hint` says what to do next. Neither ever
/// holds a token, a secret or a redeem URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Error {
    /// The stable reason.
    pub(crate) status: Status,
    /// What happened, in one sentence.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) hint: Option<String>,
    /// What the service said, if it was reached.
    pub(crate) service: Option<Box<ServiceFault>>,
    /// Objects that stand in the way: several matches, the owner of an address.
    pub(crate) objects: Vec<ObjectRef>,
}

/// The service's own words about a failed request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct ServiceFault {
    /// HTTP status, 400 to 599 (or a 2xx whose body could not be read).
    pub(crate) http_status: u16,
    /// `error.code`; may be empty.
    pub(crate) code: String,
    /// `error.message`; HTML is taken out.
    pub(crate) message: String,
    /// Codes of `error.details`.
    pub(crate) detail_codes: Vec<String>,
    /// The service's id of the request, for support cases.
    pub(crate) request_id: Option<String>,
    /// Our id of the request.
    pub(crate) client_request_id: Option<String>,
    /// How long the service asked to wait, in milliseconds.
    pub(crate) retry_after_ms: Option<u64>,
}

/// A directory object named in an error or an obstacle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct ObjectRef {
    /// Object id.
    pub(crate) id: String,
    /// `user`, `group`, `contact` or `deleted user`.
    pub(crate) kind: String,
    /// Display name, if it has one.
    pub(crate) display_name: Option<String>,
    /// User principal name or mail address, if it has one.
    pub(crate) name: Option<String>,
}

/// The result of nearly everything here.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without a hint.
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), hint: None, service: None, objects: Vec::new() }
    }

    /// Adds what to do next.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the objects that stand in the way.
    #[must_use]
    pub(crate) fn objects(mut self, objects: Vec<ObjectRef>) -> Self {
        self.objects = objects;
        self
    }
}
