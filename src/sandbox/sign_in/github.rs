//! The token service of GitHub Actions, whose word counts as registered.

use serde_json::json;

use crate::sandbox::http::{Reply, Request};
use crate::sandbox::tenant::Tenant;
use crate::sandbox::tokens::jwt;

pub(super) const REQUEST_TOKEN: &str = "github-request-token-of-the-sandbox";
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// `GET /github/token`.
pub(super) fn token(tenant: &mut Tenant, request: &Request) -> Reply {
    if request.bearer.as_deref() != Some(REQUEST_TOKEN) {
        return Reply::json(401, &json!({ "message": "The request is not authorized." }));
    }
    if request.option("audience") != Some(AUDIENCE) {
        return Reply::json(400, &json!({ "message": "The audience is not the one of the credential." }));
    }
    let now = tenant.tokens.now();
    let token = jwt(&json!({
        "iss": "https://token.actions.githubusercontent.com", "sub": "repo:contoso/guests:ref:refs/heads/main",
        "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + 300, "jti": uuid::Uuid::new_v4().to_string(),
    }));
    tenant.sign_in.federated.insert(token.clone());
    tenant.journal.keep_secret(&token);
    Reply::json(200, &json!({ "count": 1, "value": token }))
}
