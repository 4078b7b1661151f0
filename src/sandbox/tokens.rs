//! The token endpoint, the tokens it issues, and what each of them permits.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::clock;
use super::directory::{TENANT_DOMAIN, TENANT_ID, VERIFIED_DOMAINS};
use super::errors::Refusal;
use super::http::{self, Reply, Request};
use super::seed::{ADMIN_ID, ADMIN_UPN};

pub(super) const CLIENT_ID: &str = "c11e0000-0000-4000-8000-000000000001";
const APP_OBJECT_ID: &str = "50000000-0000-4000-8000-0000000000aa";
const GRAPH: &str = "https://graph.microsoft.com";

pub(super) const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
pub(super) const PRIVILEGED_AUTHENTICATION_ADMINISTRATOR: &str = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";
pub(super) const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
pub(super) const HELPDESK_ADMINISTRATOR: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
pub(super) const DIRECTORY_WRITERS: &str = "9360feb5-f418-4baa-8175-e2a00bac4301";
pub(super) const GUEST_INVITER: &str = "95e79109-95c0-4d8e-aee3-d01accf2d47b";

const DEFAULT_PERMISSIONS: [&str; 4] =
    ["User.ReadWrite.All", "User.Invite.All", "Directory.Read.All", "Group.Read.All"];
/// Long enough for a rehearsal that takes a day.
const LIFETIME: i64 = 86_400;

/// What an issued token says.
pub(super) struct Grant {
    pub(super) is_app: bool,
    /// Application permissions or delegated scopes.
    permissions: Vec<String>,
    /// Template ids of the directory roles.
    roles: Vec<String>,
    expires: i64,
    audience: String,
}

impl Grant {
    pub(super) fn permits(&self, any_of: &[&str]) -> bool {
        self.permissions.iter().any(|p| any_of.contains(&p.as_str()))
    }

    pub(super) fn has_role(&self, any_of: &[&str]) -> bool {
        self.roles.iter().any(|r| any_of.contains(&r.as_str()))
    }

    /// Whether the caller may write what only privileged administrators may.
    pub(super) fn is_privileged(&self) -> bool {
        self.has_role(&[GLOBAL_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR])
    }
}

/// What a token is asked to say; the default is the sandbox's usual token of that kind.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    kind: Kind,
    scopes: Option<Vec<String>>,
    roles: Option<Vec<String>>,
    wids: Option<Vec<String>>,
    expires_in: Option<i64>,
    audience: Option<String>,
}

#[derive(serde::Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    App,
    User,
}

impl Wish {
    pub(super) fn usual(kind: Kind) -> Self {
        Self { kind, scopes: None, roles: None, wids: None, expires_in: None, audience: None }
    }
}

/// The tokens of this run: one that is not here was not issued by this sandbox.
pub(super) struct Tokens {
    url: String,
    pub(super) client_secret: String,
    issued: HashMap<String, Arc<Grant>>,
}

impl Tokens {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            client_secret: format!("sandbox~{}", Uuid::new_v4().simple()),
            issued: HashMap::new(),
        }
    }

    /// Issues a token; answers it and the second since 1970 at which it expires.
    pub(super) fn issue(&mut self, wish: Wish) -> (String, i64) {
        let is_app = wish.kind == Kind::App;
        let now = clock::unix_now();
        let permissions = if is_app { wish.roles } else { wish.scopes };
        let usual_roles = || if is_app { Vec::new() } else { vec![USER_ADMINISTRATOR.to_owned()] };
        let grant = Grant {
            is_app,
            permissions: permissions.unwrap_or_else(|| DEFAULT_PERMISSIONS.map(str::to_owned).to_vec()),
            roles: wish.wids.unwrap_or_else(usual_roles),
            expires: now.saturating_add(wish.expires_in.unwrap_or(LIFETIME)),
            audience: wish.audience.unwrap_or_else(|| self.url.clone()),
        };
        let mut claims = json!({
            "aud": grant.audience, "iss": format!("{}/{TENANT_ID}/", self.url), "tid": TENANT_ID, "appid": CLIENT_ID,
            "iat": now, "nbf": now, "exp": grant.expires, "idtyp": if is_app { "app" } else { "user" }, "ver": "1.0",
            "oid": if is_app { APP_OBJECT_ID } else { ADMIN_ID }, "wids": grant.roles,
        });
        if is_app {
            claims["roles"] = json!(grant.permissions);
        } else {
            claims["scp"] = json!(grant.permissions.join(" "));
            claims["upn"] = json!(ADMIN_UPN);
            claims["unique_name"] = json!(ADMIN_UPN);
            claims["name"] = json!("Ada Admin");
        }
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "sandbox" });
        let signature = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
        let parts = [header.to_string().as_bytes(), claims.to_string().as_bytes(), &signature].map(base64url);
        let (token, expires) = (parts.join("."), grant.expires);
        self.issued.insert(token.clone(), Arc::new(grant));
        (token, expires)
    }

    /// The grant behind a request's bearer token.
    pub(super) fn grant(&self, bearer: Option<&str>) -> Result<Arc<Grant>, Refusal> {
        let bearer = bearer.ok_or_else(|| Refusal::bad_token("Access token is empty."))?;
        if bearer.split('.').count() != 3 {
            return Err(Refusal::bad_token("IDX14100: JWT is not well formed, there are no dots (.)."));
        }
        let grant = self.issued.get(bearer);
        let grant = grant.ok_or_else(|| Refusal::bad_token("Access token validation failure. Invalid signature."))?;
        if grant.expires <= clock::unix_now() {
            return Err(Refusal::bad_token("Lifetime validation failed, the token is expired."));
        }
        if ![self.url.as_str(), GRAPH].contains(&grant.audience.trim_end_matches('/')) {
            return Err(Refusal::bad_token("Access token validation failure. Invalid audience."));
        }
        Ok(grant.clone())
    }

    /// `POST /{tenant}/oauth2/v2.0/token`.
    pub(super) fn endpoint(&mut self, request: &Request) -> Reply {
        match self.client_credentials(request) {
            Ok(()) => {
                let (token, expires) = self.issue(Wish::usual(Kind::App));
                let left = expires - clock::unix_now();
                Reply::json(
                    200,
                    &json!({
                        "token_type": "Bearer", "expires_in": left, "ext_expires_in": left, "access_token": token,
                    }),
                )
            }
            Err(error) => error.reply(request.client_request_id.as_deref()),
        }
    }

    fn client_credentials(&self, request: &Request) -> Result<(), TokenError> {
        let tenant = request.path[0].as_str();
        if tenant != TENANT_ID && !VERIFIED_DOMAINS.contains(&tenant.to_lowercase().as_str()) {
            let text = format!("Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.");
            return Err(TokenError { status: 400, error: "invalid_request", number: 90_002, text });
        }
        let form = std::str::from_utf8(&request.body).ok().and_then(http::pairs).unwrap_or_default();
        let field = |name: &str| {
            let found = form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
            found.filter(|value| !value.is_empty()).ok_or_else(|| {
                let text = format!("The request body must contain the following parameter: '{name}'.");
                TokenError { status: 400, error: "invalid_request", number: 900_144, text }
            })
        };
        let grant_type = field("grant_type")?;
        if grant_type != "client_credentials" {
            let text = format!("The app requested an unsupported grant type '{grant_type}'.");
            return Err(TokenError { status: 400, error: "unsupported_grant_type", number: 70_003, text });
        }
        let client = field("client_id")?;
        if client != CLIENT_ID {
            let text = format!("Application with identifier '{client}' was not found in the directory 'Contoso'.");
            return Err(TokenError { status: 400, error: "unauthorized_client", number: 700_016, text });
        }
        if field("client_secret")? != self.client_secret {
            let text =
                format!("Invalid client secret provided for app '{CLIENT_ID}'. Send the secret's value, not its ID.");
            return Err(TokenError { status: 401, error: "invalid_client", number: 7_000_215, text });
        }
        self.scope(field("scope")?)
    }

    fn scope(&self, scope: &str) -> Result<(), TokenError> {
        let Some(resource) = scope.strip_suffix("/.default") else {
            let text = format!("The provided value for the input parameter 'scope' is not valid: '{scope}'.");
            return Err(TokenError { status: 400, error: "invalid_scope", number: 1_002_012, text });
        };
        if resource.trim_end_matches('/') != self.url && resource != GRAPH {
            let text = format!("The resource principal named {resource} was not found in the tenant {TENANT_DOMAIN}.");
            return Err(TokenError { status: 400, error: "invalid_resource", number: 500_011, text });
        }
        Ok(())
    }
}

/// A refusal in the shape of the token endpoint.
struct TokenError {
    status: u16,
    error: &'static str,
    number: u32,
    text: String,
}

impl TokenError {
    fn reply(self, client_request_id: Option<&str>) -> Reply {
        let trace = Uuid::new_v4().to_string();
        let correlation = client_request_id.unwrap_or(&trace);
        let when = clock::timestamp(clock::unix_now()).replace('T', " ");
        let number = self.number;
        let description =
            format!("AADSTS{number}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {when}", self.text);
        let body: Value = json!({
            "error": self.error, "error_description": description, "error_codes": [number], "timestamp": when,
            "trace_id": trace, "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
        });
        Reply::json(self.status, &body)
    }
}

fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_usize, |bits, &b| bits << 8 | usize::from(b)) << (8 * (3 - chunk.len()));
        for sextet in 0..=chunk.len() {
            encoded.push(ALPHABET[bits >> (18 - 6 * sextet) & 63] as char);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_has_no_padding() {
        let pairs = [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("~~~???", "fn5-Pz8_")];
        for (plain, encoded) in pairs {
            assert_eq!(base64url(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn only_own_fresh_tokens_count() {
        let mut tokens = Tokens::new("http://127.0.0.1:1");
        let (good, _) = tokens.issue(Wish::usual(Kind::User));
        assert!(!tokens.grant(Some(&good)).unwrap().is_app);
        let (late, _) = tokens.issue(Wish { expires_in: Some(-1), ..Wish::usual(Kind::App) });
        let (astray, _) = tokens.issue(Wish { audience: Some("https://other".into()), ..Wish::usual(Kind::App) });
        for bad in [None, Some("x"), Some("a.b.c"), Some(late.as_str()), Some(astray.as_str())] {
            assert_eq!(tokens.grant(bad).err().unwrap().status, 401);
        }
    }
}
