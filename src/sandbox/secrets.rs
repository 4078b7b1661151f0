//! A file of every secret that any sandbox of a test run has issued or received, so that all output of the run can be
//! searched for them afterwards. There is one only where the variable names it.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::OnceLock;

const VARIABLE: &str = "GUEST_REDEMPTION_TEST_SECRETS";

/// Adds a secret to the file.
pub(super) fn note(secret: &str) {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let path = std::env::var_os(VARIABLE)?;
        OpenOptions::new().create(true).append(true).open(path).ok()
    });
    // in one write, since several processes add to it
    if let Some(mut file) = file.as_ref() {
        let _ = file.write_all(format!("{secret}\n").as_bytes());
    }
}
