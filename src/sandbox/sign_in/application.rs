//! Client credentials: an application with a secret, with a certificate, or with another party's word.

use serde_json::Value;

use super::form::Form;
use super::refusal::Refusal;
use super::{assertion, check_tenant, token};
use crate::sandbox::http::Request;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::tokens::{CLIENT_ID, Kind, Wish};

const SECRET: [&str; 5] = ["grant_type", "client_id", "scope", "client_secret", "claims"];
const ASSERTION: [&str; 6] =
    ["grant_type", "client_id", "scope", "client_assertion_type", "client_assertion", "claims"];

pub(super) fn token(tenant: &mut Tenant, request: &Request, form: &Form) -> Result<Value, Refusal> {
    check_tenant(request, false)?;
    let client = form.field("client_id")?;
    if client != CLIENT_ID {
        return Err(unknown(client));
    }
    if form.get("client_assertion").is_some() {
        form.only(&ASSERTION)?;
        form.expect("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")?;
        assertion::check(tenant, request, form.field("client_assertion")?)?;
    } else {
        form.only(&SECRET)?;
        if form.field("client_secret")? != tenant.tokens.client_secret {
            let text =
                format!("Invalid client secret provided for app '{CLIENT_ID}'. Send the secret's value, not its ID.");
            return Err(Refusal::new("invalid_client", 7_000_215, text));
        }
    }
    token::check_scope(tenant, form.field("scope")?)?;
    let claims = token::claims(form)?;
    Ok(token::issue(tenant, Wish { claims, ..Wish::usual(Kind::App) }))
}

pub(super) fn unknown(client: &str) -> Refusal {
    let text = format!("Application with identifier '{client}' was not found in the directory 'Contoso'.");
    Refusal::new("unauthorized_client", 700_016, text)
}
