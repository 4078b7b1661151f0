//! The one HTTP client, on one thread of ours. The only file that names reqwest.
//!
//! The caller's thread waits; the exchange runs on the engine's thread, so that a cancellation or a deadline
//! ends the wait at once and drops the connection with it. The thread starts with the first request and is
//! never joined: the library stays loaded.

use super::cancel::Cancel;
use super::network::{Network, Proxy};
use super::url::is_this_machine_or_link_local;
use super::{Failure, Request, Response};
use once_cell::sync::OnceCell;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use std::collections::HashMap;
use std::error::Error as _;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// A kept connection older than this is not used: a balancer may have dropped it silently, and an invitation
/// on a dead connection is one whose fate is unknown.
const IDLE: Duration = Duration::from_secs(20);
const CONNECT: Duration = Duration::from_secs(10);
/// No answer of Graph that this library asks for is nearly as large.
const LARGEST_BODY: usize = 32 << 20;

/// The headers that anybody here asks for.
const KEPT_HEADERS: [&str; 3] = ["request-id", "retry-after", "www-authenticate"];

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
    /// One client for each network that calls have asked for, made when first needed.
    remote: Arc<Mutex<HashMap<Network, reqwest::Client>>>,
    /// Loopback and the link's metadata address always go direct.
    local: reqwest::Client,
    process: u32,
}

impl Engine {
    fn client(&self, url: &url::Url, network: &Network) -> Result<reqwest::Client, Failure> {
        match (is_this_machine_or_link_local(url), url.scheme() == "https") {
            (true, false) => Ok(self.local.clone()),
            (true, true) => self.remote(&Network { proxy: Proxy::Direct, ca_file: network.ca_file.clone() }),
            (false, _) => self.remote(network),
        }
    }

    fn remote(&self, network: &Network) -> Result<reqwest::Client, Failure> {
        let mut clients = self.remote.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(network) {
            return Ok(client.clone());
        }
        let client = client_for(network)?;
        clients.insert(network.clone(), client.clone());
        Ok(client)
    }
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
pub(crate) fn begin(request: &Request, network: &Network, id: &str) -> Result<Exchange, Failure> {
    let engine = engine()?;
    let url = url::Url::parse(&request.url).map_err(|error| Failure::NotConnected(error.to_string()))?;
    let builder = compose(&engine.client(&url, network)?, url, request, id);
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
    // as large as announced, so that growing leaves no copies behind
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    let mut body = Zeroizing::new(Vec::with_capacity(announced.min(LARGEST_BODY)));
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
    if error.is_connect() && (reason.contains("proxy authorization required") || reason.contains("tunnel error")) {
        return Failure::Proxy(reason);
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
    cause.is::<rustls::Error>() || inner.is_some_and(|inner| is_tls(inner))
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
    // no root is needed for plain http, so that the sandbox works on a machine without any
    let local = builder().no_proxy().tls_certs_only([]).build().map_err(|error| text(&error))?;
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
    Ok(Engine { jobs, remote: Arc::default(), local, process: std::process::id() })
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .pool_idle_timeout(IDLE)
        .connect_timeout(CONNECT)
        .user_agent(concat!("guest-redemption/", env!("CARGO_PKG_VERSION")))
}

fn client_for(network: &Network) -> Result<reqwest::Client, Failure> {
    let mut builder = builder();
    if let Some(path) = &network.ca_file {
        builder = builder.tls_certs_merge(roots(path).map_err(Failure::CaFile)?);
    }
    if network.proxy == Proxy::Direct {
        builder = builder.no_proxy();
    }
    if let Proxy::Explicit(proxy) = &network.proxy {
        let url = reqwest::Proxy::all(proxy.url.expose_secret()).map_err(|error| Failure::Proxy(error.to_string()))?;
        let direct = proxy.no_proxy.as_deref().and_then(reqwest::NoProxy::from_string);
        builder = builder.proxy(url.no_proxy(direct));
    }
    // what can fail here is finding the system's roots
    builder.build().map_err(|error| match failure(&error) {
        Failure::Tls(reason) | Failure::NotConnected(reason) | Failure::Lost(reason) => Failure::Tls(reason),
        other => other,
    })
}

fn roots(path: &Path) -> Result<Vec<reqwest::Certificate>, String> {
    let pem = std::fs::read(path).map_err(|error| error.to_string())?;
    match reqwest::Certificate::from_pem_bundle(&pem) {
        Ok(roots) if !roots.is_empty() => Ok(roots),
        _ => Err("it holds no certificate in PEM".into()),
    }
}

/// Panics on the engine's thread, so that a test can see what becomes of the call and of the next one.
#[cfg(feature = "sandbox")]
pub(crate) fn panic_on_the_engine() -> Result<Response, Failure> {
    let deadline = Instant::now() + Duration::from_secs(5);
    #[allow(clippy::panic)]
    let exchange = async { panic!("a panic asked for by a test") };
    spawn(&engine()?, exchange)?.wait(deadline, None, Duration::ZERO)
}
