//! Each grant again, through the C ABI from a program in C and through the C# client. PowerShell has tests of its own.

use crate::host::PROGRAM;
use crate::toolchain::{GCC, csharp_build, has, library};
use std::process::Command;

/// The tests that sign in with every grant and reset a guest, in every way that sessions live on.
const EACH_GRANT: [&str; 12] = [
    "applications::a_client_secret",
    "applications::a_certificate_in_every_kind_of_file",
    "applications::a_federated_token_is_read_anew_each_time",
    "applications::github_actions",
    "browser::a_person_signs_in_once_and_is_remembered",
    "browser::waiting_can_be_cancelled_and_taken_up_again",
    "child::azure_cli",
    "child::the_default_chain",
    "device_code::a_code_is_pending_until_a_person_approves",
    "machines::every_identity_on_every_host",
    "refresh::the_newest_refresh_token_is_used",
    "sessions::a_challenge_is_answered_once_with_its_claims",
];

#[test]
fn each_grant_in_c() {
    if !has(GCC.command) {
        return;
    }
    let program = GCC.program("tests/c/host.c", &[]);
    run_through(&program.display().to_string());
}

#[test]
fn each_grant_in_csharp() {
    if !has("dotnet") {
        return;
    }
    // by its path, since some of these tests change PATH
    let path = std::env::var_os("PATH").unwrap();
    let dotnet = std::env::split_paths(&path).map(|folder| folder.join("dotnet")).find(|path| path.exists()).unwrap();
    let dotnet = dotnet.canonicalize().unwrap();
    run_through(&format!("{}\n{}\nhost", dotnet.display(), csharp_build("csharp").join("csharp.dll").display()));
}

fn run_through(program: &str) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--include-ignored"]).args(EACH_GRANT);
    command.env(PROGRAM, program).env("GUEST_REDEMPTION_LIBRARY", library());
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}\n{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains(&format!("{} passed", EACH_GRANT.len())), "{said}");
}
