//! The end of a journal, where lines are added.

use super::disk::Disk;
use super::line::{self, Seal};
use super::record::Record;
use crate::rfc3339::rfc3339;
use std::io;
use std::time::SystemTime;

/// More than this is not left unsynced, so that little is written once more when a run is resumed.
const MOST_UNSYNCED: u64 = 64 << 10;

/// Adds lines in batches, each in one write. After an error it is not to be used any more: what is in the file is
/// not known then.
pub(super) struct Appender {
    disk: Box<dyn Disk>,
    seal: Seal,
    /// The number of the next line.
    next: u64,
    /// How many lines are surely on disk.
    synced: u64,
    /// Where the next line goes.
    end: u64,
    unsynced: u64,
    lines: Vec<u8>,
}

impl Appender {
    /// Begins an empty file; the header is on disk when it returns.
    pub(super) fn begin(disk: Box<dyn Disk>, header: &Record) -> io::Result<Self> {
        let mut this = Self::at(disk, Seal::default(), 0, 0);
        this.seal = this.write(std::slice::from_ref(header))?;
        this.sync()?;
        this.disk.sync_folder()?;
        Ok(this)
    }

    /// Goes on with a file, all of which is on disk.
    pub(super) fn at(disk: Box<dyn Disk>, seal: Seal, next: u64, end: u64) -> Self {
        Self { disk, seal, next, synced: next, end, unsynced: 0, lines: Vec::new() }
    }

    /// Adds the records. Those of a batch that somebody waits for are on disk when it returns.
    pub(super) fn add(&mut self, records: &[Record], awaited: bool) -> io::Result<()> {
        self.write(records)?;
        if awaited || self.unsynced > MOST_UNSYNCED { self.sync() } else { Ok(()) }
    }

    /// Ends in order, with all on disk.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.sync()?;
        self.add(&[Record::Closed {}], true)
    }

    fn write(&mut self, records: &[Record]) -> io::Result<Seal> {
        let time = rfc3339(SystemTime::now());
        self.lines.clear();
        let mut last = Seal::default();
        for record in records {
            last = line::write(&mut self.lines, self.seal, self.next, self.synced, &time, record);
            self.next += 1;
        }
        self.disk.write_at(self.end, &self.lines)?;
        let length = u64::try_from(self.lines.len()).unwrap_or(u64::MAX);
        self.end += length;
        self.unsynced += length;
        Ok(last)
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.unsynced > 0 {
            self.disk.sync()?;
        }
        self.synced = self.next;
        self.unsynced = 0;
        Ok(())
    }
}
