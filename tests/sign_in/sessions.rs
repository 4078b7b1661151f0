//! Sessions that live long, are shared by threads, are challenged, and stand beside each other.

use crate::entra::Entra;
use crate::support::id;
use guest_redemption::Status;
use serde_json::{Value, json};
use std::sync::Barrier;

const THREADS: usize = 16;
const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;

fn get(entra: &Entra, session: &str) {
    let auth = json!({"grant": "session", "session": session});
    let user = entra.call("user.get", json!({"auth": auth, "user_id": id(1), "select": ["id"]}));
    assert_eq!(user.status, Status::Ok, "{user:?}");
}

/// Lets the session's token be older.
fn age(entra: &Entra, session: &str, seconds: u64) {
    let aged = entra.call("debug.age", json!({"session": session, "seconds": seconds}));
    assert_eq!(aged.status, Status::Ok, "{aged:?}");
}

/// Sixteen threads call at the same time.
fn call_together(entra: &Entra, session: &str) {
    let together = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                together.wait();
                get(entra, session);
            });
        }
    });
}

/// One hour, ten seconds at a time: the token service's clock is put forward, and the session's token made older.
#[test]
fn many_threads_share_each_renewal_for_an_hour() {
    const STEP: u64 = 10;
    let secret = |entra: &Entra| entra.secret_grant();
    let refresh = |entra: &Entra| {
        // each refresh token is good once: two renewals at a time would end the session
        let token = entra.control(json!({"refresh": "rotates_and_revokes", "refresh_token": true}));
        json!({"grant": "refresh_token", "tenant_id": "organizations", "refresh_token": token["refresh_token"]})
    };
    for grant in [&secret as &dyn Fn(&Entra) -> Value, &refresh] {
        let entra = Entra::start();
        entra.control(json!({"token_lifetime_s": 300}));
        let (session, _) = entra.begin(grant(&entra), json!({}));
        for now in (0..3_600).step_by(usize::try_from(STEP).unwrap()) {
            entra.control(json!({"clock_offset_s": now}));
            call_together(&entra, &session);
            age(&entra, &session, STEP);
        }
        // a token of five minutes is renewed after four
        assert_eq!(entra.sign_ins().len(), 3_600 / 240);
    }
}

#[test]
fn the_first_token_is_asked_for_once() {
    let entra = Entra::start();
    let (session, _) = entra.begin(entra.secret_grant(), json!({}));
    call_together(&entra, &session);
    assert_eq!(entra.sign_ins().len(), 1);
}

/// Calls that begin at the same time with a credential that is not known yet each make a session of it.
#[test]
fn the_same_credential_is_the_same_sign_in_for_calls_at_the_same_time() {
    // often enough for two of them to meet
    for _ in 0..20 {
        let entra = Entra::start();
        let environment = entra.environment(json!({}));
        let members = json!({"auth": entra.secret_grant(), "environment": environment, "user_id": id(1)});
        let together = Barrier::new(THREADS);
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    together.wait();
                    assert_eq!(entra.call("user.get", members.clone()).status, Status::Ok);
                });
            }
        });
        assert_eq!(entra.sign_ins().len(), 1);
    }
}

/// A token is renewed early so that there is time; but while the token service is down, calls fail at once,
/// although the old token is still good.
#[test]
fn a_failed_renewal_does_no_harm_while_the_token_is_good() {
    let entra = Entra::start();
    entra.control(json!({"token_lifetime_s": 300}));
    let (session, _) = entra.signs_in_and_resets(entra.secret_grant(), json!({}));
    age(&entra, &session, 250);
    entra.faults("/token", 99, json!({"respond": {"status": 503, "headers": {}, "body": ""}}));
    get(&entra, &session);
}

#[test]
fn a_challenge_is_answered_once_with_its_claims() {
    let secret = |entra: &Entra| entra.secret_grant();
    let refresh = |entra: &Entra| {
        let token = entra.control(json!({"refresh_token": true}))["refresh_token"].clone();
        json!({"grant": "refresh_token", "tenant_id": entra.connection.tenant_id, "refresh_token": token})
    };
    let federated = |entra: &Entra| json!({"grant": "github_actions", "tenant_id": entra.connection.tenant_id, "client_id": entra.connection.client_id});
    for grant in [&secret as &dyn Fn(&Entra) -> Value, &refresh, &federated] {
        let entra = Entra::start();
        let variables = json!({
            "ACTIONS_ID_TOKEN_REQUEST_URL": format!("{}/github/token", entra.connection.url),
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": entra.control(json!({}))["github_token"],
        });
        let (session, _) = entra.begin(grant(&entra), variables);
        get(&entra, &session);
        let asked = |entra: &Entra| {
            let sent = entra.sign_ins().into_iter().filter(|record| record.path.ends_with("/v2.0/token"));
            sent.map(|record| record.field("claims").map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(asked(&entra), [None]);
        entra.control(json!({"challenge": CLAIMS}));
        call_together(&entra, &session);
        entra.resets(&session);
        assert_eq!(asked(&entra), [None, Some(CLAIMS.to_owned())]);
    }
}

#[test]
fn a_challenge_that_cannot_be_met_ends() {
    let entra = Entra::start();
    let (session, _) = entra.signs_in_and_resets(entra.secret_grant(), json!({}));
    let (before, graph) = (entra.sign_ins().len(), entra.graph_requests());
    let challenge = "Bearer error=\"insufficient_claims\", claims=\"eyJhIjp7fX0=\"";
    let body = r#"{"error":{"code":"InvalidAuthenticationToken","message":"challenge"}}"#;
    let headers = json!({"WWW-Authenticate": challenge});
    entra.faults("v1.0/", 9, json!({"respond": {"status": 401, "headers": headers, "body": body}}));
    let auth = json!({"grant": "session", "session": session});
    let user = entra.call("user.get", json!({"auth": auth, "user_id": id(1)}));
    assert_eq!(user.status, Status::TokenRejected, "{user:?}");
    assert_eq!((entra.sign_ins().len() - before, entra.graph_requests() - graph), (1, 2));

    // a ready token cannot be got again
    let entra = Entra::start();
    let (session, _) =
        entra.begin(json!({"grant": "access_token", "access_token": entra.connection.access_token}), json!({}));
    entra.resets(&session);
    entra.control(json!({"challenge": CLAIMS}));
    let reset = entra.reset(&session);
    assert_eq!(reset.status, Status::TokenRejected, "{reset:?}");
}

#[test]
fn several_sessions_at_once() {
    let tenants: Vec<Entra> = (0..3).map(|_| Entra::start()).collect();
    let sessions: Vec<String> = tenants
        .iter()
        .enumerate()
        .map(|(n, entra)| {
            let token = entra.control(json!({"refresh_token": true}))["refresh_token"].clone();
            let refresh =
                json!({"grant": "refresh_token", "tenant_id": entra.connection.tenant_id, "refresh_token": token});
            entra.begin(if n == 1 { refresh } else { entra.secret_grant() }, json!({})).0
        })
        .collect();
    std::thread::scope(|scope| {
        for (entra, session) in tenants.iter().zip(&sessions) {
            scope.spawn(|| {
                let reset = entra.reset(session);
                assert_eq!(reset.outcome(), "done", "{reset:?}");
                assert_eq!(reset.json["context"]["graph_url"], entra.connection.url);
            });
        }
    });
    for entra in &tenants {
        assert_eq!((entra.sign_ins().len(), entra.sandbox.state().invitations_accepted), (1, 1));
    }
    assert_eq!(tenants[0].call("session.end", json!({"session": sessions[0]})).status, Status::Ok);
    assert_eq!(tenants[0].reset(&sessions[0]).status, Status::UnknownSession);
    tenants[1].resets(&sessions[1]);
    // the same credential begun twice is two sessions
    let (again, _) = tenants[2].begin(tenants[2].secret_grant(), json!({}));
    assert_ne!(again, sessions[2]);
    assert_eq!(tenants[2].call("session.end", json!({"session": sessions[2]})).status, Status::Ok);
    tenants[2].resets(&again);
}
