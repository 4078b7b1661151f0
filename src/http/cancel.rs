//! Cancelling from another thread: a sticky flag with an id, and what it wakes.

use crate::error::{Error, Result};
use crate::status::Status;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);
static REGISTRY: Mutex<Option<HashMap<u64, Cancel>>> = Mutex::new(None);

/// A flag that is set once and stays set.
#[derive(Clone, Default)]
pub(crate) struct Cancel(Arc<Inner>);

#[derive(Default)]
struct Inner {
    cancelled: AtomicBool,
    changed: Notify,
}

impl Cancel {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    pub(crate) fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }

    /// Ends when it is cancelled, at once if it is.
    pub(crate) async fn cancelled(&self) {
        let mut changed = std::pin::pin!(self.0.changed.notified());
        // listens first, so that a cancellation between the two lines is not missed
        changed.as_mut().enable();
        if !self.is_cancelled() {
            changed.await;
        }
    }
}

fn registry<T>(use_it: impl FnOnce(&mut HashMap<u64, Cancel>) -> T) -> T {
    let mut registry = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    use_it(registry.get_or_insert_with(HashMap::new))
}

/// A new cancel object's id; never 0, never used twice.
pub(crate) fn create() -> u64 {
    let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    registry(|all| all.insert(id, Cancel::default()));
    id
}

/// Cancels; an unknown id does nothing.
pub(crate) fn cancel(id: u64) {
    if let Some(cancel) = registry(|all| all.get(&id).cloned()) {
        cancel.cancel();
    }
}

/// Forgets the id; calls that use it go on.
pub(crate) fn free(id: u64) {
    registry(|all| all.remove(&id));
}

/// The cancel object with this id.
pub(crate) fn get(id: u64) -> Result<Cancel> {
    registry(|all| all.get(&id).cloned()).ok_or_else(|| {
        Error::new(Status::UnknownCancelId, format!("there is no cancel object with the id {id}"))
            .hint("create one with redemption_cancel_new, and free it only after the call")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn it_is_sticky_from_creation_and_wakes_whoever_waits() {
        let id = create();
        let flag = get(id).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let other = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            cancel(id);
        });
        runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), flag.cancelled()).await }).unwrap();
        other.join().unwrap();
        runtime.block_on(flag.cancelled());
        assert!(get(id).unwrap().is_cancelled());
        free(id);
        assert_eq!(get(id).err().unwrap().status, Status::UnknownCancelId);
        cancel(id);
    }
}
