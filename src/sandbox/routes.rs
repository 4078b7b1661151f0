//! Which request goes where: first the sign-in endpoints, then Graph behind its tokens and limits.

use std::time::Instant;

use uuid::Uuid;

use super::errors::Refusal;
use super::http::{Reply, Request};
use super::limits::Cost;
use super::tenant::Tenant;
use super::{invitations, reads, sign_in, update};

const DIAGNOSTIC: &str =
    r#"{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"SANDBOX"}}"#;

/// Answers a request; never fails.
pub(super) fn answer(tenant: &mut Tenant, request: &Request) -> Reply {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    if let Some(reply) = sign_in::answer(tenant, request, &path) {
        return reply;
    }
    match path.as_slice() {
        ["v1.0" | "beta", rest @ ..] => {
            let request_id = Uuid::new_v4().to_string();
            let client_id = request.client_request_id.as_ref().unwrap_or(&request_id);
            let mut reply = graph(tenant, request, rest).unwrap_or_else(|r| r.reply(&request_id, client_id));
            reply.headers.push(("client-request-id", client_id.clone()));
            reply.headers.push(("request-id", request_id));
            reply.headers.push(("x-ms-ags-diagnostic", DIAGNOSTIC.to_owned()));
            reply
        }
        _ => Refusal::new(404, "ResourceNotFound", "There is nothing at this address.").reply("", ""),
    }
}

fn graph(tenant: &mut Tenant, request: &Request, path: &[&str]) -> Result<Reply, Refusal> {
    let grant = tenant.tokens.grant(request.bearer.as_deref())?;
    tenant.sign_in.challenge(&grant)?;
    let key = path.first().and_then(|first| bracketed_key(first));
    let bracketed = key.as_deref().map(|key| [&["users", key], &path[1..]].concat());
    let path = bracketed.as_deref().unwrap_or(path);
    let cost = cost(request, path);
    let usage = if tenant.settings.limits { tenant.limits.take(cost, Instant::now())? } else { 0.0 };
    let mut reply = match (request.method.as_str(), path) {
        ("GET", ["me"]) => reads::me(tenant, &grant, request),
        ("GET", ["users"]) => reads::users(tenant, &grant, request, false),
        ("GET", ["users", key]) => reads::user(tenant, &grant, request, key),
        ("GET", ["users", key, "memberOf" | "transitiveMemberOf"]) => reads::member_of(tenant, &grant, request, key),
        ("GET", ["users", key, "appRoleAssignments"]) => reads::app_assignments(tenant, &grant, request, key),
        ("GET", ["groups"]) => reads::groups(tenant, &grant, request),
        ("GET", ["contacts"]) => reads::contacts(tenant, &grant, request),
        ("GET", ["organization"]) => reads::organization(tenant, &grant, request),
        ("GET", ["directory", "deletedItems", "microsoft.graph.user"]) => reads::users(tenant, &grant, request, true),
        ("GET", ["directory", "deletedItems", id]) => reads::deleted_item(tenant, &grant, request, id),
        ("PATCH", ["users", key]) => update::user(tenant, &grant, request, key),
        ("POST", ["invitations"]) => invitations::create(tenant, &grant, request),
        ("GET", ["invitations", ..]) => Err(no_invitations_to_read()),
        (_, ["me" | "users" | "groups" | "contacts" | "organization" | "directory" | "invitations", ..]) => {
            Err(Refusal::new(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."))
        }
        (_, rest) => {
            let segment = rest.first().copied().unwrap_or_default();
            Err(Refusal::new(400, "BadRequest", format!("Resource not found for the segment '{segment}'.")))
        }
    }?;
    reply.headers.push(("x-ms-resource-unit", cost.units.to_string()));
    if usage > 0.8 && tenant.settings.says_usage {
        reply.headers.push(("x-ms-throttle-limit-percentage", format!("{usage:.2}")));
    }
    Ok(reply)
}

/// The key in `users('key')`, in which quotes are doubled.
fn bracketed_key(segment: &str) -> Option<String> {
    segment.strip_prefix("users('")?.strip_suffix("')").map(|key| key.replace("''", "'"))
}

/// The documented resource units, the modest ones only: lists cost 2, the rest 1.
fn cost(request: &Request, path: &[&str]) -> Cost {
    let option = |name| request.option(name).is_some();
    let few = request.option("$top").is_some_and(|top| top.parse::<u32>().is_ok_and(|top| top < 20));
    let is_list = request.method == "GET" && path.len() != 2;
    let units = 1 + u32::from(is_list) + u32::from(option("$expand"));
    let saved = u32::from(option("$select")) + u32::from(few);
    Cost {
        units: units.saturating_sub(saved).max(1),
        writes: u32::from(request.method == "PATCH"),
        invitations: u32::from(request.method == "POST" && path == ["invitations"]),
    }
}

/// There is no reading of invitations, and the service says so in its oddest way.
fn no_invitations_to_read() -> Refusal {
    let page = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"><html><head><title>404 - File or directory not \
                found.</title></head><body><h2>404 - File or directory not found.</h2></body></html>";
    Refusal::new(404, "UnknownError", page)
}
