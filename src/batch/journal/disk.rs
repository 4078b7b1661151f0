//! The file under a journal: all that touches the disk, small enough for a simulated one in tests.

use super::faults::{in_use, missing, unusable};
use crate::error::Result;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// A file that one run holds. What was written is on disk only after `sync`.
pub(super) trait Disk: Send {
    fn length(&mut self) -> io::Result<u64>;

    /// Reads from there as much as it gets; 0 only at the end.
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize>;

    /// Writes all of it, or fails with any part of it written.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    fn truncate(&mut self, length: u64) -> io::Result<()>;

    /// Puts the file's content on disk. After a failure nothing is known of what was written since the last success.
    fn sync(&mut self) -> io::Result<()>;

    /// Puts the file's name on disk.
    fn sync_folder(&mut self) -> io::Result<()>;
}

/// A real file, locked as long as it is open.
pub(super) struct RealFile {
    file: File,
    /// Where its name stands.
    #[cfg(unix)]
    folder: std::path::PathBuf,
}

impl RealFile {
    /// Opens and locks it. `create` lets it come into being.
    pub(super) fn open(path: &Path, create: bool) -> Result<Self> {
        let name = path.display().to_string();
        let file = options(create).open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if !create => missing(&name),
            _ if lacks_sharing(&error) => in_use(&name),
            _ => unusable(&name, format!("cannot be opened for writing: {error}")),
        })?;
        lock(&file, &name)?;
        #[cfg(unix)]
        let folder = match path.canonicalize() {
            Ok(real) => real.parent().unwrap_or(Path::new("/")).to_owned(),
            Err(error) => return Err(unusable(&name, format!("cannot be found again: {error}"))),
        };
        Ok(Self {
            file,
            #[cfg(unix)]
            folder,
        })
    }
}

fn options(create: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    // not in append mode, since a later run writes the last lines once more where they stand
    options.read(true).write(true).create(create).truncate(false);
    #[cfg(windows)]
    {
        // the lock of Windows: others may read meanwhile, which LockFileEx would forbid them
        const FILE_SHARE_READ: u32 = 1;
        std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, FILE_SHARE_READ);
    }
    options
}

#[cfg(windows)]
fn lacks_sharing(error: &io::Error) -> bool {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    error.raw_os_error() == Some(ERROR_SHARING_VIOLATION)
}

#[cfg(not(windows))]
fn lacks_sharing(_: &io::Error) -> bool {
    false
}

#[cfg(windows)]
fn lock(_: &File, _: &str) -> Result<()> {
    Ok(())
}

#[cfg(not(windows))]
fn lock(file: &File, name: &str) -> Result<()> {
    file.try_lock().map_err(|error| match error {
        std::fs::TryLockError::WouldBlock => in_use(name),
        std::fs::TryLockError::Error(error) => unusable(name, format!("cannot be locked: {error}")),
    })
}

impl Disk for RealFile {
    fn length(&mut self) -> io::Result<u64> {
        self.file.metadata().map(|data| data.len())
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read(into)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.write_all(bytes)
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    #[cfg(unix)]
    fn sync_folder(&mut self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    /// NTFS keeps a log of its names, and flushing a file flushes the log up to the file's creation.
    #[cfg(not(unix))]
    fn sync_folder(&mut self) -> io::Result<()> {
        self.file.sync_all()
    }
}
