//! What the service and the network do to a call: sign-in, errors, limits, time and cancellation.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

mod support;

use guest_redemption::Status;
use guest_redemption::ffi::{redemption_cancel, redemption_cancel_free, redemption_cancel_new};
use guest_redemption::sandbox::Settings;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::{Tenant, id};

fn respond(status: u16, body: &str) -> Value {
    json!({"respond": {"status": status, "headers": {}, "body": body}})
}

fn error(code: &str, message: &str) -> String {
    json!({"error": {"code": code, "message": message, "innerError": {"request-id": "r"}}}).to_string()
}

#[test]
fn refusals_become_statuses_and_nothing_is_changed() {
    let cases = [
        (403, error("Forbidden", "Generic authorization exception."), Status::AccessDenied),
        (
            403,
            error("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
            Status::AccessDenied,
        ),
        (403, error("", "Guest invitations not allowed for your company."), Status::InvitationsDisabled),
        (403, error("AccessDenied", "required scopes are missing in the token"), Status::PermissionMissing),
        (403, error("", "This invitation is blocked by cross-tenant access settings."), Status::CrossTenantBlocked),
        (400, error("BadRequest", "Group email address is not supported"), Status::AddressIsGroup),
        (400, error("BadRequest", "Invitee is in inviter tenant"), Status::AddressIsInternal),
        (404, "<!DOCTYPE html><html><body>Not here</body></html>".into(), Status::NotFound),
        (400, String::new(), Status::RequestRefused),
        (400, "{\"error\":".into(), Status::RequestRefused),
    ];
    for (status, body, expected) in cases {
        let tenant = Tenant::start();
        tenant.fault("POST", "/invitations", respond(status, &body));
        let reset = tenant.reset(&id(1), None, json!({"send_invitation_message": true}));
        assert_eq!((reset.status, reset.outcome()), (expected, "failed"), "{body}: {reset:?}");
        assert!(reset.json["error"]["hint"].is_string());
        assert!(!reset.message.contains('<'), "{}", reset.message);
        assert_eq!(tenant.sandbox.state().writes, 0);
    }
}

#[test]
fn reads_survive_passing_trouble() {
    for action in [
        respond(503, ""),
        respond(500, "x"),
        respond(504, ""),
        json!({"drop": "before"}),
        json!({"drop": "after"}),
        json!({"truncate": 20}),
    ] {
        let tenant = Tenant::start();
        // of the guest itself; its groups are read at the same time
        tenant.faults("GET", "userPrincipalName,mail", 2, action.clone());
        let reset = tenant.reset(&id(1), None, json!({}));
        assert_eq!(reset.outcome(), "done", "{action}: {reset:?}");
        let attempts = reset.json["diagnostics"].as_array().unwrap().iter().map(|line| line["attempt"].as_u64()).max();
        assert_eq!(attempts, Some(Some(3)));
    }
}

#[test]
fn trouble_that_stays_is_told() {
    let cases = [
        (respond(503, ""), Status::ServiceFault),
        (respond(429, ""), Status::Throttled),
        (json!({"drop": "before"}), Status::ConnectionLost),
        (json!({"truncate": 20}), Status::ConnectionLost),
        (respond(200, "<html>A proxy's page</html>"), Status::BadAnswer),
        (json!({"redirect": "https://example.com/"}), Status::BadAnswer),
    ];
    for (action, expected) in cases {
        let tenant = Tenant::start();
        tenant.faults("GET", "/users/", 9, action.clone());
        let reset = tenant.reset(&id(1), None, json!({}));
        assert_eq!(reset.status, expected, "{action}: {reset:?}");
        assert_eq!(tenant.requests("POST", ""), 0);
    }
    let gone = Tenant::start();
    let options = gone.options(json!({}));
    drop(gone);
    let answer = guest_redemption::reset(&id(1), None, Some(&options.to_string()));
    assert_eq!(answer.status, Status::ConnectionFailed, "{}", answer.message);
}

#[test]
fn retry_after_is_kept_to_as_seconds_and_as_a_date() {
    let date = httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(4));
    for wait in ["1".to_owned(), date] {
        let tenant = Tenant::start();
        let action = json!({"respond": {"status": 429, "headers": {"Retry-After": wait}, "body": ""}});
        tenant.fault("GET", "/users/", action);
        let start = Instant::now();
        assert_eq!(tenant.reset(&id(1), None, json!({"dry_run": true})).outcome(), "planned");
        assert!(start.elapsed() >= Duration::from_millis(900), "{wait}: {:?}", start.elapsed());
    }
    // longer than the call may take: told at once
    let tenant = Tenant::start();
    tenant.fault("GET", "/users/", json!({"respond": {"status": 429, "headers": {"Retry-After": "3600"}, "body": ""}}));
    let reset = tenant.reset(&id(1), None, json!({}));
    assert_eq!(reset.status, Status::Throttled);
    assert_eq!(reset.json["error"]["service"]["retry_after_ms"], 3_600_000);
}

#[test]
fn signing_in_with_a_secret() {
    let tenant = Tenant::start();
    let connection = tenant.sandbox.connection();
    let auth = |tenant_id: &str, client_id: &str, secret: &str| json!({"auth": {"grant": "client_secret", "tenant_id": tenant_id, "client_id": client_id, "client_secret": secret}});
    let good = auth(&connection.tenant_id, &connection.client_id, &connection.client_secret);
    for _ in 0..2 {
        assert_eq!(tenant.reset(&id(1), None, json!({"auth": good["auth"], "dry_run": true})).outcome(), "planned");
    }
    assert_eq!(tenant.requests("POST", "/oauth2/v2.0/token"), 1, "the second call uses the first one's token");

    let (tenant_id, client_id) = (&connection.tenant_id, &connection.client_id);
    let cases = [
        (auth(tenant_id, client_id, "wrong-s3cret"), Status::CredentialRejected),
        (auth(tenant_id, "10000000-0000-4000-8000-00000000dead", "wrong-s3cret"), Status::AppNotFound),
        (auth("10000000-0000-4000-8000-00000000dead", client_id, "wrong-s3cret"), Status::WrongTenant),
    ];
    for (options, expected) in cases {
        let reset = tenant.reset(&id(1), None, options);
        assert_eq!(reset.status, expected, "{reset:?}");
        assert!(!reset.json.to_string().contains("wrong-s3cret"));
        assert!(reset.json["error"]["service"]["code"].as_str().unwrap().starts_with("AADSTS"), "{reset:?}");
    }
}

#[test]
fn tokens_that_cannot_do_it() {
    let mut tenant = Tenant::start();
    let issue = |tenant: &Tenant, wish: Value| {
        tenant.sandbox.control("/sandbox/token", wish)["access_token"].as_str().unwrap().to_owned()
    };
    let expired = issue(&tenant, json!({"kind": "app", "expires_in": -60}));
    let elsewhere = issue(&tenant, json!({"kind": "app", "audience": "https://vault.azure.net"}));
    let weak = issue(&tenant, json!({"kind": "app", "roles": ["User.Read.All"]}));
    let opaque = "not-a-token-of-this-tenant".to_owned();
    let cases = [
        (String::new(), Status::NotSignedIn),
        (expired, Status::TokenExpired),
        (elsewhere, Status::WrongAudience),
        (opaque, Status::TokenRejected),
        (weak, Status::PermissionMissing),
    ];
    for (token, expected) in cases {
        tenant.token = token.clone();
        let reset = tenant.reset(&id(1), None, json!({}));
        assert_eq!(reset.status, expected, "{reset:?}");
        assert!(token.is_empty() || !reset.json.to_string().contains(&token));
    }
    assert_eq!(tenant.sandbox.state().writes, 0);
}

#[test]
fn a_refused_token_of_a_secret_is_renewed_once() {
    let tenant = Tenant::start();
    let connection = tenant.sandbox.connection();
    let auth = json!({"grant": "client_secret", "tenant_id": connection.tenant_id, "client_id": connection.client_id,
        "client_secret": connection.client_secret});
    tenant.fault("POST", "/invitations", respond(401, &error("InvalidAuthenticationToken", "Token was revoked.")));
    let reset = tenant.reset(&id(1), None, json!({"auth": auth, "send_invitation_message": true}));
    assert_eq!(reset.outcome(), "done", "{reset:?}");
    assert_eq!((tenant.requests("POST", "/token"), tenant.sandbox.state().mails.len()), (2, 1));
}

#[test]
fn sessions_come_and_go() {
    let tenant = Tenant::start();
    let connection = tenant.sandbox.connection();
    let begun = tenant.call("session.begin", json!({}));
    let session = begun.result()["session"].clone();
    let call = |operation: &str, mut members: Value| {
        members["op"] = operation.into();
        let answer = guest_redemption::call(&members.to_string());
        (answer.status, serde_json::from_str::<Value>(&answer.json).unwrap())
    };
    let (status, shown) = call("session.wait", json!({"session": session}));
    assert_eq!(status, Status::Ok);
    assert_eq!(shown["result"]["tenant_id"], connection.tenant_id.as_str());
    assert_eq!(shown["result"]["account_type"], "app");
    assert!(shown["result"]["expires_at"].as_str().unwrap().ends_with('Z'), "{shown}");
    let auth = json!({"grant": "session", "session": session});
    let (status, user) = call("user.get", json!({"auth": auth, "user_id": id(1), "select": ["id", "mail"]}));
    assert_eq!((status, &user["result"]["user"]["mail"]), (Status::Ok, &json!("alice@fabrikam.com")));
    assert_eq!(call("session.end", json!({"session": session})).0, Status::Ok);
    assert_eq!(call("user.get", json!({"auth": auth, "user_id": id(1)})).0, Status::UnknownSession);
    let (_, about) = call("session.show", json!({}));
    assert_eq!(about["result"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn lists_are_paged_and_stay_with_their_service() {
    let tenant = Tenant::with(Settings { users: 30, ..Settings::default() });
    let first = tenant.call("user.list", json!({"filter": "userType eq 'Guest'", "top": 20, "select": ["id"]}));
    assert_eq!(first.result()["users"].as_array().unwrap().len(), 20, "{first:?}");
    let mut seen = 20;
    let mut next = first.result()["next"].clone();
    while let Some(link) = next.as_str() {
        let page = tenant.call("user.list", json!({"next": link}));
        assert_eq!(page.status, Status::Ok, "{page:?}");
        seen += page.result()["users"].as_array().unwrap().len();
        next = page.result()["next"].clone();
    }
    assert!(seen >= 70, "{seen}");
    for elsewhere in ["https://graph.example.com/v1.0/users", "http://127.0.0.1:1/v1.0/users", "/v1.0/users", "x"] {
        let page = tenant.call("user.list", json!({"next": elsewhere}));
        assert_eq!(page.status, Status::BadAnswer, "{page:?}");
    }
    let evil = json!({"value": [], "@odata.nextLink": "https://graph.example.com/v1.0/users?$skiptoken=1"});
    tenant.fault("GET", "/users?", respond(200, &evil.to_string()));
    assert_eq!(tenant.reset("a@adatum.com", None, json!({})).status, Status::BadAnswer);
}

#[test]
fn advanced_lists_say_so_on_every_page() {
    let tenant = Tenant::with(Settings { users: 30, ..Settings::default() });
    let filter = json!({"filter": "userType ne 'Member' and companyName eq null", "top": 20, "select": ["id"]});
    let plain = tenant.call("user.list", filter.clone());
    assert_eq!(plain.status, Status::RequestRefused, "{plain:?}");
    assert_eq!(plain.json["error"]["service"]["code"], "Request_UnsupportedQuery");

    let mut request = filter;
    request["advanced"] = true.into();
    let mut seen = 0;
    loop {
        let page = tenant.call("user.list", request);
        assert_eq!(page.status, Status::Ok, "{page:?}");
        seen += page.result()["users"].as_array().unwrap().len();
        let Some(link) = page.result()["next"].as_str() else { break };
        request = json!({"next": link});
    }
    assert!(seen >= 60, "{seen}");
    let listed = tenant.sandbox.state().requests.iter().filter(|one| one.path.contains("$count=true")).count();
    assert!(listed >= 4, "{listed}");
}

#[test]
fn users_are_updated_in_one_request_where_they_are_named() {
    let tenant = Tenant::start();
    let update = |user: &str, changes: Value| tenant.call("user.update", json!({"user_id": user, "changes": changes}));
    for (user, requests) in [
        (id(1), 1),
        ("alice_fabrikam.com#EXT#@contoso.onmicrosoft.com".to_owned(), 1),
        ("alice@fabrikam.com".to_owned(), 2),
    ] {
        let updated = update(&user, json!({"city": user}));
        assert_eq!(updated.status, Status::Ok, "{updated:?}");
        assert_eq!(updated.json["diagnostics"].as_array().unwrap().len(), requests, "{updated:?}");
        let read = tenant.call("user.get", json!({"user_id": id(1), "select": ["city"]}));
        assert_eq!(read.result()["user"]["city"], user);
    }
    assert_eq!(update(&id(0xffff), json!({"city": "x"})).status, Status::GuestNotFound);
    assert_eq!(update(&id(0x11), json!({"city": "x"})).status, Status::GuestDeleted);
    assert_eq!(update(&id(1), json!({"city": ""})).status, Status::RequestRefused);
}

#[test]
fn the_tenant_is_read() {
    let mut tenant = Tenant::start();
    let names = tenant.call("tenant.get", json!({}));
    assert_eq!(names.result()["tenant"]["id"], tenant.sandbox.connection().tenant_id.as_str(), "{names:?}");
    assert_eq!(names.result()["tenant"]["verifiedDomains"][0]["name"], "contoso.onmicrosoft.com");
    assert_eq!(names.result()["tenant"].get("city"), None);
    let city = tenant.call("tenant.get", json!({"select": ["city"]}));
    assert_eq!(city.result()["tenant"]["city"], "Amsterdam");

    tenant.fault("GET", "/organization", respond(200, r#"{"value": []}"#));
    assert_eq!(tenant.call("tenant.get", json!({})).status, Status::BadAnswer);

    let scopes = json!({"kind": "user", "scopes": ["User.Read"]});
    tenant.token = tenant.sandbox.control("/sandbox/token", scopes)["access_token"].as_str().unwrap().to_owned();
    let shown = tenant.call("tenant.get", json!({"select": ["displayName", "city"]}));
    assert_eq!(shown.result()["tenant"], json!({"displayName": "Contoso (sandbox)", "city": null}));
}

#[test]
fn the_raw_invitation_is_posted_as_given() {
    let tenant = Tenant::start();
    let invitation = json!({
        "invited_user_email_address": "alice@fabrikam.com", "invite_redirect_url": "http://myapps.microsoft.com",
        "send_invitation_message": true, "reset_redemption": true, "invited_user": {"id": id(1)},
        "invited_user_message_info": {"message_language": "nl-NL", "cc_recipients": [{"name": null, "address": "b@adatum.com"}]},
    });
    let created = tenant.call("invitation.create", json!({"invitation": invitation, "api": "beta"}));
    assert_eq!(created.status, Status::Ok, "{created:?}");
    assert_eq!(created.result()["invitation"]["status"], "PendingAcceptance");
    assert!(created.result()["invitation"].get("inviteRedeemUrl").is_none());
    let state = tenant.sandbox.state();
    let request = state.requests.iter().find(|request| request.path == "/beta/invitations").unwrap();
    let body: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
    assert_eq!(
        body["invitedUserMessageInfo"]["ccRecipients"][0]["emailAddress"],
        json!({"name": null, "address": "b@adatum.com"})
    );
    tenant.fault("POST", "/invitations", json!({"drop": "after"}));
    let lost = tenant.call("invitation.create", json!({"invitation": invitation}));
    assert_eq!(lost.status, Status::OutcomeUnknown, "{lost:?}");
    assert_eq!(tenant.sandbox.state().mails.len(), 2);
}

/// Cancels after a while; gives how long the call went on after that.
fn cancelled(tenant: &Tenant, members: Value) -> (support::Outcome, Duration) {
    let cancel = redemption_cancel_new();
    let mut members = members;
    members["cancel_id"] = cancel.into();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        redemption_cancel(cancel);
        Instant::now()
    });
    let reset = tenant.reset(&id(1), Some("alice@adatum.com"), members);
    let end = Instant::now();
    let late = end.saturating_duration_since(canceller.join().unwrap());
    redemption_cancel_free(cancel);
    (reset, late)
}

#[test]
fn cancelling_ends_reads_and_pauses_at_once() {
    let wait = json!({"respond": {"status": 429, "headers": {"Retry-After": "10"}, "body": ""}});
    for action in [json!({"delay_ms": 10_000}), wait] {
        let tenant = Tenant::start();
        tenant.fault("GET", "/users/", action.clone());
        let (reset, late) = cancelled(&tenant, json!({}));
        assert_eq!(reset.status, Status::Cancelled, "{action}: {reset:?}");
        assert!(late < Duration::from_millis(100), "{action}: {late:?}");
        assert_eq!(tenant.sandbox.state().writes, 0);
    }
}

#[test]
fn cancelling_between_address_and_post_leaves_a_report() {
    let tenant = Tenant::with(Settings { replication_delay_ms: 60_000, ..Settings::default() });
    let (reset, _) = cancelled(&tenant, json!({}));
    assert_eq!((reset.status, reset.outcome()), (Status::AddressChangedNotReset, "address_changed_not_reset"));
    assert!(reset.message.contains("cancelled"), "{}", reset.message);
}

#[test]
fn cancelling_a_post_waits_for_its_answer_a_little() {
    for (delay, grace, outcome) in [(900, 5_000, "accepted_unverified"), (5_000, 200, "unknown")] {
        let tenant = Tenant::start();
        tenant.fault("POST", "/invitations", json!({"delay_ms": delay}));
        let (reset, _) = cancelled(&tenant, json!({"cancel_grace_ms": grace, "send_invitation_message": true}));
        assert_eq!(reset.outcome(), outcome, "{reset:?}");
        assert_eq!(tenant.requests("POST", "/invitations"), 1);
    }
}

#[test]
fn a_call_that_is_cancelled_before_it_begins_sends_nothing() {
    let tenant = Tenant::start();
    let cancel = redemption_cancel_new();
    redemption_cancel(cancel);
    let reset = tenant.reset(&id(1), None, json!({"cancel_id": cancel}));
    assert_eq!(reset.status, Status::Cancelled);
    assert_eq!(tenant.sandbox.state().requests.len(), 0);
}

#[test]
fn the_time_limit_holds() {
    let tenant = Tenant::start();
    tenant.fault("GET", "/users/", json!({"delay_ms": 10_000}));
    let start = Instant::now();
    let reset = tenant.reset(&id(1), None, json!({"timeout_ms": 500}));
    assert_eq!(reset.status, Status::TimeLimit, "{reset:?}");
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[test]
fn every_request_can_be_told_from_the_others() {
    let tenant = Tenant::start();
    let reset = tenant.reset(&id(1), Some("alice@adatum.com"), json!({}));
    let state = tenant.sandbox.state();
    let mut ids: Vec<_> = state.requests.iter().filter_map(|request| request.client_request_id.clone()).collect();
    assert_eq!(ids.len(), reset.json["diagnostics"].as_array().unwrap().len());
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), state.requests.len());
}
