//! Reading a journal page by page, also while a run writes it: without its lock, and changing nothing.

use super::faults::reading;
use super::line::Line;
use super::record::Record;
use super::scan::{Lines, Segments};
use crate::error::{Error, Result};
use crate::status::Status;
use serde::Serialize;
use std::fs::{File, metadata};
use std::io::{self, Read, Seek, SeekFrom, Take};
use std::path::Path;

/// A page ends after so many bytes, however few lines they are.
const MOST_BYTES: u64 = 4 << 20;

/// A part of a journal.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    header: Line,
    records: Vec<Line>,
    /// Asks for the next page; none at the end.
    next: Option<String>,
    torn: Option<Torn>,
}

/// What stands behind the last good line: a crash has cut it off, or it is being written.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Torn {
    /// The first line that is not whole, from 1.
    line: u64,
    bytes: u64,
}

/// The lines behind the header, or behind those of an earlier page; `max` at most.
pub(crate) fn page(path: &Path, after: Option<&str>, max: usize) -> Result<Page> {
    read(path, after, max).map_err(reading)
}

fn read(path: &Path, after: Option<&str>, max: usize) -> Result<Page> {
    let name = path.display().to_string();
    let unreadable = |error: io::Error| unusable(&name, &format!("cannot be read: {error}"));
    // opening a pipe would wait for its other end
    if !metadata(path).map_err(unreadable)?.is_file() {
        return Err(unusable(&name, "is not a file"));
    }
    let mut file = Snapshot::open(path).map_err(unreadable)?;
    if file.length == 0 {
        return Err(unusable(&name, "is empty: its run has not begun"));
    }
    let (header, mut lines) = Lines::begin(file.from(0).map_err(unreadable)?, &name)?;
    if let Some(cursor) = after {
        let (next, offset) =
            cursor_of(cursor, &header).filter(|(_, offset)| *offset <= file.length).ok_or_else(|| {
                Error::new(Status::OutOfRange, format!("after: {cursor:?} is no cursor of the journal {name}"))
                    .hint("give what the page before has for \"next\", or leave it out to begin anew")
            })?;
        lines = lines.skip_to(file.from(offset).map_err(unreadable)?, next);
    }
    let begin = lines.end;
    let mut records = Vec::new();
    while records.len() < max && lines.end - begin < MOST_BYTES {
        let Some(line) = lines.next()? else {
            let bytes = file.length.saturating_sub(lines.end);
            let torn = (bytes > 0).then_some(Torn { line: lines.next + 1, bytes });
            return Ok(Page { header, records, next: None, torn });
        };
        records.push(line);
    }
    let next = Some(cursor(&header, lines.next, lines.end));
    Ok(Page { header, records, next, torn: None })
}

fn unusable(name: &str, why: &str) -> Error {
    Error::new(Status::JournalUnusable, format!("the journal {name} {why}"))
        .hint("check the name, and that you may read it")
}

/// Stands for a place in this journal: the number of its line, and where that begins.
fn cursor(header: &Line, next: u64, offset: u64) -> String {
    format!("{next}:{offset}:{}", id(header))
}

fn cursor_of(text: &str, header: &Line) -> Option<(u64, u64)> {
    let (next, rest) = text.split_once(':')?;
    let (offset, id_then) = rest.split_once(':')?;
    let place = (next.parse().ok()?, offset.parse().ok()?);
    (id_then == id(header)).then_some(place)
}

fn id(header: &Line) -> &str {
    match &header.record {
        Record::Header(header) => &header.id,
        _ => "",
    }
}

/// A file as long as it was when it was opened: a line that is added meanwhile would look like damage behind a torn one.
struct Snapshot {
    file: File,
    length: u64,
}

impl Snapshot {
    /// On Windows std lets others write, rename and delete it meanwhile.
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }

    fn from(&mut self, offset: u64) -> io::Result<Segments<Take<File>>> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(Segments::at(file.take(self.length - offset), offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_is_added_after_opening_is_not_seen() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"half a li").unwrap();
        let mut snapshot = Snapshot::open(file.path()).unwrap();
        file.write_all(b"ne\nand another\n").unwrap();
        for offset in [0, 5] {
            let mut segments = snapshot.from(offset).unwrap();
            let half = segments.next().unwrap().unwrap();
            assert!(!half.whole && segments.next().unwrap().is_none());
        }
    }
}
