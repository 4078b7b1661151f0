//! A campaign against a tenant with all of Graph's documented limits: guests per second that a batch sustains, as a
//! share of what the tightest limit allows, and how many invitations were refused with 429.
#![allow(unsafe_code, clippy::print_stdout, clippy::unwrap_used)]

mod support;

use guest_redemption::ffi;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::{Tenant, bare_client, c, finish};

/// 150 invitations in 5 s, and 3,000 user writes in 150 s, of which a new address needs one.
const WITHOUT_CHANGE: f64 = 30.0;
const WITH_CHANGE: f64 = 20.0;
const GOAL: f64 = 0.95;
const GOAL_REFUSED: f64 = 0.002;
/// What the first seconds get beyond the pace is not sustained.
const WARM_UP: Duration = Duration::from_secs(5);

fn main() {
    println!("campaign: repeat with: cargo bench --bench campaign");
    run("own address", 900, WITHOUT_CHANGE, false, 0);
    run("new address", 600, WITH_CHANGE, true, 0);
    run("own address, and another app invites ten a second", 600, WITHOUT_CHANGE - 10.0, false, 10);
}

fn run(what: &str, guests: u32, most: f64, moves: bool, rival: u32) {
    let tenant = Tenant::limited(guests);
    let client = bare_client();
    let control = |command: &str, body: &Value| {
        let answer = client.post(format!("{}/sandbox/{command}", tenant.url)).json(body).send().unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    };
    if rival > 0 {
        control("rival", &json!({"invitations_per_second": rival, "for_ms": 600_000}));
    }
    let mut environment = tenant.environment();
    environment.as_object_mut().unwrap().remove("GUEST_REDEMPTION_LIFT_LOOPBACK_LIMITS");
    let options = c(&json!({"environment": environment, "max_in_flight": 60}).to_string());
    let mut batch = std::ptr::null_mut();
    // SAFETY: the text is NUL-terminated, and `batch` may be written
    let status = unsafe { ffi::redemption_batch_start(options.as_ptr(), &raw mut batch, std::ptr::null_mut()) };
    assert_eq!(status, 0);
    let start = Instant::now();
    let mut done = Vec::new();
    let mut take = |timeout: u32| {
        let mut result = std::ptr::null_mut();
        // SAFETY: the batch is not freed, and `result` may be written
        let status = unsafe { ffi::redemption_batch_next(batch, timeout, std::ptr::null_mut(), &raw mut result) };
        if status == 0 {
            assert_eq!(finish(result).0, 0, "a guest was not reset");
            done.push(start.elapsed());
        }
        status == 0
    };
    for number in 1..=guests {
        let (user, email) = (c(&Tenant::guest(number)), moves.then(|| c(&format!("moved{number}@northwind.com"))));
        let email = email.as_ref().map_or(std::ptr::null(), |email| email.as_ptr());
        // SAFETY: the texts are NUL-terminated or NULL
        while unsafe { ffi::redemption_batch_add(batch, 0, user.as_ptr(), email, std::ptr::null(), 0) } != 0 {
            take(60_000);
        }
    }
    // SAFETY: the batch is not freed
    unsafe { ffi::redemption_batch_finish(batch) };
    while take(60_000) {}
    // SAFETY: nobody uses it any more
    unsafe { ffi::redemption_batch_free(batch) };
    let sustained: Vec<_> = done.iter().filter(|time| **time > WARM_UP).collect();
    let rate = (sustained.len() - 1) as f64 / (*sustained[sustained.len() - 1] - *sustained[0]).as_secs_f64();
    let journal = tenant.journal(&client);
    let posts: Vec<_> = journal.iter().filter(|request| request["method"] == "POST").collect();
    let refused = posts.iter().filter(|request| request["status"] == 429).count() as f64 / posts.len() as f64;
    let met = if rate >= GOAL * most && refused <= GOAL_REFUSED { "met" } else { "MISSED" };
    println!(
        "\n{what}: {} guests in {:.1} s\n  {rate:.2} a second of at most {most} ({:.1} %), {:.2} % of {} invitations refused; \
         goal >= {:.0} % and <= {:.1} %: {met}",
        done.len(),
        start.elapsed().as_secs_f64(),
        rate / most * 100.0,
        refused * 100.0,
        posts.len(),
        GOAL * 100.0,
        GOAL_REFUSED * 100.0
    );
}
