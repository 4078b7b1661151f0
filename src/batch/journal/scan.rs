//! Reading a journal from its first line to its last, in bounded memory, and telling a torn end from damage.
//!
//! A crash may leave any part of what was not synced: cut off, zeros, or later lines behind a hole of zeros. Each line
//! tells how many lines were surely on disk when it was written, so a line behind a hole tells whether the hole is
//! where nothing was certain yet, or where something has been lost that was on disk.

use super::disk::Disk;
use super::faults::{damaged, no_journal, too_new, unusable};
use super::line::{self, BEGINNING, Line, NoLine, Seal};
use super::record::{Header, Record, SCHEMA};
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
    let length = disk.length().map_err(|error| unreadable(name, &error))?;
    let (first, mut lines) = Lines::begin(Segments::of(disk), name)?;
    if let Record::Header(header) = &first.record {
        on_header(header)?;
    }
    // where lines begin that may not be on disk
    let mut open = VecDeque::from([(0, 0)]);
    let mut begin = lines.end;
    while let Some(line) = lines.next()? {
        on_line(&line).map_err(|why| damaged(name, line.seq + 1, why))?;
        while open.front().is_some_and(|(seq, _)| *seq < line.synced) {
            open.pop_front();
        }
        open.push_back((line.seq, begin));
        begin = lines.end;
    }
    let unproven = open.front().map_or(lines.end, |(_, offset)| *offset);
    Ok(Scan { seal: lines.seal, lines: lines.next, end: lines.end, unproven, length })
}

/// The good lines of a journal, one after the other.
pub(super) struct Lines<'a, R> {
    segments: Segments<R>,
    name: &'a str,
    seal: Seal,
    /// Version of the library that wrote what comes.
    library: String,
    /// The number of the next line.
    pub(super) next: u64,
    /// Where it begins.
    pub(super) end: u64,
}

impl<'a, R: Read> Lines<'a, R> {
    /// The header, and the lines behind it.
    pub(super) fn begin(mut segments: Segments<R>, name: &'a str) -> Result<(Line, Self)> {
        let first = segments.next().map_err(|error| unreadable(name, &error))?.ok_or_else(|| no_journal(name))?;
        let seal = line::checked(first.text(), Seal::default()).map_err(|_| no_journal(name))?;
        let (line, library) = match first.line(Seal::default()) {
            Ok(Line { seq: 0, time, record: Record::Header(header), synced }) if header.schema == SCHEMA => {
                let library = header.library.clone();
                (Line { seq: 0, synced, time, record: Record::Header(header) }, library)
            }
            _ => return Err(no_known_header(&first, name)),
        };
        Ok((line, Self { segments, name, seal, library, next: 1, end: first.end }))
    }

    /// The same journal from another line on.
    pub(super) fn skip_to(self, segments: Segments<R>, next: u64) -> Self {
        let end = segments.end;
        Self { segments, next, end, ..self }
    }

    /// The next line; none at the end, also at a torn one.
    pub(super) fn next(&mut self) -> Result<Option<Line>> {
        let Some(segment) = self.segments.next().map_err(|error| unreadable(self.name, &error))? else {
            return Ok(None);
        };
        match segment.line(self.seal) {
            Ok(line) if line.seq == self.next && line.synced <= line.seq => {
                if let Record::Resumed(resumption) = &line.record {
                    self.library.clone_from(&resumption.library);
                }
                self.next += 1;
                self.end = segment.end;
                Ok(Some(line))
            }
            Err(NoLine::Unknown) => Err(too_new(self.name, &self.library)),
            _ => {
                self.check_torn(segment)
                    .map_err(|error| unreadable(self.name, &error))?
                    .map_err(|why| damaged(self.name, self.next + 1, why))?;
                Ok(None)
            }
        }
    }

    /// Whether what stands behind the good lines can have come about by a crash. If not, why.
    fn check_torn(&mut self, first: Segment) -> io::Result<Result<(), &'static str>> {
        let mut behind_hole = false;
        let mut next = Some(first);
        while let Some(segment) = next {
            behind_hole |= segment.zeros;
            match segment.line(self.seal) {
                Ok(line) if !behind_hole || line.seq <= self.next => return Ok(Err("is not the next one")),
                Ok(line) if line.synced > self.next => return Ok(Err("was on disk and is lost")),
                Ok(_) => {}
                Err(_) if segment.zeros || !segment.whole => {}
                Err(_) => return Ok(Err("or one soon after it has been changed: its sum is not right")),
            }
            next = self.segments.next()?;
        }
        Ok(Ok(()))
    }
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

fn unreadable(name: &str, error: &io::Error) -> Error {
    unusable(name, format!("cannot be read: {error}"))
}

/// What stands between two line ends.
pub(super) struct Segment {
    /// With the line's end; without what precedes the last zero byte.
    text: Vec<u8>,
    end: u64,
    /// Whether a zero byte stands in it, which no line has.
    zeros: bool,
    /// Whether it has a line's end.
    pub(super) whole: bool,
}

impl Segment {
    fn text(&self) -> &[u8] {
        self.text.strip_suffix(b"\n").unwrap_or(&self.text)
    }

    fn line(&self, seal: Seal) -> Result<Line, NoLine> {
        if self.whole { line::read(self.text(), seal) } else { Err(NoLine::Damaged) }
    }
}

/// A file, cut at its line ends.
pub(super) struct Segments<R> {
    reader: BufReader<R>,
    end: u64,
}

impl<'a> Segments<From<'a>> {
    fn of(disk: &'a mut dyn Disk) -> Self {
        Self::at(From { disk, offset: 0 }, 0)
    }
}

impl<R: Read> Segments<R> {
    /// What the reader gives, which stands from `offset` on.
    pub(super) fn at(reader: R, offset: u64) -> Self {
        Self { reader: BufReader::with_capacity(CHUNK, reader), end: offset }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Segment>> {
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
pub(super) struct From<'a> {
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
