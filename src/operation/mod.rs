//! The operations, as JSON in and JSON out: what the C ABI offers, without C.

mod account;
pub(crate) mod batch;
#[cfg(feature = "sandbox")]
mod debug;
mod invitation;
mod journal;
mod redeem_links;
mod request;
mod reset;
mod session;
mod tenant;
mod user;

#[cfg(feature = "schemas")]
pub(crate) use invitation::Invitation;

use crate::auth::{self, Session};
use crate::call::{Call, engine_failed};
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::http::engine;
use crate::options::{Common, Object, parse};
use crate::report::{Context, Envelope, ErrorReport, OperationResult, SCHEMA};
use crate::status::Status;
use serde_json::Value;
use std::sync::Arc;

/// The answer to a call.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it ended with.
    pub status: Status,
    /// One sentence; empty when the status is [`Status::Ok`].
    pub message: String,
    /// The whole answer, as `include/result.schema.json` describes it.
    pub json: String,
}

/// What an operation leaves: how it ended, and its result, which a failed one may have too.
struct Ended {
    outcome: Result<()>,
    result: Option<OperationResult>,
    session: Option<Arc<Session>>,
    call: Option<Call>,
}

impl Ended {
    fn failed(error: Error) -> Self {
        Self { outcome: Err(error), result: None, session: None, call: None }
    }

    fn done(result: Value) -> Self {
        Self { outcome: Ok(()), result: Some(OperationResult::Other(result)), session: None, call: None }
    }
}

/// Resets the redemption of one guest. `email` and `options` may be left out.
///
/// Blocks until it is done, for at most the option `timeout_ms`. Any thread may call.
pub fn reset(user: &str, email: Option<&str>, options: Option<&str>) -> Answer {
    let ended = options.map_or_else(|| Ok(Object::new()), |text| parse(text, "opts_json"));
    answer("reset", ended.map_or_else(Ended::failed, |object| reset::reset(user, email, object)))
}

/// Carries out any operation: one JSON object with `op`, as `include/request.schema.json` describes it.
///
/// Blocks until it is done, for at most the option `timeout_ms`. Any thread may call.
pub fn call(request: &str) -> Answer {
    let object = match parse(request, "request_json") {
        Ok(object) => object,
        Err(error) => return answer("", Ended::failed(error)),
    };
    match request::take_operation(object) {
        Ok((operation, members)) => answer(&operation, dispatch(&operation, members)),
        Err(error) => answer("", Ended::failed(error)),
    }
}

/// An answer for what went wrong before or around an operation.
pub(crate) fn failed(operation: &str, error: Error) -> Answer {
    answer(operation, Ended::failed(error))
}

fn dispatch(operation: &str, members: Object) -> Ended {
    match operation {
        "session.begin" => session::begin(members),
        "session.wait" => session::wait(members),
        "session.show" => session::show(members),
        "session.end" => session::end(members),
        "invitation.create" => invitation::create(members),
        "user.get" => user::get(members),
        "user.list" => user::list(members),
        "user.update" => user::update(members),
        "tenant.get" => tenant::get(members),
        "reset.plan" => reset::plan(members),
        "journal.read" => journal::read(members),
        #[cfg(feature = "sandbox")]
        "debug.panic" => debug::panic(&members),
        #[cfg(feature = "sandbox")]
        "debug.age" => debug::age(members),
        _ => Ended::failed(
            Error::new(Status::UnknownOperation, format!("request_json: op {operation:?} is not known"))
                .hint(format!("known are {}", OPERATIONS.join(", "))),
        ),
    }
}

/// What `op` may name.
pub(crate) const OPERATIONS: [&str; 11] = [
    "session.begin",
    "session.wait",
    "session.show",
    "session.end",
    "invitation.create",
    "user.get",
    "user.list",
    "user.update",
    "tenant.get",
    "reset.plan",
    "journal.read",
];

/// Signs in as the options say and runs the work with Graph.
fn with_graph(
    common: Common,
    work: impl AsyncFnOnce(&Graph<'_>) -> (Option<OperationResult>, Result<()>) + Send + 'static,
) -> Ended {
    let session = match auth::of_call(&common) {
        Ok(session) => session,
        Err(error) => return Ended::failed(error),
    };
    on_engine(async move || signed_in(session, common.call(), work).await)
}

/// Signs in and runs the work with Graph.
async fn signed_in(
    session: Arc<Session>,
    call: Call,
    work: impl AsyncFnOnce(&Graph<'_>) -> (Option<OperationResult>, Result<()>),
) -> Ended {
    // before the first request, so that a plan knows who calls
    let (result, outcome) = match session.token(&call).await {
        Ok(_) => work(&Graph { session: &session, call: &call }).await,
        Err(error) => (None, Err(error)),
    };
    Ended { outcome, result, session: Some(session), call: Some(call) }
}

/// Waits for a task on the engine's thread.
fn on_engine<F: Future<Output = Ended> + 'static>(task: impl FnOnce() -> F + Send + 'static) -> Ended {
    engine::run(task).unwrap_or_else(|failure| Ended::failed(engine_failed(&failure)))
}

/// A result or an error, as an operation without a partial result leaves it.
fn split(result: Result<Value>) -> (Option<OperationResult>, Result<()>) {
    match result {
        Ok(value) => (Some(OperationResult::Other(value)), Ok(())),
        Err(error) => (None, Err(error)),
    }
}

fn answer(operation: &str, ended: Ended) -> Answer {
    let error = ended.outcome.err();
    let status = error.as_ref().map_or(Status::Ok, |error| error.status);
    let message = error.as_ref().map_or_else(String::new, |error| error.message.clone());
    let envelope = Envelope {
        schema: SCHEMA,
        operation,
        status: status.name(),
        status_code: status.code(),
        message: &message,
        error: error.as_ref().map(ErrorReport::of),
        context: ended.session.as_deref().map(context),
        result: ended.result,
        diagnostics: ended.call.map_or_else(Vec::new, Call::into_record),
    };
    // a usual report fits without growing
    let mut json = Vec::with_capacity(6 << 10);
    // plain data with text keys: writing it cannot fail
    let _ = serde_json::to_writer(&mut json, &envelope);
    let json = String::from_utf8(json).unwrap_or_default();
    #[cfg(feature = "sandbox")]
    debug::transcribe(&json);
    Answer { status, message, json }
}

fn context(session: &Session) -> Context<'_> {
    Context {
        tenant_id: session.tenant_id(),
        cloud: session.cloud.name,
        environment: &session.cloud.title,
        graph_url: &session.cloud.graph_url,
        account: session.known().and_then(|token| token.claims.account.clone()),
    }
}
