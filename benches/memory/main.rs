//! What a million rows cost in resident memory: a batch without a journal, with one, and one that goes on with a journal
//! in which all is done. Resident memory is what an administrator sees; whatever the allocator keeps counts. Each row
//! names its guest in another way than the journal does, so that the journal has to be remembered by both.
//!
//! Each batch runs in a process of its own, and so does the service that it asks. Linux only.
#![allow(unsafe_code, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

#[path = "../support/batch.rs"]
mod batch;
mod powershell;
mod service;
#[path = "../support/mod.rs"]
mod support;

use batch::{Batch, Next};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::time::Instant;
use support::{Tenant, c, machine, met};

const ROWS: u32 = 1_000_000;
/// After so many, whatever grows at first has grown, and the guests of the batch stand in a file.
const WARM: u32 = 150_000;
/// So few that what they take does not count.
const FEW: u32 = 1_000;
/// What is under way takes memory too, which goes up and down; with few, the rows' own can be seen.
const UNDER_WAY: u32 = 50;
const GOAL: f64 = 1.0;
const GOAL_RESUMED: f64 = 24.0;
/// The argument of the process that runs a batch.
const CLIENT: &str = "client";

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some(CLIENT) => client(),
        Some(service::ARGUMENT) => service::serve(),
        rows => measure(rows.map_or(ROWS, |rows| rows.parse().unwrap())),
    }
}

/// What a batch is asked to do.
#[derive(Deserialize, Serialize)]
struct Plan {
    options: Value,
    rows: u32,
    /// How each row has to end.
    outcome: String,
}

/// How it went: seconds, and bytes of resident memory.
#[derive(Deserialize, Serialize)]
struct Told {
    opening: f64,
    working: f64,
    /// After the first rows.
    warm: f64,
    /// When the last was handed in, and the batch still has all that it needs.
    end: f64,
    most: f64,
}

fn measure(rows: u32) {
    println!("memory ({}): {rows} rows; repeat with: cargo bench --bench memory", machine());
    println!(
        "fewer rows: cargo bench --bench memory -- {}; the part in PowerShell needs pwsh and cargo build --release",
        4 * WARM
    );
    assert!(rows >= 2 * WARM, "{} rows are needed", 2 * WARM);
    let service = service::Service::start();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut options = json!({
        "environment": service.environment(), "auth": service.auth(), "verify": "none",
        "max_in_flight": UNDER_WAY,
    });
    let run =
        |options: &Value, rows, outcome: &str| run(&Plan { options: options.clone(), rows, outcome: outcome.into() });
    let (accepted, done_before) = ("accepted_unverified", "done_before");
    let plain = run(&options, rows, accepted);
    plain.show("without a journal", rows);
    let mut with_journal = |name: &str, rows| {
        options["journal"] = folder.path().join(name).to_str().unwrap().into();
        options["resume"] = false.into();
        let first = run(&options, rows, accepted);
        options["resume"] = true.into();
        (first, run(&options, rows, done_before))
    };
    let (first, resumed) = with_journal("run.jsonl", rows);
    first.show("with a journal", rows);
    let (_, few) = with_journal("few.jsonl", FEW);
    // a batch that is resumed sends nothing, which leaves room that the comparison with one that sends does not show
    let over_plain = (resumed.most - plain.most) / f64::from(rows);
    let per_row = (resumed.most - few.most) / f64::from(rows - FEW);
    println!(
        "\nresumed, all done before: opened in {:.1} s, then {:.0} rows a second\n  {} at most; {over_plain:.2} bytes a row \
         more than without a journal, {per_row:.2} more than with a journal of {FEW} rows; goal <= {GOAL_RESUMED}: {}",
        resumed.opening,
        f64::from(rows) / resumed.working,
        mib(resumed.most),
        met(over_plain.max(per_row) <= GOAL_RESUMED)
    );
    powershell::measure(&service, folder.path(), rows);
}

impl Told {
    fn show(&self, what: &str, rows: u32) {
        let per_row = (self.end - self.warm) / f64::from(rows - WARM);
        println!(
            "\n{what}: {:.0} rows a second\n  {} after {WARM} rows, {} after the last, {} at most; {per_row:.2} bytes a \
             row; goal <= {GOAL}: {}",
            f64::from(rows) / self.working,
            mib(self.warm),
            mib(self.end),
            mib(self.most),
            met(per_row <= GOAL)
        );
    }
}

fn mib(bytes: f64) -> String {
    format!("{:.2} MiB", bytes / f64::from(1 << 20))
}

/// Runs a batch in a process of its own.
fn run(plan: &Plan) -> Told {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut child = command.arg(CLIENT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    serde_json::to_writer(child.stdin.take().unwrap(), plan).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "a batch failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// That process: one thread that gives and takes, and keeps nothing.
fn client() {
    let plan: Plan = serde_json::from_reader(std::io::stdin()).unwrap();
    let start = Instant::now();
    let batch = Batch::start(&plan.options);
    let opening = start.elapsed().as_secs_f64();
    let (mut given, mut taken, mut warm, mut end) = (0, 0, 0.0, 0.0);
    loop {
        while given < plan.rows && batch.add(given.into(), &c(&Tenant::guest(given + 1)), None) {
            given += 1;
            if given == plan.rows {
                batch.finish();
                end = resident("VmRSS");
            }
        }
        match batch.next(60_000) {
            Next::Result(answer) => answer.must_be(&plan.outcome),
            Next::Pending => panic!("nothing was done for a minute"),
            Next::Done => break,
        }
        taken += 1;
        if taken == WARM {
            warm = resident("VmRSS");
        }
    }
    assert_eq!(taken, plan.rows);
    let working = start.elapsed().as_secs_f64() - opening;
    let told = Told { opening, working, warm, end, most: resident("VmHWM") };
    serde_json::to_writer(std::io::stdout(), &told).unwrap();
}

/// Resident memory of this process, now (`VmRSS`) or at most (`VmHWM`).
fn resident(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    let kib: f64 = line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
    kib * 1024.0
}
