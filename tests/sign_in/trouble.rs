//! A token service in trouble, and answers that are none.

use crate::entra::Entra;
use guest_redemption::Status;
use serde_json::{Value, json};

fn respond(status: u16, body: &str) -> Value {
    json!({"respond": {"status": status, "headers": {}, "body": body}})
}

#[test]
fn trouble_that_passes_is_waited_out() {
    let entra = Entra::start();
    let busy = json!({"respond": {"status": 429, "headers": {"Retry-After": "1"}, "body": ""}});
    let trouble = [respond(500, "x"), respond(503, ""), respond(504, "<html>"), busy, json!({"drop": "before"})];
    for action in trouble.into_iter().chain([json!({"truncate": 10})]) {
        entra.faults("/token", 1, action);
        entra.signs_in_and_resets(entra.secret_grant(), json!({}));
    }
}

#[test]
fn trouble_that_stays_is_told() {
    let other = Entra::start();
    let there = format!("{}/x/oauth2/v2.0/token", other.connection.url);
    let cases = [
        (respond(503, ""), Status::ServiceFault, 3),
        (respond(500, "<html>An <b>error</b></html>"), Status::ServiceFault, 3),
        (respond(429, ""), Status::Throttled, 3),
        (respond(200, "<html>A captive portal</html>"), Status::BadAnswer, 1),
        (respond(200, ""), Status::BadAnswer, 1),
        (respond(200, "{}"), Status::BadAnswer, 1),
        (respond(200, "[]"), Status::BadAnswer, 1),
        (respond(200, r#"{"access_token":7}"#), Status::BadAnswer, 1),
        (respond(204, ""), Status::SignInFailed, 1),
        (respond(400, "<html>"), Status::SignInFailed, 1),
        (respond(404, "\u{0}\u{1}"), Status::SignInFailed, 1),
        (respond(400, r#"{"error":7,"error_codes":"x"}"#), Status::SignInFailed, 1),
        (json!({"redirect": there}), Status::BadAnswer, 1),
        (json!({"respond": {"status": 302, "headers": {"Location": there}, "body": ""}}), Status::BadAnswer, 1),
        (json!({"drop": "before"}), Status::ConnectionLost, 3),
        (json!({"truncate": 10}), Status::ConnectionLost, 3),
    ];
    for (action, expected, requests) in cases {
        let entra = Entra::start();
        entra.faults("/token", 99, action.clone());
        let failed = entra.cannot_sign_in(entra.secret_grant(), json!({}));
        assert_eq!(failed.status, expected, "{action}: {failed:?}");
        assert!(failed.json["error"]["hint"].is_string(), "{failed:?}");
        assert!(!failed.message.contains('<'), "{failed:?}");
        assert_eq!(entra.sandbox.state().requests.len(), requests, "{action}");
    }
    assert_eq!(other.sandbox.state().requests.len(), 0, "a redirect is not followed");
}

#[test]
fn a_token_service_that_is_not_there() {
    let entra = Entra::start();
    let nobody = json!({"GUEST_REDEMPTION_LOGIN_URL": "http://127.0.0.1:9"});
    let failed = entra.cannot_sign_in(entra.secret_grant(), nobody);
    assert_eq!(failed.status, Status::ConnectionFailed, "{failed:?}");
}

#[test]
fn a_token_for_another_service_is_not_sent() {
    for audience in ["https://vault.azure.net", "https://graph.microsoft.us", "https://graph.microsoft.com"] {
        let entra = Entra::start();
        entra.control(json!({"audience": audience}));
        let failed = entra.cannot_sign_in(entra.secret_grant(), json!({}));
        assert_eq!(failed.status, Status::WrongAudience, "{failed:?}");
        assert_eq!(entra.graph_requests(), 0);
    }
    let entra = Entra::start();
    entra.control(json!({"audience": "00000003-0000-0000-c000-000000000000"}));
    let (session, _) = entra.begin(entra.secret_grant(), json!({}));
    assert_eq!(entra.wait(&session).status, Status::Ok, "Graph by its application id");
}

/// Numbers beyond what a clock can hold make the addition panic.
#[test]
fn lifetimes_beyond_all_measure() {
    for lifetime in [json!(u64::MAX), json!("18446744073709551615")] {
        let entra = Entra::start();
        let token = json!({"access_token": entra.connection.access_token, "expires_in": lifetime});
        entra.faults("v2.0/token", 1, respond(200, &token.to_string()));
        entra.signs_in_and_resets(entra.secret_grant(), json!({}));
        entra.faults("metadata/", 1, respond(200, &token.to_string()));
        let host = json!({"AZURE_POD_IDENTITY_AUTHORITY_HOST": entra.connection.url});
        entra.signs_in_and_resets(json!({"grant": "managed_identity"}), host);
        let code = json!({"device_code": "d", "user_code": "u", "verification_uri": "https://x", "expires_in": lifetime, "interval": 1});
        entra.faults("/devicecode", 1, respond(200, &code.to_string()));
        entra.begin(json!({"grant": "device_code"}), json!({}));
    }
}

#[test]
fn lifetimes_that_make_no_sense() {
    let entra = Entra::start();
    for lifetime in [json!(-5), json!(null), json!("soon"), json!(1.5), json!([])] {
        let token = json!({"access_token": entra.connection.access_token, "expires_in": lifetime});
        entra.faults("/token", 1, respond(200, &token.to_string()));
        entra.signs_in_and_resets(entra.secret_grant(), json!({}));
    }
    let token = json!({"access_token": entra.connection.access_token, "expires_in": 0});
    entra.faults("/token", 1, respond(200, &token.to_string()));
    let failed = entra.cannot_sign_in(entra.secret_grant(), json!({}));
    assert_eq!(failed.status, Status::TokenExpired, "{failed:?}");
}

#[test]
fn tokens_that_are_none() {
    for token in ["", "two\nlines-of-a-token-that-is-none", "opaque-but-wrong-token"] {
        let entra = Entra::start();
        entra.secret(token);
        let answer = json!({"access_token": token, "expires_in": 3600});
        entra.faults("/token", 9, respond(200, &answer.to_string()));
        let (session, _) = entra.begin(entra.secret_grant(), json!({}));
        let reset = entra.reset(&session);
        assert_ne!(reset.status, Status::Ok, "{reset:?}");
        assert_eq!(entra.sandbox.state().writes, 0);
    }
}

#[test]
fn signing_in_can_be_cancelled_on_its_way() {
    let entra = Entra::start();
    entra.faults("/token", 1, json!({"delay_ms": 20_000}));
    let (session, _) = entra.begin(entra.secret_grant(), json!({}));
    entra.wait_is_cancelled(&session);
    entra.resets(&session);
}
