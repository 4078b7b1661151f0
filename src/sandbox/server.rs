//! The HTTP server: connections, the reading of requests, faults, the sending of answers.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::errors::Refusal;
use super::faults::{self, Action, Canned, Moment};
use super::http::{self, Reply, Request};
use super::journal::RequestRecord;
use super::tenant::Tenant;
use super::{control, routes};

const LARGEST_BODY: usize = 4 << 20;

/// The tenant, shared by the connections and the owner.
pub(super) type Shared = Arc<Mutex<Tenant>>;

/// A panic in one request spoils nothing for the others.
pub(super) fn lock(shared: &Shared) -> MutexGuard<'_, Tenant> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Accepts connections for ever.
pub(super) async fn serve(listener: TcpListener, shared: Shared) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, shared.clone()));
            }
            // Out of file descriptors, most likely: some will be closed soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn connection(stream: TcpStream, shared: Shared) {
    // Without it, small answers wait for the acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| respond(request, shared.clone()));
    // An error here is a client that went away, or a fault.
    let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

type Answer = Result<hyper::Response<Content>, io::Error>;

/// Answers one request. An error closes the connection.
async fn respond(request: hyper::Request<Incoming>, shared: Shared) -> Answer {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("", |t| t.as_str()).to_owned();
    let decoded = http::segments(parts.uri.path()).zip(http::pairs(parts.uri.query().unwrap_or_default()));
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(e) if e.is::<LengthLimitError>() => {
            let refusal = Refusal::new(413, "RequestEntityTooLarge", "The request is larger than 4 MiB.");
            return Ok(full(refusal.reply("", "")));
        }
        Err(e) => return Err(io::Error::other(e)),
    };
    let Some((path, query)) = decoded else {
        return Ok(full(Refusal::new(400, "BadRequest", "The URL is not properly encoded.").reply("", "")));
    };
    let header = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
    let bearer = header("authorization").and_then(|a| a.split_once(' '));
    let request = Request {
        method: parts.method.to_string(),
        target,
        path,
        query,
        bearer: bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, t)| t.trim().to_owned()),
        client_request_id: header("client-request-id").map(str::to_owned),
        eventual: header("consistencylevel").is_some_and(|c| c.eq_ignore_ascii_case("eventual")),
        headers: parts.headers.clone(),
        body: body.into(),
    };
    if request.path.first().is_some_and(|first| first == "sandbox") {
        return Ok(full(control::answer(&mut lock(&shared), &request)));
    }
    let (number, action) = arrive(&shared, &request);
    match action {
        None => Ok(full(perform(&shared, number, &request))),
        // A task of its own, so that it is also done when the client does not wait for it.
        Some(action) => tokio::spawn(strike(action, number, request, shared)).await.map_err(io::Error::other)?,
    }
}

fn arrive(shared: &Shared, request: &Request) -> (u64, Option<Action>) {
    let mut tenant = lock(shared);
    let number = tenant.journal.arrived(RequestRecord {
        method: request.method.clone(),
        path: request.target.clone(),
        status: 0,
        client_request_id: request.client_request_id.clone(),
        body: (!request.body.is_empty()).then(|| String::from_utf8_lossy(&request.body).into_owned()),
    });
    (number, faults::strike(&mut tenant.faults, request))
}

fn perform(shared: &Shared, number: u64, request: &Request) -> Reply {
    let mut tenant = lock(shared);
    let reply = routes::answer(&mut tenant, request);
    tenant.journal.answered(number, reply.status);
    reply
}

async fn strike(action: Action, number: u64, request: Request, shared: Shared) -> Answer {
    match action {
        Action::DelayMs(wait) => {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            Ok(full(perform(&shared, number, &request)))
        }
        Action::Drop(moment) => {
            if moment == Moment::After {
                perform(&shared, number, &request);
                lock(&shared).journal.answered(number, 0);
            }
            Err(io::Error::other("dropped on request"))
        }
        Action::Truncate(length) => {
            let reply = perform(&shared, number, &request);
            Ok(response(reply.status, &headers(&reply.headers), Content::cut(reply.body, length)))
        }
        Action::Redirect(url) => {
            lock(&shared).journal.answered(number, 307);
            Ok(full(Reply { headers: vec![("location", url)], ..Reply::empty(307) }))
        }
        Action::Respond(Canned { status, headers: wanted, body }) => {
            lock(&shared).journal.answered(number, status);
            let wanted = wanted.iter().map(|(name, value)| (name.as_str(), value.clone())).collect::<Vec<_>>();
            Ok(response(status, &headers(&wanted), Content::whole(body.into_bytes())))
        }
    }
}

fn full(reply: Reply) -> hyper::Response<Content> {
    response(reply.status, &headers(&reply.headers), Content::whole(reply.body))
}

/// The headers, without those that are none.
fn headers(pairs: &[(&str, String)]) -> HeaderMap {
    let pair = |(name, value): &(&str, String)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
    };
    pairs.iter().filter_map(pair).collect()
}

fn response(status: u16, headers: &HeaderMap, content: Content) -> hyper::Response<Content> {
    let mut response = hyper::Response::new(content);
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers.clone();
    response
}

/// The body of an answer, which may break off.
struct Content {
    data: Option<Bytes>,
    /// The full length, and the time that what comes before the break needs to be sent.
    breaks: Option<(u64, Pin<Box<tokio::time::Sleep>>)>,
}

impl Content {
    fn whole(data: Vec<u8>) -> Self {
        Self { data: Some(data.into()).filter(|d: &Bytes| !d.is_empty()), breaks: None }
    }

    fn cut(data: Vec<u8>, length: usize) -> Self {
        let pause = Box::pin(tokio::time::sleep(Duration::from_millis(20)));
        let full = data.len() as u64;
        let data = Bytes::from(data).slice(..length.min(usize::try_from(full).unwrap_or(length)));
        Self { data: Some(data), breaks: Some((full, pause)) }
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(data) = self.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match &mut self.breaks {
            None => Poll::Ready(None),
            Some((_, pause)) => pause.as_mut().poll(cx).map(|()| Some(Err(io::Error::other("cut off on request")))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && self.breaks.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.data.as_ref().map_or(0, |d| d.len() as u64);
        SizeHint::with_exact(self.breaks.as_ref().map_or(rest, |(full, _)| *full))
    }
}
