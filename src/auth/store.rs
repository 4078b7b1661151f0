//! The sessions of this process: those that callers began, and those behind credentials given with each call.

use super::certificate::Certificate;
use super::federation::Source;
use super::grant::{ANY_TENANT, Grant, Interaction, PUBLIC_CLIENT};
use super::managed_identity::{Identity, ManagedIdentity};
use super::{Session, environment};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::options::{AuthOption, Common, Environment};
use crate::status::Status;
use secrecy::ExposeSecret;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many sessions behind credentials are remembered; beyond that the oldest is forgotten and would sign in anew.
const REMEMBERED: usize = 64;

#[derive(Default)]
struct Store {
    begun: Vec<(String, Arc<Session>)>,
    remembered: Vec<(Key, Arc<Session>)>,
    count: u64,
}

/// What makes two credentials the same: all that the caller gave, and where it leads.
type Key = (Cloud, Fingerprint);

/// The SHA-256 of a credential, so that no secret is kept for comparing.
type Fingerprint = [u8; 32];

static STORE: Mutex<Option<Store>> = Mutex::new(None);

fn store() -> MutexGuard<'static, Option<Store>> {
    STORE.lock().unwrap_or_else(PoisonError::into_inner)
}
