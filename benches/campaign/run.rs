//! The batch of one tenant: its plain guests, handed in and taken as there is room.

use crate::batch::{Batch, Next};
use crate::support::{Tenant, c};
use serde_json::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What the first seconds get beyond the pace is not sustained, nor is the pause that makes up for it when the limit's
/// first five seconds end.
pub(crate) const WARM_UP: f64 = 7.0;

/// Seconds since 1970, which other processes count in the same way.
pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

pub(crate) struct Run {
    batch: Batch,
    guests: u32,
    /// Whether each gets a new address.
    moves: bool,
    /// How each has to end.
    outcome: &'static str,
    given: u32,
    /// When each was done.
    pub(crate) done: Vec<f64>,
    over: bool,
}

impl Run {
    pub(crate) fn start(options: &Value, guests: u32, moves: bool, outcome: &'static str) -> Self {
        Self { batch: Batch::start(options), guests, moves, outcome, given: 0, done: Vec::new(), over: false }
    }

    /// Gives and takes what can be given and taken at once; whether there was any.
    fn go_on(&mut self) -> bool {
        let (given, taken) = (self.given, self.done.len());
        while self.given < self.guests && self.give(self.given + 1) {
            self.given += 1;
            if self.given == self.guests {
                self.batch.finish();
            }
        }
        loop {
            match self.batch.next(0) {
                Next::Result(answer) => {
                    answer.must_be(self.outcome);
                    self.done.push(now());
                }
                Next::Pending => break,
                Next::Done => {
                    self.over = true;
                    break;
                }
            }
        }
        self.given > given || self.done.len() > taken
    }

    fn give(&self, number: u32) -> bool {
        let email = self.moves.then(|| c(&format!("moved{number}@northwind.com")));
        self.batch.add(number.into(), &c(&Tenant::guest(number)), email.as_deref())
    }
}

/// Brings all of them to their end, on this thread, and does something else meanwhile.
pub(crate) fn drive(runs: &mut [Run], mut meanwhile: impl FnMut()) {
    while runs.iter().any(|run| !run.over) {
        meanwhile();
        let stirred = runs.iter_mut().filter(|run| !run.over).fold(false, |stirred, run| run.go_on() | stirred);
        if !stirred {
            // a tenant does thirty a second, and a batch has work for longer
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// How many a second were done between two times.
pub(crate) fn rate(done: &[f64], from: f64, to: f64) -> f64 {
    done.iter().filter(|time| (from..to).contains(*time)).count() as f64 / (to - from)
}
