//! Which addresses may be called at all, and whether two belong together.

use crate::error::{Error, Result};
use crate::status::Status;
use url::{Host, Url};

/// A root such as `https://graph.microsoft.com`, without a trailing slash.
///
/// Refuses anything but https, except plain http to a loopback address where that was allowed in so many words.
pub(crate) fn root(text: &str, name: &str, allow_loopback_http: bool) -> Result<String> {
    let refused = |why: &str| Error::new(Status::InsecureUrl, format!("{name} is {why}"));
    let url = Url::parse(text).map_err(|_| refused("not a URL").hint("write it as https://host"))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(refused("not a plain root: it holds a user name, a query or a fragment"));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) && allow_loopback_http => {}
        "http" if is_loopback(&url) => {
            return Err(refused("plain http").hint("for the sandbox set GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP=1"));
        }
        _ => return Err(refused("not https, so a token sent there could be read on the way").hint("use https")),
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// The origin of a longer address, with the same checks as [`root`].
pub(crate) fn root_of(text: &str, name: &str, allow_loopback_http: bool) -> Result<String> {
    let origin = Url::parse(text).map(|url| url.origin().ascii_serialization());
    root(origin.as_deref().unwrap_or(text), name, allow_loopback_http)
}

/// Whether an address is on this machine or its link: there Azure answers for identities, in plain http.
pub(crate) fn is_this_machine_or_link_local(url: &Url) -> bool {
    is_loopback(url) || matches!(url.host(), Some(Host::Ipv4(ip)) if ip.is_link_local())
}

/// The parameters of a path with a query, decoded.
pub(crate) fn query_of(target: &str) -> Option<Vec<(String, String)>> {
    let url = Url::parse("http://localhost").ok()?.join(target).ok()?;
    Some(url.query_pairs().into_owned().collect())
}

/// Whether the host is this machine itself, by number or as `localhost`.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether a root that [`root`] accepted is on this machine.
pub(crate) fn on_this_machine(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| is_loopback(&url))
}

/// Host and port as people write them.
pub(crate) fn host_and_port(text: &str) -> String {
    Url::parse(text).map_or_else(
        |_| text.to_owned(),
        |url| match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            _ => text.to_owned(),
        },
    )
}

/// Whether `link` has the scheme, host and port of `root`: only then may a token go there.
pub(crate) fn same_origin(root: &str, link: &str) -> bool {
    match (Url::parse(root), Url::parse(link)) {
        (Ok(root), Ok(link)) => root.origin() == link.origin() && link.username().is_empty(),
        _ => false,
    }
}

/// Percent-encodes all but letters, digits and `-._~`, for one path segment or one query value.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 16);
    encode_but(text, "", &mut encoded);
    encoded
}

/// The same at the end of another text, but leaves these characters too.
pub(crate) fn encode_but(text: &str, left: &str, encoded: &mut String) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') || left.contains(c);
    let digit = |value: u8| char::from(b"0123456789ABCDEF"[usize::from(value)]);
    // what needs no encoding is copied in one piece
    let mut start = 0;
    for (end, c) in text.char_indices().filter(|(_, c)| !is_plain(*c)) {
        encoded.push_str(&text[start..end]);
        start = end + c.len_utf8();
        text[end..start].bytes().for_each(|byte| encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]));
    }
    encoded.push_str(&text[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_https_and_allowed_loopback() {
        let status = |text, allow| root(text, "graph url", allow).map_err(|error| error.status);
        assert_eq!(status("https://graph.microsoft.com/", false).unwrap(), "https://graph.microsoft.com");
        assert_eq!(status("http://127.0.0.1:80/", true).unwrap(), "http://127.0.0.1");
        assert_eq!(status("http://[::1]:81", true).unwrap(), "http://[::1]:81");
        assert_eq!(status("http://localhost:8080", true).unwrap(), "http://localhost:8080");
        for (text, allow) in [
            ("http://127.0.0.1:80", false),
            ("http://graph.microsoft.com", true),
            ("http://127.0.0.1.example.com", true),
            ("http://localhost.example.com", true),
            ("https://user@graph.microsoft.com", false),
            ("https://graph.microsoft.com/?x=1", false),
            ("ftp://graph.microsoft.com", true),
            ("graph.microsoft.com", true),
            ("", true),
        ] {
            assert_eq!(status(text, allow), Err(Status::InsecureUrl), "{text}");
        }
    }

    #[test]
    fn links_stay_with_their_origin() {
        let root = "https://graph.microsoft.com";
        assert!(same_origin(root, "https://graph.microsoft.com/v1.0/users?$skiptoken=x"));
        assert!(same_origin(root, "https://graph.microsoft.com:443/v1.0/users"));
        assert!(!same_origin(root, "http://graph.microsoft.com/v1.0/users"));
        assert!(!same_origin(root, "https://graph.microsoft.com.example.com/"));
        assert!(!same_origin(root, "https://graph.microsoft.com@example.com/"));
        assert!(!same_origin(root, "https://graph.microsoft.com:444/"));
        assert!(!same_origin(root, "/v1.0/users"));
    }

    proptest! {
        #[test]
        fn an_encoded_segment_comes_back(text in ".*") {
            let url = Url::parse(&format!("https://host/?a={}", encode(&text))).unwrap();
            let (_, value) = url.query_pairs().next().unwrap();
            prop_assert_eq!(value.as_ref(), text.as_str());
        }
    }
}
