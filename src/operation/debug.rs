//! What tests do to the library. Not in the shipped one.

use super::request::{WHAT, require_text};
use super::{Ended, on_engine, split};
use crate::auth;
use crate::options::{Common, Object, read};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::OnceLock;
use std::time::Duration;

/// Adds an answer to the file that the variable names, if it does: all that a test run got from the library, in
/// whatever language, to be searched for secrets.
pub(super) fn transcribe(json: &str) {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let path = std::env::var_os("GUEST_REDEMPTION_TEST_TRANSCRIPT")?;
        OpenOptions::new().create(true).append(true).open(path).ok()
    });
    // in one write, since several processes add to it
    if let Some(mut file) = file.as_ref() {
        let _ = file.write_all(format!("{json}\n").as_bytes());
    }
}

/// `debug.panic`: lets a test see what becomes of a panic.
pub(super) fn panic(members: &Object) -> Ended {
    if members.get("where").and_then(Value::as_str) == Some("engine") {
        return on_engine(async || fail());
    }
    fail()
}

#[allow(clippy::panic)]
fn fail() -> Ended {
    panic!("a panic asked for by a test")
}

/// `debug.age`: lets a session's token be this many seconds older, as if that time had passed.
pub(super) fn age(mut members: Object) -> Ended {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rest {
        seconds: u64,
    }
    let aged = require_text(&mut members, "session").and_then(|id| {
        let session = auth::find(&id)?;
        Common::take(&mut members, WHAT)?;
        let rest: Rest = read(members, WHAT)?;
        session.age(Duration::from_secs(rest.seconds));
        Ok(json!({}))
    });
    let (result, outcome) = split(aged);
    Ended { outcome, result, session: None, call: None }
}
