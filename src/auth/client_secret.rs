//! Client credentials with a secret, and the token service's errors.
//!
//! Source: the identity platform's pages on the client credentials flow and on its error codes.

use super::Token;
use crate::call::{Call, Purpose, asked_to_wait};
use crate::cloud::Cloud;
use crate::error::{Error, Result, ServiceFault};
use crate::http::url::encode;
use crate::http::{Body, Method, Request, Response};
use crate::status::Status;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::time::Duration;

#[derive(Deserialize)]
struct Answer {
    access_token: SecretString,
    expires_in: Option<serde_json::Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: String,
    error_description: String,
    error_codes: Vec<u64>,
    correlation_id: Option<String>,
    trace_id: Option<String>,
}

/// One token for Graph.
pub(super) fn token(
    call: &Call,
    cloud: &Cloud,
    tenant_id: &str,
    client_id: &str,
    secret: &SecretString,
) -> Result<Token> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client_id),
        ("client_secret", secret.expose_secret()),
        ("scope", &cloud.scope()),
    ];
    let form: Vec<_> = form.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let request = Request {
        method: Method::Post,
        url: format!("{}/{}/oauth2/v2.0/token", cloud.login_url, encode(tenant_id)),
        headers: vec![("accept", "application/json".into())],
        bearer: None,
        body: Some(Body { media_type: "application/x-www-form-urlencoded", bytes: form.join("&").into_bytes() }),
    };
    let answer = call.send(&request, Purpose::Ordinary);
    let answer = answer.map_err(|failure| call.failed(&failure, "signing in"))?;
    if answer.status != 200 {
        return Err(refusal(call, &answer, tenant_id, client_id));
    }
    let read: Answer = serde_json::from_slice(&answer.body).map_err(|_| {
        Error::new(Status::BadAnswer, "the token service's answer holds no access token")
            .hint("check that the login URL really is a token service")
    })?;
    Ok(Token::new(read.access_token, read.expires_in.as_ref().and_then(seconds).map(Duration::from_secs)))
}

/// A number, or as some token services write it, a number in quotes.
fn seconds(value: &serde_json::Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn refusal(call: &Call, answer: &Response, tenant_id: &str, client_id: &str) -> Error {
    let read: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = read.error_codes.first().copied().unwrap_or_default();
    // the description's first line; trace ids and times follow it
    let said = read.error_description.lines().next().unwrap_or_default().trim().to_owned();
    let app = format!("the application {client_id}");
    let (status, message, hint) = match (code, read.error.as_str()) {
        (7_000_215, _) => (
            Status::CredentialRejected,
            format!("the client secret of {app} is wrong"),
            "use the secret's value, not its id",
        ),
        (7_000_222, _) => {
            (Status::CredentialRejected, format!("the client secret of {app} has expired"), "create a new secret")
        }
        (700_016, _) => (
            Status::AppNotFound,
            format!("{app} is not known in the tenant {tenant_id}"),
            "check the client id and the tenant; an application must be registered in each cloud",
        ),
        (90_002, _) => {
            (Status::WrongTenant, format!("there is no tenant {tenant_id}"), "check the tenant id and the cloud")
        }
        (65_001, _) => {
            (Status::ConsentMissing, format!("{app} lacks consent"), "let an administrator grant its permissions")
        }
        (_, "invalid_client") => {
            (Status::CredentialRejected, format!("{app} was not accepted"), "check its credential")
        }
        (_, "interaction_required") => {
            (Status::InteractionRequired, "the sign-in needs a person".into(), "sign in interactively")
        }
        _ if answer.status >= 500 => {
            (Status::ServiceFault, format!("the token service has a fault (HTTP {})", answer.status), "try again later")
        }
        _ if answer.status == 429 => {
            (Status::Throttled, "the token service got too many requests".into(), "try again later")
        }
        _ => (
            Status::SignInFailed,
            format!("signing in was refused (HTTP {})", answer.status),
            "what the service said tells more",
        ),
    };
    let mut error = Error::new(status, message).hint(hint);
    error.service = Some(Box::new(ServiceFault {
        http_status: answer.status,
        code: if code == 0 { read.error } else { format!("AADSTS{code}") },
        message: said,
        detail_codes: Vec::new(),
        request_id: read.trace_id.or(read.correlation_id),
        client_request_id: call.last_client_request_id(),
        retry_after_ms: asked_to_wait(answer).and_then(|wait| u64::try_from(wait.as_millis()).ok()),
    }));
    error
}
