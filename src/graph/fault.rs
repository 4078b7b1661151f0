//! Graph's errors: read leniently, and turned into a status with a hint.
//!
//! The service says not to branch on messages, but `/invitations` gives the same code for quite different causes,
//! so the causes that were seen are recognised by their words. Source: the fault catalogue of the public threads
//! and pages named in ARCHITECTURE.md.

use crate::error::{Error, ServiceFault};
use crate::http::Response;
use crate::status::Status;
use serde_json::Value;

/// What the service said, whatever the body is: Graph's JSON in any spelling, HTML, or nothing.
pub(super) fn read(answer: &Response, retry_after_ms: Option<u64>, client_request_id: Option<String>) -> ServiceFault {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    let error = member(&body, "error").unwrap_or(&Value::Null);
    let inner = member(error, "innererror").unwrap_or(&Value::Null);
    let text = |value: &Value, name| member(value, name).and_then(Value::as_str).map(str::to_owned);
    let details = member(error, "details").and_then(Value::as_array);
    let detail_codes = details.into_iter().flatten().filter_map(|detail| text(detail, "code")).collect();
    let code = text(error, "code").filter(|code| !code.is_empty()).or_else(|| deepest_code(inner));
    let said = text(error, "message").unwrap_or_else(|| match body {
        Value::Null => String::from_utf8_lossy(&answer.body).into_owned(),
        _ => String::new(),
    });
    ServiceFault {
        http_status: answer.status,
        code: code.unwrap_or_default(),
        message: readable(&said),
        detail_codes,
        request_id: answer.header("request-id").map(str::to_owned).or_else(|| text(inner, "request-id")),
        client_request_id,
        retry_after_ms,
    }
}

/// A member by its name in any case: the service writes `innerError`, its documents `innererror`.
fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Inner errors may nest, each with a code; the deepest says most.
fn deepest_code(inner: &Value) -> Option<String> {
    let code = member(inner, "code").and_then(Value::as_str).filter(|code| !code.is_empty()).map(str::to_owned);
    member(inner, "innererror").and_then(deepest_code).or(code)
}

/// The text without markup, on one line, at most 500 characters, and without anything that looks like a token.
fn readable(text: &str) -> String {
    let mut plain = String::new();
    let mut in_tag = false;
    let looks_like_html = text.contains("</") || text.to_ascii_lowercase().contains("<!doctype");
    for c in text.chars() {
        match c {
            '<' if looks_like_html => in_tag = true,
            '>' if looks_like_html => {
                in_tag = false;
                plain.push(' ');
            }
            _ if in_tag => {}
            _ => plain.push(c),
        }
    }
    let is_secret = |word: &&str| word.contains("eyJ") || word.contains("ticket=") || word.contains("%26ticket%3d");
    let words: Vec<_> =
        plain.split_whitespace().map(|word| if is_secret(&word) { "[redacted]" } else { word }).collect();
    words.join(" ").chars().take(500).collect()
}

/// The catalogue: words of the message, then the code, then the HTTP status.
pub(super) fn to_error(fault: ServiceFault, doing: &str) -> Error {
    let (status, why, hint) = cause(&fault);
    let said =
        if fault.message.is_empty() { String::new() } else { format!(": {}", fault.message.trim_end_matches('.')) };
    let message = match why {
        "" => format!("{doing} was refused (HTTP {}{}{said})", fault.http_status, code_text(&fault.code)),
        why => format!("{doing} was refused: {why}"),
    };
    let mut error = Error::new(status, message).hint(hint);
    error.service = Some(Box::new(fault));
    error
}

fn code_text(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!(", {code}") }
}

fn cause(fault: &ServiceFault) -> (Status, &'static str, &'static str) {
    let said = fault.message.to_lowercase().replace('\u{2019}', "'");
    let by_words = WORDS.iter().find(|(words, ..)| words.iter().all(|word| said.contains(word)));
    if let Some((_, status, why, hint)) = by_words {
        return (*status, why, hint);
    }
    let codes = std::iter::once(&fault.code).chain(&fault.detail_codes);
    for code in codes {
        if let Some((_, status, why, hint)) = CODES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(code)) {
            return (*status, why, hint);
        }
    }
    match fault.http_status {
        401 => (Status::TokenRejected, "the access token was not accepted", "sign in again"),
        403 => (
            Status::AccessDenied,
            "",
            "check the caller's permissions and roles, and the external collaboration settings",
        ),
        404 => (Status::NotFound, "", "check the id, the tenant and the cloud"),
        429 => (Status::Throttled, "too many requests", "try again later"),
        500.. => (Status::ServiceFault, "", "try again later; give the request id to support if it stays"),
        _ => (Status::RequestRefused, "", "what the service said tells more"),
    }
}

type Cause<K> = (K, Status, &'static str, &'static str);

const WORDS: &[Cause<&[&str]>] = &[
    (
        &["match any emails on the user object"],
        Status::AddressNotOnGuest,
        "the address is not, or not yet, in the guest's mail or otherMails",
        "write it to mail or otherMails first; after that the directory takes a while to notice it",
    ),
    (
        &["required scopes are missing"],
        Status::PermissionMissing,
        "the access token lacks a permission",
        "consent to User.ReadWrite.All; Azure CLI's own tokens for people never have it",
    ),
    (
        &["insufficient privileges to perform requested operation by the application"],
        Status::PermissionMissing,
        "the calling application or account lacks the permission to invite",
        "grant User.ReadWrite.All and User.Invite.All with administrator consent; a managed identity needs them as app roles",
    ),
    (
        &["generic authorization exception"],
        Status::AccessDenied,
        "the service gives no reason (a missing role, or the external collaboration settings)",
        "the caller needs Helpdesk Administrator or User Administrator over the whole directory, and User.ReadWrite.All",
    ),
    (
        &["insufficient privileges to complete the operation"],
        Status::AccessDenied,
        "the caller's permissions or roles do not suffice for this object",
        "a guest with a directory role or in a role-assignable group needs a privileged administrator",
    ),
    (
        &["guest invitations not allowed"],
        Status::InvitationsDisabled,
        "the tenant does not allow this caller to invite guests",
        "see External collaboration settings, Guest invite settings",
    ),
    (
        &["blocked by cross-tenant access settings"],
        Status::CrossTenantBlocked,
        "cross-tenant access settings block the invitation",
        "administrators of both organisations must allow B2B collaboration",
    ),
    (
        &["group email address is not supported"],
        Status::AddressIsGroup,
        "the address belongs to a group",
        "use the address of a person",
    ),
    (
        &["invitee is in inviter tenant"],
        Status::AddressIsInternal,
        "the address belongs to this tenant",
        "a guest needs an address outside the tenant",
    ),
    (
        &["is a verified domain of this directory"],
        Status::AddressIsInternal,
        "the address is of a verified domain of this tenant",
        "a guest needs an address outside the tenant",
    ),
    (
        &["non-external user already exists"],
        Status::AddressInUse,
        "an internal user holds the address",
        "use another address, or take it off that user",
    ),
    (
        &["already exists in the directory as object id"],
        Status::AddressInUse,
        "another object of this tenant holds the address",
        "reset that guest by its object id, or use another address",
    ),
    (
        &["another object with the same value for property proxyaddresses already exists"],
        Status::AddressInUse,
        "another object of this tenant holds the address",
        "find it by the address, and take the address off it",
    ),
    (
        &["on-premises mastered directory sync"],
        Status::RequestRefused,
        "the guest is synchronised from on-premises, where its addresses must be changed",
        "change the address there, wait for the synchronisation, and reset with address none",
    ),
    (&["token is expired"], Status::TokenExpired, "the access token has expired", "sign in again"),
    (&["token has expired"], Status::TokenExpired, "the access token has expired", "sign in again"),
    (
        &["invalid audience"],
        Status::WrongAudience,
        "the access token is for another service or cloud",
        "ask for a token for this Graph",
    ),
    (
        &["unable to find target address"],
        Status::ServiceFault,
        "the service found no mailbox to send to",
        "try again without a mail and hand over the redeem link yourself",
    ),
];

const CODES: &[Cause<&str>] = &[
    ("InvalidAuthenticationToken", Status::TokenRejected, "the access token was not accepted", "sign in again"),
    ("Request_ResourceNotFound", Status::NotFound, "there is no such object", "check the id, the tenant and the cloud"),
    (
        "Authorization_RequestDenied",
        Status::AccessDenied,
        "the caller's permissions or roles do not suffice",
        "check the permissions that were consented to, and the caller's roles",
    ),
    (
        "ObjectConflict",
        Status::AddressInUse,
        "another object of this tenant holds the address",
        "find it by the address, and take the address off it",
    ),
    (
        "ConflictingObjects",
        Status::AddressInUse,
        "another object of this tenant holds the address",
        "find it by the address, and take the address off it",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fault(status: u16, body: &str) -> ServiceFault {
        let headers = vec![("request-id", "r1".to_owned())];
        read(&Response { status, headers, body: body.as_bytes().to_vec().into() }, None, None)
    }

    fn status(http_status: u16, body: &str) -> Status {
        to_error(fault(http_status, body), "the reset").status
    }

    fn with_message(code: &str, message: &str) -> String {
        serde_json::json!({"error": {"code": code, "message": message}}).to_string()
    }

    #[test]
    fn every_known_cause_has_its_status() {
        let cases = [
            (
                400,
                "BadRequest",
                "The email you’re using to invite this user doesn’t match any emails on the user object.",
                Status::AddressNotOnGuest,
            ),
            (
                400,
                "BadRequest",
                "The email you're using to invite this user doesn't match any emails on the user object.",
                Status::AddressNotOnGuest,
            ),
            (403, "Forbidden", "Generic authorization exception.", Status::AccessDenied),
            (
                401,
                "Unauthorized",
                "Insufficient privileges to perform requested operation by the application '00000003'. ControllerName=MSGraphInviteAPI",
                Status::PermissionMissing,
            ),
            (
                403,
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.",
                Status::AccessDenied,
            ),
            (
                403,
                "",
                "Guest invitations not allowed for your company. Contact your company administrator.",
                Status::InvitationsDisabled,
            ),
            (400, "", "Group email address is not supported", Status::AddressIsGroup),
            (400, "BadRequest", "Invitee is in inviter tenant", Status::AddressIsInternal),
            (
                400,
                "BadRequest",
                "The invited user already exists in the directory as object ID: 1. They can use",
                Status::AddressInUse,
            ),
            (403, "", "This invitation is blocked by cross-tenant access settings.", Status::CrossTenantBlocked),
            (500, "InternalServerError", "Unable to find target address", Status::ServiceFault),
            (
                403,
                "AccessDenied",
                r#"{"errorCode":"PermissionScopeNotGranted","message":"required scopes are missing in the token"}"#,
                Status::PermissionMissing,
            ),
            (
                401,
                "InvalidAuthenticationToken",
                "Lifetime validation failed, the token is expired.",
                Status::TokenExpired,
            ),
            (401, "InvalidAuthenticationToken", "Access token is empty.", Status::TokenRejected),
            (404, "Request_ResourceNotFound", "Resource 'x' does not exist", Status::NotFound),
            (429, "TooManyRequests", "slow down", Status::Throttled),
            (418, "teapot", "short and stout", Status::RequestRefused),
        ];
        for (http_status, code, message, expected) in cases {
            assert_eq!(status(http_status, &with_message(code, message)), expected, "{message}");
        }
    }

    #[test]
    fn odd_bodies_are_read() {
        let html = with_message(
            "UnknownError",
            "<!DOCTYPE html><html><head><title>404</title></head><body>Not Found</body></html>",
        );
        assert_eq!(fault(404, &html).message, "404 Not Found");
        assert_eq!(fault(502, "<html><body><h1>Bad Gateway</h1></body></html>").message, "Bad Gateway");
        let nested = r#"{"error":{"code":"","message":"m","innererror":{"code":"a","innerError":{"code":"b"}},"details":[{"code":"ObjectConflict"}]}}"#;
        let read = fault(400, nested);
        assert_eq!((read.code.as_str(), read.detail_codes.as_slice()), ("b", ["ObjectConflict".to_owned()].as_slice()));
        assert_eq!(status(400, nested), Status::AddressInUse);
        assert_eq!(fault(500, "").message, "");
        assert!(!fault(401, &with_message("x", "bad token eyJhbGciOi.eyJzdWIi.sig")).message.contains("eyJ"));
    }

    proptest! {
        #[test]
        fn any_body_is_survived(http_status in 100..600_u16, body in ".*") {
            let error = to_error(fault(http_status, &body), "the reset");
            prop_assert!(error.message.chars().count() < 700);
        }
    }
}
