//! A code that a person types into a browser, on this machine or another one.
//!
//! Source: the device authorization grant's page; `slow_down` from RFC 8628. Many tenants block this flow, so it is
//! never chosen for the caller.

use super::token_endpoint::{Asker, Grantable, post, read, refusal, refusal_error, seconds};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::status::Status;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A code that waits for its person.
pub(super) struct Pending {
    device_code: SecretString,
    interval: Duration,
    end: Instant,
    /// What to show the person.
    pub(super) prompt: Value,
}

#[derive(Deserialize)]
struct Answer {
    device_code: SecretString,
    user_code: String,
    verification_uri: String,
    expires_in: Option<Value>,
    interval: Option<Value>,
    message: Option<String>,
}

/// Asks for a code.
pub(super) async fn begin(call: &Call, cloud: &Cloud, asker: Asker<'_>, scope: &str) -> Result<Pending> {
    let answer = post(call, cloud, asker, "devicecode", &[("client_id", asker.client_id), ("scope", scope)]).await?;
    if answer.status != 200 {
        return Err(refusal_error(call, &answer, asker));
    }
    let read: Answer = serde_json::from_slice(&answer.body)
        .map_err(|_| Error::new(Status::BadAnswer, "the token service's answer holds no device code"))?;
    let number = |value: &Option<Value>, default| value.as_ref().and_then(seconds).unwrap_or(default);
    let lifetime = number(&read.expires_in, 900);
    let prompt = json!({
        "kind": "device_code", "user_code": read.user_code, "verification_uri": read.verification_uri,
        "message": read.message, "expires_in_seconds": lifetime,
    });
    Ok(Pending {
        device_code: read.device_code,
        interval: Duration::from_secs(number(&read.interval, 5)),
        end: Instant::now() + Duration::from_secs(lifetime),
        prompt,
    })
}

/// Waits until the person has signed in.
pub(super) async fn wait(call: &Call, cloud: &Cloud, asker: Asker<'_>, pending: &Pending) -> Result<Grantable> {
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", asker.client_id),
        ("device_code", pending.device_code.expose_secret()),
    ];
    let mut interval = pending.interval;
    loop {
        call.budget.check()?;
        call.budget.sleep(interval.min(call.budget.remaining())).await?;
        let answer = post(call, cloud, asker, "token", &form).await?;
        if answer.status == 400 {
            match refusal(&answer).error.as_str() {
                "authorization_pending" if Instant::now() < pending.end => continue,
                "slow_down" if Instant::now() < pending.end => {
                    interval += Duration::from_secs(5);
                    continue;
                }
                "authorization_pending" | "slow_down" => {
                    return Err(Error::new(Status::SignInNotFinished, "nobody has used the code in time")
                        .hint("begin again, and use the code before it ends"));
                }
                _ => {}
            }
        }
        return read(call, &answer, asker);
    }
}
