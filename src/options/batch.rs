//! What a batch is asked to do.

use super::{Object, read};
use crate::error::{Error, Result};
use crate::status::Status;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// The options of a batch, beside those of every reset and of every call.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BatchMembers {
    /// How many guests are under way at most, 1 to 2,000. Default 300.
    #[cfg_attr(feature = "schemas", schemars(range(min = 1, max = 2000)))]
    max_in_flight: Option<usize>,
    /// A file that tells what was begun and how it ended, so that another run can go on where this one ends.
    journal: Option<PathBuf>,
    /// Whether the journal is one of an earlier run, which this one goes on with. Default false.
    resume: bool,
    /// A file for the redeem links, one JSON object a line. On Unix only its owner may read it; elsewhere it has the
    /// rights of its folder, or those that it has already.
    redeem_url_path: Option<PathBuf>,
    /// Instead of resetting, sends the invitation's mail once more to whoever has not redeemed yet. Needs a journal that
    /// is resumed.
    remind: Option<Remind>,
}

/// Who is reminded.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Remind {
    /// Only whoever got no mail within so many seconds, as far as the journal tells; 0 to 315,360,000 (ten years).
    #[cfg_attr(feature = "schemas", schemars(range(max = 315_360_000)))]
    not_within_s: u64,
}

impl Remind {
    pub(crate) fn not_within(self) -> Duration {
        Duration::from_secs(self.not_within_s)
    }
}

/// The options of a batch, checked.
pub(crate) struct BatchOptions {
    pub(crate) max_in_flight: usize,
    pub(crate) journal: Option<PathBuf>,
    pub(crate) resume: bool,
    pub(crate) redeem_url_path: Option<PathBuf>,
    pub(crate) remind: Option<Remind>,
}

const KEYS: [&str; 5] = ["max_in_flight", "journal", "resume", "redeem_url_path", "remind"];
const LONGEST: u64 = 315_360_000;
/// What the service lets through in ten seconds: a reset takes that long where the directory lags.
const USUALLY: usize = 300;

impl BatchOptions {
    /// Takes the batch's own options out of the object; what remains is for its calls.
    pub(crate) fn take(object: &mut Object, what: &str) -> Result<Self> {
        let taken = KEYS.iter().filter_map(|key| object.remove_entry(*key)).collect();
        let given: BatchMembers = read(taken, what)?;
        let max_in_flight = given.max_in_flight.unwrap_or(USUALLY);
        let out_of_range = |key: &str, range: &str| {
            Error::new(Status::OutOfRange, format!("{what}: {key}: expected a number {range}"))
        };
        if !(1..=2000).contains(&max_in_flight) {
            return Err(out_of_range("max_in_flight", "from 1 to 2000"));
        }
        if given.remind.is_some_and(|remind| remind.not_within_s > LONGEST) {
            return Err(out_of_range("remind.not_within_s", "from 0 to 315360000"));
        }
        if given.resume && given.journal.is_none() {
            return Err(Error::new(Status::ConflictingOptions, format!("{what}: resume is given without a journal"))
                .hint("name the journal of the earlier run"));
        }
        if given.remind.is_some() && !given.resume {
            return Err(Error::new(Status::ConflictingOptions, format!("{what}: remind is given without resume"))
                .hint("name the journal of the run whose guests are to be reminded, and set resume to true"));
        }
        Ok(Self {
            max_in_flight,
            journal: given.journal,
            resume: given.resume,
            redeem_url_path: given.redeem_url_path,
            remind: given.remind,
        })
    }
}
