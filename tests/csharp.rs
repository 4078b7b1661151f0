//! The C# client: `tests/csharp` is built with dotnet and run against a sandbox tenant and the library of this build.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[allow(dead_code)]
#[path = "support/toolchain.rs"]
mod toolchain;

use guest_redemption::sandbox::{Sandbox, Settings};
use std::process::{Command, Output};
use toolchain::{csharp_program, has, lead};

#[test]
fn csharp_checks() {
    if !has("dotnet") {
        return;
    }
    let sandbox = Sandbox::start(Settings::default()).unwrap();
    let mut program = Command::new("dotnet");
    program.arg(csharp_program());
    show(&lead(&mut program, &sandbox).output().unwrap());
}

fn show(output: &Output) {
    let shown = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{shown}");
    assert!(output.status.success(), "{shown}");
}
