//! The identity that Azure gives to a machine or an app.
//!
//! Source: the managed identity pages on virtual machines and on App Service (which Functions, Container Apps and
//! Automation follow).

use super::Token;
use super::token_endpoint::seconds;
use crate::call::{Call, Purpose};
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::http::url::{encode, is_this_machine_or_link_local};
use crate::http::{Failure, Method, Request, Response};
use crate::options::Environment;
use crate::status::Status;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// Which of several identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The machine's own.
    System,
    ClientId(String),
    ObjectId(String),
    ResourceId(String),
}

/// Where its tokens come from.
#[derive(Debug)]
enum Host {
    /// The metadata service of a virtual machine.
    Machine { root: String },
    /// App Service and what follows it.
    App { endpoint: String, header: SecretString },
}

/// A managed identity.
#[derive(Debug)]
pub(crate) struct ManagedIdentity {
    pub(super) identity: Identity,
    host: Host,
}

impl ManagedIdentity {
    /// The one of this machine or app, as the environment tells.
    pub(crate) fn new(identity: Identity, environment: &Environment) -> Result<Self> {
        let host = match (environment.get("IDENTITY_ENDPOINT"), environment.get("IDENTITY_HEADER")) {
            (Some(endpoint), Some(header)) => Host::App { endpoint, header: header.into() },
            _ => Host::Machine {
                root: environment
                    .get("AZURE_POD_IDENTITY_AUTHORITY_HOST")
                    .unwrap_or_else(|| "http://169.254.169.254".into()),
            },
        };
        let (Host::Machine { root: url } | Host::App { endpoint: url, .. }) = &host;
        if !url::Url::parse(url).is_ok_and(|url| is_this_machine_or_link_local(&url)) {
            return Err(Error::new(Status::InsecureUrl, "the managed identity's endpoint is not on this machine")
                .hint("check IDENTITY_ENDPOINT and AZURE_POD_IDENTITY_AUTHORITY_HOST"));
        }
        Ok(Self { identity, host })
    }

    /// Whether the endpoint is one that every machine might have, rather than one that the environment names.
    pub(super) fn is_a_guess(&self) -> bool {
        matches!(self.host, Host::Machine { .. })
    }

    pub(super) async fn token(&self, call: &Call, cloud: &Cloud) -> Result<Token> {
        let answer = self.ask(call, cloud).await.map_err(|failure| {
            let mut error = call.failed(&failure, "asking for the managed identity's token");
            if failure.nothing_sent() && error.status == Status::ConnectionFailed {
                error = Error::new(Status::GrantUnavailable, "this machine has no managed identity endpoint")
                    .hint("a managed identity works only on Azure, where one is switched on");
            }
            error
        })?;
        if answer.status != 200 {
            return Err(refused(answer.status, &answer.body));
        }
        let read: Answer = serde_json::from_slice(&answer.body).map_err(|_| {
            Error::new(Status::BadAnswer, "the managed identity's endpoint gave no token that can be read")
        })?;
        let lifetime = read.lifetime();
        Ok(Token::new(&read.access_token, lifetime))
    }

    /// While the metadata service is updated it answers 404 or 410 for a while.
    async fn ask(&self, call: &Call, cloud: &Cloud) -> Result<Response, Failure> {
        let request = self.request(cloud);
        let mut answer = call.send(&request, Purpose::Ordinary).await?;
        for _ in 1..call.retry.max_attempts {
            if !matches!(answer.status, 404 | 410) || call.budget.sleep(call.retry.base_delay).await.is_err() {
                break;
            }
            answer = call.send(&request, Purpose::Ordinary).await?;
        }
        Ok(answer)
    }

    fn request(&self, cloud: &Cloud) -> Request {
        let resource = encode(&cloud.graph_url);
        let (mut url, mut headers) = match &self.host {
            Host::Machine { root } => {
                let root = root.trim_end_matches('/');
                (format!("{root}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={resource}"), vec![])
            }
            Host::App { endpoint, header } => {
                // that of Automation holds a query already
                let separator = if endpoint.contains('?') { '&' } else { '?' };
                let url = format!("{endpoint}{separator}api-version=2019-08-01&resource={resource}");
                (url, vec![("x-identity-header", header.expose_secret().to_owned().into())])
            }
        };
        let on_app = matches!(self.host, Host::App { .. });
        let parameter = match &self.identity {
            Identity::System => None,
            Identity::ClientId(id) => Some(("client_id", id)),
            Identity::ObjectId(id) => Some((if on_app { "principal_id" } else { "object_id" }, id)),
            Identity::ResourceId(id) => Some((if on_app { "mi_res_id" } else { "msi_res_id" }, id)),
        };
        if let Some((name, id)) = parameter {
            url.push_str(&format!("&{name}={}", encode(id)));
        }
        headers.push(("metadata", "true".into()));
        Request { method: Method::Get, url, headers, bearer: None, body: None }
    }
}

#[derive(Deserialize)]
struct Answer {
    access_token: SecretString,
    expires_in: Option<Value>,
    expires_on: Option<Value>,
}

impl Answer {
    fn lifetime(&self) -> Option<Duration> {
        let until = |at: u64| {
            let end = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(at))?;
            end.duration_since(SystemTime::now()).ok()
        };
        let for_seconds = self.expires_in.as_ref().and_then(seconds).map(Duration::from_secs);
        for_seconds.or_else(|| self.expires_on.as_ref().and_then(seconds).and_then(until))
    }
}

fn refused(status: u16, body: &[u8]) -> Error {
    let read: Value = serde_json::from_slice(body).unwrap_or_default();
    let said = read["error_description"].as_str().or_else(|| read["message"].as_str()).unwrap_or_default();
    let said: String = said.lines().next().unwrap_or_default().chars().take(300).collect();
    let text = if said.is_empty() { String::new() } else { format!(": {said}") };
    Error::new(Status::GrantUnavailable, format!("the managed identity gave no token (HTTP {status}){text}"))
        .hint("check that the identity is assigned to this machine or app, and its id if it is user-assigned")
}
