//! The file that redeem links are kept in: each is a secret that redeems an invitation.

use crate::error::{Error, Result};
use crate::report::ResetReport;
use crate::status::Status;
use secrecy::zeroize::Zeroizing;
use serde_json::json;
use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// An open file, to which lines are added.
pub(super) struct RedeemLinks {
    file: RefCell<File>,
    name: String,
}

impl RedeemLinks {
    /// Opens or creates the file. One that others may read is refused.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let opened = options().open(path).and_then(|file| private(&file).map(|()| file));
        let file = opened.map_err(|error| {
            Error::new(
                Status::RedeemUrlFileUnusable,
                format!("the file {name} cannot be used for redeem links: {error}; nothing was sent"),
            )
            .hint("name a new file in a folder that you can write to")
        })?;
        Ok(Self { file: RefCell::new(file), name })
    }

    /// Adds the link of a reset, if it left one.
    pub(super) fn keep(&self, report: &ResetReport) -> Result<()> {
        let Some(link) = &report.invite_redeem_url else { return Ok(()) };
        let guest = report.guest_before.as_ref();
        let line = json!({
            "user_id": guest.map(|guest| &guest.id),
            "user_principal_name": guest.and_then(|guest| guest.user_principal_name.as_ref()),
            "email": report.email,
            "invite_redeem_url": link,
        });
        let line = Zeroizing::new(format!("{line}\n"));
        self.file.borrow_mut().write_all(line.as_bytes()).map_err(|error| self.failed(&error))
    }

    /// Puts all of it on disk.
    pub(super) fn end(&self) -> Result<()> {
        self.file.borrow().sync_all().map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Error {
        let what =
            format!("the file of redeem links {} could not be written: {error}; nothing more is begun", self.name);
        Error::new(Status::RedeemUrlFileUnusable, what).hint(
            "make room and resume; the links that are missing are in the results, or come with another invitation",
        )
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let data = file.metadata()?;
    if !data.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    if data.mode() & 0o077 != 0 {
        return Err(io::Error::other("others than its owner have rights to it"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn private(_: &File) -> io::Result<()> {
    Ok(())
}
