//! Managed identities, on both kinds of host.

use crate::entra::{Entra, names};
use guest_redemption::Status;
use serde_json::{Value, json};

fn hosts(entra: &Entra) -> [Value; 3] {
    let url = &entra.connection.url;
    let header = entra.control(json!({}))["identity_header"].clone();
    [
        json!({"AZURE_POD_IDENTITY_AUTHORITY_HOST": url}),
        json!({"IDENTITY_ENDPOINT": format!("{url}/msi/token"), "IDENTITY_HEADER": header}),
        // that of Automation ends like this
        json!({"IDENTITY_ENDPOINT": format!("{url}/msi/token?"), "IDENTITY_HEADER": header}),
    ]
}

#[test]
fn every_identity_on_every_host() {
    let entra = Entra::start();
    let identity = entra.control(json!({}))["managed_identity"].clone();
    let names_of_ids = [("object_id", "msi_res_id"), ("principal_id", "mi_res_id"), ("principal_id", "mi_res_id")];
    for (host, (object_id, resource_id)) in hosts(&entra).into_iter().zip(names_of_ids) {
        let ids = [("client_id", "client_id"), ("object_id", object_id), ("resource_id", resource_id)];
        for id in std::iter::once(None).chain(ids.map(Some)) {
            let mut auth = json!({"grant": "managed_identity"});
            if let Some((ours, _)) = id {
                auth[ours] = identity[ours].clone();
            }
            let (_, context) = entra.signs_in_and_resets(auth, host.clone());
            assert_eq!(context["account_type"], "app");
            assert!(context["expires_at"].is_string());
            let mut expected = vec!["api-version", "resource"];
            expected.extend(id.map(|(_, theirs)| theirs));
            assert_eq!(names(&entra.last_sign_in()), expected, "{host}");
        }
    }
}

#[test]
fn identities_that_are_not_there() {
    let entra = Entra::start();
    let auth = json!({"grant": "managed_identity", "client_id": "10000000-0000-4000-8000-00000000dead"});
    for host in hosts(&entra) {
        let failed = entra.cannot_sign_in(auth.clone(), host);
        assert_eq!(failed.status, Status::GrantUnavailable, "{failed:?}");
        assert!(failed.message.contains("Identity not found"), "{failed:?}");
    }
    entra.secret("wrong-identity-header");
    let endpoint = format!("{}/msi/token", entra.connection.url);
    let wrong = json!({"IDENTITY_ENDPOINT": endpoint, "IDENTITY_HEADER": "wrong-identity-header"});
    let system = json!({"grant": "managed_identity"});
    assert_eq!(entra.cannot_sign_in(system.clone(), wrong).status, Status::GrantUnavailable);
    // nobody listens there
    let nowhere = json!({"AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:9"});
    let failed = entra.cannot_sign_in(system.clone(), nowhere);
    assert_eq!(failed.status, Status::GrantUnavailable, "{failed:?}");
    let elsewhere = json!({"IDENTITY_ENDPOINT": "http://example.com/msi/token", "IDENTITY_HEADER": "x"});
    assert_eq!(entra.cannot_sign_in(system, elsewhere).status, Status::InsecureUrl);
    let two = json!({"grant": "managed_identity", "client_id": "a", "object_id": "b"});
    assert_eq!(entra.cannot_sign_in(two, json!({})).status, Status::ConflictingOptions);
    assert_eq!(entra.graph_requests(), 0);
}

#[test]
fn the_endpoint_s_trouble() {
    let respond = |status: u16, body: &str| json!({"respond": {"status": status, "headers": {}, "body": body}});
    for (action, expected) in [
        (respond(500, "<html>"), Status::GrantUnavailable),
        (respond(200, "<html>"), Status::BadAnswer),
        (respond(200, "{}"), Status::BadAnswer),
        (json!({"redirect": "https://example.com/"}), Status::GrantUnavailable),
        (json!({"drop": "before"}), Status::ConnectionLost),
    ] {
        let entra = Entra::start();
        entra.faults("/token", 9, action.clone());
        for host in hosts(&entra) {
            let failed = entra.cannot_sign_in(json!({"grant": "managed_identity"}), host);
            assert_eq!(failed.status, expected, "{action}: {failed:?}");
            assert!(!failed.message.contains('<'), "{failed:?}");
        }
    }
    // passing trouble is waited out
    let entra = Entra::start();
    for status in [429, 500, 503] {
        entra.faults("/token", 1, respond(status, ""));
        entra.signs_in_and_resets(json!({"grant": "managed_identity"}), hosts(&entra)[0].clone());
    }
}

/// The metadata service answers 404 or 410 while it is being updated, and asks clients to try again.
#[test]
fn a_metadata_service_that_is_being_updated() {
    for status in [404, 410] {
        let entra = Entra::start();
        entra.faults("/token", 1, json!({"respond": {"status": status, "headers": {}, "body": ""}}));
        entra.signs_in_and_resets(json!({"grant": "managed_identity"}), hosts(&entra)[0].clone());
    }
}
