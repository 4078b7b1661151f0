//! Every bad input gets its own status and message, and nothing is sent.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

mod support;

use guest_redemption::Status;
use serde_json::{Value, json};
use support::{Outcome, Tenant, id};

#[test]
fn arguments_of_a_reset() {
    let tenant = Tenant::start();
    let guest = id(1);
    let cases: [(&str, Option<&str>, Status, &str); 10] = [
        ("", None, Status::InvalidUserId, "user_id"),
        ("Alice Alvarez", None, Status::InvalidUserId, "user_id"),
        ("alice", None, Status::InvalidUserId, "user_id"),
        (&guest, Some(""), Status::EmptyAddress, "email is empty"),
        (&guest, Some("  "), Status::EmptyAddress, "email is empty"),
        (&guest, Some("alice"), Status::MalformedAddress, "no @"),
        (&guest, Some("alice@"), Status::MalformedAddress, "domain"),
        (&guest, Some("al ice@adatum.com"), Status::MalformedAddress, "white space"),
        (&guest, Some("a@b@adatum.com"), Status::MalformedAddress, "more than one @"),
        (&guest, Some("<alice@adatum.com>"), Status::MalformedAddress, "no mailbox"),
    ];
    for (user, email, status, words) in cases {
        let reset = tenant.reset(user, email, json!({}));
        assert_eq!(reset.status, status, "{user:?} {email:?}");
        assert!(reset.message.contains(words), "{}", reset.message);
    }
    let plus = tenant.reset(&guest, Some("alice+tag@adatum.com"), json!({"dry_run": true}));
    assert_eq!(plus.outcome(), "planned");
    assert!(tenant.sandbox.state().requests.iter().all(|request| request.method == "GET"));
}

#[test]
fn options_of_a_reset() {
    let tenant = Tenant::start();
    let cases = [
        (json!({"colour": 1}), Status::UnknownOption, r#""colour""#),
        (json!({"retry": {"attempts": 1}}), Status::UnknownOption, r#"retry: the key "attempts""#),
        (json!({"timeout_ms": "1"}), Status::WrongType, "timeout_ms"),
        (json!({"send_invitation_message": 1}), Status::WrongType, "send_invitation_message"),
        (json!({"timeout_ms": 99}), Status::OutOfRange, "timeout_ms"),
        (json!({"timeout_ms": -1}), Status::OutOfRange, "timeout_ms"),
        (json!({"address": "everywhere"}), Status::OutOfRange, "address"),
        (json!({"retry": {"max_attempts": 11}}), Status::OutOfRange, "retry.max_attempts"),
        (json!({"auth": {"grant": "access_token"}}), Status::MissingOption, "access_token"),
        (json!({"auth": {"grant": "magic"}}), Status::OutOfRange, "auth"),
        (json!({"auth": {"grant": "session", "session": "s0"}}), Status::UnknownSession, "s0"),
        (json!({"cancel_id": 0}), Status::UnknownCancelId, "0"),
        (json!({"cloud": "mars"}), Status::ConflictingOptions, "cloud"),
        (json!({"message_language": "nl"}), Status::ConflictingOptions, "mail"),
        (
            json!({"send_invitation_message": true, "customized_message_body": "x".repeat(10_001)}),
            Status::MessageTooLong,
            "10001",
        ),
    ];
    for (options, status, words) in cases {
        let reset = tenant.reset(&id(1), None, options.clone());
        assert_eq!(reset.status, status, "{options}: {}", reset.message);
        assert!(reset.message.contains(words), "{options}: {}", reset.message);
    }
    assert_eq!(tenant.sandbox.state().requests.len(), 0);
}

#[test]
fn json_itself() {
    let reset = |options| Outcome::of(guest_redemption::reset(&id(1), None, Some(options)));
    assert_eq!(reset("{").status, Status::InvalidJson);
    assert_eq!(reset("").status, Status::InvalidJson);
    assert_eq!(reset("null").status, Status::InvalidJson);
    assert_eq!(reset("{} {}").status, Status::InvalidJson);
    assert_eq!(reset(r#"{"verify": "state", "verify": "none"}"#).status, Status::DuplicateOption);
    assert_eq!(reset(r#"{"environment": {"A": "1", "A": "2"}}"#).message, "opts_json: environment.A stands twice");
    assert_eq!(reset(&"[".repeat(100_000)).status, Status::InvalidJson);

    let call = |request: Value| Outcome::of(guest_redemption::call(&request.to_string())).status;
    assert_eq!(call(json!({})), Status::MissingOption);
    assert_eq!(call(json!({"op": 1})), Status::WrongType);
    assert_eq!(call(json!({"op": "reset.everything"})), Status::UnknownOperation);
    assert_eq!(call(json!({"op": "user.get"})), Status::MissingOption);
    assert_eq!(call(json!({"op": "user.get", "user_id": "a@b.co", "colour": 1})), Status::UnknownOption);
    assert_eq!(call(json!({"op": "user.list", "top": 0})), Status::OutOfRange);
    assert_eq!(call(json!({"op": "user.list", "next": "x", "advanced": true})), Status::ConflictingOptions);
    assert_eq!(call(json!({"op": "user.list", "advanced": 1})), Status::WrongType);
    assert_eq!(call(json!({"op": "tenant.get", "select": []})), Status::OutOfRange);
    assert_eq!(call(json!({"op": "tenant.get", "tenant": "x"})), Status::UnknownOption);
    assert_eq!(call(json!({"op": "user.list", "select": ["id,mail&x"]})), Status::OutOfRange);
    assert_eq!(call(json!({"op": "user.update", "user_id": "a@b.co", "changes": {}})), Status::OutOfRange);
    assert_eq!(call(json!({"op": "session.show", "session": "nobody's"})), Status::UnknownSession);
    assert_eq!(call(json!({"op": "invitation.create", "invitation": {}})), Status::MissingOption);
}

#[test]
fn an_error_in_the_options_never_shows_a_secret() {
    let secret = "s3cr3t-v4lue";
    for options in [
        format!(r#"{{"auth": {{"grant": "client_secret", "client_secret": "{secret}"}}}}"#),
        format!(r#"{{"auth": {{"grant": "access_token", "access_token": ["{secret}"]}}}}"#),
        format!(r#"{{"auth": "{secret}"}}"#),
        format!(r#"{{"auth": {{"grant": "{secret}"}}}}"#),
        format!(r#"{{"timeout_ms": "{secret}"}}"#),
        format!(r#"{{"auth": {{"grant": "access_token", "access_token": "{secret}"}} "#),
        format!(r#"{{"address": "{secret}"}}"#),
    ] {
        let reset = Outcome::of(guest_redemption::reset(&id(1), None, Some(&options)));
        assert!(!reset.json.to_string().contains(secret), "{options}: {}", reset.json);
    }
}
