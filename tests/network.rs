//! The way to the service: proxies with and without a password, a private root, and none.
#![allow(clippy::unwrap_used)]

mod support;

use guest_redemption::Status;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use support::{Outcome, Tenant, id};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

const HOST: &str = "graph.example.test";
/// name:pa$$word
const BASIC: &str = "proxy-authorization: basic bmftztpwysqkd29yza==";

/// A sandbox behind TLS and a CONNECT proxy, for a host that exists nowhere else.
struct World {
    tenant: Tenant,
    root: tempfile::NamedTempFile,
    tls: SocketAddr,
    proxy: SocketAddr,
    /// Heads of the requests that the proxy got, in lower case.
    heads: Arc<Mutex<Vec<String>>>,
    _runtime: tokio::runtime::Runtime,
}

impl World {
    /// With a password the proxy lets only those in who know it.
    fn start(password: bool) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let tenant = Tenant::start();
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate =
            rcgen::CertificateParams::new([HOST.into(), "localhost".into()]).unwrap().self_signed(&key).unwrap();
        let root = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(root.path(), certificate.pem()).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
        let service = tenant.sandbox.url().trim_start_matches("http://").to_owned();
        let tls = runtime.block_on(serve_tls(TlsAcceptor::from(Arc::new(config)), service));
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let proxy = runtime.block_on(serve_proxy(tls, heads.clone(), password));
        Self { tenant, root, tls, proxy, heads, _runtime: runtime }
    }

    /// A read of a guest through `graph_url`, with these options on top.
    fn read(&self, graph_url: &str, members: Value) -> Outcome {
        let mut environment = self.tenant.environment();
        environment["GUEST_REDEMPTION_GRAPH_URL"] = graph_url.into();
        environment["GUEST_REDEMPTION_LOGIN_URL"] = graph_url.into();
        // the sandbox's tokens are for its own address; an opaque one is refused by the service itself
        environment["GUEST_REDEMPTION_ACCESS_TOKEN"] = "opaque".into();
        let variables = members["environment"].as_object().cloned().unwrap_or_default();
        environment.as_object_mut().unwrap().extend(variables);
        let mut members = members;
        members["environment"] = environment;
        members["user_id"] = id(1).into();
        self.tenant.call("user.get", members)
    }

    fn ca_file(&self) -> &str {
        self.root.path().to_str().unwrap()
    }
}

async fn serve_tls(acceptor: TlsAcceptor, service: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, service) = (acceptor.clone(), service.clone());
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut service = TcpStream::connect(service).await.unwrap();
                    let _ = copy_bidirectional(&mut stream, &mut service).await;
                }
            });
        }
    });
    address
}

async fn serve_proxy(target: SocketAddr, heads: Arc<Mutex<Vec<String>>>, password: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(tunnel(stream, target, heads.clone(), password));
        }
    });
    address
}

async fn tunnel(mut stream: TcpStream, target: SocketAddr, heads: Arc<Mutex<Vec<String>>>, password: bool) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    heads.lock().unwrap().push(head.clone());
    if password && !head.contains(BASIC) {
        let answer =
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";
        let _ = stream.write_all(answer.as_bytes()).await;
        return;
    }
    let mut service = TcpStream::connect(target).await.unwrap();
    let _ = stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await;
    let _ = copy_bidirectional(&mut stream, &mut service).await;
}

/// The service's own refusal of the token shows that it was reached.
fn was_reached(outcome: &Outcome) -> bool {
    outcome.status == Status::TokenRejected && outcome.json["diagnostics"][0]["http_status"] == 401
}

#[test]
fn a_private_root_is_trusted_when_named() {
    let world = World::start(false);
    let url = format!("https://localhost:{}", world.tls.port());
    let known = world.read(&url, json!({"ca_file": world.ca_file()}));
    assert!(was_reached(&known), "{known:?}");
    assert_eq!(known.json["context"]["environment"], format!("sandbox localhost:{}", world.tls.port()));
    let unknown = world.read(&url, json!({}));
    assert_eq!(unknown.status, Status::TlsFailed, "{unknown:?}");
    assert_eq!(world.tenant.sandbox.state().requests.len(), 1);
}

#[test]
fn a_file_of_roots_that_cannot_be_used_is_told() {
    let world = World::start(false);
    let empty = tempfile::NamedTempFile::new().unwrap();
    for file in ["/nowhere/roots.pem", empty.path().to_str().unwrap()] {
        let read = world.read(&format!("https://localhost:{}", world.tls.port()), json!({"ca_file": file}));
        assert_eq!(read.status, Status::CaFileUnusable, "{read:?}");
    }
}

#[test]
fn a_proxy_is_used_for_all_but_this_machine() {
    let world = World::start(false);
    let proxy = format!("http://{}", world.proxy);
    let url = format!("https://{HOST}");
    let by_option = world.read(&url, json!({"ca_file": world.ca_file(), "proxy": proxy}));
    assert!(was_reached(&by_option), "{by_option:?}");
    let head = world.heads.lock().unwrap()[0].clone();
    assert!(head.starts_with(&format!("connect {HOST}:443 http/1.1\r\n")), "{head}");
    assert!(!head.contains("opaque"), "the token is for the service alone");

    let variables = json!({"HTTPS_PROXY": proxy});
    let by_variable = world.read(&url, json!({"ca_file": world.ca_file(), "environment": variables}));
    assert!(was_reached(&by_variable), "{by_variable:?}");

    let before = world.heads.lock().unwrap().len();
    let exempt = json!({"HTTPS_PROXY": proxy, "NO_PROXY": ".example.test"});
    let direct = world.read(&url, json!({"ca_file": world.ca_file(), "environment": exempt}));
    assert_eq!(direct.status, Status::ConnectionFailed, "the host exists only behind the proxy: {direct:?}");
    let local = world
        .read(&format!("https://localhost:{}", world.tls.port()), json!({"ca_file": world.ca_file(), "proxy": proxy}));
    assert!(was_reached(&local), "{local:?}");
    assert_eq!(world.heads.lock().unwrap().len(), before);
}

#[test]
fn a_proxy_that_wants_a_password() {
    let world = World::start(true);
    let url = format!("https://{HOST}");
    let known = format!("http://name:pa%24%24word@{}", world.proxy);
    let let_in = world.read(&url, json!({"ca_file": world.ca_file(), "proxy": known}));
    assert!(was_reached(&let_in), "{let_in:?}");
    for proxy in [format!("http://{}", world.proxy), format!("http://name:wr0ngw0rd@{}", world.proxy)] {
        let refused = world.read(&url, json!({"ca_file": world.ca_file(), "proxy": proxy}));
        assert_eq!(refused.status, Status::ProxyRefused, "{refused:?}");
        let hint = refused.json["error"]["hint"].as_str().unwrap();
        assert!(hint.contains("NTLM"), "{hint}");
        assert!(!refused.json.to_string().contains("wr0ngw0rd"));
    }
    assert!(!let_in.json.to_string().contains("pa%24") && !let_in.json.to_string().contains("pa$$"));
}

#[test]
fn a_proxy_that_is_not_there() {
    let world = World::start(false);
    let refused = world.read(&format!("https://{HOST}"), json!({"proxy": "http://127.0.0.1:1"}));
    assert_eq!(refused.status, Status::ConnectionFailed, "{refused:?}");
    let pac = world.read(&format!("https://{HOST}"), json!({"proxy": "http://config.example.test/proxy.pac"}));
    assert_eq!(pac.status, Status::OutOfRange);
    assert!(pac.message.contains("PAC"), "{}", pac.message);
}
