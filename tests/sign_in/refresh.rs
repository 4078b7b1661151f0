//! Refresh tokens of an earlier sign-in.

use crate::entra::{Entra, names};
use guest_redemption::Status;
use serde_json::{Value, json};

fn refresh_grant(entra: &Entra, token: &Value) -> Value {
    json!({"grant": "refresh_token", "tenant_id": entra.connection.tenant_id, "refresh_token": token})
}

#[test]
fn the_newest_refresh_token_is_used() {
    for (how, replaced) in [("keeps", false), ("rotates", true), ("rotates_and_revokes", true)] {
        let entra = Entra::start();
        entra.control(json!({"refresh": how}));
        let token = entra.control(json!({"refresh_token": true}))["refresh_token"].clone();
        let (session, context) = entra.signs_in_and_resets(refresh_grant(&entra, &token), json!({}));
        assert_eq!(context["account"], "ada@contoso.com");
        for _ in 0..2 {
            entra.refuse_token_once();
            entra.resets(&session);
        }
        let sent = entra.sign_ins();
        assert_eq!(sent.len(), 3, "{how}");
        assert_eq!(names(&sent[0]), ["grant_type", "client_id", "scope", "refresh_token"]);
        assert_eq!(sent[0].field("refresh_token"), token.as_str());
        for one in &sent[1..] {
            assert_eq!(one.field("refresh_token") != token.as_str(), replaced, "{how}");
        }
    }
}

#[test]
fn a_sign_in_that_has_ended() {
    let entra = Entra::start();
    let token = entra.control(json!({"refresh_token": true}))["refresh_token"].clone();
    let (session, _) = entra.signs_in_and_resets(refresh_grant(&entra, &token), json!({}));
    entra.control(json!({"revoke": true}));
    entra.refuse_token_once();
    let reset = entra.reset(&session);
    assert_eq!(reset.status, Status::InteractionRequired, "{reset:?}");
    entra.secret("a refresh token of nobody");
    let failed = entra.cannot_sign_in(refresh_grant(&entra, &json!("a refresh token of nobody")), json!({}));
    assert_eq!(failed.status, Status::InteractionRequired, "{failed:?}");
}

#[test]
fn a_policy_that_wants_the_person() {
    let entra = Entra::start();
    let token = entra.control(json!({"refresh_token": true}))["refresh_token"].clone();
    let body = json!({
        "error": "interaction_required", "error_codes": [50076], "suberror": "basic_action",
        "error_description": "AADSTS50076: Due to a configuration change made by your administrator, you must use \
            multi-factor authentication.\r\nTrace ID: x\r\nTimestamp: y",
        "claims": "{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[\"a\"]}}}",
    });
    let action = json!({"respond": {"status": 400, "headers": {}, "body": body.to_string()}});
    entra.faults("/token", 1, action);
    let failed = entra.cannot_sign_in(refresh_grant(&entra, &token), json!({}));
    assert_eq!(failed.status, Status::InteractionRequired, "{failed:?}");
    assert_eq!(failed.json["error"]["service"]["code"], "AADSTS50076");
    assert!(!failed.json.to_string().contains("Trace ID"), "{failed:?}");
}
