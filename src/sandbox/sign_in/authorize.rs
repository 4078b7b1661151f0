//! Authorization code with PKCE. Whoever opens the page has signed in at once, as the administrator.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::Value;
use uuid::Uuid;

use super::control::Browser;
use super::form::Form;
use super::person;
use super::refusal::Refusal;
use super::token;
use crate::sandbox::http::{Reply, Request, percent_encoded};
use crate::sandbox::tenant::Tenant;

const PARAMETERS: [&str; 13] = [
    "client_id",
    "response_type",
    "response_mode",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
    "domain_hint",
    "prompt",
    "claims",
];
const FIELDS: [&str; 5] = ["grant_type", "client_id", "code", "redirect_uri", "code_verifier"];

/// A code on its way to the token endpoint.
pub(super) struct Code {
    redirect: String,
    challenge: String,
    scope: String,
    nonce: Option<String>,
    claims: Option<String>,
    expires: i64,
}

/// `GET /{tenant}/oauth2/v2.0/authorize`.
pub(super) fn answer(tenant: &mut Tenant, request: &Request) -> Result<Reply, Refusal> {
    let query = Form::query(request);
    query.only(&PARAMETERS)?;
    person::check_client(request, &query)?;
    let redirect = query.field("redirect_uri")?;
    if !is_loopback(redirect) {
        let text = format!(
            "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured."
        );
        return Err(Refusal::new("invalid_request", 50_011, text));
    }
    query.expect("response_type", "code")?;
    query.expect("response_mode", "query")?;
    query.expect("code_challenge_method", "S256")?;
    let (state, nonce) = (query.field("state")?, query.field("nonce")?);
    let challenge = query.field("code_challenge")?;
    if challenge.len() != 43 || URL_SAFE_NO_PAD.decode(challenge).is_err() {
        return Err(Refusal::new("invalid_request", 501_491, "Invalid size of Code_Challenge parameter."));
    }
    let scope = query.field("scope")?;
    person::check_scope(tenant, scope)?;
    let claims = token::claims(&query)?;

    let browser = tenant.sign_in.settings.browser;
    let code = format!("1.code.{}", Uuid::new_v4().simple());
    let expires = tenant.tokens.now() + tenant.sign_in.settings.code_lifetime;
    let nonce = match browser {
        Browser::WrongNonce => Some("of-another-sign-in".to_owned()),
        Browser::NoNonce => None,
        _ => Some(nonce.to_owned()),
    };
    let redirect = redirect.to_owned();
    let state = if browser == Browser::WrongState { "of-another-sign-in" } else { state };
    let parameters = if browser == Browser::Declines {
        "error=access_denied&error_description=AADSTS65004%3A%20User%20declined%20to%20consent.".to_owned()
    } else {
        format!("code={code}")
    };
    let location = format!("{redirect}/?{parameters}&state={}", percent_encoded(state));
    tenant.journal.keep_secret(&code);
    let (challenge, scope) = (challenge.to_owned(), scope.to_owned());
    tenant.sign_in.codes.insert(code, Code { redirect, challenge, scope, nonce, claims, expires });
    Ok(Reply { headers: vec![("location", location)], ..Reply::empty(302) })
}

/// `http://localhost:<port>`: any port, but nothing else.
fn is_loopback(redirect: &str) -> bool {
    redirect.strip_prefix("http://localhost:").is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// `grant_type=authorization_code`.
pub(super) fn token(tenant: &mut Tenant, request: &Request, form: &Form) -> Result<Value, Refusal> {
    form.only(&FIELDS)?;
    person::check_client(request, form)?;
    let refuse = |number, text: &str| Err(Refusal::new("invalid_grant", number, text));
    let verifier = form.field("code_verifier")?;
    let is_verifier = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if !(43..=128).contains(&verifier.len()) || !verifier.chars().all(is_verifier) {
        return refuse(501_481, "The Code_Verifier is not of the size or the letters that it has to be of.");
    }
    // taken out, whatever comes of it: a code is good once
    let Some(code) = tenant.sign_in.codes.remove(form.field("code")?) else {
        return refuse(54_005, "OAuth2 Authorization code was already redeemed.");
    };
    if code.expires <= tenant.tokens.now() {
        return refuse(70_008, "The provided authorization code or refresh token has expired due to inactivity.");
    }
    if form.field("redirect_uri")? != code.redirect {
        return refuse(500_112, "The reply address does not match the one of the authorization code.");
    }
    if URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) != code.challenge {
        return refuse(501_481, "The Code_Verifier does not match the code_challenge of the authorization request.");
    }
    tenant.journal.keep_secret(verifier);
    Ok(person::answer(tenant, &code.scope, code.nonce.as_deref(), code.claims))
}
