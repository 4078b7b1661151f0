//! One HTTP request and one answer, as plain data, and the decoding of what stands in URLs and forms.

use hyper::header::HeaderMap;
use serde::Serialize;
use serde_json::Value;

use super::errors::Refusal;

/// A request, decoded as far as every route needs it.
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query as sent.
    pub(super) target: String,
    /// The decoded segments of the path.
    pub(super) path: Vec<String>,
    /// The decoded query options.
    pub(super) query: Vec<(String, String)>,
    pub(super) bearer: Option<String>,
    pub(super) client_request_id: Option<String>,
    /// `ConsistencyLevel: eventual`, which advanced queries need.
    pub(super) eventual: bool,
    /// All of them; those that most routes need are above.
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(super) fn option(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(super) fn json(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(&self.body)
            .map_err(|e| Refusal::new(400, "BadRequest", format!("Unable to read JSON request payload. {e}")))
    }
}

/// An answer: status, headers, body.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(super) fn json(status: u16, value: &impl Serialize) -> Self {
        let headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
        Self { status, headers, body: serde_json::to_vec(value).unwrap_or_default() }
    }

    /// JSON with the content type that Graph gives to entities.
    pub(super) fn odata(status: u16, value: &impl Serialize) -> Self {
        let mut reply = Self::json(status, value);
        reply.headers[0].1 = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;\
                              charset=utf-8"
            .to_owned();
        reply
    }
}

/// The decoded segments of a path, or `None` for bad percent encoding.
pub(super) fn segments(path: &str) -> Option<Vec<String>> {
    path.split('/').filter(|s| !s.is_empty()).map(|s| percent_decoded(s, false)).collect()
}

/// The pairs of a query string or a form, or `None` for bad percent encoding.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((percent_decoded(key, true)?, percent_decoded(value, true)?))
    };
    text.split('&').filter(|p| !p.is_empty()).map(pair).collect()
}

/// Decodes `%XX`, in queries and forms also `+`. `None` for a broken escape or what is not UTF-8.
pub(super) fn percent_decoded(text: &str, plus_is_space: bool) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || (bytes.next()? as char).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            b'+' if plus_is_space => b' ',
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Encodes everything but letters, digits and `-._~`.
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte as char),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_queries_are_decoded() {
        assert_eq!(segments("/v1.0/users/a%23EXT%23@b%2Fc").unwrap(), ["v1.0", "users", "a#EXT#@b/c"]);
        assert_eq!(segments("/v1.0/users/a+b").unwrap()[2], "a+b");
        assert_eq!(pairs("$filter=mail+eq+%27a%2Bb%27&x").unwrap()[0].1, "mail eq 'a+b'");
        for broken in ["%", "%2", "%zz", "%ff", "%é"] {
            assert_eq!(percent_decoded(broken, true), None, "{broken}");
        }
        assert_eq!(percent_decoded(&percent_encoded("ä b+'#"), false).unwrap(), "ä b+'#");
    }
}
