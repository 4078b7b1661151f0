//! A tenant to sign in to, and the search of all output for secrets.

use crate::host::host;
use crate::support::Outcome;
use guest_redemption::Status;
use guest_redemption::sandbox::{Connection, Sandbox, Settings, SignInRecord};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What all tests of this program have got from the library, and the secrets that they have used.
static SEEN: Mutex<Seen> = Mutex::new(Seen { outputs: Vec::new(), secrets: Vec::new() });

#[derive(Default)]
struct Seen {
    outputs: Vec<String>,
    secrets: Vec<String>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A tenant, and calls to it whose output is kept.
pub(crate) struct Entra {
    pub(crate) sandbox: Sandbox,
    pub(crate) connection: Connection,
    seen: Mutex<Seen>,
    resets: AtomicUsize,
}

impl Entra {
    pub(crate) fn start() -> Self {
        let sandbox = Sandbox::start(Settings { limits: false, users: 40, ..Settings::default() }).unwrap();
        let connection = sandbox.connection();
        let entra = Self { connection, sandbox, seen: Mutex::default(), resets: AtomicUsize::new(0) };
        let Connection { client_secret, access_token, user_access_token, .. } = &entra.connection;
        [client_secret, access_token, user_access_token].iter().for_each(|secret| entra.secret(secret));
        let known = entra.control(json!({}));
        ["identity_header", "github_token"].iter().for_each(|name| entra.secret(known[*name].as_str().unwrap()));
        entra
    }

    /// Keeps what no output may hold.
    pub(crate) fn secret(&self, secret: &str) {
        lock(&self.seen).secrets.push(secret.to_owned());
    }

    /// Keeps what somebody can read.
    pub(crate) fn output(&self, text: &str) {
        lock(&self.seen).outputs.push(text.to_owned());
    }

    /// Changes how the token service behaves; gives what a client needs to know.
    pub(crate) fn control(&self, change: Value) -> Value {
        self.sandbox.control("sign_in", change)
    }

    pub(crate) fn faults(&self, path: &str, times: u32, action: Value) {
        self.sandbox.control("fault", json!({"path": path, "times": times, "action": action}));
    }

    /// The variables that lead to this tenant, and these.
    pub(crate) fn environment(&self, variables: Value) -> Value {
        let mut environment = json!({
            "GUEST_REDEMPTION_GRAPH_URL": self.connection.url,
            "GUEST_REDEMPTION_LOGIN_URL": self.connection.url,
            "GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP": "1",
        });
        environment.as_object_mut().unwrap().extend(variables.as_object().unwrap().clone());
        environment
    }

    /// Calls an operation with short pauses and these members.
    pub(crate) fn call(&self, operation: &str, members: Value) -> Outcome {
        let mut request = json!({
            "op": operation,
            "timeout_ms": 60_000,
            "retry": {"max_attempts": 3, "base_delay_ms": 20, "max_delay_ms": 100},
        });
        request.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        self.keep(host().call(&request.to_string()))
    }

    fn keep(&self, outcome: Outcome) -> Outcome {
        self.output(&outcome.json.to_string());
        self.output(&outcome.message);
        outcome
    }

    /// Begins a session: its id and its prompt.
    pub(crate) fn begin(&self, auth: Value, variables: Value) -> (String, Value) {
        let begun = self.call("session.begin", json!({"auth": auth, "environment": self.environment(variables)}));
        assert_eq!(begun.status, Status::Ok, "{begun:?}");
        (begun.result()["session"].as_str().unwrap().to_owned(), begun.result()["prompt"].clone())
    }

    pub(crate) fn wait(&self, session: &str) -> Outcome {
        self.call("session.wait", json!({"session": session}))
    }

    /// Resets a guest with this session: another one each time, since the directory's times are whole seconds.
    pub(crate) fn reset(&self, session: &str) -> Outcome {
        let number = self.resets.fetch_add(1, Ordering::Relaxed) + 1;
        let guest = format!("20000000-0000-4000-8000-{number:012x}");
        let options = json!({"auth": {"grant": "session", "session": session}, "timeout_ms": 60_000});
        self.keep(host().reset(&guest, &options.to_string()))
    }

    /// The whole of it without a person: a session, and a reset with it. Gives the session's id and context.
    pub(crate) fn signs_in_and_resets(&self, auth: Value, variables: Value) -> (String, Value) {
        let (session, prompt) = self.begin(auth, variables);
        assert!(prompt.is_null(), "{prompt}");
        let waited = self.wait(&session);
        assert_eq!(waited.status, Status::Ok, "{waited:?}");
        self.resets(&session);
        (session, waited.result().clone())
    }

    pub(crate) fn resets(&self, session: &str) {
        let reset = self.reset(session);
        assert_eq!(reset.outcome(), "done", "{reset:?}");
    }

    /// Tries to sign in, and must not be able to.
    pub(crate) fn cannot_sign_in(&self, auth: Value, variables: Value) -> Outcome {
        let begun = self.call("session.begin", json!({"auth": auth, "environment": self.environment(variables)}));
        if begun.status != Status::Ok {
            return begun;
        }
        let waited = self.wait(begun.result()["session"].as_str().unwrap());
        assert_ne!(waited.status, Status::Ok, "{waited:?}");
        waited
    }

    /// A secret's grant for the tenant's application.
    pub(crate) fn secret_grant(&self) -> Value {
        json!({
            "grant": "client_secret", "tenant_id": self.connection.tenant_id, "client_id": self.connection.client_id,
            "client_secret": self.connection.client_secret,
        })
    }

    /// The Graph calls' next token is refused, so that another one is asked for.
    pub(crate) fn refuse_token_once(&self) {
        let body = r#"{"error":{"code":"InvalidAuthenticationToken","message":"Token was revoked."}}"#;
        self.faults("v1.0/", 1, json!({"respond": {"status": 401, "headers": {}, "body": body}}));
    }

    /// The requests to the sign-in endpoints.
    pub(crate) fn sign_ins(&self) -> Vec<SignInRecord> {
        self.sandbox.state().sign_ins
    }

    /// The latest of them.
    pub(crate) fn last_sign_in(&self) -> SignInRecord {
        self.sign_ins().pop().unwrap()
    }

    pub(crate) fn graph_requests(&self) -> usize {
        self.sandbox.state().requests.iter().filter(|request| request.path.starts_with("/v1.0")).count()
    }

    /// Waits for the session and cancels that meanwhile; it must end at once.
    pub(crate) fn wait_is_cancelled(&self, session: &str) -> Outcome {
        let cancel = host().cancel_new();
        let canceller = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(500));
            host().cancel(cancel);
            Instant::now()
        });
        let waited = self.call("session.wait", json!({"session": session, "cancel_id": cancel}));
        let late = Instant::now().saturating_duration_since(canceller.join().unwrap());
        host().cancel_free(cancel);
        assert_eq!(waited.status, Status::Cancelled, "{waited:?}");
        assert!(late < Duration::from_millis(100), "{late:?}");
        waited
    }
}

/// The form's or query's names, in order.
pub(crate) fn names(record: &SignInRecord) -> Vec<&str> {
    record.fields.iter().map(|(name, _)| name.as_str()).collect()
}

/// Waits until something is so.
pub(crate) fn until(what: impl Fn() -> bool) {
    let start = Instant::now();
    while !what() {
        assert!(start.elapsed() < Duration::from_secs(30), "it did not come");
        std::thread::sleep(Duration::from_millis(10));
    }
}

impl Drop for Entra {
    /// Searches the output of this test for all secrets so far, and all output so far for the secrets of this test.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let state = self.sandbox.state();
        let mut own = std::mem::take(&mut *lock(&self.seen));
        own.secrets.extend(state.secrets);
        let secret_fields =
            ["client_secret", "client_assertion", "code", "code_verifier", "device_code", "refresh_token"];
        let fields = state.sign_ins.into_iter().flat_map(|record| record.fields);
        own.secrets.extend(fields.filter(|(name, _)| secret_fields.contains(&name.as_str())).map(|(_, value)| value));
        own.secrets.retain(|secret| !secret.is_empty());
        own.secrets.sort();
        own.secrets.dedup();
        own.outputs.sort();
        own.outputs.dedup();
        let mut all = lock(&SEEN);
        search(&all.outputs, &own.secrets);
        all.secrets.append(&mut own.secrets);
        search(&own.outputs, &all.secrets);
        all.outputs.append(&mut own.outputs);
    }
}

fn search(outputs: &[String], secrets: &[String]) {
    for secret in secrets {
        // the beginning of a token gives it away as well as the whole
        let part: String = secret.chars().take(40).collect();
        let in_json = json!(part).to_string();
        let in_json = in_json.trim_matches('"');
        for output in outputs {
            assert!(!output.contains(&part) && !output.contains(in_json), "{part}... stands in {output}");
        }
    }
}

#[test]
fn the_search_finds_what_it_should() {
    let outputs = [r#"{"message":"it was s3cret\"x"}"#.to_owned()];
    search(&outputs, &["another".to_owned()]);
    assert!(std::panic::catch_unwind(|| search(&outputs, &["s3cret\"x".to_owned()])).is_err());
}
