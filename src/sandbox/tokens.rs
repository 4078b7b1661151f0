//! The tokens that were issued, and what each of them permits.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::clock;
use super::directory::TENANT_ID;
use super::errors::Refusal;
use super::seed::{ADMIN_ID, ADMIN_UPN};

pub(super) const CLIENT_ID: &str = "c11e0000-0000-4000-8000-000000000001";
const APP_OBJECT_ID: &str = "50000000-0000-4000-8000-0000000000aa";
pub(super) const GRAPH: &str = "https://graph.microsoft.com";

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
    /// Milliseconds since 1970, so that short lives are not cut by up to a second.
    expires: i64,
    audience: String,
    /// The parameter `claims` that it was asked for with.
    pub(super) claims: Option<String>,
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
    pub(super) kind: Kind,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) roles: Option<Vec<String>>,
    pub(super) wids: Option<Vec<String>>,
    pub(super) expires_in: Option<i64>,
    pub(super) audience: Option<String>,
    #[serde(skip)]
    pub(super) client_id: Option<String>,
    #[serde(skip)]
    pub(super) claims: Option<String>,
}

#[derive(serde::Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    App,
    User,
}

impl Wish {
    pub(super) fn usual(kind: Kind) -> Self {
        Self {
            kind,
            scopes: None,
            roles: None,
            wids: None,
            expires_in: None,
            audience: None,
            client_id: None,
            claims: None,
        }
    }
}

/// The tokens of this run: one that is not here was not issued by this sandbox.
pub(super) struct Tokens {
    url: String,
    pub(super) client_secret: String,
    /// Seconds that a token lives, where nothing else is asked for.
    pub(super) lifetime: i64,
    /// Seconds that this service's clock is ahead of the real one.
    pub(super) clock_offset: i64,
    issued: HashMap<String, Arc<Grant>>,
}

impl Tokens {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            client_secret: format!("sandbox~{}", Uuid::new_v4().simple()),
            lifetime: LIFETIME,
            clock_offset: 0,
            issued: HashMap::new(),
        }
    }

    /// The usual lifetime and the right time again; what was issued stays valid.
    pub(super) fn reset(&mut self) {
        (self.lifetime, self.clock_offset) = (LIFETIME, 0);
    }

    /// Seconds since 1970 on this service's clock.
    pub(super) fn now(&self) -> i64 {
        self.now_ms() / 1_000
    }

    fn now_ms(&self) -> i64 {
        clock::unix_now_ms().saturating_add(self.clock_offset.saturating_mul(1_000))
    }

    /// Issues a token; answers it and the second since 1970 at which it expires.
    pub(super) fn issue(&mut self, wish: Wish) -> (String, i64) {
        let is_app = wish.kind == Kind::App;
        let now = self.now();
        let lifetime = wish.expires_in.unwrap_or(self.lifetime);
        let expires = now.saturating_add(lifetime);
        let permissions = if is_app { wish.roles } else { wish.scopes };
        let usual_roles = || if is_app { Vec::new() } else { vec![USER_ADMINISTRATOR.to_owned()] };
        let grant = Grant {
            is_app,
            permissions: permissions.unwrap_or_else(|| DEFAULT_PERMISSIONS.map(str::to_owned).to_vec()),
            roles: wish.wids.unwrap_or_else(usual_roles),
            expires: self.now_ms().saturating_add(lifetime.saturating_mul(1_000)),
            audience: wish.audience.unwrap_or_else(|| self.url.clone()),
            claims: wish.claims,
        };
        let mut claims = json!({
            "aud": grant.audience, "iss": format!("{}/{TENANT_ID}/", self.url), "tid": TENANT_ID,
            "appid": wish.client_id.as_deref().unwrap_or(CLIENT_ID), "iat": now, "nbf": now, "exp": expires, "idtyp": if is_app { "app" } else { "user" }, "ver": "1.0",
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
        let token = jwt(&claims);
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
        if grant.expires <= self.now_ms() {
            return Err(Refusal::bad_token("Lifetime validation failed, the token is expired."));
        }
        if ![self.url.as_str(), GRAPH].contains(&grant.audience.trim_end_matches('/')) {
            return Err(Refusal::bad_token("Access token validation failure. Invalid audience."));
        }
        Ok(grant.clone())
    }
}

/// A signed token with these claims. The signature is chance: what counts is that the sandbox knows the token.
pub(super) fn jwt(claims: &Value) -> String {
    let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "sandbox" });
    let signature = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
    [header.to_string().as_bytes(), claims.to_string().as_bytes(), &signature].map(base64url).join(".")
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
