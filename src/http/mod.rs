//! HTTP exchanges: requests and answers as plain data, the thread they run on, limits on time, cancellation, retry.
//!
//! `engine.rs` is the only file that names the HTTP library.

pub(crate) mod budget;
pub(crate) mod cancel;
pub(crate) mod engine;
pub(crate) mod network;
pub(crate) mod retry;
pub(crate) mod url;

use crate::error::Error;
use bytes::Bytes;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use std::borrow::Cow;

/// The three methods this library uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Patch,
    Post,
}

impl Method {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Patch => "PATCH",
            Self::Post => "POST",
        }
    }
}

/// What is sent. The bearer token is kept apart, so that nothing prints it with the headers.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) bearer: Option<Bearer>,
    pub(crate) body: Option<Body>,
}

/// A bearer token as it is sent, so that it is put together once; never printed, and wiped when nobody holds it any more.
#[derive(Clone)]
pub(crate) struct Bearer(Bytes);

impl Bearer {
    pub(crate) fn new(token: &SecretString) -> Self {
        let header = ["Bearer ", token.expose_secret()].concat().into_bytes();
        Self(Bytes::from_owner(Zeroizing::new(header)))
    }
}

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer")
    }
}

/// A body with its media type; never printed, and wiped when it is dropped, since a token request's body is a secret.
pub(crate) struct Body {
    media_type: &'static str,
    bytes: Bytes,
}

impl Body {
    pub(crate) fn new(media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self { media_type, bytes: Bytes::from_owner(Zeroizing::new(bytes)) }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.media_type, self.bytes.len())
    }
}

/// A whole answer; wiped when it is dropped, since a token may stand in it.
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Those that are asked for here, by their names in lower case.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Response {
    /// The header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// Why there is no whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection, so the request was not sent.
    NotConnected(String),
    /// No trusted TLS connection, so the request was not sent.
    Tls(String),
    /// The proxy let nothing through, so the request was not sent.
    Proxy(String),
    /// The file of further roots cannot be used, so the request was not sent.
    CaFile(String),
    /// The connection broke; the request may have been carried out.
    Lost(String),
    /// The head of an answer came, but not all of its body.
    Truncated(u16),
    /// No answer within the attempt's time; the request may have been carried out.
    TimedOut,
    /// The caller cancelled; the request may have been carried out.
    Cancelled,
    /// The caller cancelled before the request was sent.
    CancelledBefore,
    /// The time limit was reached before the request was sent.
    OutOfTime,
    /// Whoever has to know beforehand kept the request from being sent.
    Withheld(Box<Error>),
    /// The engine's thread failed.
    EngineDied,
    /// The process was forked after the engine started.
    Forked,
    /// The engine could not be started.
    NoEngine(String),
}

impl Failure {
    /// Whether it is certain that the service has not seen the request.
    pub(crate) fn nothing_sent(&self) -> bool {
        matches!(
            self,
            Self::NotConnected(_)
                | Self::Tls(_)
                | Self::Proxy(_)
                | Self::CaFile(_)
                | Self::CancelledBefore
                | Self::OutOfTime
                | Self::Withheld(_)
                | Self::Forked
                | Self::NoEngine(_)
        )
    }
}
