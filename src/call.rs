//! What one call carries through all layers: its limits, and the record of what it sent.

use crate::error::Error;
use crate::http::budget::Budget;
use crate::http::engine;
use crate::http::network::Network;
use crate::http::retry::{Attempt, Policy, Repeatable, asked_to_wait, pause};
use crate::http::{Failure, Method, Request, Response};
use crate::limits::{Admitted, Limits};
use crate::report::Diagnostic;
use crate::status::Status;
use std::cell::RefCell;
use std::pin::Pin;
use std::time::{Duration, Instant};
use tokio::time::sleep_until;

/// One call of a caller, on the engine's thread.
pub(crate) struct Call {
    pub(crate) budget: Budget,
    pub(crate) retry: Policy,
    network: Network,
    record: RefCell<Vec<Diagnostic>>,
}

/// What a request is for the retry policy and for cancellation.
#[derive(Clone, Copy)]
pub(crate) enum Purpose<'a> {
    /// A read, a token request, a change that sets a value.
    Ordinary,
    /// A change built on what was read before: sent again only when it was not accepted.
    Once,
    /// A POST of an invitation.
    Invitation(&'a dyn Witness),
}

/// Hears of each attempt to post an invitation, so that it can be told afterwards what may have been sent.
pub(crate) trait Witness {
    /// Nothing has to be waited for any more. An error keeps the attempt from being made.
    fn before(&self) -> Heard<'_, Result<(), Error>>;

    /// The attempt was certainly not accepted, and there will be another.
    fn not_accepted<'a>(&'a self, why: &'a str) -> Heard<'a, ()>;
}

/// A future of a witness.
pub(crate) type Heard<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// For whoever asks for one invitation and keeps no account.
pub(crate) struct NoWitness;

impl Witness for NoWitness {
    fn before(&self) -> Heard<'_, Result<(), Error>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn not_accepted<'a>(&'a self, _: &'a str) -> Heard<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

impl Call {
    pub(crate) fn new(budget: Budget, retry: Policy, network: Network) -> Self {
        Self { budget, retry, network, record: RefCell::default() }
    }

    /// The same call, with one attempt and less time for it.
    pub(crate) fn shorter(&self, limit: Duration) -> Self {
        let budget = self.budget.shorter(limit);
        Self::new(budget, Policy { max_attempts: 1, ..self.retry }, self.network.clone())
    }

    /// Sends the request, and again where the policy says so. A failure after the last attempt is returned.
    pub(crate) async fn send(&self, request: &Request, purpose: Purpose<'_>) -> Result<Response, Failure> {
        self.send_within(None, request, purpose).await
    }

    /// The same within limits of the service, which each attempt is admitted by and learnt for.
    pub(crate) async fn send_within(
        &self,
        limits: Option<&Limits>,
        request: &Request,
        purpose: Purpose<'_>,
    ) -> Result<Response, Failure> {
        let repeatable = match purpose {
            Purpose::Ordinary => Repeatable::Always,
            Purpose::Once | Purpose::Invitation(_) => Repeatable::WhenNotAccepted,
        };
        for number in 1.. {
            let admitted = match limits {
                Some(limits) => Some((limits, self.admission(limits, request).await?)),
                None => None,
            };
            self.may_send(purpose)?;
            if let Purpose::Invitation(witness) = purpose {
                witness.before().await.map_err(|error| Failure::Withheld(Box::new(error)))?;
                // that may have taken its time
                self.may_send(purpose)?;
            }
            let outcome = self.attempt(request, purpose, number).await;
            if let (Some((limits, admitted)), Ok(answer)) = (&admitted, &outcome) {
                limits.learn(admitted, answer);
            }
            let attempt = match &outcome {
                Ok(answer) => Attempt::Answered { status: answer.status, retry_after: asked_to_wait(answer) },
                Err(failure) => Attempt::Failed(failure),
            };
            match pause(&self.retry, repeatable, number, attempt, self.budget.remaining(), fastrand::f64()) {
                Some(pause) => {
                    if let Purpose::Invitation(witness) = purpose {
                        witness.not_accepted(&told(&outcome)).await;
                    }
                    // a cancelled pause ends at the next attempt
                    drop(self.budget.sleep(pause).await);
                }
                None => return outcome,
            }
        }
        Err(Failure::OutOfTime)
    }

    /// Waits until the limits let the request go, for as long as the call may take.
    async fn admission(&self, limits: &Limits, request: &Request) -> Result<Admitted, Failure> {
        // boxed, as it is large and short
        let admitted = self.budget.wait_for(Box::pin(limits.admit(request))).await;
        let cut_short = if self.budget.is_cancelled() { Failure::CancelledBefore } else { Failure::OutOfTime };
        admitted.map_err(|_| cut_short)
    }

    /// An invitation without time for its answer would only be one whose fate is unknown.
    fn may_send(&self, purpose: Purpose<'_>) -> Result<(), Failure> {
        let needed =
            if matches!(purpose, Purpose::Invitation(_)) { Duration::from_millis(250) } else { Duration::ZERO };
        if self.budget.is_cancelled() {
            return Err(Failure::CancelledBefore);
        }
        if self.budget.remaining() <= needed {
            return Err(Failure::OutOfTime);
        }
        Ok(())
    }

    async fn attempt(&self, request: &Request, purpose: Purpose<'_>, number: u32) -> Result<Response, Failure> {
        // it tells requests apart and guards nothing, so no system call is made for it
        let id = uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid().to_string();
        let start = Instant::now();
        let (deadline, grace) = match purpose {
            Purpose::Ordinary | Purpose::Once => (self.budget.attempt_deadline(), Duration::ZERO),
            Purpose::Invitation(_) => (self.budget.invitation_deadline(), self.budget.grace),
        };
        // boxed, as it is large: a reset holds places for many requests
        let exchange = Box::pin(engine::exchange(request, &self.network, &id));
        let outcome = self.within(deadline, grace, exchange).await;
        let mut line = Diagnostic::new(request.method, &request.url, number, id);
        line.elapsed_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &outcome {
            Ok(answer) => {
                line.http_status = Some(answer.status);
                line.request_id = answer.header("request-id").map(str::to_owned);
            }
            Err(failure) => line.note = Some(describe(failure)),
        }
        self.record.borrow_mut().push(line);
        outcome
    }

    /// Waits for the exchange. `grace` is how long it may go on after a cancellation.
    async fn within(
        &self,
        deadline: Instant,
        grace: Duration,
        exchange: impl Future<Output = Result<Response, Failure>>,
    ) -> Result<Response, Failure> {
        let mut exchange = std::pin::pin!(exchange);
        tokio::select! {
            biased;
            outcome = &mut exchange => return outcome,
            () = self.budget.cancelled() => {}
            () = sleep_until(deadline.into()) => return Err(Failure::TimedOut),
        }
        let last = deadline.min(Instant::now() + grace);
        tokio::select! {
            biased;
            outcome = exchange => outcome,
            () = sleep_until(last.into()) => Err(Failure::Cancelled),
        }
    }

    /// A failure on the way, as an error; `doing` says what was under way.
    pub(crate) fn failed(&self, failure: &Failure, doing: &str) -> Error {
        let what = format!("{doing}: {}", describe(failure));
        match failure {
            Failure::NotConnected(_) => {
                Error::new(Status::ConnectionFailed, what).hint("check the network and the proxy")
            }
            Failure::Tls(_) => Error::new(Status::TlsFailed, what)
                .hint("check the system's trusted certificates; name the root of an inspecting proxy with ca_file"),
            Failure::Proxy(_) => Error::new(Status::ProxyRefused, what).hint(
                "give the proxy's name and password in its address (Basic); NTLM and Negotiate are not supported",
            ),
            Failure::CaFile(_) => Error::new(Status::CaFileUnusable, what)
                .hint("ca_file must name a PEM file with at least one certificate"),
            Failure::Lost(_) | Failure::Truncated(_) => Error::new(Status::ConnectionLost, what).hint("try again"),
            Failure::TimedOut if self.budget.remaining().is_zero() => self.budget.time_is_over(),
            Failure::TimedOut => Error::new(Status::TimeLimit, what).hint("try again; allow more time with timeout_ms"),
            Failure::OutOfTime => self.budget.time_is_over(),
            Failure::Withheld(error) => Error::clone(error),
            Failure::Cancelled | Failure::CancelledBefore => {
                Error::new(Status::Cancelled, format!("{doing} was cancelled"))
            }
            Failure::EngineDied | Failure::Forked | Failure::NoEngine(_) => engine_failed(failure),
        }
    }

    /// The requests since the record had this many lines.
    pub(crate) fn request_ids_since(&self, start: usize) -> Vec<String> {
        self.record.borrow().iter().skip(start).filter_map(|line| line.request_id.clone()).collect()
    }

    pub(crate) fn requests(&self) -> usize {
        self.record.borrow().len()
    }

    /// Our id of the latest request.
    pub(crate) fn last_client_request_id(&self) -> Option<String> {
        self.record.borrow().last().map(|line| line.client_request_id.clone())
    }

    pub(crate) fn into_record(self) -> Vec<Diagnostic> {
        self.record.into_inner()
    }
}

/// A failure of the engine itself, as an error.
pub(crate) fn engine_failed(failure: &Failure) -> Error {
    let what = describe(failure);
    match failure {
        Failure::Forked => Error::new(Status::Forked, "the process was forked after the library was used")
            .hint("start a new process, or use the library only after the fork"),
        Failure::NoEngine(_) => Error::new(Status::OutOfResources, what),
        _ => Error::new(Status::Panic, what).hint("call again; a new thread takes over"),
    }
}

/// What came of an attempt, in a few words.
fn told(outcome: &Result<Response, Failure>) -> String {
    match outcome {
        Ok(answer) => format!("HTTP {}", answer.status),
        Err(failure) => describe(failure),
    }
}

/// The failure in a few words.
fn describe(failure: &Failure) -> String {
    match failure {
        Failure::NotConnected(reason) => format!("no connection: {reason}"),
        Failure::Tls(reason) => format!("no trusted TLS connection: {reason}"),
        Failure::Proxy(reason) => format!("the proxy let nothing through: {reason}"),
        Failure::CaFile(reason) => format!("the file of further roots cannot be used: {reason}"),
        Failure::Lost(reason) => format!("the connection broke: {reason}"),
        Failure::Truncated(status) => format!("the answer (HTTP {status}) was cut off"),
        Failure::TimedOut => "no answer in time".into(),
        Failure::Cancelled | Failure::CancelledBefore => "cancelled".into(),
        Failure::OutOfTime => "the time limit was reached".into(),
        Failure::Withheld(error) => error.message.clone(),
        Failure::EngineDied => "the engine's thread failed".into(),
        Failure::Forked => "the process was forked".into(),
        Failure::NoEngine(reason) => format!("the HTTP engine could not be started: {reason}"),
    }
}

impl Diagnostic {
    fn new(method: Method, url: &str, attempt: u32, client_request_id: String) -> Self {
        // scheme and host are the context's; a query can hold no secret of ours
        let path = url.splitn(4, '/').nth(3).map_or_else(String::new, |path| ["/", path].concat());
        Self {
            method: method.name(),
            path,
            http_status: None,
            attempt,
            elapsed_ms: 0,
            request_id: None,
            client_request_id,
            note: None,
        }
    }
}
