//! The tests of the PowerShell modules: every `tests/powershell/*.tests.ps1` in a pwsh of its own, against a sandbox
//! tenant of its own and the library of this build.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[allow(dead_code)]
#[path = "support/toolchain.rs"]
mod toolchain;

use guest_redemption::sandbox::{Sandbox, Settings};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use toolchain::{has, lead};

#[test]
fn powershell_tests() {
    if !has("pwsh") {
        return;
    }
    let files = Mutex::new(test_files().into_iter());
    let next = || files.lock().unwrap().next();
    // a build of the modules must not be begun twice
    let mut failed: Vec<String> = next().and_then(|file| run(&file).err()).into_iter().collect();
    let rest = || std::iter::from_fn(next).filter_map(|file| run(&file).err()).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let other = scope.spawn(rest);
        failed.extend(rest());
        failed.extend(other.join().unwrap());
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn test_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/powershell");
    let is_test = |path: &PathBuf| path.to_string_lossy().ends_with(".tests.ps1");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(is_test).collect();
    files.sort();
    files
}

fn run(file: &Path) -> Result<(), String> {
    let sandbox = Sandbox::start(Settings::default()).unwrap();
    let output = pwsh(file, &sandbox).output().unwrap();
    let shown = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{}\n{shown}", file.display());
    if output.status.success() { Ok(()) } else { Err(format!("{} ended with {}", file.display(), output.status)) }
}

fn pwsh(file: &Path, sandbox: &Sandbox) -> Command {
    let mut command = Command::new("pwsh");
    let script = format!("& '{}'; exit $LASTEXITCODE", file.display());
    command.args(["-NoProfile", "-Command", &script]);
    lead(&mut command, sandbox);
    if sandbox_program().exists() {
        command.env("GUEST_REDEMPTION_TEST_SANDBOX", "1");
    }
    command
}

/// Cargo puts the programs one folder above the tests.
fn sandbox_program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    tests.ancestors().nth(2).unwrap().join(format!("guest-redemption-sandbox{}", std::env::consts::EXE_SUFFIX))
}
