//! `POST /{tenant}/oauth2/v2.0/token`: which grant is meant, and the answer that all of them share.

use serde_json::{Value, json};

use super::form::Form;
use super::refusal::Refusal;
use super::{application, authorize, device_code, person};
use crate::sandbox::directory::TENANT_DOMAIN;
use crate::sandbox::http::{Reply, Request};
use crate::sandbox::tenant::Tenant;
use crate::sandbox::tokens::{GRAPH, Wish};

pub(super) fn answer(tenant: &mut Tenant, request: &Request) -> Result<Reply, Refusal> {
    let form = Form::read(request)?;
    let answer = match form.field("grant_type")? {
        "client_credentials" => application::token(tenant, request, &form),
        "authorization_code" => authorize::token(tenant, request, &form),
        "urn:ietf:params:oauth:grant-type:device_code" => device_code::token(tenant, request, &form),
        "refresh_token" => person::refresh(tenant, request, &form),
        other => {
            let text = format!("The app requested an unsupported grant type '{other}'.");
            Err(Refusal::new("unsupported_grant_type", 70_003, text))
        }
    }?;
    Ok(Reply::json(200, &answer))
}

/// Issues an access token; the members of the answer that tell of it.
pub(super) fn issue(tenant: &mut Tenant, wish: Wish) -> Value {
    let wish = Wish { audience: tenant.sign_in.settings.audience.clone(), ..wish };
    let (token, _) = tenant.tokens.issue(wish);
    tenant.journal.keep_secret(&token);
    let left = tenant.tokens.lifetime;
    json!({ "token_type": "Bearer", "expires_in": left, "ext_expires_in": left, "access_token": token })
}

/// Refuses the scope of another service. `scope` is the one of the resource, without those of OpenID Connect.
pub(super) fn check_scope(tenant: &Tenant, scope: &str) -> Result<(), Refusal> {
    let Some(resource) = scope.strip_suffix("/.default") else {
        let text = format!("The provided value for the input parameter 'scope' is not valid: '{scope}'.");
        return Err(Refusal::new("invalid_scope", 1_002_012, text));
    };
    check_resource(tenant, resource)
}

pub(super) fn check_resource(tenant: &Tenant, resource: &str) -> Result<(), Refusal> {
    if resource.trim_end_matches('/') != tenant.url && resource.trim_end_matches('/') != GRAPH {
        let text = format!("The resource principal named {resource} was not found in the tenant {TENANT_DOMAIN}.");
        return Err(Refusal::new("invalid_resource", 500_011, text));
    }
    Ok(())
}

/// The parameter `claims`, which must be JSON.
pub(super) fn claims(form: &Form) -> Result<Option<String>, Refusal> {
    let claims = form.get("claims");
    if claims.is_some_and(|claims| !serde_json::from_str::<Value>(claims).is_ok_and(|value| value.is_object())) {
        return Err(Refusal::of_request("The parameter 'claims' is not a JSON object."));
    }
    Ok(claims.map(str::to_owned))
}
