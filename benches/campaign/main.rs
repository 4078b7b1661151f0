//! Campaigns against tenants with all of Graph's documented limits: guests per second that batches sustain, as a share
//! of what the tightest limit allows, also where the directory lags; how many invitations were refused with 429; how
//! soon a rate is back after another app has stopped; and many tenants side by side, also from several processes.
#![allow(unsafe_code, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

#[path = "../support/batch.rs"]
mod batch;
mod many;
mod run;
#[path = "../support/mod.rs"]
mod support;

use reqwest::blocking::Client;
use run::{Run, WARM_UP, drive, now, rate};
use serde_json::{Value, json};
use support::{Tenant, bare_client, machine, met};

/// 150 invitations in 5 s, and 3,000 user writes in 150 s, of which a new address needs one.
pub(crate) const WITHOUT_CHANGE: f64 = 30.0;
pub(crate) const WITH_CHANGE: f64 = 20.0;
pub(crate) const GOAL: f64 = 0.95;
pub(crate) const GOAL_REFUSED: f64 = 0.002;
const RIVAL: u32 = 10;

/// How long the directory may take to show a change.
const LAG: f64 = 4.0;

const PARTS: [(&str, fn()); 8] = [
    ("own-address", || sustained("own address", 900, WITHOUT_CHANGE, false, 0)),
    ("new-address", || sustained("new address", 600, WITH_CHANGE, true, 0)),
    ("lagging", lagging),
    ("rival", || {
        let most = WITHOUT_CHANGE - f64::from(RIVAL);
        sustained("own address, and another app invites ten a second", 600, most, false, RIVAL);
    }),
    ("rival-stops", rival_stops),
    ("tenants", || many::run("20 tenants, one process, own addresses", 1, 1050, WITHOUT_CHANGE, false)),
    ("tenants-new-address", || many::run("20 tenants, one process, new addresses", 1, 700, WITH_CHANGE, true)),
    ("processes", || many::run("20 tenants, four processes, own addresses", 4, 1050, WITHOUT_CHANGE, false)),
];

fn main() {
    let wanted: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if wanted.first().is_some_and(|first| first == many::CHILD) {
        return many::child();
    }
    println!("campaign ({}): repeat with: cargo bench --bench campaign", machine());
    println!("one part alone: cargo bench --bench campaign -- {}", PARTS.map(|(name, _)| name).join("|"));
    for (_, part) in PARTS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|one| one == name)) {
        part();
    }
}

fn options(tenant: &Tenant) -> Value {
    json!({"environment": tenant.limited_environment(), "max_in_flight": 60})
}

fn start_rival(tenant: &Tenant, client: &Client) {
    let for_ms = 600_000;
    tenant.control(client, "rival", &json!({"invitations_per_second": RIVAL, "for_ms": for_ms}));
}

fn sustained(what: &str, guests: u32, most: f64, moves: bool, rival: u32) {
    let (tenant, client) = (Tenant::limited(guests), bare_client());
    if rival > 0 {
        start_rival(&tenant, &client);
    }
    let start = now();
    let mut runs = [Run::start(&options(&tenant), guests, moves, "done")];
    drive(&mut runs, || {});
    let done = &runs[0].done;
    let last = done[done.len() - 1];
    let (rate, (posts, refused)) = (rate(done, start + WARM_UP, last), invitations(&tenant, &client));
    println!(
        "\n{what}: {} guests in {:.1} s\n  {rate:.2} a second of at most {most} ({:.1} %), {:.2} % of {posts} invitations \
         refused; goal >= {:.0} % and <= {:.1} %: {}",
        done.len(),
        last - start,
        rate / most * 100.0,
        refused * 100.0,
        GOAL * 100.0,
        GOAL_REFUSED * 100.0,
        met(rate >= GOAL * most && refused <= GOAL_REFUSED)
    );
}

/// A directory that lags: each reset waits for it twice, and as many are under way as there are by default.
fn lagging() {
    let guests = 900;
    let (tenant, client) = (Tenant::lagging(guests, (LAG * 1000.0) as u32), bare_client());
    let start = now();
    let mut runs = [Run::start(&json!({"environment": tenant.limited_environment()}), guests, true, "done")];
    drive(&mut runs, || {});
    let done = &runs[0].done;
    // the first end after two lags, and as long again goes by until they end as evenly as they begin
    let (rate, (posts, refused)) = (rate(done, start + 4.0 * LAG, done[done.len() - 1]), invitations(&tenant, &client));
    println!(
        "\nnew address, and reads show a change after {LAG} s: {guests} guests\n  {rate:.2} a second of at most \
         {WITH_CHANGE} ({:.1} %), {:.2} % of {posts} invitations refused; goal >= {:.0} % and <= {:.1} %: {}",
        rate / WITH_CHANGE * 100.0,
        refused * 100.0,
        GOAL * 100.0,
        GOAL_REFUSED * 100.0,
        met(rate >= GOAL * WITH_CHANGE && refused <= GOAL_REFUSED)
    );
}

/// How many invitations there were, and which part of them was refused.
fn invitations(tenant: &Tenant, client: &Client) -> (usize, f64) {
    let journal = tenant.journal(client);
    let posts: Vec<_> = journal.iter().filter(|request| request["method"] == "POST").collect();
    let refused = posts.iter().filter(|request| request["status"] == 429).count();
    (posts.len(), refused as f64 / posts.len() as f64)
}

/// Another app takes a third, and stops. The rate is that of the last five seconds, the span of the limit, and it is back
/// when it does not fall below the goal any more.
fn rival_stops() {
    const SPAN: f64 = 5.0;
    const WITH_RIVAL: f64 = 15.0;
    const GOAL_BACK: f64 = 10.0;
    let guests = 1_200;
    let (tenant, client) = (Tenant::limited(guests), bare_client());
    start_rival(&tenant, &client);
    let start = now();
    let mut stopped = None;
    let mut runs = [Run::start(&options(&tenant), guests, false, "done")];
    drive(&mut runs, || {
        if stopped.is_none() && now() >= start + WITH_RIVAL {
            tenant.control(&client, "rival", &json!({}));
            stopped = Some(now());
        }
    });
    let (done, stopped) = (&runs[0].done, stopped.unwrap());
    let slow = |end: &&f64| rate(done, **end - SPAN, **end) < GOAL * WITHOUT_CHANGE;
    let back = done.iter().rfind(slow).unwrap() - stopped;
    let (posts, refused) = invitations(&tenant, &client);
    println!(
        "\nown address, and another app invites ten a second and stops: {:.2} a second before, {:.2} in the last {SPAN} s\n  \
         back to {:.0} % of {WITHOUT_CHANGE} after {back:.1} s, {:.2} % of {posts} invitations refused; goal <= {GOAL_BACK} s \
         and <= {:.1} %: {}",
        rate(done, stopped - SPAN, stopped),
        rate(done, done[done.len() - 1] - SPAN, done[done.len() - 1]),
        GOAL * 100.0,
        refused * 100.0,
        GOAL_REFUSED * 100.0,
        met(back <= GOAL_BACK && refused <= GOAL_REFUSED)
    );
}
