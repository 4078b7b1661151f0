//! The sessions of this process: those that callers began, and those behind credentials given with each call.

use super::certificate::CertificateFile;
use super::federation::Source;
use super::grant::{ANY_TENANT, Grant, Interaction, PUBLIC_CLIENT};
use super::managed_identity::{Identity, ManagedIdentity};
use super::{Session, environment};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::options::{AuthOption, Common, Environment};
use crate::status::Status;
use ring::digest::{Context, SHA256};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// How many sessions behind credentials are remembered; beyond that the oldest is forgotten and would sign in anew.
const REMEMBERED: usize = 64;

#[derive(Default)]
struct Store {
    begun: Vec<(String, Arc<Session>)>,
    remembered: Vec<(Credential, Arc<Session>)>,
    count: u64,
}

static STORE: Mutex<Option<Store>> = Mutex::new(None);

fn store() -> MutexGuard<'static, Option<Store>> {
    STORE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What makes two credentials the same: all that the caller and the environment gave, and the cloud.
/// Only a digest is kept, so that no secret is kept for comparing.
type Credential = (Cloud, [u8; 32]);

/// The session that a call's options mean. The same credential again is the same session, so that its token is kept.
pub(crate) fn of_call(common: &Common) -> Result<Arc<Session>> {
    if let AuthOption::Session { session } = &common.auth {
        if common.cloud.is_some() {
            return Err(Error::new(Status::ConflictingOptions, "cloud and a session are both given")
                .hint("a session has its cloud from session.begin; leave cloud out"));
        }
        return find(session);
    }
    let credential = (cloud(common)?, digest_of(common));
    let remembered = |store: &Store| {
        let found = store.remembered.iter().find(|(known, _)| *known == credential);
        found.map(|(_, session)| session.clone())
    };
    if let Some(session) = store().as_ref().and_then(remembered) {
        return Ok(session);
    }
    let session = Arc::new(Session::new(credential.0.clone(), grant(common)?));
    let mut store = store();
    // another call may have been quicker
    if let Some(session) = store.as_ref().and_then(remembered) {
        return Ok(session);
    }
    let known = &mut store.get_or_insert_default().remembered;
    if known.len() >= REMEMBERED {
        known.remove(0);
    }
    known.push((credential, session.clone()));
    Ok(session)
}

/// Begins a session: its id, and what to show the person, if one is needed.
pub(crate) async fn begin(common: &Common, call: &Call) -> Result<(String, Value)> {
    if matches!(common.auth, AuthOption::Session { .. }) {
        return Err(Error::new(Status::ConflictingOptions, "a session cannot be begun with a session")
            .hint("give the credential itself"));
    }
    let session = Arc::new(Session::new(cloud(common)?, grant(common)?));
    let prompt = session.begin(call).await?;
    let mut store = store();
    let store = store.get_or_insert_default();
    store.count += 1;
    let id = format!("s{}", store.count);
    store.begun.push((id.clone(), session));
    Ok((id, prompt))
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

fn digest_of(common: &Common) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(common.auth_text.as_bytes());
    context.update(&[0]);
    for name in VARIABLES {
        context.update(name.as_bytes());
        context.update(common.environment.get(name).unwrap_or_default().as_bytes());
        context.update(&[0]);
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

/// The variables that grants read.
const VARIABLES: [&str; 12] = [
    "GUEST_REDEMPTION_ACCESS_TOKEN",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_FEDERATED_TOKEN_FILE",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
];

/// The grant that the option means.
fn grant(common: &Common) -> Result<Grant> {
    let environment = &common.environment;
    let person = |tenant_id: &Option<String>, client_id: &Option<String>, how| Grant::Person {
        tenant_id: tenant_id.clone().unwrap_or_else(|| ANY_TENANT.into()),
        client_id: client_id.clone().unwrap_or_else(|| PUBLIC_CLIENT.into()),
        how,
    };
    Ok(match &common.auth {
        AuthOption::AccessToken { access_token, tenant_id } => {
            Grant::AccessToken { token: access_token.clone(), tenant_id: tenant_id.clone() }
        }
        AuthOption::ClientSecret { tenant_id, client_id, client_secret } => Grant::ClientSecret {
            tenant_id: tenant_id.clone(),
            client_id: client_id.clone(),
            secret: client_secret.clone(),
        },
        AuthOption::Certificate { tenant_id, client_id, certificate_path, certificate_password } => {
            Grant::Certificate {
                tenant_id: tenant_id.clone(),
                client_id: client_id.clone(),
                file: CertificateFile { path: certificate_path.clone(), password: certificate_password.clone() },
            }
        }
        AuthOption::FederatedToken { tenant_id, client_id, token_file } => Grant::Federated {
            tenant_id: tenant_id.clone(),
            client_id: client_id.clone(),
            source: Source::File(token_file.clone()),
        },
        AuthOption::GithubActions { tenant_id, client_id } => Grant::Federated {
            tenant_id: tenant_id.clone(),
            client_id: client_id.clone(),
            source: Source::github(environment)?,
        },
        AuthOption::ManagedIdentity { client_id, object_id, resource_id } => {
            let identity = identity(client_id.as_ref(), object_id.as_ref(), resource_id.as_ref())?;
            Grant::ManagedIdentity(ManagedIdentity::new(identity, environment)?)
        }
        AuthOption::AzureCli { tenant_id } => Grant::AzureCli { tenant_id: tenant_id.clone() },
        AuthOption::RefreshToken { tenant_id, client_id, refresh_token } => {
            person(&Some(tenant_id.clone()), client_id, Interaction::RefreshToken(refresh_token.clone()))
        }
        AuthOption::Browser { tenant_id, client_id, login_hint } => {
            person(tenant_id, client_id, Interaction::Browser { login_hint: login_hint.clone() })
        }
        AuthOption::DeviceCode { tenant_id, client_id } => person(tenant_id, client_id, Interaction::DeviceCode),
        AuthOption::Default {} => Grant::FirstOf {
            grants: vec![
                ("environment", environment::grant(environment)),
                ("managed identity", of_machine(environment)),
                ("Azure CLI", Ok(Grant::AzureCli { tenant_id: environment.get("AZURE_TENANT_ID") })),
            ],
            chosen: OnceLock::new(),
        },
        AuthOption::Environment {} => environment::grant(environment)?,
        AuthOption::Session { session } => return Err(unknown(session)),
    })
}

fn of_machine(environment: &Environment) -> Result<Grant> {
    let identity = environment.get("AZURE_CLIENT_ID").map_or(Identity::System, Identity::ClientId);
    ManagedIdentity::new(identity, environment).map(Grant::ManagedIdentity)
}

fn identity(client: Option<&String>, object: Option<&String>, resource: Option<&String>) -> Result<Identity> {
    match (client, object, resource) {
        (None, None, None) => Ok(Identity::System),
        (Some(id), None, None) => Ok(Identity::ClientId(id.clone())),
        (None, Some(id), None) => Ok(Identity::ObjectId(id.clone())),
        (None, None, Some(id)) => Ok(Identity::ResourceId(id.clone())),
        _ => Err(Error::new(Status::ConflictingOptions, "auth: more than one id of a managed identity is given")
            .hint("give client_id, object_id or resource_id")),
    }
}
