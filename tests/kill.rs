//! A campaign whose process is killed again and again, against a service that throttles, loses answers and shows stale
//! reads: nobody is missed and nobody mailed twice, as the service counts it.
//!
//! `GUEST_REDEMPTION_KILLS` says how often (default 15; the long run takes 200).
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use fastrand::Rng;
use guest_redemption::Status;
use guest_redemption::sandbox::Settings;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use support::Tenant;
use support::batch::Batch;

const GUESTS: u64 = 90;
/// About as many as it takes until all guests were under way.
const KILLS_EACH: u32 = 8;
/// In the child: the options of its batch.
const OPTIONS: &str = "KILL_TEST_OPTIONS";

fn guest(number: u64) -> String {
    format!("20000000-0000-4000-8000-{number:012x}")
}

/// Every other guest gets a mail, and every third a new address.
fn wish(number: u64) -> (Option<String>, Value) {
    let email = number.is_multiple_of(3).then(|| format!("moved{number}@northwind.com"));
    (email, json!({"send_invitation_message": wants_mail(number)}))
}

fn wants_mail(number: u64) -> bool {
    number.is_multiple_of(2)
}

/// The child: a run of the campaign, which tells each result as it comes.
#[test]
#[ignore = "the other test starts it as a process of its own"]
fn run() {
    let options = serde_json::from_str(&std::env::var(OPTIONS).unwrap()).unwrap();
    let batch = Batch::try_start(&options).unwrap();
    println!("\nstarted");
    let tell = |(tag, outcome): (u64, support::Outcome)| println!("{tag} {}", outcome.outcome());
    for number in 1..=GUESTS {
        let (email, item) = wish(number);
        while batch.add(number, &guest(number), email.as_deref(), Some(item.clone()), 0) == Status::BatchFull {
            tell(batch.next(60_000).unwrap());
        }
    }
    batch.finish();
    loop {
        match batch.next(60_000) {
            Ok(result) => tell(result),
            Err(end) => return println!("ended {}", end.name()),
        }
    }
}

/// A run in a process of its own.
struct Run {
    child: Child,
    lines: Receiver<String>,
}

impl Run {
    fn start(options: &Value) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "run", "--ignored", "--nocapture"]).env(OPTIONS, options.to_string());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = told(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// Kills it after a while, unless it has ended before; true if it had to be killed.
    fn kill_in(mut self, time: Duration) -> bool {
        while self.lines.recv().is_ok_and(|line| line != "started") {}
        std::thread::sleep(time);
        let ended = self.child.try_wait().unwrap().is_some();
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        !ended
    }

    /// Lets it come to its end.
    fn results(mut self) -> HashMap<u64, String> {
        let mut results = HashMap::new();
        for line in &self.lines {
            match line.split_once(' ') {
                Some(("ended", end)) => assert_eq!(end, "BATCH_DONE"),
                Some((tag, outcome)) if tag.parse::<u64>().is_ok() => {
                    results.insert(tag.parse().unwrap(), outcome.to_owned());
                }
                _ => {}
            }
        }
        assert!(self.child.wait().unwrap().success());
        results
    }
}

fn told(stdout: ChildStdout) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // whoever killed the child does not listen any more
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

fn options(tenant: &Tenant, journal: &Path) -> Value {
    tenant.options(json!({
        "journal": journal, "resume": journal.exists(), "max_in_flight": 30, "verify_timeout_ms": 1_500,
        "timeout_ms": 30_000,
    }))
}

/// What goes wrong during a run.
fn make_trouble(tenant: &Tenant, rng: &mut Rng) {
    for _ in 0..8 {
        let (method, path) = [("POST", "/invitations"), ("PATCH", "/users"), ("GET", "/users")][rng.usize(..3)];
        let action = match rng.u32(..6) {
            0 => json!({"drop": "before"}),
            1 | 2 => json!({"drop": "after"}),
            3 => json!({"respond": {"status": 429, "headers": {"Retry-After": "1"}, "body": "{}"}}),
            4 => json!({"respond": {"status": 503, "body": "{}"}}),
            _ => json!({"delay_ms": 300}),
        };
        let fault = json!({"method": method, "path": path, "skip": rng.u32(..20), "action": action});
        tenant.sandbox.control("fault", fault);
    }
}

#[derive(Debug, Default)]
struct Tally {
    campaigns: u32,
    kills: u32,
    done: u32,
    unknown: u32,
    /// Of the unknown: those that the service never saw.
    never_sent: u32,
}

fn campaign(seed: u64, kills: u32, tally: &mut Tally) {
    let mut rng = Rng::with_seed(seed);
    let users = usize::try_from(GUESTS).unwrap();
    let settings = Settings { users, stale_read_ms: 250, replication_delay_ms: 200, ..Settings::default() };
    let tenant = Tenant::with(settings);
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("run.jsonl");
    for _ in 0..KILLS_EACH.min(kills - tally.kills) {
        make_trouble(&tenant, &mut rng);
        let killed = Run::start(&options(&tenant, &journal)).kill_in(Duration::from_millis(rng.u64(..700)));
        tally.kills += u32::from(killed);
    }
    // what was on its way may still arrive; then all goes well
    std::thread::sleep(Duration::from_millis(700));
    tenant.sandbox.control("calm", json!({}));
    tenant.sandbox.control("settings", json!({"stale_read_ms": 0}));
    let results = Run::start(&options(&tenant, &journal)).results();
    check(seed, &tenant, &results, tally);
    tally.campaigns += 1;
}

fn check(seed: u64, tenant: &Tenant, results: &HashMap<u64, String>, tally: &mut Tally) {
    let state = tenant.sandbox.state();
    let mut mails: HashMap<&str, u32> = HashMap::new();
    for mail in &state.mails {
        *mails.entry(&mail.user_id).or_default() += 1;
    }
    for number in 1..=GUESTS {
        let id = guest(number);
        let mails = mails.get(id.as_str()).copied().unwrap_or(0);
        let outcome = results[&number].as_str();
        let what = format!("seed {seed}, guest {number}: {outcome}, {mails} mails");
        assert!(mails <= 1, "mailed twice: {what}");
        let user = tenant.call("user.get", json!({"user_id": id, "select": ["mail", "externalUserState"]}));
        let user = &user.result()["user"];
        match outcome {
            "done" | "done_before" => {
                assert_eq!(user["externalUserState"], "PendingAcceptance", "missed: {what}");
                assert_eq!(mails, u32::from(wants_mail(number)), "{what}");
                assert!(wish(number).0.is_none_or(|email| user["mail"] == email.as_str()), "{what}");
                tally.done += 1;
            }
            "unknown" => {
                assert!(wants_mail(number), "without mail it is posted again: {what}");
                // had it arrived, the directory would show it
                assert_eq!((mails, &user["externalUserState"]), (0, &json!("Accepted")), "{what}");
                let sent = state.requests.iter().any(|request| {
                    request.method == "POST" && request.body.as_deref().is_some_and(|body| body.contains(&id))
                });
                tally.unknown += 1;
                tally.never_sent += u32::from(!sent);
            }
            _ => unreachable!("{what}"),
        }
    }
    assert_eq!(state.conversions, 0);
}

#[test]
fn a_campaign_that_is_killed_again_and_again_misses_nobody_and_mails_nobody_twice() {
    let kills = std::env::var("GUEST_REDEMPTION_KILLS").map_or(15, |text| text.parse().unwrap());
    let mut tally = Tally::default();
    for seed in 0.. {
        campaign(seed, kills, &mut tally);
        if tally.kills >= kills {
            break;
        }
    }
    println!("{tally:?}");
}
