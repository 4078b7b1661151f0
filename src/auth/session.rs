//! A signed-in session: one cloud, one grant, and the token that concurrent calls share.

use super::grant::{Acquired, Grant, Interaction, refreshed, scope_of_person};
use super::token_endpoint::Asker;
use super::{Token, browser, device_code};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::limits::{self, Limits};
use crate::status::Status;
use secrecy::SecretString;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
#[cfg(feature = "sandbox")]
use std::time::Duration;

/// Where and as whom calls are made.
pub(crate) struct Session {
    pub(crate) cloud: Cloud,
    pub(super) grant: Grant,
    state: Mutex<State>,
    /// Held by the one call that signs in.
    renewing: tokio::sync::Mutex<()>,
    /// What this session shares with all others of its tenant.
    limits: OnceLock<Arc<Limits>>,
}

#[derive(Default)]
struct State {
    token: Option<Arc<Token>>,
    refresh_token: Option<SecretString>,
    /// A sign-in that was shown to a person and is not finished.
    pending: Option<Pending>,
    /// What a policy asked for when it refused the latest token.
    claims: Option<String>,
}

enum Pending {
    Browser(browser::Pending),
    DeviceCode(device_code::Pending),
}

impl Session {
    pub(crate) fn new(cloud: Cloud, grant: Grant) -> Self {
        let renewing = tokio::sync::Mutex::default();
        Self { cloud, grant, state: Mutex::default(), renewing, limits: OnceLock::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prepares a sign-in that needs a person, and gives what to show; null where nobody is needed.
    pub(crate) async fn begin(&self, call: &Call) -> Result<Value> {
        let Grant::Person { tenant_id, client_id, how } = &self.grant else { return Ok(Value::Null) };
        let asker = Asker { tenant_id, client_id };
        let scope = scope_of_person(&self.cloud);
        let (pending, mut prompt) = match how {
            Interaction::RefreshToken(_) => return Ok(Value::Null),
            Interaction::Browser { login_hint } => {
                let pending = browser::begin(&self.cloud, asker, &scope, login_hint.as_deref())?;
                let prompt = pending.prompt.clone();
                (Pending::Browser(pending), prompt)
            }
            Interaction::DeviceCode => {
                let pending = device_code::begin(call, &self.cloud, asker, &scope).await?;
                let prompt = pending.prompt.clone();
                (Pending::DeviceCode(pending), prompt)
            }
        };
        prompt["client_id"] = client_id.as_str().into();
        prompt["environment"] = self.cloud.title.as_str().into();
        self.state().pending = Some(pending);
        Ok(prompt)
    }

    /// A token that is good for this cloud. Of several calls, one signs in and the others wait for it.
    pub(crate) async fn token(&self, call: &Call) -> Result<Arc<Token>> {
        if let Some(token) = self.held() {
            token.check(&self.cloud)?;
            return Ok(token);
        }
        let _turn = call.budget.wait_for(self.renewing.lock()).await?;
        match self.held() {
            Some(token) => token.check(&self.cloud).map(|()| token),
            // boxed, as it is large and rare: every request holds a place for it
            None => Box::pin(self.renew(call)).await,
        }
    }

    /// The present token, unless another is due.
    fn held(&self) -> Option<Arc<Token>> {
        self.state().token.as_ref().filter(|token| !token.is_due()).cloned()
    }

    async fn renew(&self, call: &Call) -> Result<Arc<Token>> {
        let (pending, refresh_token, claims) = {
            let mut state = self.state();
            (state.pending.take(), state.refresh_token.clone(), state.claims.take())
        };
        let claims_wanted = claims.as_deref();
        let acquired = match (self.grant.person(), pending, refresh_token) {
            (Some(asker), Some(pending), _) => self.finish(call, asker, pending).await,
            (Some(asker), None, Some(refresh)) => refreshed(call, &self.cloud, asker, &refresh, claims_wanted).await,
            _ => self.grant.acquire(call, &self.cloud, claims_wanted).await,
        };
        let acquired = match acquired {
            Ok(acquired) => acquired,
            Err(error) => return self.keep_or(error, claims),
        };
        acquired.token.check(&self.cloud)?;
        let token = Arc::new(acquired.token);
        let mut state = self.state();
        state.token = Some(token.clone());
        // a new one may replace the old; where none comes, the old one stays good
        state.refresh_token = acquired.refresh_token.or(state.refresh_token.take());
        Ok(token)
    }

    /// A renewal comes early, so when it fails the present token is still good for a while.
    fn keep_or(&self, error: Error, claims: Option<String>) -> Result<Arc<Token>> {
        let mut state = self.state();
        state.claims = claims;
        match &state.token {
            Some(token) if error.status != Status::Cancelled && token.check(&self.cloud).is_ok() => Ok(token.clone()),
            _ => Err(error),
        }
    }

    /// Waits for the person. After a cancellation or the time limit, the sign-in can still be waited for.
    async fn finish(&self, call: &Call, asker: Asker<'_>, pending: Pending) -> Result<Acquired> {
        let outcome = match &pending {
            Pending::Browser(pending) => browser::wait(call, &self.cloud, asker, pending).await,
            Pending::DeviceCode(pending) => device_code::wait(call, &self.cloud, asker, pending).await,
        };
        if outcome.as_ref().is_err_and(|error| matches!(error.status, Status::Cancelled | Status::TimeLimit)) {
            self.state().pending = Some(pending);
        }
        outcome.map(Acquired::from)
    }

    /// Gives up the token that the service has just refused, with the claims it asked for;
    /// an error when no other can be had.
    pub(crate) fn refuse(&self, token: &Token, claims: Option<String>) -> Result<()> {
        if !self.grant.is_renewable() {
            return Err(
                Error::new(Status::TokenRejected, "the service does not accept the access token").hint("sign in again")
            );
        }
        let mut state = self.state();
        let is_it = |held: &Arc<Token>| std::ptr::eq(Arc::as_ptr(held), token);
        if state.token.as_ref().is_some_and(is_it) {
            state.token = None;
            state.claims = claims;
        }
        Ok(())
    }

    /// Lets the token be older, for tests of long runs.
    #[cfg(feature = "sandbox")]
    pub(crate) fn age(&self, by: Duration) {
        let mut state = self.state();
        state.token = state.token.take().map(|token| Arc::new(token.aged(by)));
    }

    /// What is known of the caller without signing in.
    pub(crate) fn known(&self) -> Option<Arc<Token>> {
        match (&self.state().token, &self.grant) {
            (Some(token), _) => Some(token.clone()),
            (None, Grant::AccessToken { token, .. }) => Some(Arc::new(Token::new(token, None))),
            (None, _) => None,
        }
    }

    /// The limits that requests with such a token meet, if this cloud's are kept to.
    pub(crate) fn limits(&self, token: &Token) -> Option<&Limits> {
        let find = || {
            // what a token does not tell is one and the same for all such
            let tenant = token.claims.tenant_id.as_deref().or(self.grant.tenant_id()).unwrap_or_default();
            let app = token.claims.client_id.as_deref().unwrap_or_default();
            limits::of(&self.cloud.graph_url, tenant, app)
        };
        self.cloud.limited.then(|| self.limits.get_or_init(find).as_ref())
    }

    /// The tenant, from the token or as it was given.
    pub(crate) fn tenant_id(&self) -> Option<String> {
        let told = self.known().and_then(|token| token.claims.tenant_id.clone());
        told.or_else(|| self.grant.tenant_id().map(str::to_owned))
    }
}
