//! Workload identity federation: somebody else's token instead of a secret.
//!
//! Source: the client credentials page (third case), the workload identity variables, and GitHub's page on OIDC.

use crate::call::{Call, Purpose};
use crate::error::{Error, Result};
use crate::http::url::{encode, root_of};
use crate::http::{Bearer, Method, Request};
use crate::options::Environment;
use crate::status::Status;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;

/// Where the other party's token comes from.
#[derive(Debug)]
pub(crate) enum Source {
    /// A file that is renewed while the process runs, so it is read each time.
    File(PathBuf),
    /// GitHub Actions.
    GitHub { url: String, token: Arc<SecretString> },
}

impl Source {
    /// The request URL and token of GitHub Actions, from its environment variables.
    pub(crate) fn github(environment: &Environment) -> Result<Self> {
        let get = |name| environment.get(name);
        match (get("ACTIONS_ID_TOKEN_REQUEST_URL"), get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")) {
            (Some(url), Some(token)) => {
                root_of(&url, "ACTIONS_ID_TOKEN_REQUEST_URL", environment.allows_loopback_http())?;
                Ok(Self::GitHub { url, token: Arc::new(token.into()) })
            }
            _ => Err(unavailable("this is not a GitHub Actions job that may ask for tokens")
                .hint("give the job the permission id-token: write")),
        }
    }

    /// The assertion, fresh each time.
    pub(super) async fn assertion(&self, call: &Call) -> Result<SecretString> {
        match self {
            Self::File(path) => {
                let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| {
                    unavailable(&format!("the token file {} cannot be read: {error}", path.display()))
                        .hint("check AZURE_FEDERATED_TOKEN_FILE and the rights of the file")
                })?;
                Ok(text.trim().into())
            }
            Self::GitHub { url, token } => github_token(call, url, token).await,
        }
    }
}

async fn github_token(call: &Call, url: &str, token: &Arc<SecretString>) -> Result<SecretString> {
    #[derive(Deserialize)]
    struct Answer {
        value: SecretString,
    }
    let separator = if url.contains('?') { '&' } else { '?' };
    let request = Request {
        method: Method::Get,
        url: format!("{url}{separator}audience={}", encode("api://AzureADTokenExchange")),
        headers: vec![("accept", "application/json".into())],
        bearer: Some(Bearer::new(token)),
        body: None,
    };
    let answer = call.send(&request, Purpose::Ordinary).await;
    let answer = answer.map_err(|failure| call.failed(&failure, "asking GitHub for a token"))?;
    let read = (answer.status == 200).then(|| serde_json::from_slice::<Answer>(&answer.body).ok()).flatten();
    read.map(|read| read.value).ok_or_else(|| {
        unavailable(&format!("GitHub gave no token (HTTP {})", answer.status))
            .hint("give the job the permission id-token: write")
    })
}

fn unavailable(why: &str) -> Error {
    Error::new(Status::GrantUnavailable, why)
}
