//! Reading a journal from its first line to its last, in bounded memory, and telling a torn end from damage.
//!
//! A crash may leave any part of what was not synced: cut off, zeros, or later lines behind a hole of zeros. Each line
//! tells how many lines were surely on disk when it was written, so a line behind a hole tells whether the hole is
//! where nothing was certain yet, or where something has been lost that was on disk.

use super::disk::Disk;
use super::faults::{damaged, no_journal, too_new, unusable};
use super::line::{self, BEGINNING, Line, NoLine, SCHEMA, Seal};
use super::record::{Header, Record};
use crate::error::{Error, Result};
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

/// No line is longer; the longest has the 250 entries of two `otherMails`.
const LONGEST: usize = 1 << 20;
const CHUNK: usize = 64 << 10;
/// A header is shorter.
const LONGEST_BEGINNING: u64 = 64 << 10;

/// A whole journal, as it was found.
pub(super) struct Scan {
    pub(super) seal: Seal,
    /// How many good lines there are.
    pub(super) lines: u64,
    /// Where they end.
    pub(super) end: u64,
    /// Where the lines begin of which nothing proves that they are on disk.
    pub(super) unproven: u64,
    /// The file's length.
    pub(super) length: u64,
}

/// Reads all good lines, the header to the one and the others to the other, and refuses a damaged journal.
pub(super) fn scan(
    disk: &mut dyn Disk,
    name: &str,
    mut on_header: impl FnMut(&Header) -> Result<()>,
    mut on_line: impl FnMut(&Line) -> Result<(), &'static str>,
) -> Result<Scan> {
    let unreadable = |error: io::Error| unusable(name, format!("cannot be read: {error}"));
    let length = disk.length().map_err(unreadable)?;
    let mut segments = Segments::of(disk);
    let first = segments.next().map_err(unreadable)?.ok_or_else(|| no_journal(name))?;
    let (seal, mut library) = begin(&first, name, &mut on_header)?;
    let mut scan = Scan { seal, lines: 1, end: first.end, unproven: 0, length };
    // where lines begin that may not be on disk
    let mut open = VecDeque::from([(0, 0)]);
    while let Some(segment) = segments.next().map_err(unreadable)? {
        let line = match segment.line(seal) {
            Ok(line) if line.seq == scan.lines && line.synced <= line.seq => line,
            Err(NoLine::Unknown) => return Err(too_new(name, &library)),
            _ => {
                check_torn(segment, &mut segments, &scan)
                    .map_err(unreadable)?
                    .map_err(|why| damaged(name, scan.lines + 1, why))?;
                break;
            }
        };
        on_line(&line).map_err(|why| damaged(name, scan.lines + 1, why))?;
        if let Record::Resumed(resumption) = line.record {
            library = resumption.library;
        }
        while open.front().is_some_and(|(seq, _)| *seq < line.synced) {
            open.pop_front();
        }
        open.push_back((line.seq, scan.end));
        scan.lines += 1;
        scan.end = segment.end;
    }
    scan.unproven = open.front().map_or(scan.end, |(_, offset)| *offset);
    Ok(scan)
}

fn begin(first: &Segment, name: &str, on_header: &mut impl FnMut(&Header) -> Result<()>) -> Result<(Seal, String)> {
    let seal = line::checked(first.text(), Seal::default()).map_err(|_| no_journal(name))?;
    let header = match first.line(Seal::default()) {
        Ok(Line { seq: 0, record: Record::Header(header), .. }) if header.schema == SCHEMA => header,
        _ => return Err(no_known_header(first, name)),
    };
    on_header(&header)?;
    Ok((seal, header.library))
}

/// The sum is right, so it is a journal of some version.
fn no_known_header(first: &Segment, name: &str) -> Error {
    let members: serde_json::Value = serde_json::from_slice(first.text()).unwrap_or_default();
    match members.get("library").and_then(serde_json::Value::as_str) {
        Some(library) => too_new(name, library),
        None => no_journal(name),
    }
}

/// Whether nothing was ever begun: the file is empty, or holds a part of a header.
pub(super) fn is_blank(disk: &mut dyn Disk) -> io::Result<bool> {
    match disk.length()? {
        0 => return Ok(true),
        length if length > LONGEST_BEGINNING => return Ok(false),
        _ => {}
    }
    let mut start = [0; BEGINNING.len()];
    let got = disk.read_at(0, &mut start)?;
    let looks_torn = start[..got].iter().zip(BEGINNING).all(|(found, byte)| found == byte || *found == 0);
    let mut segments = Segments::of(disk);
    let torn = segments.next()?.is_some_and(|first| first.zeros || !first.whole);
    Ok(looks_torn && torn && segments.next()?.is_none())
}

/// Whether what stands behind the good lines can have come about by a crash. If not, why.
fn check_torn(first: Segment, segments: &mut Segments<'_>, scan: &Scan) -> io::Result<Result<(), &'static str>> {
    let mut behind_hole = false;
    let mut next = Some(first);
    while let Some(segment) = next {
        behind_hole |= segment.zeros;
        match segment.line(scan.seal) {
            Ok(line) if !behind_hole || line.seq <= scan.lines => return Ok(Err("is not the next one")),
            Ok(line) if line.synced > scan.lines => return Ok(Err("was on disk and is lost")),
            Ok(_) => {}
            Err(_) if segment.zeros || !segment.whole => {}
            Err(_) => return Ok(Err("or one soon after it has been changed: its sum is not right")),
        }
        next = segments.next()?;
    }
    Ok(Ok(()))
}

/// What stands between two line ends.
struct Segment {
    /// With the line's end; without what precedes the last zero byte.
    text: Vec<u8>,
    end: u64,
    /// Whether a zero byte stands in it, which no line has.
    zeros: bool,
    /// Whether it has a line's end.
    whole: bool,
}

impl Segment {
    fn text(&self) -> &[u8] {
        self.text.strip_suffix(b"\n").unwrap_or(&self.text)
    }

    fn line(&self, seal: Seal) -> Result<Line, NoLine> {
        if self.whole { line::read(self.text(), seal) } else { Err(NoLine::Damaged) }
    }
}

struct Segments<'a> {
    reader: BufReader<From<'a>>,
    end: u64,
}

impl<'a> Segments<'a> {
    fn of(disk: &'a mut dyn Disk) -> Self {
        Self { reader: BufReader::with_capacity(CHUNK, From { disk, offset: 0 }), end: 0 }
    }

    fn next(&mut self) -> io::Result<Option<Segment>> {
        let mut segment = Segment { text: Vec::new(), end: self.end, zeros: false, whole: false };
        while !segment.whole {
            let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
            let got = self.reader.by_ref().take(most).read_until(b'\n', &mut segment.text)?;
            if got == 0 {
                break;
            }
            segment.end += u64::try_from(got).unwrap_or(u64::MAX);
            segment.whole = segment.text.ends_with(b"\n");
            if segment.text.contains(&0) {
                segment.zeros = true;
                let kept = segment.text.iter().rposition(|byte| *byte == 0).map_or(0, |at| at + 1);
                segment.text.drain(..kept);
            }
            if segment.text.len() > LONGEST {
                // too long for a line, so its content does not matter
                segment.text.clear();
            }
        }
        let found = segment.end > self.end;
        self.end = segment.end;
        Ok(found.then_some(segment))
    }
}

/// The file from an offset on.
struct From<'a> {
    disk: &'a mut dyn Disk,
    offset: u64,
}

impl Read for From<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.disk.read_at(self.offset, into)?;
        self.offset += u64::try_from(got).unwrap_or(u64::MAX);
        Ok(got)
    }
}
