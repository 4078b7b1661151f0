//! One warm reset through the C ABI, and one with a sign-in before it, against the same requests made with bare
//! reqwest::blocking.
//!
//! Every round restores the tenant twice: the library resets some guests, then the bare client repeats, request by
//! request, what the sandbox's journal holds of that. Both sides meet the same answers, which the journals prove.
//! Each guest is reset once a round, since change times have whole seconds.
#![allow(unsafe_code, clippy::print_stdout, clippy::unwrap_used)]

#[path = "support/replay.rs"]
mod replay;
mod support;

use replay::Request;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::ffi::CString;
use support::{Side, Tenant, bare_client, c, call, headline, measure, ratio, reset, timed};

/// Guests reset per round.
const GUESTS: u32 = 50;
const GOAL: f64 = 1.05;
const GOAL_WITH_SIGN_IN: f64 = 1.1;

fn main() {
    headline("reset");
    println!("yardstick: reqwest::blocking, kept connections, answers parsed into serde_json::Value");
    let tenant = Tenant::start(GUESTS);
    let session = tenant.session();
    let guests: Vec<_> = (1..=GUESTS).map(|number| c(&Tenant::guest(number))).collect();
    let addresses: Vec<_> = (1..=GUESTS).map(|number| c(&format!("moved{number}@northwind.com"))).collect();
    let options = in_session(&session);
    compare(&tenant, "a reset to the guest's own address", GOAL, |number| reset(&guests[number], None, &options));
    compare(&tenant, "a reset to a new address", GOAL, |number| {
        reset(&guests[number], Some(&addresses[number]), &options);
    });
    compare(&tenant, "a sign-in with a client secret and a reset", GOAL_WITH_SIGN_IN, |number| {
        let session = tenant.session_with_secret();
        reset(&guests[number], None, &in_session(&session));
        call(&json!({"op": "session.end", "session": session}));
    });
}

fn in_session(session: &str) -> CString {
    c(&json!({"auth": {"grant": "session", "session": session}}).to_string())
}

fn compare(tenant: &Tenant, what: &str, goal: f64, act: impl Fn(usize)) {
    let client = bare_client();
    let journal = RefCell::new(Vec::new());
    let library = || {
        tenant.restore(&client);
        let sample = timed(GUESTS, |number| act(number as usize));
        journal.replace(tenant.journal(&client));
        sample
    };
    let bare = || {
        let journal = journal.borrow();
        let resets = split(&journal);
        tenant.restore(&client);
        let sample = timed(GUESTS, |number| {
            for request in &resets[number as usize] {
                request.send(&tenant.url, &tenant.token, &client);
            }
        });
        assert_eq!(*journal, tenant.journal(&client), "both sides send the same and get the same");
        sample
    };
    let sides = vec![Side::new("reset_redemption", library), Side::new("bare reqwest::blocking", bare)];
    let measured = measure(&format!("{what}, {GUESTS} a round"), sides);
    println!("  {} requests each", journal.borrow().len() / GUESTS as usize);
    ratio(&measured[0], &measured[1], Some(goal));
}

/// The journal's requests, by reset.
fn split(journal: &[Value]) -> Vec<Vec<Request>> {
    let requests = journal.len() / GUESTS as usize;
    assert_eq!(requests * GUESTS as usize, journal.len(), "every reset needs the same number of requests");
    journal.chunks(requests).map(|one| one.iter().map(Request::of).collect()).collect()
}
