//! What an access token tells about itself. Read for advice only: the service alone verifies it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::{Duration, SystemTime};

/// Whether a person or an application calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AccountType {
    User,
    App,
    #[default]
    Unknown,
}

impl AccountType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::App => "app",
            Self::Unknown => "unknown",
        }
    }
}

/// The claims that matter here; an opaque token has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claims {
    pub(crate) readable: bool,
    pub(crate) tenant_id: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) account_type: AccountType,
    pub(crate) client_id: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) expires: Option<SystemTime>,
    /// `scp` of a delegated token, `roles` of an application's.
    pub(crate) permissions: Vec<String>,
    /// `wids`: templates of directory roles that the caller holds directly.
    pub(crate) role_templates: Vec<String>,
}

#[derive(Deserialize)]
struct Payload {
    tid: Option<String>,
    upn: Option<String>,
    preferred_username: Option<String>,
    app_displayname: Option<String>,
    appid: Option<String>,
    azp: Option<String>,
    aud: Option<String>,
    exp: Option<u64>,
    idtyp: Option<String>,
    scp: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    wids: Vec<String>,
}

impl Claims {
    /// The claims of a JWT; none where the token is something else.
    pub(crate) fn of(token: &SecretString) -> Self {
        let Some(payload) = payload::<Payload>(token) else { return Self::default() };
        let account_type = match (payload.idtyp.as_deref(), &payload.scp) {
            (Some("app"), _) => AccountType::App,
            (_, Some(_)) => AccountType::User,
            (None, None) if !payload.roles.is_empty() => AccountType::App,
            _ => AccountType::Unknown,
        };
        let permissions = match payload.scp {
            Some(scopes) => scopes.split_whitespace().map(str::to_owned).collect(),
            None => payload.roles,
        };
        Self {
            readable: true,
            tenant_id: payload.tid,
            account: payload.upn.or(payload.preferred_username).or(payload.app_displayname),
            account_type,
            client_id: payload.appid.or(payload.azp),
            audience: payload.aud,
            expires: payload.exp.map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.min(1 << 40))),
            permissions,
            role_templates: payload.wids,
        }
    }
}

/// The middle part of a JWT.
pub(super) fn payload<T: DeserializeOwned>(token: &SecretString) -> Option<T> {
    let text = token.expose_secret().split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claims(payload: &str) -> Claims {
        Claims::of(&format!("e30.{}.x", URL_SAFE_NO_PAD.encode(payload)).into())
    }

    #[test]
    fn people_and_applications_are_told_apart() {
        let person = claims(r#"{"tid":"t","upn":"jürgen@contoso.com","scp":"User.Read User.Invite.All","exp":7}"#);
        assert_eq!((person.account_type, person.permissions.len()), (AccountType::User, 2));
        assert_eq!(person.account.as_deref(), Some("jürgen@contoso.com"));
        assert_eq!(person.expires, Some(SystemTime::UNIX_EPOCH + Duration::from_secs(7)));
        let app = claims(r#"{"idtyp":"app","roles":["User.ReadWrite.All"]}"#);
        assert_eq!((app.account_type, app.permissions.len()), (AccountType::App, 1));
        assert_eq!(claims(r#"{"roles":["User.ReadWrite.All"]}"#).account_type, AccountType::App);
        assert_eq!(claims("{}").account_type, AccountType::Unknown);
        assert!(!Claims::of(&"opaque".into()).readable);
    }

    proptest! {
        #[test]
        fn any_token_is_survived(token in ".*") {
            let _ = Claims::of(&token.into());
        }
    }
}
