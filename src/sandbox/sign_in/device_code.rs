//! Device codes: asked for here, typed by a person (the control API) and polled for at the token endpoint.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use super::form::Form;
use super::person;
use super::refusal::Refusal;
use crate::sandbox::http::{Reply, Request};
use crate::sandbox::tenant::Tenant;

/// A code that somebody may type.
pub(super) struct DeviceCode {
    device_code: String,
    pub(super) user_code: String,
    scope: String,
    pub(super) state: State,
    end: Instant,
    /// The latest poll, at first the time of its making.
    polled: Instant,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    Pending,
    Approved,
    Declined,
}

/// `POST /{tenant}/oauth2/v2.0/devicecode`.
pub(super) fn begin(tenant: &mut Tenant, request: &Request) -> Result<Reply, Refusal> {
    let form = Form::read(request)?;
    form.only(&["client_id", "scope"])?;
    person::check_client(request, &form)?;
    let scope = form.field("scope")?;
    person::check_scope(tenant, scope)?;
    let settings = &tenant.sign_in.settings;
    let device_code = format!("device.{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let user_code = Uuid::new_v4().simple().to_string()[..9].to_uppercase();
    let page = "https://login.microsoft.com/device";
    let answer = json!({
        "device_code": device_code, "user_code": user_code, "verification_uri": page,
        "expires_in": settings.device_code_lifetime, "interval": settings.device_code_interval,
        "message": format!("To sign in, use a web browser to open the page {page} and enter the code {user_code} to authenticate."),
    });
    tenant.journal.keep_secret(&device_code);
    let end = Instant::now() + Duration::from_secs(settings.device_code_lifetime);
    let (scope, state) = (scope.to_owned(), State::Pending);
    tenant.sign_in.device_codes.push(DeviceCode { device_code, user_code, scope, state, end, polled: Instant::now() });
    Ok(Reply::json(200, &answer))
}

/// `grant_type=urn:ietf:params:oauth:grant-type:device_code`.
pub(super) fn token(tenant: &mut Tenant, request: &Request, form: &Form) -> Result<Value, Refusal> {
    form.only(&["grant_type", "client_id", "device_code"])?;
    person::check_client(request, form)?;
    let sign_in = &mut tenant.sign_in;
    let settings = &sign_in.settings;
    let interval = settings.device_code_least_interval.unwrap_or(settings.device_code_interval);
    let asked = form.field("device_code")?;
    let Some(at) = sign_in.device_codes.iter().position(|code| code.device_code == asked) else {
        return Err(Refusal::new("bad_verification_code", 70_018, "The device code is not known."));
    };
    let code = &mut sign_in.device_codes[at];
    let since_last = std::mem::replace(&mut code.polled, Instant::now()).elapsed();
    if code.end <= Instant::now() {
        return Err(Refusal::new("expired_token", 70_020, "The provided value for the code has expired."));
    }
    if since_last < Duration::from_secs(interval) {
        return Err(Refusal::plain("slow_down", "The device code was polled too fast."));
    }
    match code.state {
        State::Pending => {
            let text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
            Err(Refusal::new("authorization_pending", 70_016, text))
        }
        State::Declined => Err(Refusal::plain("authorization_declined", "The end user denied the request.")),
        State::Approved => {
            let code = sign_in.device_codes.remove(at);
            Ok(person::answer(tenant, &code.scope, None, None))
        }
    }
}
