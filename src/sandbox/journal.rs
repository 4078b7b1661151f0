//! What the sandbox remembers of what was done to it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::secrets;

/// What happened since the start or the last reset.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// The invitation mails that the service would have sent.
    pub mails: Vec<Mail>,
    /// Invitations answered with 201 or meant to be (the answer may have been lost on purpose).
    pub invitations_accepted: u64,
    /// Internal users made external by an invitation: what no client should ever cause.
    pub conversions: u64,
    /// The latest requests but those to the control API, in order of arrival.
    pub requests: VecDeque<RequestRecord>,
    /// Accepted changes: user updates and invitations.
    pub writes: u64,
    /// The requests to the sign-in endpoints, with all that was sent.
    pub sign_ins: Vec<SignInRecord>,
    /// Tokens and codes that were handed out: what no output of a client should ever hold.
    pub secrets: Vec<String>,
    /// Serial number of the first of `requests`.
    #[serde(skip)]
    first: u64,
}

/// An invitation mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mail {
    /// The invited address.
    pub to: String,
    /// The one additional recipient that the service supports.
    pub cc: Option<String>,
    /// Object id of the invited user.
    pub user_id: String,
    /// Language of the service's own text; none if `body` replaces it.
    pub language: Option<String>,
    /// The custom message, unless the service dropped it.
    pub body: Option<String>,
    /// When it was sent (RFC 3339).
    pub at: String,
}

/// A request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestRecord {
    /// HTTP method.
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// Status of the answer; 0 while there is none and if there never was.
    pub status: u16,
    /// The caller's correlation id.
    pub client_request_id: Option<String>,
    /// The body of a POST or PATCH, as it came in.
    pub body: Option<String>,
}

/// A request to one of the sign-in endpoints.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInRecord {
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// The form or the query, in order.
    pub fields: Vec<(String, String)>,
    /// Word of the error it was refused with; none if it was answered as asked.
    pub error: Option<String>,
}

impl SignInRecord {
    /// The field's value.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

const MOST_REQUESTS: usize = 100_000;

impl State {
    /// Notes a request; the number is for `answered`.
    pub(super) fn arrived(&mut self, record: RequestRecord) -> u64 {
        if self.requests.len() == MOST_REQUESTS {
            self.requests.pop_front();
            self.first += 1;
        }
        self.requests.push_back(record);
        self.first + self.requests.len() as u64 - 1
    }

    /// Remembers what no output of a client should ever hold.
    pub(super) fn keep_secret(&mut self, secret: &str) {
        secrets::note(secret);
        self.secrets.push(secret.to_owned());
    }

    pub(super) fn answered(&mut self, number: u64, status: u16) {
        let at = number.checked_sub(self.first).and_then(|n| usize::try_from(n).ok());
        if let Some(record) = at.and_then(|at| self.requests.get_mut(at)) {
            record.status = status;
        }
    }

    /// Empties the journal; numbers given out before stay void.
    pub(super) fn clear(&mut self) {
        *self = Self { first: self.first + self.requests.len() as u64, ..Self::default() };
    }
}
