//! Where the calls of these tests are made: in this process, or in a program in C or C#, by the same requests.

use crate::support::Outcome;
use guest_redemption::ffi::{redemption_cancel, redemption_cancel_free, redemption_cancel_new};
use guest_redemption::{Answer, Status};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};

/// Names the program and its arguments, one a line.
pub(crate) const PROGRAM: &str = "SIGN_IN_TEST_PROGRAM";

/// Makes calls, each on a thread of its own where it must be.
pub(crate) enum Host {
    /// Through the library's Rust functions.
    Here,
    /// Through the C ABI, by another program.
    There(Program),
}

/// The host of this run.
pub(crate) fn host() -> &'static Host {
    static HOST: OnceLock<Host> = OnceLock::new();
    HOST.get_or_init(|| match std::env::var(PROGRAM) {
        Ok(command) => Host::There(Program::start(&command)),
        Err(_) => Host::Here,
    })
}

impl Host {
    pub(crate) fn call(&self, request: &str) -> Outcome {
        match self {
            Self::Here => Outcome::of(guest_redemption::call(request)),
            Self::There(program) => outcome(&program.ask(&["call", request])),
        }
    }

    pub(crate) fn reset(&self, user: &str, options: &str) -> Outcome {
        match self {
            Self::Here => Outcome::of(guest_redemption::reset(user, None, Some(options))),
            Self::There(program) => outcome(&program.ask(&["reset", user, options])),
        }
    }

    pub(crate) fn cancel_new(&self) -> u64 {
        match self {
            Self::Here => redemption_cancel_new(),
            Self::There(program) => program.ask(&["cancel_new"]).parse().unwrap(),
        }
    }

    pub(crate) fn cancel(&self, id: u64) {
        match self {
            Self::Here => redemption_cancel(id),
            Self::There(program) => drop(program.ask(&["cancel", &id.to_string()])),
        }
    }

    pub(crate) fn cancel_free(&self, id: u64) {
        match self {
            Self::Here => redemption_cancel_free(id),
            Self::There(program) => drop(program.ask(&["cancel_free", &id.to_string()])),
        }
    }
}

/// Reads `STATUS<tab>JSON`.
fn outcome(answer: &str) -> Outcome {
    let (code, json) = answer.split_once('\t').unwrap();
    let status = Status::from_code(code.parse().unwrap()).unwrap();
    let message = serde_json::from_str::<serde_json::Value>(json).unwrap()["message"].as_str().unwrap().to_owned();
    Outcome::of(Answer { status, message, json: json.to_owned() })
}

type Waiting = Arc<Mutex<HashMap<u64, Sender<String>>>>;

/// A program that takes lines `NUMBER<tab>WORD<tab>ARGUMENT...` and answers each with `NUMBER<tab>ANSWER` when it is
/// done, several at a time. It ends with its input.
pub(crate) struct Program {
    input: Mutex<ChildStdin>,
    waiting: Waiting,
    count: AtomicU64,
}

impl Program {
    fn start(command: &str) -> Self {
        let mut words = command.lines();
        let mut command = Command::new(words.next().unwrap());
        // cargo puts the folder of the shipped library's last build into it, ahead of the one that was linked
        command.args(words).env_remove("LD_LIBRARY_PATH").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let waiting = Waiting::default();
        let served = waiting.clone();
        std::thread::spawn(move || {
            hand_out(output, &served);
            child.wait()
        });
        Self { input: Mutex::new(input), waiting, count: AtomicU64::new(0) }
    }

    fn ask(&self, words: &[&str]) -> String {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = channel();
        self.waiting.lock().unwrap().insert(number, sender);
        writeln!(self.input.lock().unwrap(), "{number}\t{}", words.join("\t")).unwrap();
        answer.recv().unwrap()
    }
}

fn hand_out(output: ChildStdout, waiting: &Waiting) {
    for line in BufReader::new(output).lines() {
        let line = line.unwrap();
        let (number, answer) = line.split_once('\t').unwrap();
        let sender = waiting.lock().unwrap().remove(&number.parse().unwrap()).unwrap();
        let _ = sender.send(answer.to_owned());
    }
    // whoever still waits is told
    waiting.lock().unwrap().clear();
}
