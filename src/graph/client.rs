//! Requests to Graph as the caller, with its errors turned into ours.

use super::fault;
use super::invitation::Invitation;
use super::query::is_advanced;
use crate::auth::Session;
use crate::call::{Call, Purpose, Witness};
use crate::error::{Error, Result};
use crate::http::retry::asked_to_wait;
use crate::http::{Body, Failure, Method, Request, Response, url};
use crate::status::Status;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The version of Graph that is used, where the caller does not ask for another.
pub(crate) const VERSION: &str = "v1.0";
/// Where v1.0 lacks something.
pub(crate) const BETA: &str = "beta";

/// Graph, for one call of one caller.
pub(crate) struct Graph<'a> {
    pub(crate) session: &'a Session,
    pub(crate) call: &'a Call,
}

/// An invitation that has no clear answer: it may have been accepted.
pub(crate) struct NoAnswer(pub(crate) Error);

impl Graph<'_> {
    /// Reads JSON. `path` begins after the version.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str, doing: &str) -> Result<T> {
        self.read(self.url(VERSION, path), doing).await
    }

    /// Reads the page behind a link of the service, if the link stays with the service.
    pub(crate) async fn follow<T: DeserializeOwned>(&self, link: &str, doing: &str) -> Result<T> {
        if !url::same_origin(&self.session.cloud.graph_url, link) {
            let what =
                format!("{doing} was ended: the next page is on another host than {}", self.session.cloud.graph_url);
            return Err(Error::new(Status::BadAnswer, what).hint("a token must not be sent there"));
        }
        self.read(link.to_owned(), doing).await
    }

    async fn read<T: DeserializeOwned>(&self, url: String, doing: &str) -> Result<T> {
        let answer = self.send(Method::Get, url, None, Purpose::Ordinary).await;
        parse(&self.accepted(answer, doing)?, doing)
    }

    /// Sets values; `purpose` says whether a lost attempt may simply be repeated.
    pub(crate) async fn patch(&self, path: &str, changes: &Value, purpose: Purpose<'_>, doing: &str) -> Result<()> {
        let answer = self.send(Method::Patch, self.url(VERSION, path), Some(json(changes)), purpose).await;
        self.accepted(answer, doing).map(|_| ())
    }

    /// Posts an invitation. The outer error is a refusal or proof that nothing was sent;
    /// the inner one means that it may have been accepted.
    pub(crate) async fn invite(
        &self,
        version: &str,
        invitation: &impl Serialize,
        witness: &dyn Witness,
        doing: &str,
    ) -> Result<Result<Invitation, NoAnswer>> {
        let url = self.url(version, "/invitations");
        let answer = match self.send(Method::Post, url, Some(json(invitation)), Purpose::Invitation(witness)).await {
            Err(Sent::Refused(error)) => return Err(error),
            Err(Sent::Failed(failure)) if failure.nothing_sent() => {
                return Err(self.call.failed(&failure, doing));
            }
            Err(Sent::Failed(failure)) => return Ok(Err(NoAnswer(self.call.failed(&failure, doing)))),
            Ok(answer) => answer,
        };
        match answer.status {
            200..=299 => Ok(Invitation::read(&answer.body).ok_or_else(|| {
                let what =
                    format!("{doing}: the service accepted (HTTP {}), but its answer cannot be read", answer.status);
                NoAnswer(Error::new(Status::BadAnswer, what))
            })),
            500.. => Ok(Err(NoAnswer(self.refusal(&answer, doing)))),
            _ => Err(self.refusal(&answer, doing)),
        }
    }

    fn url(&self, version: &str, path: &str) -> String {
        [&self.session.cloud.graph_url, "/", version, path].concat()
    }

    /// Sends with the session's token, and once more with a new one where that was refused:
    /// a 401 says that nothing was done.
    fn send(
        &self,
        method: Method,
        url: String,
        body: Option<Body>,
        purpose: Purpose<'_>,
    ) -> impl Future<Output = Result<Response, Sent>> {
        let mut request = request(method, url, body);
        // boxed, as it is large: a reset holds places for many requests
        Box::pin(async move {
            let mut fresh = false;
            loop {
                let token = self.session.token(self.call).await.map_err(Sent::Refused)?;
                request.bearer = Some(token.bearer.clone());
                let limits = self.session.limits(&token);
                let answer = self.call.send_within(limits, &request, purpose).await.map_err(Sent::Failed)?;
                if answer.status != 401 || fresh || self.session.refuse(&token, claims_asked_for(&answer)).is_err() {
                    return Ok(answer);
                }
                fresh = true;
            }
        })
    }

    fn accepted(&self, answer: Result<Response, Sent>, doing: &str) -> Result<Response> {
        let answer = answer.map_err(|sent| match sent {
            Sent::Refused(error) => error,
            Sent::Failed(failure) => self.call.failed(&failure, doing),
        })?;
        match answer.status {
            200..=299 => Ok(answer),
            _ => Err(self.refusal(&answer, doing)),
        }
    }

    fn refusal(&self, answer: &Response, doing: &str) -> Error {
        if matches!(answer.status, 300..=399) {
            let what = format!("{doing}: the service answered with a redirection (HTTP {})", answer.status);
            return Error::new(Status::BadAnswer, what).hint(
                "redirections are not followed, since a token must not go elsewhere; check the cloud and the proxy",
            );
        }
        let wait = asked_to_wait(answer).and_then(|wait| u64::try_from(wait.as_millis()).ok());
        fault::to_error(fault::read(answer, wait, self.call.last_client_request_id()), doing)
    }
}

/// A request without its token.
fn request(method: Method, url: String, body: Option<Body>) -> Request {
    let mut headers = vec![("accept", "application/json".into())];
    if is_advanced(&url) {
        headers.push(("consistencylevel", "eventual".into()));
    }
    Request { method, url, headers, bearer: None, body }
}

fn json(value: &impl Serialize) -> Body {
    // plain data with text keys: writing it cannot fail
    Body::new("application/json", serde_json::to_vec(value).unwrap_or_default())
}

/// The claims of a conditional access challenge, decoded.
fn claims_asked_for(answer: &Response) -> Option<String> {
    let challenge = answer.header("www-authenticate")?;
    if !challenge.contains("insufficient_claims") {
        return None;
    }
    let encoded = challenge.split_once("claims=\"")?.1.split('"').next()?;
    let bytes = STANDARD.decode(encoded).or_else(|_| URL_SAFE_NO_PAD.decode(encoded)).ok()?;
    String::from_utf8(bytes).ok()
}

fn parse<T: DeserializeOwned>(answer: &Response, doing: &str) -> Result<T> {
    let odd = |line| {
        let what = format!("{doing}: the answer is not what Graph sends (line {line})");
        Error::new(Status::BadAnswer, what).hint("check that no proxy stands between, and that the host is a Graph")
    };
    // encoding once for the whole, and not text by text
    let text = std::str::from_utf8(&answer.body).map_err(|_| odd(1))?;
    serde_json::from_str(text).map_err(|error| odd(error.line()))
}

/// Why there is no answer.
enum Sent {
    /// Before the request went out.
    Refused(Error),
    /// On the way.
    Failed(Failure),
}
