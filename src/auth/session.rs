//! A signed-in session: one cloud, one grant, and the token that concurrent calls share.

use super::{Claims, Grant, Token, client_secret};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::status::Status;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
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
    token: Option<Token>,
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
    pub(crate) fn token(&self, call: &Call) -> Result<Token> {
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

    fn renew(&self, call: &Call) -> Result<Token> {
        // also after a panic, the others must not wait for ever
        let _done = Done(self);
        let token = match &self.grant {
            Grant::AccessToken { token, .. } => Token::new(token.clone(), None),
            Grant::ClientSecret { tenant_id, client_id, secret } => {
                client_secret::token(call, &self.cloud, tenant_id, client_id, secret)?
            }
        };
        token.check(&self.cloud)?;
        self.state().token = Some(token.clone());
        Ok(token)
    }

    fn renewable(&self) -> bool {
        !matches!(self.grant, Grant::AccessToken { .. })
    }

    /// Gives up the token that the service has just refused; an error when no other can be had.
    pub(crate) fn refuse(&self, token: &Token) -> Result<()> {
        use secrecy::ExposeSecret;
        if !self.renewable() {
            return Err(
                Error::new(Status::TokenRejected, "the service does not accept the access token").hint("sign in again")
            );
        }
        let mut state = self.state();
        let is_it = |held: &Token| held.secret.expose_secret() == token.secret.expose_secret();
        if state.token.as_ref().is_some_and(is_it) {
            state.token = None;
        }
        Ok(())
    }

    /// What is known of the caller without signing in.
    pub(crate) fn claims(&self) -> (Claims, Option<std::time::SystemTime>) {
        match (&self.state().token, &self.grant) {
            (Some(token), _) => (token.claims.clone(), token.expires),
            (None, Grant::AccessToken { token, .. }) => {
                let token = Token::new(token.clone(), None);
                (token.claims, token.expires)
            }
            (None, Grant::ClientSecret { .. }) => (Claims::default(), None),
        }
    }

    /// The tenant, from the token or as it was given.
    pub(crate) fn tenant_id(&self) -> Option<String> {
        let given = match &self.grant {
            Grant::AccessToken { tenant_id, .. } => tenant_id.clone(),
            Grant::ClientSecret { tenant_id, .. } => Some(tenant_id.clone()),
        };
        self.claims().0.tenant_id.or(given)
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
