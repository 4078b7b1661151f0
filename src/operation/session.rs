//! Signing in once for many calls.

use super::request::{WHAT, require_text, take_text};
use super::{Ended, on_engine, split};
use crate::auth::{self, Session};
use crate::error::Result;
use crate::options::{Common, Object, read};
use crate::report::OperationResult;
use crate::rfc3339::rfc3339;
use serde_json::{Value, json};

/// What this library can do, so that wrappers need not compare versions.
const FEATURES: [&str; 16] = [
    "batch",
    "journal",
    "reset",
    "plan",
    "invitation",
    "user",
    "tenant",
    "grant.access_token",
    "grant.client_secret",
    "grant.certificate",
    "grant.federated_token",
    "grant.managed_identity",
    "grant.azure_cli",
    "grant.refresh_token",
    "grant.browser",
    "grant.device_code",
];

/// `session.begin`: remembers how to sign in, and asks for what a person has to be shown.
pub(super) fn begin(mut members: Object) -> Ended {
    let taken = Common::take(&mut members, WHAT).and_then(|common| nothing_left(members).map(|()| common));
    let common = match taken {
        Ok(common) => common,
        Err(error) => return Ended::failed(error),
    };
    on_engine(async move || {
        let call = common.call();
        let begun = auth::begin(&common, &call).await.map(|(id, prompt)| json!({"session": id, "prompt": prompt}));
        let (result, outcome) = split(begun);
        Ended { outcome, result, session: None, call: Some(call) }
    })
}

/// `session.wait`: signs in.
pub(super) fn wait(mut members: Object) -> Ended {
    let read = || {
        let id = require_text(&mut members, "session")?;
        let common = Common::take(&mut members, WHAT)?;
        nothing_left(std::mem::take(&mut members))?;
        Ok((auth::find(&id)?, id, common))
    };
    let (session, id, common) = match { read }() {
        Ok(found) => found,
        Err(error) => return Ended::failed(error),
    };
    on_engine(async move || {
        let call = common.call();
        let outcome = session.token(&call).await.map(|_| ());
        let result = outcome.is_ok().then(|| OperationResult::Other(describe(&id, &session)));
        Ended { outcome, result, session: Some(session), call: Some(call) }
    })
}

/// `session.show`: what is known without signing in.
pub(super) fn show(mut members: Object) -> Ended {
    let read = || {
        let id = take_text(&mut members, "session")?;
        Common::take(&mut members, WHAT)?;
        nothing_left(std::mem::take(&mut members))?;
        let session = id.as_deref().map(auth::find).transpose()?;
        Ok(session.map(|session| (id.unwrap_or_default(), session)))
    };
    match { read }() {
        Ok(Some((id, session))) => Ended { session: Some(session.clone()), ..Ended::done(describe(&id, &session)) },
        Ok(None) => Ended::done(about()),
        Err(error) => Ended::failed(error),
    }
}

/// `session.end`: forgets it, with its token.
pub(super) fn end(mut members: Object) -> Ended {
    let ended = require_text(&mut members, "session").and_then(|id| {
        Common::take(&mut members, WHAT)?;
        nothing_left(members)?;
        auth::end(&id)
    });
    match ended {
        Ok(()) => Ended::done(json!({})),
        Err(error) => Ended::failed(error),
    }
}

fn nothing_left(members: Object) -> Result<()> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    read::<Nothing>(members, WHAT).map(|_| ())
}

fn about() -> Value {
    json!({
        "features": FEATURES,
        "version": env!("CARGO_PKG_VERSION"),
        "abi_version": crate::ABI_VERSION,
    })
}

fn describe(id: &str, session: &Session) -> Value {
    let token = session.known();
    let claims = token.as_ref().map(|token| token.claims.clone()).unwrap_or_default();
    let mut shown = about();
    let more = json!({
        "session": id,
        "tenant_id": session.tenant_id(),
        "account": claims.account,
        "account_type": claims.account_type.name(),
        "client_id": claims.client_id,
        "cloud": session.cloud.name,
        "environment": session.cloud.title,
        "graph_url": session.cloud.graph_url,
        "login_url": session.cloud.login_url,
        "expires_at": token.and_then(|token| token.expires).map(rfc3339),
        "permissions": claims.permissions,
        "role_templates": claims.role_templates,
    });
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
    }
    shown
}
