//! A service that knows every guest and accepts every invitation at once, and remembers nothing: a million resets with
//! the sandbox would take hours, and measure the sandbox.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The argument of its process.
pub(crate) const ARGUMENT: &str = "service";
pub(crate) const TENANT_ID: &str = "7e4a47ed-0000-4000-8000-000000000000";

/// It ends with this value.
pub(crate) struct Service {
    process: Child,
    url: String,
}

impl Service {
    pub(crate) fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut process = command.arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { process, url: url.trim().to_owned() }
    }

    pub(crate) fn environment(&self) -> Value {
        crate::support::environment(&self.url)
    }

    pub(crate) fn auth(&self) -> Value {
        json!({"grant": "access_token", "access_token": "opaque", "tenant_id": TENANT_ID})
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // its standard input ends first, which is what it waits for
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The process: prints its address, and serves until its standard input ends.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    runtime.block_on(async {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)));
        }
    });
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let _ = body.collect().await;
    let path: Vec<_> = parts.uri.path().split('/').skip(2).collect();
    let (status, answer) = match path.as_slice() {
        ["users", id] => (200, guest(id)),
        ["users"] | ["users", _, _] => (200, json!({"value": []})),
        _ => (201, json!({"inviteRedeemUrl": "http://127.0.0.1/redeem", "status": "PendingAcceptance"})),
    };
    let response = Response::builder().status(status).header("content-type", "application/json");
    Ok(response.body(Full::new(answer.to_string().into())).unwrap())
}

fn guest(id: &str) -> Value {
    let name = &id[24..];
    let mail = format!("guest{name}@adatum.com");
    json!({
        "id": id, "displayName": format!("Guest {name}"), "mail": mail, "otherMails": [], "accountEnabled": true,
        "userPrincipalName": format!("guest{name}_adatum.com#EXT#@contoso.onmicrosoft.com"),
        "proxyAddresses": [format!("SMTP:{mail}")], "userType": "Guest", "creationType": "Invitation",
        "externalUserState": "Accepted", "externalUserStateChangeDateTime": "2026-01-01T00:00:00Z",
        "identities": [{"signInType": "federated", "issuer": "ExternalAzureAD", "issuerAssignedId": null}],
    })
}
