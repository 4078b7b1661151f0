//! A service faster than any client here: nginx with fixed answers to what a reset asks. Beside it a recorder of
//! requests, and a service that answers the same from afar.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener as StdListener, TcpStream as StdStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// nginx on two ports, plain and TLS. It ends with this value.
pub(crate) struct Service {
    process: Child,
    folder: TempDir,
    pub(crate) plain: SocketAddr,
    pub(crate) tls: SocketAddr,
}

impl Service {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(["127.0.0.1".into()]).unwrap().self_signed(&key).unwrap();
        let (plain, tls) = (free(), free());
        let files = [
            ("root.pem", certificate.pem()),
            ("key.pem", key.serialize_pem()),
            ("nginx.conf", CONFIGURATION.replace("PLAIN", &plain.to_string()).replace("SECURE", &tls.to_string())),
        ];
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let mut nginx = Command::new("nginx");
        nginx.arg("-p").arg(folder.path()).args(["-e", "stderr", "-c", "nginx.conf"]);
        let mut process = nginx.spawn().unwrap();
        while StdStream::connect(plain).is_err() {
            assert!(process.try_wait().unwrap().is_none(), "nginx has ended");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { process, folder, plain, tls }
    }

    pub(crate) fn ca_file(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// A file that is gone with the service.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free() -> SocketAddr {
    StdListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Whether a program is on PATH.
pub(crate) fn is_there(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// The answers are as long as Graph's, with its headers. The guest has redeemed, holds the address in `mail`, and is in
/// two groups, so that a reset to its own address meets no obstacle.
const CONFIGURATION: &str = r##"
daemon off;
# one process, on the core of whoever starts it
master_process off;
pid nginx.pid;
pcre_jit on;
events { worker_connections 8192; }
http {
    access_log off;
    server_tokens off;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
    default_type "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    # the only way to write one
    geo $dollar { default "$"; }
    add_header Cache-Control no-cache;
    add_header Strict-Transport-Security max-age=31536000;
    add_header request-id $request_id;
    add_header client-request-id $http_client_request_id;
    add_header x-ms-ags-diagnostic '{"ServerInfo":{"DataCenter":"West Europe","Slice":"E","Ring":"5","ScaleUnit":"001","RoleInstance":"AM1PEPF00000001"}}';
    add_header x-ms-resource-unit 1;
    add_header OData-Version 4.0;
    server {
        listen PLAIN backlog=4096;
        listen SECURE ssl backlog=4096;
        ssl_certificate root.pem;
        ssl_certificate_key key.pem;
        ssl_protocols TLSv1.3;
        location ~ "^/v1\.0/users/([0-9a-f-]+)$" {
            return 200 '{"@odata.context":"https://graph.microsoft.com/v1.0/${dollar}metadata#users(id,displayName,userPrincipalName,mail,otherMails,proxyAddresses,userType,creationType,externalUserState,externalUserStateChangeDateTime,accountEnabled,onPremisesSyncEnabled,identities)/${dollar}entity","id":"$1","displayName":"Guest of Northwind","userPrincipalName":"guest_northwind.com#EXT#@contoso.onmicrosoft.com","mail":"guest@northwind.com","otherMails":["guest@northwind.com"],"proxyAddresses":["SMTP:guest@northwind.com"],"userType":"Guest","creationType":"Invitation","externalUserState":"Accepted","externalUserStateChangeDateTime":"2026-01-05T08:00:00Z","accountEnabled":true,"onPremisesSyncEnabled":null,"identities":[{"signInType":"federated","issuer":"ExternalAzureAD","issuerAssignedId":null},{"signInType":"userPrincipalName","issuer":"contoso.onmicrosoft.com","issuerAssignedId":"guest_northwind.com#EXT#@contoso.onmicrosoft.com"}]}';
        }
        location ~ "^/v1\.0/users/[0-9a-f-]+/memberOf$" {
            return 200 '{"@odata.context":"https://graph.microsoft.com/v1.0/${dollar}metadata#directoryObjects(id,displayName,membershipRule,isAssignableToRole)","value":[{"@odata.type":"#microsoft.graph.group","id":"40000000-0000-4000-8000-000000000001","displayName":"Partners","membershipRule":null,"isAssignableToRole":null},{"@odata.type":"#microsoft.graph.group","id":"40000000-0000-4000-8000-000000000002","displayName":"All guests","membershipRule":"(user.userType -eq \\"Guest\\")","isAssignableToRole":null}]}';
        }
        location = /v1.0/invitations {
            return 201 '{"@odata.context":"https://graph.microsoft.com/v1.0/${dollar}metadata#invitations/${dollar}entity","id":"50000000-0000-4000-8000-000000000001","inviteRedeemUrl":"https://login.microsoftonline.com/redeem?rd=https%3a%2f%2finvitations.microsoft.com%2fredeem%2f%3ftenant%3d10000000-0000-4000-8000-000000000000%26user%3d20000000-0000-4000-8000-000000000001%26ticket%3dAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%26ver%3d2.0","invitedUserDisplayName":null,"invitedUserType":"Guest","invitedUserEmailAddress":"guest@northwind.com","sendInvitationMessage":false,"resetRedemption":true,"inviteRedirectUrl":"https://myapps.microsoft.com/?tenantid=10000000-0000-4000-8000-000000000000","status":"PendingAcceptance","invitedUserMessageInfo":{"messageLanguage":null,"customizedMessageBody":null,"ccRecipients":[{"emailAddress":{"name":null,"address":null}}]},"invitedUser":{"id":"20000000-0000-4000-8000-000000000001"}}';
        }
    }
}
"##;

/// What was sent, one entry a request.
pub(crate) type Recording = Arc<Mutex<Vec<String>>>;

/// Keeps each request that goes to the service through the address that is returned.
pub(crate) fn record(service: SocketAddr) -> (SocketAddr, Recording) {
    let (recording, listener) = (Recording::default(), StdListener::bind("127.0.0.1:0").unwrap());
    let (kept, address) = (recording.clone(), listener.local_addr().unwrap());
    std::thread::spawn(move || {
        while let Ok((client, _)) = listener.accept() {
            let kept = kept.clone();
            std::thread::spawn(move || pass_on(client, StdStream::connect(service).unwrap(), &kept));
        }
    });
    (address, recording)
}

fn pass_on(mut client: StdStream, mut service: StdStream, kept: &Recording) {
    let (mut request, mut answer) = (vec![0; 16 << 10], vec![0; 16 << 10]);
    // both are short: each comes in one piece
    while let Ok(length @ 1..) = client.read(&mut request) {
        kept.lock().unwrap().push(String::from_utf8(request[..length].to_vec()).unwrap());
        service.write_all(&request[..length]).unwrap();
        let length = service.read(&mut answer).unwrap();
        client.write_all(&answer[..length]).unwrap();
    }
}

/// A service as far away as is wanted, in a process of its own. It gives the answers of the other. It ends with this
/// value.
pub(crate) struct Distant {
    process: Child,
    pub(crate) address: SocketAddr,
}

const DISTANT: &str = "--distant";
/// The guest that the answers it begins with are about; all ids are of one length.
const SAMPLE: &str = "20000000-0000-4000-8000-000000000000";

impl Distant {
    pub(crate) fn start(service: SocketAddr, latency: Duration) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([DISTANT, &service.to_string(), &latency.as_millis().to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, address: line.trim().parse().unwrap() }
    }

    /// Does the service's work and does not return, if this program was started for that.
    pub(crate) fn serve_if_asked() {
        let arguments: Vec<_> = std::env::args().collect();
        if let [_, distant, service, latency] = &arguments[..]
            && distant == DISTANT
        {
            serve(Answers::of(service.parse().unwrap()), Duration::from_millis(latency.parse().unwrap()));
        }
    }
}

impl Drop for Distant {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Those of the service to the three requests.
struct Answers {
    user: String,
    groups: String,
    invitation: String,
}

impl Answers {
    fn of(service: SocketAddr) -> Self {
        let ask = |request: &str| {
            let mut stream = StdStream::connect(service).unwrap();
            stream.write_all(format!("{request} HTTP/1.1\r\nHost: here\r\n\r\n").as_bytes()).unwrap();
            let mut answer = vec![0; 16 << 10];
            let length = stream.read(&mut answer).unwrap();
            String::from_utf8(answer[..length].to_vec()).unwrap()
        };
        Self {
            user: ask(&format!("GET /v1.0/users/{SAMPLE}")),
            groups: ask(&format!("GET /v1.0/users/{SAMPLE}/memberOf")),
            invitation: ask("POST /v1.0/invitations"),
        }
    }

    fn to(&self, request: &str) -> String {
        let path = request.split(' ').nth(1).unwrap();
        match path.strip_prefix("/v1.0/users/").map(|path| path.split_at(SAMPLE.len())) {
            Some((_, rest)) if rest.starts_with("/memberOf") => self.groups.clone(),
            Some((id, _)) => self.user.replacen(SAMPLE, id, 1),
            None => self.invitation.clone(),
        }
    }
}

#[allow(clippy::print_stdout)]
fn serve(answers: Answers, latency: Duration) {
    let answers = Arc::new(answers);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(4096).unwrap();
        println!("{}", listener.local_addr().unwrap());
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(answer(client, answers.clone(), latency));
        }
    });
}

async fn answer(mut client: TcpStream, answers: Arc<Answers>, latency: Duration) {
    client.set_nodelay(true).unwrap();
    let mut request = vec![0; 4 << 10];
    while let Ok(length @ 1..) = client.read(&mut request).await {
        let answer = answers.to(std::str::from_utf8(&request[..length]).unwrap());
        tokio::time::sleep(latency).await;
        if client.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
