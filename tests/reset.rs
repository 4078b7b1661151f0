//! Resets against the sandbox tenant: what is done, what is refused, and what becomes of trouble on the way.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

mod support;

use guest_redemption::Status;
use guest_redemption::sandbox::Settings;
use serde_json::{Value, json};
use support::{Tenant, id};

const ALICE: u32 = 1;
const CARLA: u32 = 3;

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

#[test]
fn a_reset_to_a_new_address_keeps_everything() {
    let tenant = Tenant::start();
    let before = tenant.guest(ALICE);
    let reset = tenant.reset(&id(ALICE), Some("alice@adatum.com"), json!({"verify": "full"}));
    assert_eq!((reset.status, reset.outcome()), (Status::Ok, "done"), "{reset:?}");
    let after = &reset.result()["guest_after"];
    assert_eq!(text(&after["id"]), id(ALICE));
    assert_eq!(after["user_principal_name"], before["userPrincipalName"]);
    assert_eq!(text(&after["mail"]), "alice@adatum.com");
    assert_eq!(text(&after["external_user_state"]), "PendingAcceptance");
    let kept = &reset.result()["kept"];
    for what in ["groups", "app_assignments"] {
        assert_eq!(kept[what]["before"], kept[what]["after"]);
        assert_eq!(kept[what]["before"].as_array().unwrap().len(), 2, "{kept}");
    }
    for step in ["find", "plan", "address", "invite", "verify"] {
        assert_eq!(reset.step(step), "done");
    }
    assert!(text(&reset.result()["invite_redeem_url"]).contains("redeem"));
    assert!(text(&reset.json["context"]["environment"]).starts_with("sandbox 127.0.0.1:"));
    let state = tenant.sandbox.state();
    assert_eq!((state.invitations_accepted, state.conversions, state.mails.len()), (1, 0, 0));
}

#[test]
fn the_guests_own_address_needs_no_change() {
    let tenant = Tenant::start();
    for user in [id(ALICE), "alice@FABRIKAM.com".into(), "alice_fabrikam.com#EXT#@contoso.onmicrosoft.com".into()] {
        let reset = tenant.reset(&user, None, json!({"verify_timeout_ms": 0}));
        assert_eq!(reset.status, Status::Ok, "{reset:?}");
        assert_eq!(reset.step("address"), "skipped");
        assert_eq!(text(&reset.result()["guest_before"]["id"]), id(ALICE));
    }
    assert_eq!(tenant.requests("PATCH", ""), 0);
}

#[test]
fn names_with_odd_characters_are_found() {
    let tenant = Tenant::start();
    for user in ["d.o'brien@fabrikam.com", "d.o'brien_fabrikam.com#EXT#@contoso.onmicrosoft.com"] {
        let plan = tenant.call("reset.plan", json!({"user_id": user}));
        assert_eq!(text(&plan.result()["guest_before"]["id"]), id(4), "{plan:?}");
    }
    let reset = tenant.reset(&id(4), Some("d.o'brien+new@adatum.com"), json!({}));
    assert_eq!(reset.outcome(), "done", "{reset:?}");
}

#[test]
fn the_mail_is_as_asked() {
    let mut tenant = Tenant::start();
    tenant.token = tenant.sandbox.connection().user_access_token.clone();
    let options = json!({
        "send_invitation_message": true, "customized_message_body": "Grüße\nfrom us",
        "cc_recipient": "boss@fabrikam.com", "invite_redirect_url": "https://app.example.com/start",
    });
    let reset = tenant.reset(&id(ALICE), Some("alice@adatum.com"), options);
    assert_eq!(reset.outcome(), "done", "{reset:?}");
    let mails = tenant.sandbox.state().mails;
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.as_str(), mails[0].cc.as_deref()), ("alice@adatum.com", Some("boss@fabrikam.com")));
    assert_eq!(mails[0].body.as_deref(), Some("Grüße\nfrom us"));
}

#[test]
fn a_plan_and_a_dry_run_change_nothing() {
    let tenant = Tenant::start();
    let plan = tenant.call("reset.plan", json!({"user_id": id(ALICE), "email": "alice@adatum.com"}));
    let dry = tenant.reset(&id(ALICE), Some("alice@adatum.com"), json!({"dry_run": true}));
    for planned in [&plan, &dry] {
        assert_eq!((planned.status, planned.outcome()), (Status::Ok, "planned"));
        let steps = planned.result()["plan"]["steps"].as_array().unwrap();
        let names: Vec<_> = steps.iter().map(|step| text(&step["step"])).collect();
        assert_eq!(names, ["address", "invite", "verify"]);
        let opens = planned.result()["plan"]["opens"].as_array().unwrap();
        assert!(
            opens.contains(&json!({"address": "alice@adatum.com", "why": ["new_mail"]}))
                && opens.contains(&json!({"address": "alice@fabrikam.com", "why": ["proxy_addresses"]})),
            "{opens:?}"
        );
        let codes: Vec<_> = planned.result()["plan"]["obstacles"].as_array().unwrap().iter().collect();
        assert!(codes.iter().any(|one| one["code"] == "DYNAMIC_GROUP" && one["effect"] == "warns"), "{codes:?}");
    }
    assert_eq!(tenant.sandbox.state().writes, 0);
}

#[test]
fn what_would_do_harm_is_refused_and_nothing_is_sent() {
    let tenant = Tenant::start();
    let cases = [
        (id(7), None, Status::InternalUser),
        ("ines@contoso.com".into(), None, Status::InternalUser),
        (id(8), None, Status::InternalGuest),
        (id(9), None, Status::ExternalUnclear),
        (id(0x11), None, Status::GuestDeleted),
        (id(0xffff), None, Status::GuestNotFound),
        ("nobody@fabrikam.com".into(), None, Status::GuestNotFound),
        ("nobody_x.com#EXT#@contoso.onmicrosoft.com".into(), None, Status::GuestNotFound),
        ("sam.shared@fabrikam.com".into(), None, Status::SeveralMatches),
        (id(0xf), None, Status::NoAddress),
        (id(0xc), None, Status::GuestHoldsRole),
        (id(ALICE), Some("carla@fabrikam.com"), Status::AddressInUse),
        (id(ALICE), Some("partners@contoso.com"), Status::AddressInUse),
        (id(ALICE), Some("kontakt@tailspin.com"), Status::AddressInUse),
        (id(ALICE), Some("DORA@fabrikam.com"), Status::AddressInUse),
        (id(ALICE), Some("ines.alias@contoso.com"), Status::AddressInUse),
    ];
    for (user, email, expected) in cases {
        let reset = tenant.reset(&user, email, json!({}));
        assert_eq!(reset.status, expected, "{user} {email:?}: {reset:?}");
        assert!(!reset.message.is_empty());
        assert!(reset.json["error"]["hint"].is_string(), "{reset:?}");
    }
    let several = tenant.reset("sam.shared@fabrikam.com", None, json!({}));
    assert_eq!(several.json["error"]["objects"].as_array().unwrap().len(), 2);
    let refused = tenant.reset(&id(ALICE), Some("kontakt@tailspin.com"), json!({}));
    assert_eq!((refused.outcome(), text(&refused.json["error"]["objects"][0]["kind"])), ("refused", "contact"));
    let none = tenant.reset(&id(ALICE), Some("alice@adatum.com"), json!({"address": "none"}));
    assert_eq!(none.status, Status::AddressNotOnGuest);
    let message = json!({"send_invitation_message": true, "customized_message_body": "Hello"});
    let dropped = tenant.reset(&id(ALICE), None, message);
    assert_eq!(dropped.status, Status::ConflictingOptions, "an application's message would be dropped");
    let state = tenant.sandbox.state();
    assert_eq!((state.writes, state.conversions), (0, 0));
    assert_eq!(tenant.requests("POST", "/invitations"), 0);
}

#[test]
fn what_only_deserves_a_warning_is_done() {
    let tenant = Tenant::start();
    let cases = [(CARLA, "GUEST_IS_PENDING"), (0xb, "ACCOUNT_BLOCKED"), (0xd, "ROLE_ASSIGNABLE_GROUP")];
    for (guest, code) in cases {
        let plan = tenant.call("reset.plan", json!({"user_id": id(guest)}));
        let obstacles = plan.result()["plan"]["obstacles"].as_array().unwrap();
        assert!(obstacles.iter().any(|one| one["code"] == code && one["effect"] == "warns"), "{code}: {obstacles:?}");
        assert_eq!(plan.outcome(), "planned");
    }
    for guest in [CARLA, 0xb, 0x10, 0x12] {
        let reset = tenant.reset(&id(guest), None, json!({}));
        assert_eq!(reset.outcome(), "done", "{reset:?}");
    }
}

#[test]
fn old_addresses_are_left_kept_or_removed() {
    let tenant = Tenant::start();
    let reset = tenant.reset(&id(ALICE), Some("alice@adatum.com"), json!({"old_address": "keep"}));
    assert_eq!(reset.outcome(), "done", "{reset:?}");
    assert_eq!(tenant.guest(ALICE)["otherMails"], json!(["alice@fabrikam.com"]));

    let options = json!({"old_address": "remove", "verify_timeout_ms": 0});
    let reset = tenant.reset(&id(ALICE), Some("alice@tailspin.com"), options);
    let partly = &reset.result()["removed_partly"];
    assert_eq!(text(&partly["address"]), "alice@adatum.com", "{reset:?}");
    assert_eq!(partly["still_in"], json!(["proxyAddresses"]));
    assert_eq!(tenant.guest(ALICE)["otherMails"], json!(["alice@fabrikam.com"]), "an entry was lost unasked");

    let reset = tenant.reset(&id(0xf), Some("nora@adatum.com"), json!({"address": "other_mails"}));
    assert_eq!(reset.outcome(), "done", "{reset:?}");
    assert_eq!(tenant.guest(0xf)["otherMails"], json!(["nora@fabrikam.com", "nora@adatum.com"]));
    assert!(tenant.guest(0xf)["mail"].is_null());
}

#[test]
fn replication_is_waited_for() {
    let tenant = Tenant::with(Settings { replication_delay_ms: 400, ..Settings::default() });
    let reset = tenant.reset(&id(ALICE), Some("alice@adatum.com"), json!({"send_invitation_message": true}));
    assert_eq!(reset.outcome(), "done", "{reset:?}");
    assert!(tenant.requests("POST", "/invitations") > 1);
    assert_eq!(tenant.sandbox.state().mails.len(), 1);
}

#[test]
fn an_address_that_never_arrives_leaves_a_report_or_is_undone() {
    let tenant = Tenant::with(Settings { replication_delay_ms: 600_000, ..Settings::default() });
    let reset = tenant.reset(&id(ALICE), Some("alice@adatum.com"), json!({"timeout_ms": 1500}));
    assert_eq!((reset.status, reset.outcome()), (Status::AddressChangedNotReset, "address_changed_not_reset"));
    assert_eq!(text(&reset.result()["undo"]["mail"]), "alice@fabrikam.com");
    assert!(!text(&reset.json["error"]["service"]["request_id"]).is_empty(), "{reset:?}");
    assert_eq!(text(&tenant.guest(ALICE)["mail"]), "alice@adatum.com");

    let options = json!({"timeout_ms": 2000, "undo_on_failure": true});
    let reset = tenant.reset(&id(3), Some("carla@adatum.com"), options);
    assert_eq!((reset.status, reset.outcome()), (Status::AddressNotOnGuest, "undone"), "{reset:?}");
    assert_eq!(text(&tenant.guest(3)["mail"]), "carla@fabrikam.com");

    let tenant = Tenant::start();
    let generic = json!({"respond": {"status": 403, "headers": {}, "body": r#"{"error":{"code":"Forbidden","message":"Generic authorization exception."}}"#}});
    tenant.fault("POST", "/invitations", generic);
    let options = json!({"undo_on_failure": true, "address": "other_mails"});
    let reset = tenant.reset(&id(ALICE), Some("alice@adatum.com"), options);
    assert_eq!((reset.status, reset.outcome()), (Status::AccessDenied, "undone"), "{reset:?}");
    assert_eq!(reset.step("undo"), "done");
    assert_eq!(tenant.guest(ALICE)["otherMails"], json!([]));
}

/// What became of a POST whose answer was lost, by whether it was carried out, a mail was asked for, and reads lag.
#[test]
fn a_lost_answer_to_the_post() {
    let cases = [
        // carried out, mail, stale for ms -> outcome, mails, accepted
        ("after", true, 0, "done", 1, 1),
        ("after", true, 700, "done", 1, 1),
        ("after", false, 0, "done", 0, 1),
        ("before", true, 0, "unknown", 0, 0),
        ("before", false, 0, "done", 0, 1),
    ];
    for (moment, mail, stale, outcome, mails, accepted) in cases {
        let tenant = Tenant::with(Settings { stale_read_ms: stale, ..Settings::default() });
        tenant.fault("POST", "/invitations", json!({"drop": moment}));
        let options = json!({"send_invitation_message": mail, "verify_timeout_ms": 2000});
        let reset = tenant.reset(&id(ALICE), None, options);
        let case = format!("{moment} mail={mail} stale={stale}: {reset:?}");
        assert_eq!(reset.outcome(), outcome, "{case}");
        let expected = if outcome == "done" { Status::Ok } else { Status::OutcomeUnknown };
        assert_eq!(reset.status, expected, "{case}");
        let state = tenant.sandbox.state();
        assert_eq!((state.mails.len(), state.invitations_accepted), (mails, accepted), "{case}");
    }
}

/// Reads that lag longer than the evidence is looked for: with a mail it must not be posted again.
#[test]
fn without_evidence_a_mail_is_never_sent_twice() {
    for fault in [json!({"drop": "after"}), json!({"truncate": 10})] {
        let tenant = Tenant::with(Settings { stale_read_ms: 60_000, ..Settings::default() });
        tenant.fault("POST", "/invitations", fault);
        let options = json!({"send_invitation_message": true, "verify_timeout_ms": 300});
        let reset = tenant.reset(&id(ALICE), None, options);
        assert_eq!((reset.status, reset.outcome()), (Status::OutcomeUnknown, "unknown"), "{reset:?}");
        assert_eq!(tenant.sandbox.state().mails.len(), 1);
        assert_eq!(tenant.requests("POST", "/invitations"), 1);
    }
}

#[test]
fn faults_of_the_service_on_the_post() {
    let respond = |status: u16| json!({"respond": {"status": status, "headers": {"Retry-After": "0"}, "body": "<html><h1>Oops</h1></html>"}});
    // with a mail, a 5xx is as unclear as a lost answer
    let tenant = Tenant::start();
    tenant.fault("POST", "/invitations", respond(503));
    let options = json!({"send_invitation_message": true, "verify_timeout_ms": 200});
    assert_eq!(tenant.reset(&id(ALICE), None, options).outcome(), "unknown");
    assert_eq!(tenant.requests("POST", "/invitations"), 1);
    // 429 says that it was not accepted
    let tenant = Tenant::start();
    tenant.faults("POST", "/invitations", 2, respond(429));
    let reset = tenant.reset(&id(ALICE), None, json!({"send_invitation_message": true}));
    assert_eq!(reset.outcome(), "done", "{reset:?}");
    assert_eq!((tenant.requests("POST", "/invitations"), tenant.sandbox.state().mails.len()), (3, 1));
}

#[test]
fn a_lost_answer_to_the_patch() {
    for (moment, address) in
        [("after", "mail"), ("before", "mail"), ("after", "other_mails"), ("before", "other_mails")]
    {
        for stale in [0, 400] {
            let tenant = Tenant::with(Settings { stale_read_ms: stale, ..Settings::default() });
            tenant.fault("PATCH", "/users/", json!({"drop": moment}));
            let reset = tenant.reset(
                &id(ALICE),
                Some("alice@adatum.com"),
                json!({"address": address, "send_invitation_message": true}),
            );
            assert_eq!(reset.outcome(), "done", "{moment} {address} {stale}: {reset:?}");
            assert_eq!(tenant.sandbox.state().mails.len(), 1);
            let guest = tenant.guest(ALICE);
            let expected = if address == "mail" { json!([]) } else { json!(["alice@adatum.com"]) };
            assert_eq!(guest["otherMails"], expected);
        }
    }
}

#[test]
fn a_change_time_that_does_not_move_is_not_a_failure() {
    let tenant = Tenant::start();
    let reset = tenant.reset(&id(0xe), None, json!({"verify_timeout_ms": 300}));
    assert_eq!((reset.status, reset.outcome()), (Status::Ok, "accepted_unverified"), "{reset:?}");
    let reset = tenant.reset(&id(ALICE), None, json!({"verify": "none"}));
    assert_eq!((reset.status, reset.outcome(), reset.step("verify")), (Status::Ok, "accepted_unverified", "skipped"));
}

#[test]
fn synchronised_guests_are_refused_by_the_service() {
    let tenant = Tenant::start();
    let reset = tenant.reset(&id(0xa), Some("olaf@adatum.com"), json!({}));
    assert_eq!((reset.status, reset.step("address")), (Status::RequestRefused, "failed"), "{reset:?}");
    assert!(reset.message.contains("on-premises"), "{reset:?}");
    assert_eq!(tenant.reset(&id(0xa), None, json!({})).outcome(), "done");
}

/// As in two national clouds.
#[test]
fn where_v1_lacks_the_reset_beta_is_used_and_said() {
    let tenant = Tenant::start();
    let lacking = "The property 'resetRedemption' does not exist on type 'microsoft.graph.invitation'.";
    let body = json!({"error": {"code": "BadRequest", "message": lacking}}).to_string();
    let action = json!({"respond": {"status": 400, "headers": {}, "body": body}});
    tenant.faults("POST", "/v1.0/invitations", 9, action);
    let reset = tenant.reset(&id(ALICE), None, json!({"send_invitation_message": true}));
    assert_eq!(reset.outcome(), "done", "{reset:?}");
    assert!(reset.result()["steps"].to_string().contains("on beta"), "{reset:?}");
    assert_eq!((tenant.requests("POST", "/beta/invitations"), tenant.sandbox.state().mails.len()), (1, 1));
}

#[test]
fn two_writers_of_one_guest_lose_nothing() {
    let tenant = Tenant::start();
    std::thread::scope(|scope| {
        for name in ["a", "b", "c", "d"] {
            let tenant = &tenant;
            scope.spawn(move || {
                let email = format!("{name}@adatum.com");
                let options = json!({"address": "other_mails", "verify": "none"});
                let reset = tenant.reset(&id(ALICE), Some(&email), options);
                assert_eq!(reset.status, Status::Ok, "{reset:?}");
            });
        }
    });
    assert_eq!(tenant.guest(ALICE)["otherMails"].as_array().unwrap().len(), 4);
}
