//! What the tests of several files share.
#![allow(dead_code, clippy::unwrap_used, clippy::needless_pass_by_value)]

pub(crate) mod batch;

use guest_redemption::sandbox::{Sandbox, Settings};
use guest_redemption::{Answer, Status};
use serde_json::{Value, json};

/// A fixed guest of the sandbox, by its number.
pub(crate) fn id(number: u32) -> String {
    format!("10000000-0000-4000-8000-{number:012x}")
}

/// A sandbox tenant, and calls to it as its application.
pub(crate) struct Tenant {
    pub(crate) sandbox: Sandbox,
    pub(crate) token: String,
}

impl Tenant {
    pub(crate) fn start() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let sandbox = Sandbox::start(settings).unwrap();
        let token = sandbox.connection().access_token.clone();
        Self { sandbox, token }
    }

    /// The variables that lead to this tenant.
    pub(crate) fn environment(&self) -> Value {
        json!({
            "GUEST_REDEMPTION_GRAPH_URL": self.sandbox.url(),
            "GUEST_REDEMPTION_LOGIN_URL": self.sandbox.url(),
            "GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP": "1",
            "GUEST_REDEMPTION_ACCESS_TOKEN": self.token,
        })
    }

    /// Common options with short waits, and these members on top.
    pub(crate) fn options(&self, members: Value) -> Value {
        let mut options = json!({
            "environment": self.environment(),
            "timeout_ms": 20_000,
            "retry": {"max_attempts": 3, "base_delay_ms": 20, "max_delay_ms": 100},
        });
        options.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        options
    }

    pub(crate) fn reset(&self, user: &str, email: Option<&str>, members: Value) -> Outcome {
        let options = self.options(members).to_string();
        Outcome::of(guest_redemption::reset(user, email, Some(&options)))
    }

    pub(crate) fn call(&self, operation: &str, members: Value) -> Outcome {
        let mut request = self.options(members);
        request["op"] = operation.into();
        Outcome::of(guest_redemption::call(&request.to_string()))
    }

    pub(crate) fn fault(&self, method: &str, path: &str, action: Value) {
        self.faults(method, path, 1, action);
    }

    pub(crate) fn faults(&self, method: &str, path: &str, times: u32, action: Value) {
        let fault = json!({"method": method, "path": path, "times": times, "action": action});
        self.sandbox.control("/sandbox/fault", fault);
    }

    /// How often a request of this kind arrived.
    pub(crate) fn requests(&self, method: &str, path: &str) -> usize {
        let state = self.sandbox.state();
        state.requests.iter().filter(|one| one.method == method && one.path.contains(path)).count()
    }

    /// A guest as the service has it now, whatever the reads show.
    pub(crate) fn guest(&self, number: u32) -> Value {
        self.sandbox.control("/sandbox/settings", json!({"stale_read_ms": 0}));
        self.call("user.get", json!({"user_id": id(number)})).result()["user"].clone()
    }
}

/// An answer with its JSON.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: Status,
    pub(crate) message: String,
    pub(crate) json: Value,
}

impl Outcome {
    pub(crate) fn of(answer: Answer) -> Self {
        let json: Value = serde_json::from_str(&answer.json).unwrap();
        assert_eq!(json["message"], answer.message.as_str());
        assert_eq!(json["status"], answer.status.name());
        Self { status: answer.status, message: answer.message, json }
    }

    pub(crate) fn result(&self) -> &Value {
        &self.json["result"]
    }

    pub(crate) fn outcome(&self) -> &str {
        self.result()["outcome"].as_str().unwrap_or("no outcome")
    }

    /// The step's state.
    pub(crate) fn step(&self, name: &str) -> &str {
        let steps = self.result()["steps"].as_array().unwrap();
        steps.iter().find(|step| step["step"] == name).map_or("not taken", |step| step["state"].as_str().unwrap())
    }
}
