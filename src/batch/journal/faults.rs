//! What can be wrong with a journal, as errors that name the file and say what to do.

use crate::error::Error;
use crate::status::Status;
use std::fmt::Display;

/// It cannot be used at all; nothing was sent.
pub(super) fn unusable(name: &str, why: impl Display) -> Error {
    Error::new(Status::JournalUnusable, format!("the journal {name} {why}; nothing was sent"))
        .hint("name a file in a folder on a local disk that you can write to, with room for about 1 kB a guest")
}

pub(super) fn in_use(name: &str) -> Error {
    Error::new(Status::JournalUnusable, format!("the journal {name} is in use by another run; nothing was sent"))
        .hint("wait until that run has ended, or name another file")
}

pub(super) fn exists(name: &str) -> Error {
    Error::new(Status::JournalUnusable, format!("the file {name} exists and is not empty; nothing was sent"))
        .hint("resume it if it is the journal of this campaign, or name another file")
}

pub(super) fn missing(name: &str) -> Error {
    Error::new(Status::JournalUnusable, format!("there is no journal {name} to resume; nothing was sent"))
        .hint("check the name; where no run has begun yet, begin one without resuming")
}

pub(super) fn no_journal(name: &str) -> Error {
    Error::new(Status::JournalDamaged, format!("the first line of {name} is not that of a journal; nothing was sent"))
        .hint("check the name; if it is the right file, restore it from a copy")
}

/// `line` counts from 1.
pub(super) fn damaged(name: &str, line: u64, why: &str) -> Error {
    Error::new(Status::JournalDamaged, format!("line {line} of the journal {name} {why}; nothing was sent"))
        .hint("restore the file from a copy; without one, start a new journal and leave out every guest that this one names from that line on and that the directory shows as reset")
}

pub(super) fn too_new(name: &str, library: &str) -> Error {
    Error::new(
        Status::JournalMismatch,
        format!("the journal {name} was written by version {library}, whose form this version does not know; nothing was sent"),
    )
    .hint("resume it with that version or a newer one")
}

pub(super) fn mismatch(name: &str, differences: &[String]) -> Error {
    Error::new(
        Status::JournalMismatch,
        format!("the journal {name} belongs to another run: {}; nothing was sent", differences.join(", ")),
    )
    .hint("resume with what the journal was begun with, or start a new journal")
}

/// The run has to end: what is not in the journal must not be sent.
pub(super) fn failed(name: &str, why: impl Display) -> Error {
    Error::new(Status::JournalFailed, format!("the journal {name} could not be written: {why}; nothing more is begun"))
        .hint("make room, or mend what the message names, and resume with the same journal; it tells what is done, and what was under way is looked for")
}

/// The same error for whoever only reads, and so had nothing to send.
pub(super) fn reading(mut error: Error) -> Error {
    if let Some(short) = error.message.strip_suffix("; nothing was sent") {
        error.message = short.to_owned();
    }
    error
}
