//! The identities of machines and apps: Azure's metadata service, and the endpoint of App Service.

use serde_json::{Value, json};

use super::form::Form;
use super::refusal::Refusal;
use super::token;
use crate::sandbox::http::{Reply, Request};
use crate::sandbox::tenant::Tenant;
use crate::sandbox::tokens::{Kind, Wish};

/// The one user-assigned identity; without an id, the system-assigned one is meant.
pub(super) const CLIENT_ID: &str = "c11e0000-0000-4000-8000-00000000001d";
pub(super) const OBJECT_ID: &str = "50000000-0000-4000-8000-00000000001d";
pub(super) const RESOURCE_ID: &str = "/subscriptions/5b000000-0000-4000-8000-000000000001/resourceGroups/guests/providers/Microsoft.ManagedIdentity/userAssignedIdentities/resetter";
pub(super) const HEADER: &str = "1dent1ty-header-of-the-sandbox";

/// `GET /metadata/identity/oauth2/token`, as on a virtual machine.
pub(super) fn of_machine(tenant: &mut Tenant, request: &Request) -> Reply {
    let refuse = |text: String| Reply::json(400, &json!({ "error": "invalid_request", "error_description": text }));
    if request.header("metadata") != Some("true") {
        return refuse("Required metadata header not specified".to_owned());
    }
    if request.header("x-forwarded-for").is_some() {
        return refuse("The request came through a proxy".to_owned());
    }
    match token(tenant, request, "2018-02-01", ["client_id", "object_id", "msi_res_id"]) {
        Ok(answer) => Reply::json(200, &answer),
        Err(text) => refuse(text),
    }
}

/// `GET /msi/token`, as on App Service.
pub(super) fn of_app(tenant: &mut Tenant, request: &Request) -> Reply {
    let refuse = |status: u16, text: String| Reply::json(status, &json!({ "statusCode": status, "message": text }));
    if request.header("x-identity-header") != Some(HEADER) {
        return refuse(401, "The X-IDENTITY-HEADER is missing or wrong.".to_owned());
    }
    match token(tenant, request, "2019-08-01", ["client_id", "principal_id", "mi_res_id"]) {
        Ok(answer) => Reply::json(200, &answer),
        Err(text) => refuse(400, text),
    }
}

fn token(tenant: &mut Tenant, request: &Request, version: &str, ids: [&str; 3]) -> Result<Value, String> {
    let query = Form::query(request);
    let checked = |outcome: Result<(), Refusal>| outcome.map_err(|_| "The request is not as it has to be".to_owned());
    checked(query.only(&[&["api-version", "resource"], ids.as_slice()].concat()))?;
    checked(query.expect("api-version", version))?;
    let resource = query.get("resource").ok_or("There is no resource")?;
    checked(token::check_resource(tenant, resource))?;
    let given: Vec<_> = ids.iter().zip([CLIENT_ID, OBJECT_ID, RESOURCE_ID]).collect();
    let given: Vec<_> = given.iter().filter_map(|(name, known)| Some((query.get(name)?, *known))).collect();
    if given.len() > 1 || given.iter().any(|(id, known)| id != known) {
        return Err("Identity not found".to_owned());
    }
    let client_id = if given.is_empty() { None } else { Some(CLIENT_ID.to_owned()) };
    let issued = token::issue(tenant, Wish { client_id: client_id.clone(), ..Wish::usual(Kind::App) });
    let (now, left) = (tenant.tokens.now(), tenant.tokens.lifetime);
    Ok(json!({
        "access_token": issued["access_token"], "client_id": client_id, "expires_in": left.to_string(),
        "expires_on": (now + left).to_string(), "not_before": now.to_string(), "resource": resource,
        "token_type": "Bearer",
    }))
}
