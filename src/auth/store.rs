//! The sessions of this process: those that callers began, and those behind credentials given with each call.

use super::{Grant, Session, environment};
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::options::{AuthOption, Common};
use crate::status::Status;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many sessions behind credentials are remembered; beyond that the oldest is forgotten and would sign in anew.
const REMEMBERED: usize = 64;

#[derive(Default)]
struct Store {
    begun: Vec<(String, Arc<Session>)>,
    remembered: Vec<Arc<Session>>,
    count: u64,
}

static STORE: Mutex<Option<Store>> = Mutex::new(None);

fn store() -> MutexGuard<'static, Option<Store>> {
    STORE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The session that a call's options mean. The same credential again is the same session, so that its token is kept.
pub(crate) fn of_call(common: &mut Common) -> Result<Arc<Session>> {
    let grant = match take_auth(common) {
        AuthOption::Session { session } => {
            if common.cloud.is_some() {
                return Err(Error::new(Status::ConflictingOptions, "cloud and a session are both given")
                    .hint("a session has its cloud from session.begin; leave cloud out"));
            }
            return find(&session);
        }
        other => grant(other, common)?,
    };
    let cloud = cloud(common)?;
    let mut store = store();
    let remembered = &mut store.get_or_insert_default().remembered;
    if let Some(session) = remembered.iter().find(|known| known.cloud == cloud && known.grant.is(&grant)) {
        return Ok(session.clone());
    }
    let session = Arc::new(Session::new(cloud, grant));
    if remembered.len() >= REMEMBERED {
        remembered.remove(0);
    }
    remembered.push(session.clone());
    Ok(session)
}

/// Begins a session and gives its id.
pub(crate) fn begin(common: &mut Common) -> Result<String> {
    let grant = match take_auth(common) {
        AuthOption::Session { .. } => {
            return Err(Error::new(Status::ConflictingOptions, "a session cannot be begun with a session")
                .hint("give the credential itself"));
        }
        other => grant(other, common)?,
    };
    let session = Arc::new(Session::new(cloud(common)?, grant));
    let mut store = store();
    let store = store.get_or_insert_default();
    store.count += 1;
    let id = format!("s{}", store.count);
    store.begun.push((id.clone(), session));
    Ok(id)
}

/// The session with this id.
pub(crate) fn find(id: &str) -> Result<Arc<Session>> {
    let store = store();
    let found = store.as_ref().and_then(|store| store.begun.iter().find(|(known, _)| known == id));
    found.map(|(_, session)| session.clone()).ok_or_else(|| unknown(id))
}

/// Forgets the session; calls that use it go on.
pub(crate) fn end(id: &str) -> Result<()> {
    let mut store = store();
    let begun = &mut store.get_or_insert_default().begun;
    let position = begun.iter().position(|(known, _)| known == id).ok_or_else(|| unknown(id))?;
    begun.remove(position);
    Ok(())
}

fn unknown(id: &str) -> Error {
    Error::new(Status::UnknownSession, format!("there is no session {id:?}")).hint("sign in again")
}

/// The cloud of a call or a new session.
fn cloud(common: &Common) -> Result<Cloud> {
    Cloud::choose(common.cloud.as_deref(), &common.environment)
}

fn take_auth(common: &mut Common) -> AuthOption {
    std::mem::replace(&mut common.auth, AuthOption::Environment {})
}

fn grant(option: AuthOption, common: &Common) -> Result<Grant> {
    match option {
        AuthOption::AccessToken { access_token: token, tenant_id } => Ok(Grant::AccessToken { token, tenant_id }),
        AuthOption::ClientSecret { tenant_id, client_id, client_secret: secret } => {
            Ok(Grant::ClientSecret { tenant_id, client_id, secret })
        }
        AuthOption::Environment {} => environment::grant(&common.environment),
        AuthOption::Session { session } => Err(unknown(&session)),
    }
}
