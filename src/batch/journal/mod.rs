//! The journal of a run: what was begun and how it ended, in a file that survives whatever ends the run.
//!
//! One line of JSON each, with a sum; the first one says what the journal belongs to (`line.rs`, `record.rs`). An
//! intent is on disk before what it intends is sent (`writer.rs`, `appender.rs`). A later run reads the lines again
//! (`scan.rs`, `open.rs`), knows by them what is done and what may have been sent (`index.rs`), and judges by that and
//! the directory what became of it (`verdict.rs`). `disk.rs` is all that touches a file,
//! but for whoever only follows a run (`read.rs`).

mod appender;
mod disk;
mod faults;
mod index;
mod line;
mod mails;
mod open;
mod read;
mod record;
mod scan;
mod verdict;
mod writer;

pub(crate) use index::{Doubt, Index, Open, Standing};
pub(crate) use mails::Mails;
pub(crate) use open::{Resumed, create, resume};
pub(crate) use read::page;
pub(crate) use record::{AddressChange, Binding, Ended, Intent, Named, NotAccepted, Record, Reminder, Step};
pub(crate) use verdict::{Verdict, judge};
pub(crate) use writer::Writer;

#[cfg(test)]
mod tests;
