//! A small Entra tenant over loopback HTTP: guests in every state, the service's rules for invitations and user
//! updates, its limits and messages, and its trouble on request. For tests, examples and rehearsals.
//!
//! It stands for the service, so it shares no code with the client, nor the client's mistakes.
// a refusal is a whole answer, and rare
#![allow(clippy::result_large_err)]

mod clock;
mod control;
mod directory;
mod errors;
mod faults;
mod filter;
mod filter_support;
mod http;
mod invitations;
mod journal;
mod limits;
mod query;
mod reads;
mod routes;
mod secrets;
mod seed;
mod server;
mod sign_in;
mod tenant;
mod tokens;
mod update;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::oneshot;

pub use journal::{Mail, RequestRecord, SignInRecord, State};
use server::Shared;
use tenant::Tenant;
use tokens::{Kind, Wish};

/// How the tenant starts.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Port to listen on; 0 for a free one.
    pub port: u16,
    /// How long an updated address takes to reach the invitation service.
    pub replication_delay_ms: u64,
    /// How long after a write reads still see the version before it.
    pub stale_read_ms: u64,
    /// Further plain guests.
    pub users: usize,
    /// Whether the service's limits apply.
    pub limits: bool,
    /// Who may invite.
    pub allow_invites_from: AllowInvitesFrom,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            replication_delay_ms: 0,
            stale_read_ms: 0,
            users: 0,
            limits: true,
            allow_invites_from: AllowInvitesFrom::Everyone,
        }
    }
}

/// The tenant's setting of who may invite guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AllowInvitesFrom {
    /// Nobody.
    None,
    /// Administrators and guest inviters.
    AdminsAndGuestInviters,
    /// These and all members.
    AdminsGuestInvitersAndAllMembers,
    /// Also guests.
    Everyone,
}

/// What a client needs to connect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Connection {
    /// Base of both Graph and the sign-in endpoints.
    pub url: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// The tenant's initial domain.
    pub tenant_domain: String,
    /// The one application that may sign in.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// A ready token of that application.
    pub access_token: String,
    /// A ready token of a User Administrator.
    pub user_access_token: String,
    /// When the ready tokens expire (RFC 3339).
    pub expires_at: String,
}

/// A running tenant; stops when dropped.
pub struct Sandbox {
    shared: Shared,
    connection: Connection,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a tenant in a thread of this process, on a loopback port.
    pub fn start(settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut tenant = Tenant::new(&url, settings);
        let connection = connect(&mut tenant);
        let shared = Arc::new(Mutex::new(tenant));
        let (stop, stopped) = oneshot::channel();
        let served = shared.clone();
        let thread = std::thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
            runtime.block_on(async {
                if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                    tokio::spawn(server::serve(listener, served));
                    // An error is the sender gone, which is a stop as well.
                    let _ = stopped.await;
                }
            });
        })?;
        Ok(Self { shared, connection, stop: Some(stop), thread: Some(thread) })
    }

    /// Base of both Graph and the sign-in endpoints.
    pub fn url(&self) -> &str {
        &self.connection.url
    }

    /// What a client needs to connect.
    pub fn connection(&self) -> Connection {
        self.connection.clone()
    }

    /// What happened so far.
    pub fn state(&self) -> State {
        server::lock(&self.shared).journal.clone()
    }

    /// The same as `POST /sandbox/<command>`; `command` may also be the whole path.
    ///
    /// # Panics
    /// If the control API refuses it, which is a mistake in the test.
    #[allow(clippy::panic)]
    pub fn control(&self, command: &str, body: Value) -> Value {
        let command = command.strip_prefix("/sandbox/").unwrap_or(command);
        let answer = control::run(&mut server::lock(&self.shared), command, body);
        answer.unwrap_or_else(|why| panic!("sandbox control '{command}': {why}"))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn connect(tenant: &mut Tenant) -> Connection {
    let (access_token, expires) = tenant.tokens.issue(Wish::usual(Kind::App));
    let (user_access_token, _) = tenant.tokens.issue(Wish::usual(Kind::User));
    for secret in [&access_token, &user_access_token, &tenant.tokens.client_secret] {
        secrets::note(secret);
    }
    Connection {
        url: tenant.url.clone(),
        tenant_id: directory::TENANT_ID.to_owned(),
        tenant_domain: directory::TENANT_DOMAIN.to_owned(),
        client_id: tokens::CLIENT_ID.to_owned(),
        client_secret: tenant.tokens.client_secret.clone(),
        access_token,
        user_access_token,
        expires_at: clock::timestamp(expires),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_starts_is_controlled_and_stops() {
        let sandbox = Sandbox::start(Settings { users: 1_000, ..Settings::default() }).unwrap();
        sandbox.control("/sandbox/settings", json!({ "stale_read_ms": 60_000, "allow_invites_from": "none" }));
        let token = sandbox.control("token", json!({ "kind": "app", "roles": ["User.Read.All"] }));
        assert_ne!(token["access_token"], sandbox.connection().access_token.as_str());
        sandbox.control("reset", json!({}));
        assert!(sandbox.state().requests.is_empty());
        let address = sandbox.url().strip_prefix("http://").unwrap().to_owned();
        assert!(std::net::TcpStream::connect(&address).is_ok());
        drop(sandbox);
        assert!(std::net::TcpStream::connect(&address).is_err());
    }
}
