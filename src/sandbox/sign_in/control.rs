//! `POST /sandbox/sign_in`: what is registered, what people do, and how the token service behaves.

use serde::Deserialize;
use serde_json::{Value, json};

use super::assertion::Certificate;
use super::device_code::State;
use super::{PUBLIC_CLIENT, github, managed_identity, person};
use crate::sandbox::tenant::Tenant;

/// How the token service behaves.
pub(super) struct Settings {
    pub(super) browser: Browser,
    pub(super) refresh: Refresh,
    /// Lifetime of an authorization code in seconds.
    pub(super) code_lifetime: i64,
    pub(super) device_code_lifetime: u64,
    /// The seconds between two polls that the answer tells.
    pub(super) device_code_interval: u64,
    /// Those that are kept to, where they are others.
    pub(super) device_code_least_interval: Option<u64>,
    /// Audience of the tokens, where it is not this Graph.
    pub(super) audience: Option<String>,
    /// The claims that Graph asks for: tokens that were not got with them are refused.
    pub(super) challenge: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            browser: Browser::SignsIn,
            refresh: Refresh::Rotates,
            code_lifetime: 600,
            device_code_lifetime: 900,
            device_code_interval: 5,
            device_code_least_interval: None,
            audience: None,
            challenge: None,
        }
    }
}

/// What becomes of a sign-in page.
#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Browser {
    SignsIn,
    Declines,
    WrongState,
    WrongNonce,
    NoNonce,
    /// The id token is for another client.
    WrongAudience,
}

/// What a refresh does to the refresh token.
#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Refresh {
    /// No new one is given.
    Keeps,
    /// A new one is given, and the old one stays good.
    Rotates,
    RotatesAndRevokes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Change {
    /// PEM of a certificate to register.
    certificate: Option<String>,
    /// Another party's token to register.
    federated_token: Option<String>,
    /// User code of a device code that a person approves.
    approve: Option<String>,
    decline: Option<String>,
    /// Whether to issue a refresh token.
    #[serde(default)]
    refresh_token: bool,
    /// Ends all refresh tokens.
    #[serde(default)]
    revoke: bool,
    token_lifetime_s: Option<i64>,
    clock_offset_s: Option<i64>,
    browser: Option<Browser>,
    refresh: Option<Refresh>,
    code_lifetime_s: Option<i64>,
    device_code_lifetime_s: Option<u64>,
    device_code_interval_s: Option<u64>,
    device_code_least_interval_s: Option<u64>,
    /// Empty for this Graph again.
    audience: Option<String>,
    /// Empty for no challenge any more.
    challenge: Option<String>,
}

/// Makes the change, and answers what a client needs to know beyond the connection.
pub(in crate::sandbox) fn run(tenant: &mut Tenant, change: Change) -> Result<Value, String> {
    if let Some(pem) = &change.certificate {
        tenant.sign_in.certificates.push(Certificate::of_pem(pem)?);
    }
    tenant.sign_in.federated.extend(change.federated_token.clone());
    for (user_code, state) in [(&change.approve, State::Approved), (&change.decline, State::Declined)] {
        if let Some(user_code) = user_code {
            let code = tenant.sign_in.device_codes.iter_mut().find(|code| code.user_code == *user_code);
            code.ok_or_else(|| format!("no user code '{user_code}'"))?.state = state;
        }
    }
    if change.revoke {
        tenant.sign_in.refresh_tokens.clear();
    }
    let refresh_token = change.refresh_token.then(|| person::refresh_token(tenant));
    set(tenant, change);
    Ok(json!({
        "public_client_id": PUBLIC_CLIENT,
        "managed_identity": {
            "client_id": managed_identity::CLIENT_ID, "object_id": managed_identity::OBJECT_ID,
            "resource_id": managed_identity::RESOURCE_ID,
        },
        "identity_header": managed_identity::HEADER,
        "github_token": github::REQUEST_TOKEN,
        "refresh_token": refresh_token,
    }))
}

fn set(tenant: &mut Tenant, change: Change) {
    let tokens = &mut tenant.tokens;
    tokens.lifetime = change.token_lifetime_s.unwrap_or(tokens.lifetime);
    tokens.clock_offset = change.clock_offset_s.unwrap_or(tokens.clock_offset);
    let settings = &mut tenant.sign_in.settings;
    settings.browser = change.browser.unwrap_or(settings.browser);
    settings.refresh = change.refresh.unwrap_or(settings.refresh);
    settings.code_lifetime = change.code_lifetime_s.unwrap_or(settings.code_lifetime);
    settings.device_code_lifetime = change.device_code_lifetime_s.unwrap_or(settings.device_code_lifetime);
    settings.device_code_interval = change.device_code_interval_s.unwrap_or(settings.device_code_interval);
    settings.device_code_least_interval = change.device_code_least_interval_s.or(settings.device_code_least_interval);
    if let Some(audience) = change.audience {
        settings.audience = Some(audience).filter(|audience| !audience.is_empty());
    }
    if let Some(challenge) = change.challenge {
        settings.challenge = Some(challenge).filter(|challenge| !challenge.is_empty());
    }
}
