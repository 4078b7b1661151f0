//! The token of a person or application that has signed in with `az login`.
//!
//! Azure CLI's own tokens for people lack the permission to reset; those of applications have what was granted.

use super::Token;
use super::token_endpoint::seconds;
use crate::call::Call;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::status::Status;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde_json::Value;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

/// How often the waiting call looks at the program and at its own limits.
const LOOK: Duration = Duration::from_millis(25);

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "accessToken")]
    access_token: SecretString,
    expires_on: Option<Value>,
}

/// Asks `az` for a token.
pub(super) async fn token(call: &Call, cloud: &Cloud, tenant_id: Option<&str>) -> Result<Token> {
    let program = if cfg!(windows) { "az.cmd" } else { "az" };
    let mut command = Command::new(program);
    command.args(["account", "get-access-token", "--output", "json", "--scope", &cloud.scope()]);
    if let Some(tenant_id) = tenant_id {
        command.args(["--tenant", tenant_id]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|_| {
        Error::new(Status::GrantUnavailable, "Azure CLI is not installed").hint("install it, then run az login")
    })?;
    let text = output(call, &mut child).await.inspect_err(|_| {
        let _ = child.kill();
        let _ = child.wait();
    })?;
    let read: Answer = serde_json::from_str(&text).map_err(|_| {
        Error::new(Status::GrantUnavailable, "Azure CLI gave no token").hint("run az login, with the tenant named")
    })?;
    let until = |at: u64| (SystemTime::UNIX_EPOCH + Duration::from_secs(at)).duration_since(SystemTime::now()).ok();
    let lifetime = read.expires_on.as_ref().and_then(seconds).and_then(until);
    Ok(Token::new(&read.access_token, lifetime))
}

/// What the program wrote, once it has ended. A token is far smaller than a pipe's buffer.
async fn output(call: &Call, child: &mut Child) -> Result<Zeroizing<String>> {
    loop {
        call.budget.check()?;
        match child.try_wait() {
            Ok(Some(_)) => break,
            Ok(None) => call.budget.sleep(LOOK).await?,
            Err(_) => return Err(Error::new(Status::GrantUnavailable, "Azure CLI could not be waited for")),
        }
    }
    let mut text = Zeroizing::new(String::new());
    if let Some(mut pipe) = child.stdout.take() {
        let _ = pipe.read_to_string(&mut text);
    }
    Ok(text)
}
