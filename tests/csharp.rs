//! The C# client: its checks in `tests/csharp`, built with dotnet and run on .NET and on mono against a sandbox tenant
//! and the library of this build. For mono all C# of the project is compiled with the reference assemblies of .NET
//! Framework 4.7.2, so nothing in it is missing on Windows PowerShell 5.1.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[allow(dead_code)]
#[path = "support/toolchain.rs"]
mod toolchain;

use guest_redemption::sandbox::{Sandbox, Settings};
use std::path::Path;
use std::process::{Command, Output};
use toolchain::{csharp_build, has, lead, missing};

/// Where Debian's package mono-devel has them; the project `tests/netfx` names the same folder.
const FRAMEWORK: &str = "/usr/lib/mono/4.7.2-api";

#[test]
fn csharp_program() {
    if has("dotnet") {
        run("dotnet", &csharp_build("csharp").join("csharp.dll"));
    }
}

#[test]
fn csharp_program_for_net_framework() {
    if !has("dotnet") || !has("mono") {
        return;
    }
    if Path::new(FRAMEWORK).exists() {
        run("mono", &csharp_build("netfx").join("netfx.exe"));
    } else {
        missing(FRAMEWORK);
    }
}

fn run(host: &str, program: &Path) {
    let sandbox = Sandbox::start(Settings::default()).unwrap();
    let mut command = Command::new(host);
    show(&lead(command.arg(program), &sandbox).output().unwrap());
}

fn show(output: &Output) {
    let shown = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{shown}");
    assert!(output.status.success(), "{shown}");
}
