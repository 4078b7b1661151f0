//! The same through PowerShell's pipeline: rows that are sent, and all rows of the journal once more.

use crate::service::{Service, TENANT_ID};
use crate::support::met;
use crate::{WARM, mib};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Flat is what grows less: a list of the rows' ids alone would take a hundred.
const GOAL: f64 = 4.0;
/// Enough to see growth; sending a million takes PowerShell a quarter of an hour.
const SENT: u32 = 2 * WARM;

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
        "& '{}' -Rows {rows} -Warm {WARM} -Journal '{}' -Resume:${resume} -TenantId {TENANT_ID} -Module '{}'",
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

fn show(what: &str, rows: u32, told: &Value) {
    let bytes = |when: &str, which: &str| told[when][which].as_f64().unwrap();
    let growth = |which: &str| (bytes("end", which) - bytes("warm", which)) / f64::from(rows - WARM);
    println!(
        "\n{what}: {rows} rows, {:.0} a second, {}\n  resident {} after {WARM} rows, {} after the last ({:.2} bytes a row); \
         alive in .NET {} and {} ({:.2} bytes a row); goal <= {GOAL}: {}",
        f64::from(rows) / told["seconds"].as_f64().unwrap(),
        told["outcomes"],
        mib(bytes("warm", "resident")),
        mib(bytes("end", "resident")),
        growth("resident"),
        mib(bytes("warm", "alive")),
        mib(bytes("end", "alive")),
        growth("alive"),
        met(growth("resident") <= GOAL && growth("alive") <= GOAL)
    );
}
