//! The one HTTP client, and the one thread of ours that all calls run on. The only file that names reqwest.
//!
//! A call is a task on the engine's thread, and the caller's thread waits for its end. A cancellation or a deadline
//! ends what the task waits for at once, and drops the connection with it. The thread starts with the first call and
//! is never joined: the library stays loaded.

use super::network::{Network, Proxy};
use super::url::is_this_machine_or_link_local;
use super::{Failure, Request, Response};
use bytes::Bytes;
use once_cell::sync::OnceCell;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::pin::Pin;
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// A kept connection older than this is not used: a balancer may have dropped it silently, and an invitation
/// on a dead connection is one whose fate is unknown.
const IDLE: Duration = Duration::from_secs(20);
/// A task's calls are deep, and without optimisation their frames are large. What is not used costs no memory.
const STACK: usize = 8 << 20;
const CONNECT: Duration = Duration::from_secs(10);
/// No answer of Graph that this library asks for is nearly as large.
const LARGEST_BODY: usize = 32 << 20;

/// Known beforehand, so that they are not read anew for each request.
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const RETURN_CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("return-client-request-id");

/// The headers that anybody here asks for.
const KEPT_HEADERS: [&str; 7] = [
    "request-id",
    "retry-after",
    "www-authenticate",
    "x-ms-resource-unit",
    "x-ms-throttle-information",
    "x-ms-throttle-limit-percentage",
    "x-ms-throttle-scope",
];

static ENGINE: Mutex<OnceCell<Engine>> = Mutex::new(OnceCell::new());

/// Makes a task once it is on the engine's thread, which it then never leaves.
type Job = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()>>> + Send>;

#[derive(Clone)]
struct Engine {
    jobs: UnboundedSender<Job>,
    process: u32,
}

thread_local! {
    /// The engine's clients, on its thread.
    static CLIENTS: RefCell<Clients> = RefCell::default();
}

#[derive(Default)]
struct Clients {
    /// One for each network that calls have asked for, made when first needed.
    remote: HashMap<Network, reqwest::Client>,
    /// Loopback and the link's metadata address always go direct.
    local: Option<reqwest::Client>,
}

impl Clients {
    fn get(&mut self, url: &url::Url, network: &Network) -> Result<reqwest::Client, Failure> {
        match (is_this_machine_or_link_local(url), url.scheme() == "https") {
            (true, false) => self.local(),
            (true, true) => self.remote(&Network { proxy: Proxy::Direct, ca_file: network.ca_file.clone() }),
            (false, _) => self.remote(network),
        }
    }

    /// No root is needed for plain http, so that the sandbox works on a machine without any.
    fn local(&mut self) -> Result<reqwest::Client, Failure> {
        if let Some(client) = &self.local {
            return Ok(client.clone());
        }
        let client = builder().no_proxy().tls_certs_only([]).build();
        let client = client.map_err(|error| Failure::NoEngine(error.to_string()))?;
        Ok(self.local.insert(client).clone())
    }

    fn remote(&mut self, network: &Network) -> Result<reqwest::Client, Failure> {
        if let Some(client) = self.remote.get(network) {
            return Ok(client.clone());
        }
        let client = client_for(network)?;
        self.remote.insert(network.clone(), client.clone());
        Ok(client)
    }
}

/// Runs a task on the engine's thread, while this thread waits for its end. A panic of the task goes on here.
pub(crate) fn run<T, F>(task: impl FnOnce() -> F + Send + 'static) -> Result<T, Failure>
where
    T: Send + 'static,
    F: Future<Output = T> + 'static,
{
    let (sender, ended) = channel();
    let job = || -> Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async move {
            // the caller's thread is there until the end
            let _ = sender.send(caught(task()).await);
        })
    };
    engine()?.jobs.send(Box::new(job)).map_err(|_| Failure::EngineDied)?;
    match ended.recv() {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(panic)) => resume_unwind(panic),
        Err(_) => Err(Failure::EngineDied),
    }
}

/// Starts a task on the engine's thread, and does not wait for it.
pub(crate) fn start<F>(task: impl FnOnce() -> F + Send + 'static) -> Result<(), Failure>
where
    F: Future<Output = ()> + 'static,
{
    let job = || -> Pin<Box<dyn Future<Output = ()>>> { Box::pin(async move { task().await }) };
    engine()?.jobs.send(Box::new(job)).map_err(|_| Failure::EngineDied)
}

/// The task's end, or its panic, which must not disturb the others on the thread.
pub(crate) fn caught<T>(task: impl Future<Output = T>) -> impl Future<Output = std::thread::Result<T>> {
    // boxed, as an async function would hold a large task twice: as it came and as it is polled
    let mut task = Box::pin(task);
    std::future::poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    })
}

/// One exchange, by a task on the engine's thread; `id` is the client-request-id. It is dropped with its connection.
pub(crate) async fn exchange(request: &Request, network: &Network, id: &str) -> Result<Response, Failure> {
    let url = url::Url::parse(&request.url).map_err(|error| Failure::NotConnected(error.to_string()))?;
    let client = CLIENTS.with_borrow_mut(|clients| clients.get(&url, network))?;
    let composed = compose(url, request, id).map_err(|error| Failure::NotConnected(error.to_string()))?;
    read(client.execute(composed).await.map_err(|error| failure(&error))?).await
}

fn compose(url: url::Url, request: &Request, id: &str) -> Result<reqwest::Request, Box<dyn std::error::Error>> {
    let method = match request.method {
        super::Method::Get => reqwest::Method::GET,
        super::Method::Patch => reqwest::Method::PATCH,
        super::Method::Post => reqwest::Method::POST,
    };
    let mut composed = reqwest::Request::new(method, url);
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let value = match value {
            Cow::Borrowed(text) => HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes()))?,
            Cow::Owned(text) => HeaderValue::from_str(text)?,
        };
        headers.insert(HeaderName::from_bytes(name.as_bytes())?, value);
    }
    headers.insert(CLIENT_REQUEST_ID, HeaderValue::from_str(id)?);
    headers.insert(RETURN_CLIENT_REQUEST_ID, HeaderValue::from_static("true"));
    if let Some(bearer) = &request.bearer {
        let mut value = HeaderValue::from_maybe_shared::<Bytes>(bearer.0.clone())?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    if let Some(body) = &request.body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(body.media_type));
        *composed.body_mut() = Some(body.bytes.clone().into());
    }
    *composed.headers_mut() = headers;
    Ok(composed)
}

async fn read(mut response: reqwest::Response) -> Result<Response, Failure> {
    let status = response.status().as_u16();
    let kept = |(name, value): (&HeaderName, &HeaderValue)| {
        let name = KEPT_HEADERS.into_iter().find(|kept| *kept == name.as_str())?;
        Some((name, value.to_str().ok()?.to_owned()))
    };
    let headers = response.headers().iter().filter_map(kept).collect();
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
    let engine = cell.get_or_try_init(new_engine).map_err(Failure::NoEngine)?;
    if engine.process != std::process::id() {
        return Err(Failure::Forked);
    }
    Ok(engine.clone())
}

fn new_engine() -> Result<Engine, String> {
    // a Rust host may have chosen a provider already; then that one is used
    let _ = rustls::crypto::ring::default_provider().install_default();
    let text = |error: std::io::Error| error.to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(text)?;
    let (jobs, mut queue) = tokio::sync::mpsc::unbounded_channel::<Job>();
    let work = move || {
        tokio::task::LocalSet::new().block_on(&runtime, async move {
            while let Some(job) = queue.recv().await {
                tokio::task::spawn_local(job());
            }
        });
    };
    crate::thread::spawn("guest-redemption", STACK, work).map_err(text)?;
    Ok(Engine { jobs, process: std::process::id() })
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        // what may be repeated is decided in retry.rs; and without it, no copy of each request is kept
        .retry(reqwest::retry::never().max_retries_per_request(0))
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
