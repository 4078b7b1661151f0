//! People with a browser, which the test plays.

use crate::entra::{Entra, names, until};
use guest_redemption::Status;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Sends text to the host of a URL on this machine and reads all that comes back.
pub(crate) fn send(url: &str, text: &str) -> String {
    let host = url.split('/').nth(2).unwrap();
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // a connection that is closed upon garbage may be reset
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

pub(crate) fn get(url: &str) -> String {
    let mut parts = url.splitn(4, '/').skip(2);
    let (host, path) = (parts.next().unwrap(), parts.next().unwrap());
    send(url, &format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
}

/// Opens the prompt's page, signs in there and gives the address that the browser is sent back to.
pub(crate) fn sign_in(prompt: &Value) -> String {
    let answer = get(prompt["url"].as_str().unwrap());
    let location = answer.lines().find_map(|line| line.strip_prefix("location: "));
    location.unwrap_or_else(|| panic!("no redirect: {answer}")).to_owned()
}

fn browser_grant() -> Value {
    json!({"grant": "browser"})
}

/// Waits for the session while the browser does something.
fn meanwhile<T>(entra: &Entra, session: &str, browser: impl FnOnce() -> T) -> (crate::support::Outcome, T) {
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| entra.wait(session));
        let done = browser();
        (waiting.join().unwrap(), done)
    })
}

#[test]
fn a_person_signs_in_once_and_is_remembered() {
    let entra = Entra::start();
    let client = entra.control(json!({}))["public_client_id"].clone();
    let auth = json!({"grant": "browser", "tenant_id": entra.connection.tenant_id, "login_hint": "ada+1@contoso.com"});
    let (session, prompt) = entra.begin(auth, json!({}));
    assert_eq!((&prompt["kind"], &prompt["client_id"]), (&json!("browser"), &client));
    assert!(prompt["environment"].as_str().unwrap().starts_with("sandbox 127.0.0.1:"), "{prompt}");
    let (waited, page) = meanwhile(&entra, &session, || get(&sign_in(&prompt)));
    assert_eq!(waited.status, Status::Ok, "{waited:?}");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Signed in"), "{page}");
    entra.output(&page);
    let context = waited.result();
    assert_eq!((&context["account"], &context["account_type"]), (&json!("ada@contoso.com"), &json!("user")));
    assert_eq!(context["client_id"], client);
    assert!(!context["permissions"].as_array().unwrap().is_empty());
    assert!(!context["role_templates"].as_array().unwrap().is_empty());
    let sent = entra.sign_ins();
    assert_eq!(sent[0].field("login_hint"), Some("ada+1@contoso.com"));
    assert_eq!(names(&sent[1]), ["grant_type", "client_id", "code", "redirect_uri", "code_verifier"]);
    entra.resets(&session);

    entra.refuse_token_once();
    entra.resets(&session);
    assert_eq!(names(&entra.last_sign_in()), ["grant_type", "client_id", "scope", "refresh_token"]);
    assert_eq!(entra.sign_ins().len(), 3);
}

#[test]
fn what_else_connects_does_not_disturb() {
    let entra = Entra::start();
    let (session, prompt) = entra.begin(browser_grant(), json!({}));
    let (waited, ()) = meanwhile(&entra, &session, || {
        let location = sign_in(&prompt);
        let root = location.split('?').next().unwrap();
        drop(TcpStream::connect(root.split('/').nth(2).unwrap().replace("localhost", "127.0.0.1")).unwrap());
        get(&format!("{root}favicon.ico"));
        get(root);
        send(root, "\x16\x03\x01\x02\x00\x01 this is no HTTP\r\n\r\n");
        send(root, &"x".repeat(40_000));
        send(root, &format!("POST /?code=x&state=x HTTP/1.1\r\nHost: {root}\r\n\r\n"));
        assert!(get(&location).contains("Signed in"));
    });
    assert_eq!(waited.status, Status::Ok, "{waited:?}");
    entra.resets(&session);
}

#[test]
fn a_browser_that_was_quicker_than_the_wait() {
    let entra = Entra::start();
    let (session, prompt) = entra.begin(browser_grant(), json!({}));
    std::thread::scope(|scope| {
        let page = scope.spawn(|| get(&sign_in(&prompt)));
        until(|| !entra.sign_ins().is_empty());
        entra.resets(&session);
        assert!(page.join().unwrap().contains("Signed in"));
    });
}

#[test]
fn answers_that_are_refused() {
    for (browser, expected, redeemed) in [
        ("declines", Status::SignInFailed, false),
        ("wrong_state", Status::SignInNotFinished, false),
        ("wrong_nonce", Status::SignInNotFinished, true),
        ("wrong_audience", Status::SignInNotFinished, true),
    ] {
        let entra = Entra::start();
        entra.control(json!({"browser": browser}));
        let (session, prompt) = entra.begin(browser_grant(), json!({}));
        let (waited, page) = meanwhile(&entra, &session, || get(&sign_in(&prompt)));
        assert_eq!(waited.status, expected, "{waited:?}");
        assert!(waited.json["error"]["hint"].is_string(), "{waited:?}");
        assert_eq!(page.contains("Not signed in"), !redeemed, "{page}");
        entra.output(&page);
        assert_eq!(entra.sign_ins().len(), 1 + usize::from(redeemed), "{browser}");
        let reset = entra.reset(&session);
        assert_eq!(reset.status, Status::InteractionRequired, "{reset:?}");
        assert_eq!(entra.graph_requests(), 0);
    }
}

/// An answer without the nonce (or without an id token at all) is taken, although `openid` was asked for.
#[test]
fn a_missing_nonce_is_not_a_right_one() {
    let entra = Entra::start();
    entra.control(json!({"browser": "no_nonce"}));
    let (session, prompt) = entra.begin(browser_grant(), json!({}));
    let (waited, _) = meanwhile(&entra, &session, || get(&sign_in(&prompt)));
    assert_eq!(waited.status, Status::SignInNotFinished, "{waited:?}");
}

#[test]
fn a_code_that_came_too_late() {
    let entra = Entra::start();
    entra.control(json!({"code_lifetime_s": 0}));
    let (session, prompt) = entra.begin(browser_grant(), json!({}));
    let (waited, _) = meanwhile(&entra, &session, || get(&sign_in(&prompt)));
    assert_eq!(waited.status, Status::SignInFailed, "{waited:?}");
    assert_eq!(waited.json["error"]["service"]["code"], "AADSTS70008");
}

#[test]
fn the_page_repeats_nothing_of_its_address() {
    let entra = Entra::start();
    let (session, prompt) = entra.begin(browser_grant(), json!({}));
    let url = prompt["url"].as_str().unwrap();
    let state = url.split("&state=").nth(1).unwrap().split('&').next().unwrap();
    let root = sign_in(&prompt).split('?').next().unwrap().to_owned();
    let script = "%3Cscript%3Ealert(1)%3C/script%3E";
    let back = format!("{root}?error={script}&error_description={script}&state={state}");
    let (waited, page) = meanwhile(&entra, &session, || get(&back));
    assert_eq!(waited.status, Status::SignInFailed, "{waited:?}");
    assert!(page.contains("Not signed in") && !page.contains("script"), "{page}");
}

#[test]
fn two_people_at_once_are_not_mixed_up() {
    let entra = Entra::start();
    let (one, prompt_of_one) = entra.begin(browser_grant(), json!({}));
    let (two, prompt_of_two) = entra.begin(browser_grant(), json!({}));
    let answer_for_one = sign_in(&prompt_of_one);
    let port = |location: &str| location.split(['/', ':']).nth(4).unwrap().to_owned();
    let crossed = answer_for_one.replace(&port(&answer_for_one), &port(&sign_in(&prompt_of_two)));
    let (waited, _) = meanwhile(&entra, &two, || get(&crossed));
    assert_eq!(waited.status, Status::SignInNotFinished, "{waited:?}");
    let (waited, _) = meanwhile(&entra, &one, || get(&answer_for_one));
    assert_eq!(waited.status, Status::Ok, "{waited:?}");
}

#[test]
fn waiting_can_be_cancelled_and_taken_up_again() {
    let entra = Entra::start();
    let (session, prompt) = entra.begin(browser_grant(), json!({}));
    entra.wait_is_cancelled(&session);
    let late = entra.call("session.wait", json!({"session": session, "timeout_ms": 300}));
    assert_eq!(late.status, Status::TimeLimit, "{late:?}");
    let (waited, _) = meanwhile(&entra, &session, || get(&sign_in(&prompt)));
    assert_eq!(waited.status, Status::Ok, "{waited:?}");
}

/// While a connection says nothing (browsers open such in advance), the wait does not look at its limits.
#[test]
fn a_silent_connection_does_not_hold_up_the_cancellation() {
    let entra = Entra::start();
    let (session, prompt) = entra.begin(browser_grant(), json!({}));
    let location = sign_in(&prompt);
    let host = location.split('/').nth(2).unwrap().replace("localhost", "127.0.0.1");
    let _silent = TcpStream::connect(host).unwrap();
    entra.wait_is_cancelled(&session);
}

#[test]
fn nobody_is_waited_for_in_a_call_without_a_session() {
    let entra = Entra::start();
    for grant in ["browser", "device_code"] {
        let environment = entra.environment(json!({}));
        let user = json!({"auth": {"grant": grant}, "environment": environment, "user_id": "ada@contoso.com"});
        let failed = entra.call("user.get", user);
        assert_eq!(failed.status, Status::InteractionRequired, "{failed:?}");
    }
    assert_eq!((entra.sign_ins().len(), entra.graph_requests()), (0, 0));
}

#[test]
fn another_client_must_be_a_public_one() {
    let entra = Entra::start();
    let auth = json!({"grant": "device_code", "client_id": entra.connection.client_id});
    let failed = entra.cannot_sign_in(auth, json!({}));
    assert_eq!(failed.status, Status::SignInFailed, "{failed:?}");
    assert!(failed.message.contains("not a public client"), "{failed:?}");
    let auth = json!({"grant": "device_code", "tenant_id": "tailspin.com"});
    assert_eq!(entra.cannot_sign_in(auth, json!({})).status, Status::WrongTenant);
}
