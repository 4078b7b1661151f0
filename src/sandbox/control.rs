//! The control API: what tests may look at and change.

use std::time::Instant;

use serde::Deserialize;
use serde_json::{Value, json};

use super::AllowInvitesFrom;
use super::clock;
use super::directory::{foreign_identity, home_identity, issuer, text, texts};
use super::faults::Fault;
use super::http::{Reply, Request};
use super::limits::Rival;
use super::sign_in;
use super::tenant::Tenant;
use super::tokens::Wish;

/// Answers a request to `/sandbox/...`.
pub(super) fn answer(tenant: &mut Tenant, request: &Request) -> Reply {
    let command = request.path[1..].join("/");
    let body = if request.body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(&request.body) };
    let result = match (request.method.as_str(), command.as_str(), body) {
        ("GET", "state", _) => Ok(json!(tenant.journal)),
        ("POST", command, Ok(body)) => run(tenant, command, body),
        (_, _, Err(e)) => Err(e.to_string()),
        _ => {
            Err("there is GET /sandbox/state and POST /sandbox/{reset|fault|calm|settings|rival|token|redeem|sign_in}"
                .to_owned())
        }
    };
    match result {
        Ok(value) => Reply::json(200, &value),
        Err(message) => Reply::json(400, &json!({ "error": message })),
    }
}

/// Runs a command of the control API.
pub(super) fn run(tenant: &mut Tenant, command: &str, body: Value) -> Result<Value, String> {
    match command {
        "reset" => tenant.reset(),
        "fault" => tenant.faults.push(read::<Fault>(body)?),
        "calm" => tenant.faults.clear(),
        "settings" => set(tenant, &read(body)?),
        "rival" => tenant.limits.set_rival(&read::<Rival>(body)?, Instant::now()),
        "token" => {
            let token = tenant.tokens.issue(read::<Wish>(body)?).0;
            tenant.journal.keep_secret(&token);
            return Ok(json!({ "access_token": token }));
        }
        "sign_in" => return sign_in::control::run(tenant, read(body)?),
        "redeem" => redeem(tenant, &read::<Redeemer>(body)?.user_id)?,
        _ => return Err(format!("no command '{command}'")),
    }
    Ok(json!({}))
}

fn read<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, String> {
    serde_json::from_value(body).map_err(|e| e.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    replication_delay_ms: Option<u64>,
    stale_read_ms: Option<u64>,
    limits: Option<bool>,
    says_usage: Option<bool>,
    allow_invites_from: Option<AllowInvitesFrom>,
}

fn set(tenant: &mut Tenant, change: &Change) {
    let settings = &mut tenant.settings;
    settings.replication_delay_ms = change.replication_delay_ms.unwrap_or(settings.replication_delay_ms);
    settings.stale_read_ms = change.stale_read_ms.unwrap_or(settings.stale_read_ms);
    settings.limits = change.limits.unwrap_or(settings.limits);
    settings.says_usage = change.says_usage.unwrap_or(settings.says_usage);
    settings.allow_invites_from = change.allow_invites_from.unwrap_or(settings.allow_invites_from);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Redeemer {
    user_id: String,
}

/// The guest opens the invitation and signs in.
fn redeem(tenant: &mut Tenant, key: &str) -> Result<(), String> {
    let at = tenant.directory.user(key).ok_or_else(|| format!("no user '{key}'"))?;
    let mut guest = tenant.directory.users[at].now().clone();
    if !guest.contains_key("externalUserState") {
        return Err(format!("'{key}' is no guest to redeem anything"));
    }
    let address = texts(&guest, "mail").chain(texts(&guest, "otherMails")).next().unwrap_or_default();
    let identities =
        json!([foreign_identity(issuer(address), address), home_identity(text(&guest, "userPrincipalName"))]);
    guest.insert("identities".to_owned(), identities);
    guest.insert("externalUserState".to_owned(), json!("Accepted"));
    guest.insert("externalUserStateChangeDateTime".to_owned(), json!(clock::timestamp(clock::unix_now())));
    tenant.write(at, guest);
    Ok(())
}
