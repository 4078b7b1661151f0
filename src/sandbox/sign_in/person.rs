//! What people get: a token with their rights, an id token, and a refresh token.

use serde_json::{Value, json};
use uuid::Uuid;

use super::control::{Browser, Refresh};
use super::form::Form;
use super::refusal::Refusal;
use super::{PUBLIC_CLIENT, application, check_tenant, token};
use crate::sandbox::directory::TENANT_ID;
use crate::sandbox::http::Request;
use crate::sandbox::seed::{ADMIN_ID, ADMIN_UPN};
use crate::sandbox::tenant::Tenant;
use crate::sandbox::tokens::{CLIENT_ID, Kind, Wish, jwt};

const REFRESH: [&str; 5] = ["grant_type", "client_id", "scope", "refresh_token", "claims"];
const OPENID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Refuses all but the public client.
pub(super) fn check_client(request: &Request, form: &Form) -> Result<(), Refusal> {
    check_tenant(request, true)?;
    match form.field("client_id")? {
        PUBLIC_CLIENT => Ok(()),
        CLIENT_ID => {
            let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
            Err(Refusal::new("invalid_client", 7_000_218, text))
        }
        other => Err(application::unknown(other)),
    }
}

/// Refuses scopes of more or fewer services than this Graph.
pub(super) fn check_scope(tenant: &Tenant, scope: &str) -> Result<(), Refusal> {
    let of_service: Vec<_> = scope.split(' ').filter(|one| !OPENID.contains(one)).collect();
    match of_service.as_slice() {
        [one] => token::check_scope(tenant, one),
        _ => Err(Refusal::new("invalid_scope", 28_003, format!("The scope '{scope}' is not valid."))),
    }
}

/// The answer for a person who has signed in.
pub(super) fn answer(tenant: &mut Tenant, scope: &str, nonce: Option<&str>, claims: Option<String>) -> Value {
    let has = |word: &str| scope.split(' ').any(|one| one == word);
    let client_id = Some(PUBLIC_CLIENT.to_owned());
    let mut answer = token::issue(tenant, Wish { client_id, claims, ..Wish::usual(Kind::User) });
    answer["scope"] = scope.into();
    if has("openid") {
        answer["id_token"] = id_token(tenant, nonce).into();
    }
    if has("offline_access") {
        answer["refresh_token"] = refresh_token(tenant).into();
    }
    answer
}

fn id_token(tenant: &mut Tenant, nonce: Option<&str>) -> String {
    let now = tenant.tokens.now();
    let wrong = tenant.sign_in.settings.browser == Browser::WrongAudience;
    let audience = if wrong { "10000000-0000-4000-8000-00000000dead" } else { PUBLIC_CLIENT };
    let mut claims = json!({
        "aud": audience, "iss": format!("{}/{TENANT_ID}/v2.0", tenant.url), "iat": now, "nbf": now,
        "exp": now + 3_600, "name": "Ada Admin", "oid": ADMIN_ID, "preferred_username": ADMIN_UPN, "tid": TENANT_ID,
        "ver": "2.0",
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = nonce.into();
    }
    let token = jwt(&claims);
    tenant.journal.keep_secret(&token);
    token
}

/// A new refresh token.
pub(super) fn refresh_token(tenant: &mut Tenant) -> String {
    let token = format!("1.refresh.{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    tenant.journal.keep_secret(&token);
    tenant.sign_in.refresh_tokens.insert(token.clone());
    token
}

/// `grant_type=refresh_token`.
pub(super) fn refresh(tenant: &mut Tenant, request: &Request, form: &Form) -> Result<Value, Refusal> {
    form.only(&REFRESH)?;
    check_client(request, form)?;
    let scope = form.field("scope")?;
    check_scope(tenant, scope)?;
    let claims = token::claims(form)?;
    let old = form.field("refresh_token")?;
    if !tenant.sign_in.refresh_tokens.contains(old) {
        let text = "The provided grant has expired due to it being revoked, a fresh auth token is needed.";
        return Err(Refusal::new("invalid_grant", 50_173, text));
    }
    let how = tenant.sign_in.settings.refresh;
    if how == Refresh::RotatesAndRevokes {
        tenant.sign_in.refresh_tokens.remove(old);
    }
    let mut answer = answer(tenant, scope, None, claims);
    if how == Refresh::Keeps {
        answer["refresh_token"].take();
    }
    Ok(answer)
}
