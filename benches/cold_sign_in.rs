//! The first thing that a process does: a sign-in with a client secret and one reset through the C ABI, against the same
//! requests made with bare reqwest::blocking. Every measurement is a process of its own, timed from its first line.
#![allow(unsafe_code, clippy::print_stdout, clippy::unwrap_used)]

#[path = "support/replay.rs"]
mod replay;
mod support;

use replay::Request;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use support::{Sample, Side, Tenant, bare_builder, bare_client, c, headline, measure, ratio, reset, timed};

/// Processes per round.
const PROCESSES: u32 = 5;
const GOAL: f64 = 1.1;
/// How a process of this program knows that it is one of the measured.
const OURS: &str = "measure-ours";
const BARE: &str = "measure-bare";

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some(OURS) => measured(|input| {
            let options = c(&input["options"].to_string());
            let guest = c(input["guest"].as_str().unwrap());
            Box::new(move || reset(&guest, None, &options))
        }),
        Some(BARE) => measured(|input| {
            let text = |name: &str| input[name].as_str().unwrap().to_owned();
            let (url, token) = (text("url"), text("token"));
            let requests: Vec<_> = input["requests"].as_array().unwrap().iter().map(Request::of).collect();
            let trusts_system = input["trusts_system"].as_bool().unwrap();
            Box::new(move || {
                let client = if trusts_system { bare_client() } else { plain_client() };
                requests.iter().for_each(|request| request.send(&url, &token, &client));
            })
        }),
        _ => compare(),
    }
}

fn compare() {
    headline("cold_sign_in");
    println!("yardstick: reqwest::blocking, a new client, answers parsed into serde_json::Value");
    let tenant = Tenant::start(PROCESSES);
    let client = bare_client();
    let journals = RefCell::new(Vec::new());
    let ours = || {
        journals.borrow_mut().clear();
        round(|number| {
            tenant.restore(&client);
            let options = json!({"auth": tenant.secret_grant(), "environment": tenant.environment()});
            let sample = run(OURS, &json!({"options": options, "guest": Tenant::guest(number)}));
            journals.borrow_mut().push(tenant.journal(&client));
            sample
        })
    };
    let bare = |trusts_system: bool| {
        let (tenant, client, journals) = (&tenant, &client, &journals);
        move || {
            round(|number| {
                let journal = &journals.borrow()[number as usize - 1];
                let mut input = json!({"url": tenant.url, "token": tenant.token, "trusts_system": trusts_system});
                input["requests"] = journal.as_slice().into();
                tenant.restore(client);
                let sample = run(BARE, &input);
                assert_eq!(*journal, tenant.journal(client), "both sides send the same and get the same");
                sample
            })
        }
    };
    let sides = vec![
        Side::new("reset_redemption", ours),
        Side::new("bare reqwest::blocking", bare(true)),
        Side::new("the same without the system's trusted certificates", bare(false)),
    ];
    let measured = measure(&format!("a process's sign-in and reset, {PROCESSES} a round"), sides);
    println!("  {} requests each", journals.borrow()[0].len());
    ratio(&measured[0], &measured[1], None);
    // plain http needs no certificates, and the library reads none for it
    ratio(&measured[0], &measured[2], Some(GOAL));
}

/// A bare client that trusts no certificate.
fn plain_client() -> reqwest::blocking::Client {
    bare_builder().tls_certs_only([]).build().unwrap()
}

/// The mean of several processes.
fn round(one: impl FnMut(u32) -> Sample) -> Sample {
    let samples: Vec<_> = (1..=PROCESSES).map(one).collect();
    let mean = |value: fn(&Sample) -> f64| samples.iter().map(value).sum::<f64>() / f64::from(PROCESSES);
    Sample { wall: mean(|sample| sample.wall), cpu: mean(|sample| sample.cpu) }
}

/// Lets a process of this program do it, and gives what it measured.
fn run(what: &str, input: &Value) -> Sample {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .arg(what)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success());
    let sample: [f64; 2] = serde_json::from_slice(&output.stdout).unwrap();
    Sample { wall: sample[0], cpu: sample[1] }
}

/// In such a process: reads what to do, does it, and prints what it took.
fn measured(prepare: impl FnOnce(&Value) -> Box<dyn FnMut()>) {
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input).unwrap();
    let mut act = prepare(&serde_json::from_slice(&input).unwrap());
    let sample = timed(1, |_| act());
    println!("{}", json!([sample.wall, sample.cpu]));
}
