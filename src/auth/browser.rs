//! Signing in with the person's browser: authorization code with PKCE, on a loopback redirect.
//!
//! Source: the authorization code flow's page and the one on redirect addresses (`http://localhost`, any port).

use super::token_endpoint::{Asker, Grantable, token};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::http::url::{encode, query_of};
use crate::status::Status;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// How often the waiting call looks for the browser and at its own limits.
const LOOK: Duration = Duration::from_millis(50);
/// A connection that has said nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(60);
const LONGEST_REQUEST: usize = 16 << 10;

/// A sign-in that waits for its person.
pub(super) struct Pending {
    listener: TcpListener,
    redirect: String,
    verifier: SecretString,
    state: String,
    nonce: String,
    /// What to open.
    pub(super) prompt: Value,
}

/// Listens on a free port and composes the address to open.
pub(super) fn begin(cloud: &Cloud, asker: Asker<'_>, scope: &str, login_hint: Option<&str>) -> Result<Pending> {
    let cannot = |error: std::io::Error| {
        Error::new(Status::SignInFailed, format!("no port of this machine can be listened on: {error}"))
            .hint("sign in with a device code")
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(cannot)?;
    listener.set_nonblocking(true).map_err(cannot)?;
    let redirect = format!("http://localhost:{}", listener.local_addr().map_err(cannot)?.port());
    let (verifier, state, nonce) = (random()?, random()?, random()?);
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    let mut parameters = vec![
        ("client_id", asker.client_id),
        ("response_type", "code"),
        ("response_mode", "query"),
        ("redirect_uri", &redirect),
        ("scope", scope),
        ("state", &state),
        ("nonce", &nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    parameters.extend(login_hint.map(|hint| ("login_hint", hint)));
    let parameters: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let tenant = encode(asker.tenant_id);
    let url = format!("{}/{tenant}/oauth2/v2.0/authorize?{}", cloud.login_url, parameters.join("&"));
    let prompt = json!({"kind": "browser", "url": url});
    Ok(Pending { listener, redirect, verifier: verifier.into(), state, nonce, prompt })
}

/// Waits for the browser and redeems the code.
pub(super) async fn wait(call: &Call, cloud: &Cloud, asker: Asker<'_>, pending: &Pending) -> Result<Grantable> {
    let code = wait_for_code(call, pending).await?;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", asker.client_id),
        ("code", code.expose_secret()),
        ("redirect_uri", &pending.redirect),
        ("code_verifier", pending.verifier.expose_secret()),
    ];
    let grantable = token(call, cloud, asker, &form).await?;
    if !grantable.answers(&pending.nonce, asker.client_id) {
        return Err(foreign("the token service's answer belongs to another sign-in"));
    }
    Ok(grantable)
}

async fn wait_for_code(call: &Call, pending: &Pending) -> Result<SecretString> {
    // browsers open connections in advance, so one that says nothing must not hold up the others
    let mut visitors: Vec<Visitor> = Vec::new();
    loop {
        call.budget.check()?;
        if let Ok((stream, _)) = pending.listener.accept() {
            visitors.extend(Visitor::new(stream));
            continue;
        }
        for visitor in &mut visitors {
            visitor.listen();
            if let Some(outcome) =
                visitor.target().and_then(|target| serve(&mut visitor.stream, &target, &pending.state))
            {
                return outcome;
            }
        }
        visitors.retain(|visitor| !visitor.is_finished());
        call.budget.sleep(LOOK.min(call.budget.remaining())).await?;
    }
}

/// A connection to the redirect's port.
struct Visitor {
    stream: TcpStream,
    head: Vec<u8>,
    since: Instant,
    closed: bool,
}

impl Visitor {
    fn new(stream: TcpStream) -> Option<Self> {
        stream.set_nonblocking(true).ok()?;
        Some(Self { stream, head: Vec::new(), since: Instant::now(), closed: false })
    }

    /// Takes what has come so far.
    fn listen(&mut self) {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer) {
            Ok(0) => self.closed = true,
            Ok(count) => self.head.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => self.closed = true,
        }
    }

    fn is_whole(&self) -> bool {
        self.head.windows(4).any(|window| window == b"\r\n\r\n")
    }

    fn is_finished(&self) -> bool {
        self.closed || self.is_whole() || self.head.len() > LONGEST_REQUEST || self.since.elapsed() > PATIENCE
    }

    /// The path and query of a GET, once its head is whole.
    fn target(&self) -> Option<String> {
        let head = self.is_whole().then(|| std::str::from_utf8(&self.head).ok()).flatten()?;
        let mut words = head.lines().next()?.split(' ');
        (words.next()? == "GET").then(|| words.next().map(str::to_owned)).flatten()
    }
}

/// Answers one request. `None` when it was not the redirect: browsers also ask for an icon.
fn serve(stream: &mut TcpStream, target: &str, state: &str) -> Option<Result<SecretString>> {
    let parameters = query_of(target)?;
    let get = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let outcome = match (get("state"), get("code"), get("error")) {
        (Some(theirs), _, _) if theirs != state => Err(foreign("the browser's answer belongs to another sign-in")),
        (Some(_), Some(code), None) => Ok(SecretString::from(code)),
        (Some(_), _, Some(error)) => Err(declined(error, get("error_description").unwrap_or_default())),
        _ => return None,
    };
    let text = if outcome.is_ok() { "Signed in" } else { "Not signed in" };
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>{text}</title><h1>{text}</h1><p>You can close this page and go back."
    );
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    Some(outcome)
}

fn declined(error: &str, description: &str) -> Error {
    let said = description.lines().next().unwrap_or_default();
    let (status, hint) = match error {
        "consent_required" => (Status::ConsentMissing, "let an administrator of the tenant grant the permissions"),
        _ => (Status::SignInFailed, "sign in again, and accept"),
    };
    Error::new(status, format!("the sign-in was declined ({error}) {said}").trim_end().to_owned()).hint(hint)
}

fn foreign(why: &str) -> Error {
    Error::new(Status::SignInNotFinished, why).hint("begin again, and use only the newest page")
}

/// 256 random bits, as letters.
fn random() -> Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::new(Status::OutOfResources, "the system gives no random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
