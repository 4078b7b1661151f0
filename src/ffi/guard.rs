//! The boundary: no panic crosses it, and none is printed into the host's console.

use super::host;
use crate::call::engine_failed;
use crate::error::{Error, Result};
use crate::http::Failure;
use crate::operation::{self, Answer};
use crate::status::Status;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once, PoisonError};

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// The place of the latest panic of ours: on the caller's thread, or on the engine's, from where it goes on here.
static PANICKED: Mutex<Option<String>> = Mutex::new(None);

/// Runs one call; whatever happens becomes an answer.
pub(super) fn guarded(operation: &str, work: impl FnOnce() -> Result<Answer>) -> Answer {
    shielded(work).unwrap_or_else(|error| operation::failed(operation, error))
}

/// Runs anything; a panic and a fork become errors.
pub(super) fn shielded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    if host::is_forked() {
        return Err(engine_failed(&Failure::Forked));
    }
    host::prepare();
    install_hook();
    INSIDE.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    INSIDE.set(false);
    outcome.unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> Error {
    let place =
        PANICKED.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_else(|| "an unknown place".into());
    Error::new(Status::Panic, format!("the library failed inside, at {place}"))
        .hint("call again; please report this with the version of the library")
}

/// Keeps the place of a panic of ours for the result; other panics go where they went before.
///
/// The payload is dropped: it may hold what the caller passed in.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let on_the_engine = std::thread::current().name() == Some("guest-redemption");
            if !INSIDE.get() && !on_the_engine {
                return before(panic);
            }
            let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
            *PANICKED.lock().unwrap_or_else(PoisonError::into_inner) = place;
        }));
    });
}
