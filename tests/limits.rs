//! The service's limits, kept to before it has to refuse.
#![allow(clippy::unwrap_used)]

mod support;

use guest_redemption::sandbox::Settings;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::Tenant;

/// Refusals that a machine may cause which stops a thread between sending and arriving.
const SLACK: usize = 2;

/// A plain guest of the sandbox, by its number.
fn guest(number: usize) -> String {
    format!("20000000-0000-4000-8000-{number:012x}")
}

/// Resets the first guests, many at a time, each with the options of one of the callers in turn. Answers how many
/// were reset.
fn reset_all(tenant: &Tenant, guests: usize, callers: &[Value]) -> usize {
    const AT_A_TIME: usize = 20;
    let one = |number: usize| {
        let mut members = callers[number % callers.len()].clone();
        members["verify"] = "none".into();
        usize::from(tenant.reset(&guest(number), None, members).outcome() == "accepted_unverified")
    };
    std::thread::scope(|scope| {
        let some = |first: usize| scope.spawn(move || (first..=guests).step_by(AT_A_TIME).map(one).sum::<usize>());
        let threads: Vec<_> = (1..=AT_A_TIME).map(some).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

/// Another app leaves 25 of the 150 invitations in 5 s.
fn with_another_app() -> Tenant {
    let tenant = Tenant::with(Settings { users: 40, ..Settings::default() });
    tenant.sandbox.control("rival", json!({"invitations_per_second": 25, "for_ms": 5_000}));
    tenant
}

fn refused(tenant: &Tenant) -> usize {
    tenant.sandbox.state().requests.iter().filter(|one| one.status == 429).count()
}

/// 15 go at once and then 29 a second, not twice that.
#[test]
fn two_sessions_of_a_tenant_share_its_budget() {
    let tenant = Tenant::with(Settings { users: 60, ..Settings::default() });
    let connection = tenant.sandbox.connection();
    let session = |token: &str| {
        let auth = json!({"grant": "access_token", "access_token": token});
        let begun = tenant.call("session.begin", json!({"auth": auth}));
        json!({"auth": {"grant": "session", "session": begun.result()["session"]}})
    };
    let callers = [session(&connection.access_token), session(&connection.user_access_token)];
    let start = Instant::now();
    assert_eq!(reset_all(&tenant, 60, &callers), 60);
    assert!(start.elapsed() >= Duration::from_millis(1_400), "{:?}", start.elapsed());
    assert_eq!(refused(&tenant), 0);
}

#[test]
fn what_another_app_uses_is_left_to_it() {
    let tenant = with_another_app();
    assert_eq!(reset_all(&tenant, 32, &[json!({})]), 32);
    assert!(refused(&tenant) <= SLACK, "{}", refused(&tenant));
}

/// What the other tests would see without the limiter.
#[test]
fn on_this_machine_limits_can_be_lifted() {
    let tenant = with_another_app();
    let mut environment = tenant.environment();
    environment["GUEST_REDEMPTION_LIFT_LOOPBACK_LIMITS"] = "1".into();
    let lifted = json!({"environment": environment, "retry": {"max_attempts": 1}});
    let reset = reset_all(&tenant, 32, &[lifted]);
    assert_eq!(reset + refused(&tenant), 32);
    assert!(refused(&tenant) > 2 * SLACK, "{}", refused(&tenant));
}
