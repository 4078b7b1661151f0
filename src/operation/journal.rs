//! Journals, for whoever follows a run.

use super::request::{WHAT, require_text};
use super::{Ended, split};
use crate::batch::journal;
use crate::error::{Error, Result};
use crate::options::{Common, Object, read as read_members};
use crate::status::Status;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// `journal.read`: one page. Nobody has to be signed in.
pub(super) fn read(mut members: Object) -> Ended {
    let (result, outcome) = split(page(&mut members));
    Ended { outcome, result, session: None, call: None }
}

fn page(members: &mut Object) -> Result<Value> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rest {
        after: Option<String>,
        max: Option<usize>,
    }
    let path = require_text(members, "path")?;
    Common::take(members, WHAT)?;
    let rest: Rest = read_members(std::mem::take(members), WHAT)?;
    let max = rest.max.unwrap_or(1000);
    if !(1..=10_000).contains(&max) {
        return Err(Error::new(Status::OutOfRange, format!("{WHAT}: max: expected a number from 1 to 10000")));
    }
    let page = journal::page(Path::new(&path), rest.after.as_deref(), max)?;
    serde_json::to_value(&page)
        .map_err(|error| Error::new(Status::JournalUnusable, format!("the journal {path} cannot be shown: {error}")))
}
