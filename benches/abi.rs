//! The ABI's own cost: calls that send nothing, through the exported C functions, from Rust as a C program would
//! and from C# through the client of the PowerShell module.
#![allow(unsafe_code, clippy::print_stdout, clippy::unwrap_used)]

mod support;

use guest_redemption::ffi;
use std::cell::RefCell;
use std::env;
use std::ffi::CStr;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use support::{Sample, Side, finish, headline, measure, timed, within};

const CALLS: u32 = 20_000;
const GOAL_NATIVE: f64 = 3.0;
const GOAL_CSHARP: f64 = 10.0;
const GUEST: &CStr = c"10000000-0000-4000-8000-000000000001";

fn main() {
    headline("abi");
    let csharp = CSharp::start().map(RefCell::new);
    let mut sides = vec![
        Side::new("C ABI, reset_redemption, malformed address", || timed(CALLS, |_| reset_malformed())),
        Side::new("C ABI, redemption_call, session.show", || timed(CALLS, |_| show())),
    ];
    match &csharp {
        Ok(program) => {
            sides.push(Side::new("C#, Client.Reset, malformed address", || program.borrow_mut().round("reset")));
            sides.push(Side::new("C#, Client.Call, session.show", || program.borrow_mut().round("show")));
        }
        Err(why) => println!("SKIPPED: the calls from C#: {why}"),
    }
    let measured = measure(&format!("calls that send nothing, {CALLS} a round"), sides);
    for (number, side) in measured.iter().enumerate() {
        within(side, if number < 2 { GOAL_NATIVE } else { GOAL_CSHARP });
    }
}

fn reset_malformed() {
    // SAFETY: the texts are NUL-terminated
    let result = unsafe { ffi::reset_redemption(GUEST.as_ptr(), c"no address".as_ptr(), c"{}".as_ptr()) };
    assert_ne!(finish(result).0, 0);
}

fn show() {
    // SAFETY: the text is NUL-terminated
    let result = unsafe { ffi::redemption_call(cr#"{"op":"session.show"}"#.as_ptr()) };
    assert_eq!(finish(result).0, 0);
}

/// The C# program: for each line it makes one round of calls and answers with a line.
struct CSharp {
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl CSharp {
    /// Builds and starts it; an error tells why there is none.
    fn start() -> Result<Self, String> {
        if Command::new("dotnet").arg("--version").output().is_err() {
            return Err("dotnet not found".into());
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("abi-csharp");
        build(&folder)?;
        let mut process = Command::new("dotnet")
            .arg(folder.join("bin/Calls.dll"))
            .arg(CALLS.to_string())
            .env("GUEST_REDEMPTION_LIBRARY", library()?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        // the program ends with its standard input
        let (commands, answers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let mut answers = BufReader::new(answers).lines();
        println!("C#: {}", answers.next().ok_or("the program ended")?.unwrap());
        Ok(Self { commands, answers })
    }

    fn round(&mut self, what: &str) -> Sample {
        writeln!(self.commands, "{what}").unwrap();
        let answer = self.answers.next().unwrap().unwrap();
        let (wall, cpu) = answer.split_once(' ').unwrap();
        Sample { wall: wall.parse().unwrap(), cpu: cpu.parse().unwrap() }
    }
}

fn build(folder: &Path) -> Result<(), String> {
    let built = Command::new("dotnet")
        .args(["build", "--nologo", "--configuration", "Release", "--output"])
        .arg(folder.join("bin"))
        .arg(format!("-p:BaseIntermediateOutputPath={}/", folder.join("obj").display()))
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/csharp"))
        .output()
        .map_err(|error| error.to_string())?;
    if built.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&built.stdout).into_owned()) }
}

/// The library that cargo has built with this benchmark; it lies beside it, or one folder above.
fn library() -> Result<PathBuf, String> {
    let name = format!("{}guest_redemption{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let found = program.ancestors().skip(1).take(2).map(|folder| folder.join(&name)).find(|path| path.exists());
    found.ok_or(format!("{name} was not built"))
}
