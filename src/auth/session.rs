//! A signed-in session: one cloud, one grant, and the token that concurrent calls share.

use super::{Grant, Token, client_secret};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::status::Status;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often a call that waits for another's sign-in looks at its own limits.
const LOOK: Duration = Duration::from_millis(50);

/// Where and as whom calls are made.
pub(crate) struct Session {
    pub(crate) cloud: Cloud,
    pub(crate) grant: Grant,
    state: Mutex<State>,
    renewed: Condvar,
}

#[derive(Default)]
struct State {
    token: Option<Arc<Token>>,
    renewing: bool,
}

impl Session {
    pub(crate) fn new(cloud: Cloud, grant: Grant) -> Self {
        Self { cloud, grant, state: Mutex::default(), renewed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A token that is good for this cloud. Of several calls, one signs in and the others wait for it.
    pub(crate) fn token(&self, call: &Call) -> Result<Arc<Token>> {
        let mut state = self.state();
        loop {
            if let Some(token) = state.token.as_ref().filter(|token| !token.is_due()) {
                token.check(&self.cloud)?;
                return Ok(token.clone());
            }
            if !state.renewing {
                state.renewing = true;
                drop(state);
                return self.renew(call);
            }
            call.budget.check()?;
            state = self.renewed.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn renew(&self, call: &Call) -> Result<Arc<Token>> {
        // also after a panic, the others must not wait for ever
        let _done = Done(self);
        let token = match &self.grant {
            Grant::AccessToken { token, .. } => Token::new(token.clone(), None),
            Grant::ClientSecret { tenant_id, client_id, secret } => {
                client_secret::token(call, &self.cloud, tenant_id, client_id, secret)?
            }
        };
        token.check(&self.cloud)?;
        let token = Arc::new(token);
        self.state().token = Some(token.clone());
        Ok(token)
    }

    fn renewable(&self) -> bool {
        !matches!(self.grant, Grant::AccessToken { .. })
    }

    /// Gives up the token that the service has just refused; an error when no other can be had.
    pub(crate) fn refuse(&self, token: &Token) -> Result<()> {
        if !self.renewable() {
            return Err(
                Error::new(Status::TokenRejected, "the service does not accept the access token").hint("sign in again")
            );
        }
        let mut state = self.state();
        let is_it = |held: &Arc<Token>| std::ptr::eq(Arc::as_ptr(held), token);
        if state.token.as_ref().is_some_and(is_it) {
            state.token = None;
        }
        Ok(())
    }

    /// What is known of the caller without signing in.
    pub(crate) fn known(&self) -> Option<Arc<Token>> {
        match (&self.state().token, &self.grant) {
            (Some(token), _) => Some(token.clone()),
            (None, Grant::AccessToken { token, .. }) => Some(Arc::new(Token::new(token.clone(), None))),
            (None, Grant::ClientSecret { .. }) => None,
        }
    }

    /// The tenant, from the token or as it was given.
    pub(crate) fn tenant_id(&self) -> Option<String> {
        let given = match &self.grant {
            Grant::AccessToken { tenant_id, .. } => tenant_id.as_ref(),
            Grant::ClientSecret { tenant_id, .. } => Some(tenant_id),
        };
        self.known().and_then(|token| token.claims.tenant_id.clone()).or_else(|| given.cloned())
    }
}

/// Ends a renewal, whichever way it went.
struct Done<'a>(&'a Session);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.state().renewing = false;
        self.0.renewed.notify_all();
    }
}
