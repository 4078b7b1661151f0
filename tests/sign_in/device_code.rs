//! People who type a code somewhere.

use crate::entra::{Entra, names, until};
use guest_redemption::Status;
use serde_json::{Value, json};

/// A tenant whose codes are polled for each second, and a session with its prompt.
fn begun(settings: Value) -> (Entra, String, Value) {
    let entra = Entra::start();
    entra.control(json!({"device_code_interval_s": 1}));
    entra.control(settings);
    let (session, prompt) = entra.begin(json!({"grant": "device_code"}), json!({}));
    (entra, session, prompt)
}

/// How the polls were answered so far.
fn polls(entra: &Entra) -> Vec<String> {
    let polls = entra.sign_ins().into_iter().filter(|record| record.path.ends_with("/token"));
    polls.map(|record| record.error.unwrap_or_else(|| "a token".to_owned())).collect()
}

#[test]
fn a_code_is_pending_until_a_person_approves() {
    let (entra, session, prompt) = begun(json!({}));
    assert_eq!(prompt["kind"], "device_code");
    let user_code = prompt["user_code"].as_str().unwrap();
    assert!(prompt["message"].as_str().unwrap().contains(user_code), "{prompt}");
    assert!(prompt["verification_uri"].as_str().unwrap().starts_with("https://"), "{prompt}");
    assert_eq!(names(&entra.last_sign_in()), ["client_id", "scope"]);
    let waited = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| entra.wait(&session));
        until(|| polls(&entra).len() >= 2);
        entra.control(json!({"approve": user_code}));
        waiting.join().unwrap()
    });
    assert_eq!(waited.status, Status::Ok, "{waited:?}");
    assert_eq!(waited.result()["account"], "ada@contoso.com");
    let polls = polls(&entra);
    let (last, before) = polls.split_last().unwrap();
    assert!(last == "a token" && before.iter().all(|poll| poll == "authorization_pending"), "{polls:?}");
    assert_eq!(names(&entra.last_sign_in()), ["grant_type", "client_id", "device_code"]);
    entra.resets(&session);
    entra.refuse_token_once();
    entra.resets(&session);
    assert_eq!(entra.last_sign_in().field("grant_type"), Some("refresh_token"));
}

#[test]
fn polling_slows_down_when_told_to() {
    // the service keeps to a longer interval than it has told
    let (entra, session, prompt) = begun(json!({"device_code_least_interval_s": 3}));
    entra.control(json!({"approve": prompt["user_code"]}));
    assert_eq!(entra.wait(&session).status, Status::Ok);
    assert_eq!(polls(&entra), ["slow_down", "a token"]);
}

#[test]
fn a_code_that_is_declined() {
    let (entra, session, prompt) = begun(json!({}));
    entra.control(json!({"decline": prompt["user_code"]}));
    let waited = entra.wait(&session);
    assert_eq!(waited.status, Status::SignInFailed, "{waited:?}");
    assert!(waited.message.contains("declined"), "{waited:?}");
    assert_eq!(polls(&entra), ["authorization_declined"]);
    assert_eq!(entra.reset(&session).status, Status::InteractionRequired);
}

#[test]
fn a_code_that_nobody_uses() {
    let (entra, session, _) = begun(json!({"device_code_lifetime_s": 2}));
    let waited = entra.wait(&session);
    assert!([Status::SignInFailed, Status::SignInNotFinished].contains(&waited.status), "{waited:?}");
    assert!(waited.json["error"]["hint"].as_str().unwrap().contains("begin again"), "{waited:?}");
    assert!(polls(&entra).len() <= 3);
}

#[test]
fn waiting_can_be_cancelled_and_taken_up_again() {
    let (entra, session, prompt) = begun(json!({"device_code_interval_s": 5}));
    entra.wait_is_cancelled(&session);
    let late = entra.call("session.wait", json!({"session": session, "timeout_ms": 300}));
    assert_eq!(late.status, Status::TimeLimit, "{late:?}");
    entra.control(json!({"approve": prompt["user_code"]}));
    assert_eq!(entra.wait(&session).status, Status::Ok);
}

#[test]
fn a_poll_that_is_lost_is_repeated() {
    let (entra, session, prompt) = begun(json!({"device_code_least_interval_s": 0}));
    entra.faults("/token", 1, json!({"drop": "before"}));
    entra.faults("/token", 1, json!({"respond": {"status": 503, "headers": {}, "body": ""}}));
    entra.control(json!({"approve": prompt["user_code"]}));
    assert_eq!(entra.wait(&session).status, Status::Ok);
}

#[test]
fn answers_without_a_code() {
    let entra = Entra::start();
    for (status, body, expected) in [
        (200, "<html>", Status::BadAnswer),
        (200, r#"{"device_code":1}"#, Status::BadAnswer),
        (503, "", Status::ServiceFault),
    ] {
        entra.faults("/devicecode", 3, json!({"respond": {"status": status, "headers": {}, "body": body}}));
        let failed = entra.cannot_sign_in(json!({"grant": "device_code"}), json!({}));
        assert_eq!(failed.status, expected, "{failed:?}");
        entra.sandbox.control("reset", json!({}));
    }
}
