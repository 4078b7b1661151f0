//! The ABI's own cost: calls that send nothing, through the exported C functions, from Rust as a C program would
//! and from C# through the client of the PowerShell module.
#![allow(unsafe_code, clippy::print_stdout, clippy::unwrap_used)]

mod support;

use guest_redemption::ffi;
use serde_json::json;
use std::env;
use std::ffi::CStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use support::{ROUNDS, Sample, Side, finish, headline, measure, timed, within};

const CALLS: u32 = 20_000;
const GOAL_NATIVE: f64 = 3.0;
const GOAL_CSHARP: f64 = 10.0;
const GUEST: &CStr = c"10000000-0000-4000-8000-000000000001";

fn main() {
    headline("abi");
    let mut sides = vec![
        Side::new("C ABI, reset_redemption, malformed address", || timed(CALLS, |_| reset_malformed())),
        Side::new("C ABI, redemption_call, session.show", || timed(CALLS, |_| show())),
    ];
    let csharp = CSharp::start().map(std::cell::RefCell::new);
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
