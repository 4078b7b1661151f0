//! One writer per guest in this process: `otherMails` is replaced as a whole, so two would lose entries.

use crate::error::Result;
use crate::http::budget::Budget;
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

static HELD: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
static FREED: Notify = Notify::const_new();

/// Holds a guest until it is dropped.
pub(super) struct GuestLock {
    key: String,
    /// Whether somebody else held the guest meanwhile.
    pub(super) waited: bool,
}

/// Waits, within the call's limits, until nobody else holds the guest.
pub(super) async fn hold(graph_url: &str, id: &str, budget: &Budget) -> Result<GuestLock> {
    let key = [graph_url, " ", id].concat();
    let mut waited = false;
    loop {
        let mut freed = std::pin::pin!(FREED.notified());
        // listens first, so that a release between the two lines is not missed
        freed.as_mut().enable();
        if lock().insert(key.clone()) {
            return Ok(GuestLock { key, waited });
        }
        waited = true;
        budget.wait_for(freed).await?;
    }
}

fn lock() -> MutexGuard<'static, HashSet<String>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for GuestLock {
    fn drop(&mut self) {
        lock().remove(&self.key);
        FREED.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Status;
    use std::time::Duration;

    #[tokio::test]
    async fn the_second_waits_and_gives_up_in_time() {
        let budget = |ms| Budget::new(Duration::from_millis(ms), Duration::ZERO, None);
        let (short, long) = (budget(60), budget(10_000));
        let first = hold("here", "1", &long).await.unwrap();
        assert!(!hold("here", "2", &long).await.unwrap().waited);
        assert_eq!(hold("here", "1", &short).await.err().unwrap().status, Status::TimeLimit);
        let release = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            drop(first);
        };
        let (second, ()) = tokio::join!(hold("here", "1", &long), release);
        assert!(second.unwrap().waited);
        assert!(!hold("here", "1", &long).await.unwrap().waited);
    }
}
