//! The same through PowerShell's pipeline: rows that are sent, and all rows of the journal once more.

use crate::service::{Service, TENANT_ID};
use crate::support::{self, met};
use crate::{UNDER_WAY, WARM, mib};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Flat is what grows less: a list of the rows' ids alone would take a hundred.
const GOAL: f64 = 4.0;
/// Enough to see growth; sending a million takes PowerShell some minutes.
const SENT: u32 = 4 * WARM;
/// The memory of .NET goes up and down by some MiB, so it is looked at often.
const EVERY: u32 = WARM / 6;

pub(crate) fn measure(service: &Service, folder: &Path, rows: u32) {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/release/libguest_redemption.so");
    if Command::new("pwsh").arg("-Version").output().is_err() || !library.exists() {
        return println!("\nin PowerShell: left out, since pwsh or {} is not there", library.display());
    }
    let run = |what: &str, rows: u32, journal: &str, resume: bool| {
        let told = run(service, &library, &folder.join(journal), rows, resume);
        show(what, rows, &told);
    };
    run("in PowerShell, sent", SENT.min(rows), "powershell.jsonl", false);
    run("in PowerShell, resumed", rows, "run.jsonl", true);
}

fn run(service: &Service, library: &Path, journal: &Path, rows: u32, resume: bool) -> Value {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = format!(
        "& '{}' -Rows {rows} -Warm {WARM} -Every {EVERY} -UnderWay {UNDER_WAY} -Journal '{}' -Resume:${resume} -TenantId {TENANT_ID} -Module '{}'",
        source.join("benches/memory/pipeline.ps1").display(),
        journal.display(),
        source.join("powershell/GuestRedemption").display()
    );
    let mut command = Command::new("pwsh");
    command.args(["-NoProfile", "-Command", &script]).env("GUEST_REDEMPTION_LIBRARY", library);
    for (name, value) in service.environment().as_object().unwrap() {
        command.env(name, value.as_str().unwrap());
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let told = said.lines().rev().find_map(|line| serde_json::from_str(line).ok());
    told.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}

/// Compares the first third of the samples with the last.
fn show(what: &str, rows: u32, told: &Value) {
    let samples = told["samples"].as_array().unwrap();
    let third = samples.len() / 3;
    let median = |part: &[Value], which: &str| {
        support::median(part.iter().map(|sample| sample[which].as_f64().unwrap()).collect())
    };
    let (first, last) = (&samples[..third], &samples[samples.len() - third..]);
    let apart = f64::from(EVERY) * (samples.len() - third) as f64;
    let growth = |which: &str| (median(last, which) - median(first, which)) / apart;
    println!(
        "\n{what}: {rows} rows, {:.0} a second, {}\n  resident {} in the first third after {WARM} rows, {} in the last \
         ({:.2} bytes a row); alive in .NET {} and {} ({:.2} bytes a row); goal <= {GOAL}: {}",
        f64::from(rows) / told["seconds"].as_f64().unwrap(),
        told["outcomes"],
        mib(median(first, "resident")),
        mib(median(last, "resident")),
        growth("resident"),
        mib(median(first, "alive")),
        mib(median(last, "alive")),
        growth("alive"),
        met(growth("resident") <= GOAL && growth("alive") <= GOAL)
    );
}
