//! Beginning a journal and going on with one. Either proves, before anything is sent, that the file can be written.

use super::appender::Appender;
use super::disk::{Disk, RealFile};
use super::faults::{exists, mismatch, unusable};
use super::index::Index;
use super::line::Line;
use super::mails::Mails;
use super::record::{Binding, Cut, Header, LIBRARY, Record, Resumption};
use super::scan::{Scan, is_blank, scan};
use super::writer::Writer;
use crate::error::Result;
use crate::rfc3339::rfc3339;
use std::io;
use std::path::Path;
use std::time::SystemTime;

const CHUNK: usize = 64 << 10;

/// A journal that is gone on with.
pub(crate) struct Resumed {
    pub(crate) writer: Writer,
    /// What its lines tell.
    pub(crate) index: Index,
    /// Whom it mailed, where that was asked for.
    pub(crate) mails: Option<Mails>,
}

/// Begins a journal. A file that holds anything already is refused.
pub(crate) fn create(path: &Path, binding: &Binding) -> Result<Writer> {
    let name = path.display().to_string();
    let disk = Box::new(RealFile::open(path, true)?);
    Writer::start(create_on(disk, &name, binding)?, name)
}

/// Goes on with a journal of the same binding. `since` asks for whom it mailed since then.
pub(crate) fn resume(path: &Path, binding: &Binding, since: Option<SystemTime>) -> Result<Resumed> {
    let name = path.display().to_string();
    let disk = Box::new(RealFile::open(path, false)?);
    let mut mails = since.map(|since| Mails::since(rfc3339(since)));
    let on_line = |line: &Line| mails.iter_mut().for_each(|mails| mails.take(line));
    let (appender, index, _) = resume_on(disk, &name, binding, on_line)?;
    Ok(Resumed { writer: Writer::start(appender, name)?, index, mails })
}

pub(super) fn create_on(mut disk: Box<dyn Disk>, name: &str, binding: &Binding) -> Result<Appender> {
    let unusable = |error: io::Error| unusable(name, format!("cannot be begun: {error}"));
    if !is_blank(disk.as_mut()).map_err(unusable)? {
        return Err(exists(name));
    }
    if disk.length().map_err(unusable)? > 0 {
        disk.truncate(0).map_err(unusable)?;
    }
    Appender::begin(disk, &Record::Header(Header::new(binding.clone()))).map_err(unusable)
}

pub(super) fn resume_on(
    mut disk: Box<dyn Disk>,
    name: &str,
    binding: &Binding,
    mut on_line: impl FnMut(&Line),
) -> Result<(Appender, Index, Option<Cut>)> {
    let unusable = |error: io::Error| unusable(name, format!("cannot be gone on with: {error}"));
    if is_blank(disk.as_mut()).map_err(unusable)? {
        // that run ended before anything could be sent
        return create_on(disk, name, binding).map(|appender| (appender, Index::default(), None));
    }
    let mut index = Index::default();
    let same = |header: &Header| match header.differences(binding) {
        none if none.is_empty() => Ok(()),
        differences => Err(mismatch(name, &differences)),
    };
    let found = scan(disk.as_mut(), name, same, |line| {
        on_line(line);
        index.take(&line.record)
    })?;
    index.finish();
    heal(disk.as_mut(), &found).map_err(unusable)?;
    let mut appender = Appender::at(disk, found.seal, found.lines, found.end);
    let bytes = found.length - found.end;
    let cut = (bytes > 0).then_some(Cut { line: found.lines + 1, bytes });
    appender.add(&[Record::Resumed(Resumption { library: LIBRARY.into(), cut })], true).map_err(unusable)?;
    Ok((appender, index, cut))
}

/// Cuts off what is torn, and puts all the rest on disk. The lines that nothing proves to be there are written once
/// more: after a failed sync the system may take them for written though they are not.
fn heal(disk: &mut dyn Disk, found: &Scan) -> io::Result<()> {
    if found.length > found.end {
        disk.truncate(found.end)?;
    }
    let mut chunk = vec![0; CHUNK];
    let mut offset = found.unproven;
    while offset < found.end {
        let left = usize::try_from(found.end - offset).unwrap_or(CHUNK).min(CHUNK);
        let got = disk.read_at(offset, &mut chunk[..left])?;
        if got == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        disk.write_at(offset, &chunk[..got])?;
        offset += u64::try_from(got).unwrap_or(u64::MAX);
    }
    disk.sync()?;
    disk.sync_folder()
}
