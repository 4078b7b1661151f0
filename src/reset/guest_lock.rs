//! One writer per guest in this process: `otherMails` is replaced as a whole, so two would lose entries.

use crate::error::Result;
use crate::http::budget::Budget;
use std::collections::HashSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

static HELD: Mutex<Option<HashSet<String>>> = Mutex::new(None);
static FREED: Condvar = Condvar::new();
/// How often a waiting call looks at its own limits.
const LOOK: Duration = Duration::from_millis(50);

/// Holds a guest until it is dropped.
pub(super) struct GuestLock {
    key: String,
    /// Whether somebody else held the guest meanwhile.
    pub(super) waited: bool,
}

/// Waits, within the call's limits, until nobody else holds the guest.
pub(super) fn hold(graph_url: &str, id: &str, budget: &Budget) -> Result<GuestLock> {
    let key = format!("{graph_url} {id}");
    let mut held = lock();
    let mut waited = false;
    while !held.get_or_insert_default().insert(key.clone()) {
        budget.check()?;
        waited = true;
        held = FREED.wait_timeout(held, LOOK).unwrap_or_else(PoisonError::into_inner).0;
    }
    Ok(GuestLock { key, waited })
}

fn lock() -> MutexGuard<'static, Option<HashSet<String>>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for GuestLock {
    fn drop(&mut self) {
        lock().get_or_insert_default().remove(&self.key);
        FREED.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Status;

    #[test]
    fn the_second_waits_and_gives_up_in_time() {
        let budget = |ms| Budget::new(Duration::from_millis(ms), Duration::ZERO, None);
        let first = hold("here", "1", &budget(1000)).unwrap();
        assert!(!hold("here", "2", &budget(1000)).unwrap().waited);
        assert_eq!(hold("here", "1", &budget(60)).err().unwrap().status, Status::TimeLimit);
        let other = std::thread::spawn(move || hold("here", "1", &budget(10_000)).unwrap().waited);
        std::thread::sleep(Duration::from_millis(20));
        drop(first);
        // whether it had begun to wait is up to the scheduler; that it gets the guest is not
        let _ = other.join().unwrap();
        assert!(!hold("here", "1", &budget(1000)).unwrap().waited);
    }
}
