//! The one HTTP client, on one thread of ours. The only file that names reqwest.
//!
//! The caller's thread waits; the exchange runs on the engine's thread, so that a cancellation or a deadline
//! ends the wait at once and drops the connection with it. The thread starts with the first request and is
//! never joined: the library stays loaded.

use super::cancel::Cancel;
use super::url::is_loopback;
use super::{Failure, Request, Response};
use once_cell::sync::OnceCell;
use secrecy::ExposeSecret;
use std::error::Error as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// A kept connection older than this is not used: a balancer may have dropped it silently, and an invitation
/// on a dead connection is one whose fate is unknown.
const IDLE: Duration = Duration::from_secs(20);
const CONNECT: Duration = Duration::from_secs(10);
/// No answer of Graph that this library asks for is nearly as large.
const LARGEST_BODY: usize = 32 << 20;

/// The headers that anybody here asks for.
const KEPT_HEADERS: [&str; 2] = ["request-id", "retry-after"];

/// Run first on the engine's thread; the C ABI sets it to shield the thread from the host's signals.
static ON_THREAD_START: OnceLock<fn()> = OnceLock::new();
static ENGINE: Mutex<OnceCell<Engine>> = Mutex::new(OnceCell::new());

/// Sets what a new engine thread does first. Later calls change nothing.
pub(crate) fn on_thread_start(hook: fn()) {
    let _ = ON_THREAD_START.set(hook);
}

type Job = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

#[derive(Clone)]
struct Engine {
    jobs: UnboundedSender<Job>,
    /// System proxies apply.
    remote: reqwest::Client,
    /// Loopback always goes direct.
    local: reqwest::Client,
    process: u32,
}

enum Event {
    Ended(Box<Result<Response, Failure>>),
    Cancelled,
}

/// Sends the outcome, also when the job is dropped or panics on its way.
struct Reply(Option<Sender<Event>>);

impl Reply {
    fn send(&mut self, outcome: Result<Response, Failure>) {
        if let Some(sender) = self.0.take() {
            // nobody listens any more after a time-out or a cancellation
            let _ = sender.send(Event::Ended(Box::new(outcome)));
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.send(Err(Failure::EngineDied));
    }
}

/// An exchange under way. It ends when this goes, and its connection with it.
pub(crate) struct Exchange {
    events: Receiver<Event>,
    cancelled: Sender<Event>,
    _alive: tokio::sync::oneshot::Sender<()>,
}

/// Begins one exchange; `id` is the client-request-id.
pub(crate) fn begin(request: &Request, id: &str) -> Result<Exchange, Failure> {
    let engine = engine()?;
    let url = url::Url::parse(&request.url).map_err(|error| Failure::NotConnected(error.to_string()))?;
    let client = if is_loopback(&url) { &engine.local } else { &engine.remote };
    let builder = compose(client, url, request, id);
    spawn(&engine, async { read(builder.send().await.map_err(|error| failure(&error))?).await })
}

fn spawn(
    engine: &Engine,
    exchange: impl Future<Output = Result<Response, Failure>> + Send + 'static,
) -> Result<Exchange, Failure> {
    let (sender, events) = channel();
    let cancelled = sender.clone();
    let mut reply = Reply(Some(sender));
    let (alive, abandoned) = tokio::sync::oneshot::channel::<()>();
    let job = async move {
        tokio::select! {
            outcome = exchange => reply.send(outcome),
            _ = abandoned => {}
        }
    };
    engine.jobs.send(Box::pin(job)).map_err(|_| Failure::EngineDied)?;
    Ok(Exchange { events, cancelled, _alive: alive })
}

impl Exchange {
    /// Waits for the answer. `grace` is how long it may go on after a cancellation.
    pub(crate) fn wait(
        self,
        mut deadline: Instant,
        cancel: Option<&Cancel>,
        grace: Duration,
    ) -> Result<Response, Failure> {
        let cancelled = self.cancelled;
        let _hook = cancel.map(|cancel| cancel.on_cancel(move || drop(cancelled.send(Event::Cancelled))));
        let mut was_cancelled = false;
        loop {
            match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Event::Ended(outcome)) => return *outcome,
                Ok(Event::Cancelled) => {
                    was_cancelled = true;
                    deadline = deadline.min(Instant::now() + grace);
                }
                Err(RecvTimeoutError::Timeout) if was_cancelled => return Err(Failure::Cancelled),
                Err(RecvTimeoutError::Timeout) => return Err(Failure::TimedOut),
                Err(RecvTimeoutError::Disconnected) => return Err(Failure::EngineDied),
            }
        }
    }
}

fn compose(client: &reqwest::Client, url: url::Url, request: &Request, id: &str) -> reqwest::RequestBuilder {
    let method = match request.method {
        super::Method::Get => reqwest::Method::GET,
        super::Method::Patch => reqwest::Method::PATCH,
        super::Method::Post => reqwest::Method::POST,
    };
    let mut builder = client.request(method, url);
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    builder = builder.header("client-request-id", id).header("return-client-request-id", "true");
    if let Some(token) = &request.bearer {
        builder = builder.bearer_auth(token.expose_secret());
    }
    if let Some(body) = &request.body {
        builder = builder.header("Content-Type", body.media_type).body(body.bytes.clone());
    }
    builder
}

async fn read(mut response: reqwest::Response) -> Result<Response, Failure> {
    let status = response.status().as_u16();
    let text = |name| Some((name, response.headers().get(name)?.to_str().ok()?.to_owned()));
    let headers = KEPT_HEADERS.into_iter().filter_map(text).collect();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= LARGEST_BODY => body.extend_from_slice(&chunk),
            Ok(Some(_)) | Err(_) => return Err(Failure::Truncated(status)),
            Ok(None) => return Ok(Response { status, headers, body }),
        }
    }
}

/// Tells what surely was not sent from what may have been carried out.
fn failure(error: &reqwest::Error) -> Failure {
    let mut reason = String::new();
    let mut tls = false;
    let mut source = error.source();
    while let Some(cause) = source {
        tls |= is_tls(cause);
        reason = cause.to_string();
        source = cause.source();
    }
    match (error.is_connect() || error.is_builder(), tls) {
        (true, true) => Failure::Tls(reason),
        (true, false) => Failure::NotConnected(reason),
        (false, _) => Failure::Lost(reason),
    }
}

/// TLS errors travel inside I/O errors, which do not show them as their source.
fn is_tls(cause: &(dyn std::error::Error + 'static)) -> bool {
    let inner = cause.downcast_ref::<std::io::Error>().and_then(|error| error.get_ref());
    cause.is::<rustls::Error>() || inner.is_some_and(|inner| inner.is::<rustls::Error>())
}

/// The engine of this process; a new one where the old one's thread has died.
fn engine() -> Result<Engine, Failure> {
    let mut cell = ENGINE.lock().unwrap_or_else(PoisonError::into_inner);
    if cell.get().is_some_and(|engine| engine.jobs.is_closed()) {
        *cell = OnceCell::new();
    }
    let engine = cell.get_or_try_init(start).map_err(Failure::NoEngine)?;
    if engine.process != std::process::id() {
        return Err(Failure::Forked);
    }
    Ok(engine.clone())
}

fn start() -> Result<Engine, String> {
    // a Rust host may have chosen a provider already; then that one is used
    let _ = rustls::crypto::ring::default_provider().install_default();
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let builder = || {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(IDLE)
            .connect_timeout(CONNECT)
            .user_agent(concat!("guest-redemption/", env!("CARGO_PKG_VERSION")))
    };
    let remote = builder().build().map_err(|error| text(&error))?;
    let local = builder().no_proxy().build().map_err(|error| text(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| text(&error))?;
    let (jobs, mut queue) = tokio::sync::mpsc::unbounded_channel::<Job>();
    let work = move || {
        if let Some(hook) = ON_THREAD_START.get() {
            hook();
        }
        runtime.block_on(async move {
            while let Some(job) = queue.recv().await {
                tokio::spawn(job);
            }
        });
    };
    std::thread::Builder::new().name("guest-redemption".into()).spawn(work).map_err(|error| text(&error))?;
    Ok(Engine { jobs, remote, local, process: std::process::id() })
}

/// Panics on the engine's thread, so that a test can see what becomes of the call and of the next one.
#[cfg(feature = "sandbox")]
pub(crate) fn panic_on_the_engine() -> Result<Response, Failure> {
    let deadline = Instant::now() + Duration::from_secs(5);
    #[allow(clippy::panic)]
    let exchange = async { panic!("a panic asked for by a test") };
    spawn(&engine()?, exchange)?.wait(deadline, None, Duration::ZERO)
}
