//! The token endpoint: one form in, one token out, and its errors.
//!
//! Source: the identity platform's pages on its flows and error codes. It asks not to build on AADSTS numbers;
//! they choose the hint, and `error` decides where a number is not known.

use super::Token;
use super::claims::payload;
use crate::call::{Call, Purpose};
use crate::cloud::Cloud;
use crate::error::{Error, Result, ServiceFault};
use crate::http::retry::asked_to_wait;
use crate::http::url::encode;
use crate::http::{Body, Method, Request, Response};
use crate::status::Status;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use std::time::Duration;

/// What the endpoint gives.
#[derive(Deserialize)]
pub(super) struct Grantable {
    access_token: SecretString,
    expires_in: Option<serde_json::Value>,
    /// Replaces the one it was asked with.
    pub(super) refresh_token: Option<SecretString>,
    id_token: Option<SecretString>,
}

impl Grantable {
    /// Whether this belongs to the sign-in with this nonce, and was made for this client.
    pub(super) fn answers(&self, expected_nonce: &str, client_id: &str) -> bool {
        #[derive(Deserialize)]
        struct IdToken {
            nonce: String,
            aud: String,
        }
        let token = self.id_token.as_ref().and_then(payload::<IdToken>);
        token.is_some_and(|token| token.nonce == expected_nonce && token.aud.eq_ignore_ascii_case(client_id))
    }

    pub(super) fn token(&self) -> Token {
        Token::new(&self.access_token, self.expires_in.as_ref().and_then(seconds).map(Duration::from_secs))
    }
}

/// A number, or as some token services write it, a number in quotes. More than a hundred years from the epoch is
/// taken as that, so that no clock overflows.
pub(super) fn seconds(value: &serde_json::Value) -> Option<u64> {
    let seconds: Option<u64> = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    seconds.map(|seconds| seconds.min(100 * 366 * 86_400))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusal {
    /// The OAuth word, such as `authorization_pending`.
    pub(super) error: String,
    error_description: String,
    error_codes: Vec<u64>,
    correlation_id: Option<String>,
    trace_id: Option<String>,
    /// What a conditional access policy asks for.
    pub(super) claims: Option<String>,
}

/// Who asks, for errors.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) tenant_id: &'a str,
    pub(super) client_id: &'a str,
}

/// Posts a form to an endpoint of the tenant: `token` or `devicecode`.
pub(super) async fn post(
    call: &Call,
    cloud: &Cloud,
    asker: Asker<'_>,
    endpoint: &str,
    form: &[(&str, &str)],
) -> Result<Response> {
    let request = Request {
        method: Method::Post,
        url: format!("{}/{}/oauth2/v2.0/{endpoint}", cloud.login_url, encode(asker.tenant_id)),
        headers: vec![("accept", "application/json".into())],
        bearer: None,
        body: Some(Body::new("application/x-www-form-urlencoded", written(form))),
    };
    call.send(&request, Purpose::Ordinary).await.map_err(|failure| call.failed(&failure, "signing in"))
}

/// The form as it is sent, written once, so that no copy of a secret stays behind.
fn written(form: &[(&str, &str)]) -> Vec<u8> {
    let pairs: Vec<_> = form.iter().map(|(name, value)| (name, Zeroizing::new(encode(value)))).collect();
    let length = pairs.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    let mut bytes = Vec::with_capacity(length);
    for (name, value) in &pairs {
        if !bytes.is_empty() {
            bytes.push(b'&');
        }
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(b'=');
        bytes.extend_from_slice(value.as_bytes());
    }
    bytes
}

/// Asks for a token.
pub(super) async fn token(call: &Call, cloud: &Cloud, asker: Asker<'_>, form: &[(&str, &str)]) -> Result<Grantable> {
    let answer = post(call, cloud, asker, "token", form).await?;
    read(call, &answer, asker)
}

/// Reads an answer that should hold a token.
pub(super) fn read(call: &Call, answer: &Response, asker: Asker<'_>) -> Result<Grantable> {
    if answer.status != 200 {
        return Err(refusal_error(call, answer, asker));
    }
    serde_json::from_slice(&answer.body).map_err(|_| {
        Error::new(Status::BadAnswer, "the token service's answer holds no access token")
            .hint("check that the login URL really is a token service, and that no proxy stands between")
    })
}

/// What the endpoint said, if it can be read.
pub(super) fn refusal(answer: &Response) -> Refusal {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

pub(super) fn refusal_error(call: &Call, answer: &Response, asker: Asker<'_>) -> Error {
    let read = refusal(answer);
    let code = read.error_codes.first().copied().or_else(|| number(&read.error_description)).unwrap_or_default();
    let (status, message, hint) = cause(answer.status, code, &read.error, asker);
    let mut error = Error::new(status, message).hint(hint);
    error.service = Some(Box::new(ServiceFault {
        http_status: answer.status,
        code: if code == 0 { read.error } else { format!("AADSTS{code}") },
        // the first line; trace ids and times follow it
        message: read.error_description.lines().next().unwrap_or_default().trim().to_owned(),
        detail_codes: Vec::new(),
        request_id: read.trace_id.or(read.correlation_id),
        client_request_id: call.last_client_request_id(),
        retry_after_ms: asked_to_wait(answer).and_then(|wait| u64::try_from(wait.as_millis()).ok()),
    }));
    error
}

/// The number in `AADSTS65001: ...`.
fn number(description: &str) -> Option<u64> {
    let digits = description.split_once("AADSTS")?.1;
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn cause(http_status: u16, code: u64, error: &str, asker: Asker<'_>) -> (Status, String, &'static str) {
    let Asker { tenant_id, client_id } = asker;
    let app = format!("the application {client_id}");
    match (code, error) {
        (7_000_215, _) => (
            Status::CredentialRejected,
            format!("the client secret of {app} is wrong"),
            "use the secret's value, not its id",
        ),
        (7_000_222, _) => {
            (Status::CredentialRejected, format!("the client secret of {app} has expired"), "create a new secret")
        }
        (70_021 | 700_211..=700_213, _) => (
            Status::CredentialRejected,
            format!("{app} has no federated credential for this issuer, subject and audience"),
            "compare the federated credential's issuer, subject and audience with the token's, letter by letter",
        ),
        (700_023, _) => (
            Status::CredentialRejected,
            format!("the signed assertion of {app} is for another audience"),
            "check that the cloud is the tenant's own",
        ),
        (50_012 | 50_013 | 700_027 | 700_024, _) => (
            Status::CredentialRejected,
            format!("the signed assertion of {app} was not accepted"),
            "check that this certificate or federated credential is registered for the application, and the clock of this machine",
        ),
        (700_016, _) => (
            Status::AppNotFound,
            format!("{app} is not known in the tenant {tenant_id}"),
            "check the client id and the tenant; an application must be registered in each cloud",
        ),
        (500_011, _) => (
            Status::WrongAudience,
            format!("the tenant {tenant_id} does not know this Graph"),
            "check that the cloud is the tenant's own",
        ),
        (90_002 | 900_023, _) => {
            (Status::WrongTenant, format!("there is no tenant {tenant_id}"), "check the tenant id and the cloud")
        }
        (50_020 | 16_000, _) => (
            Status::WrongTenant,
            format!("the account is not one of the tenant {tenant_id}"),
            "a guest signs in with the tenant named: give the id of the tenant that it is a guest of",
        ),
        (65_001 | 65_004 | 90_094, _) | (_, "consent_required") => (
            Status::ConsentMissing,
            format!("{app} lacks consent"),
            "let an administrator of the tenant grant its permissions",
        ),
        (50_076 | 50_079 | 50_072 | 53_000..=53_004 | 530_003 | 50_158, _) | (_, "interaction_required") => (
            Status::InteractionRequired,
            "the sign-in needs a person: multifactor authentication or a conditional access policy".into(),
            "sign in with a browser",
        ),
        (70_043 | 700_082 | 50_173 | 700_084, _) => (
            Status::InteractionRequired,
            "the sign-in has ended, by its age or because a password changed".into(),
            "sign in again",
        ),
        (50_011, _) => (
            Status::SignInFailed,
            format!("{app} does not allow this redirect address"),
            "register http://localhost as a redirect of a public client",
        ),
        (7_000_218, _) => (
            Status::SignInFailed,
            format!("{app} is not a public client"),
            "allow public client flows for it, or sign in with its secret or certificate",
        ),
        (70_011 | 28_003, _) => (
            Status::SignInFailed,
            "the scope that was asked for is not known".into(),
            "check that the cloud is the tenant's own",
        ),
        (_, "authorization_declined" | "access_denied") => {
            (Status::SignInFailed, "the sign-in was declined".into(), "sign in again, and accept")
        }
        (_, "expired_token" | "bad_verification_code") => {
            (Status::SignInFailed, "the code has expired before it was used".into(), "begin again")
        }
        (_, "invalid_client") => {
            (Status::CredentialRejected, format!("{app} was not accepted"), "check its credential")
        }
        (_, "unauthorized_client") => {
            (Status::SignInFailed, format!("{app} may not sign in this way"), "check how the application is registered")
        }
        _ if http_status >= 500 => {
            (Status::ServiceFault, format!("the token service has a fault (HTTP {http_status})"), "try again later")
        }
        _ if http_status == 429 => {
            (Status::Throttled, "the token service got too many requests".into(), "try again later")
        }
        _ if (300..400).contains(&http_status) => (
            Status::BadAnswer,
            format!("the token service answered with a redirection (HTTP {http_status})"),
            "redirections are not followed, since a secret must not go elsewhere; check the cloud and the proxy",
        ),
        _ => (
            Status::SignInFailed,
            format!("signing in was refused (HTTP {http_status})"),
            "what the service said tells more",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_causes_have_their_status() {
        let status =
            |http_status, code, error| cause(http_status, code, error, Asker { tenant_id: "t", client_id: "c" }).0;
        assert_eq!(status(401, 7_000_215, "invalid_client"), Status::CredentialRejected);
        assert_eq!(status(401, 7_000_222, "invalid_client"), Status::CredentialRejected);
        assert_eq!(status(401, 700_027, "invalid_client"), Status::CredentialRejected);
        assert_eq!(status(400, 700_213, "invalid_client"), Status::CredentialRejected);
        assert_eq!(status(400, 700_016, "unauthorized_client"), Status::AppNotFound);
        assert_eq!(status(400, 90_002, "invalid_request"), Status::WrongTenant);
        assert_eq!(status(400, 50_020, "invalid_grant"), Status::WrongTenant);
        assert_eq!(status(400, 65_001, "invalid_grant"), Status::ConsentMissing);
        assert_eq!(status(400, 50_076, "invalid_grant"), Status::InteractionRequired);
        assert_eq!(status(400, 53_003, "access_denied"), Status::InteractionRequired);
        assert_eq!(status(400, 0, "interaction_required"), Status::InteractionRequired);
        assert_eq!(status(400, 0, "expired_token"), Status::SignInFailed);
        assert_eq!(status(503, 0, ""), Status::ServiceFault);
        assert_eq!(status(429, 0, ""), Status::Throttled);
        assert_eq!(status(302, 0, ""), Status::BadAnswer);
        assert_eq!(number("AADSTS65001: The user"), Some(65_001));
        assert_eq!(number("nothing"), None);
    }
}
