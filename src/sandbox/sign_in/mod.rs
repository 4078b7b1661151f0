//! Signing in: the token service of the tenant, and those of machines and of GitHub. Strict, so that tests see exactly
//! what a client sends: a field too many is refused as well as one too few.

mod application;
mod assertion;
mod authorize;
pub(super) mod control;
mod device_code;
mod form;
mod github;
mod managed_identity;
mod person;
mod refusal;
mod token;

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::directory::{TENANT_ID, VERIFIED_DOMAINS};
use super::errors;
use super::http::{Reply, Request};
use super::journal::SignInRecord;
use super::secrets;
use super::tenant::Tenant;
use super::tokens::Grant;
use control::Settings;
use refusal::Refusal;

/// Microsoft Graph Command Line Tools: the public client as which people sign in here.
const PUBLIC_CLIENT: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

/// The fields of a form that hold a secret.
const SECRET_FIELDS: [&str; 6] =
    ["client_secret", "client_assertion", "code", "code_verifier", "device_code", "refresh_token"];

/// What the token service knows and remembers.
#[derive(Default)]
pub(super) struct SignIn {
    settings: Settings,
    certificates: Vec<assertion::Certificate>,
    /// Tokens of other parties that vouch for the application.
    federated: HashSet<String>,
    /// Ids of assertions, each of which is good once.
    used: HashSet<String>,
    codes: HashMap<String, authorize::Code>,
    device_codes: Vec<device_code::DeviceCode>,
    refresh_tokens: HashSet<String>,
}

impl SignIn {
    /// Refuses a token that was not got with the claims that the policy asks for.
    pub(super) fn challenge(&self, grant: &Grant) -> Result<(), errors::Refusal> {
        let Some(claims) = self.settings.challenge.as_ref().filter(|claims| grant.claims.as_ref() != Some(*claims))
        else {
            return Ok(());
        };
        let mut refusal = errors::Refusal::bad_token(
            "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: \
             TokenIssuedBeforeRevocationTimestamp",
        );
        let challenge = format!(
            "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
             client_id=\"00000003-0000-0000-c000-000000000000\", error=\"insufficient_claims\", claims=\"{}\"",
            STANDARD.encode(claims)
        );
        refusal.headers = vec![("www-authenticate", challenge)];
        Err(refusal)
    }
}

/// Answers a request to a sign-in endpoint; `None` for every other path.
pub(super) fn answer(tenant: &mut Tenant, request: &Request, path: &[&str]) -> Option<Reply> {
    let oauth = |outcome: Result<Reply, Refusal>| outcome.unwrap_or_else(|refusal| refusal.reply(request));
    let reply = match (request.method.as_str(), path) {
        ("POST", [_, "oauth2", "v2.0", "token"]) => oauth(token::answer(tenant, request)),
        ("POST", [_, "oauth2", "v2.0", "devicecode"]) => oauth(device_code::begin(tenant, request)),
        ("GET", [_, "oauth2", "v2.0", "authorize"]) => oauth(authorize::answer(tenant, request)),
        ("GET", ["metadata", "identity", "oauth2", "token"]) => managed_identity::of_machine(tenant, request),
        ("GET", ["msi", "token"]) => managed_identity::of_app(tenant, request),
        ("GET", ["github", "token"]) => github::token(tenant, request),
        _ => return None,
    };
    note(tenant, request, &reply);
    Some(reply)
}

fn note(tenant: &mut Tenant, request: &Request, reply: &Reply) {
    let text = std::str::from_utf8(&request.body).unwrap_or_default();
    let fields = if request.method == "GET" { Some(request.query.clone()) } else { super::http::pairs(text) };
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    for (_, secret) in fields.iter().flatten().filter(|(name, _)| SECRET_FIELDS.contains(&name.as_str())) {
        secrets::note(secret);
    }
    for secret in request.header("x-identity-header").into_iter().chain(request.bearer.as_deref()) {
        secrets::note(secret);
    }
    let word = || body["error"].as_str().or_else(|| body["message"].as_str()).unwrap_or("refused").to_owned();
    tenant.journal.sign_ins.push(SignInRecord {
        method: request.method.clone(),
        path: format!("/{}", request.path.join("/")),
        fields: fields.unwrap_or_default(),
        error: (reply.status >= 400).then(word),
    });
}

/// Whether the tenant in the path is this one. People may also come by way of `organizations`.
fn check_tenant(request: &Request, for_people: bool) -> Result<(), Refusal> {
    let tenant = request.path[0].as_str();
    let anywhere = for_people && ["organizations", "common"].contains(&tenant);
    if tenant == TENANT_ID || VERIFIED_DOMAINS.contains(&tenant.to_lowercase().as_str()) || anywhere {
        return Ok(());
    }
    let text = format!("Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.");
    Err(Refusal::new("invalid_request", 90_002, text))
}
