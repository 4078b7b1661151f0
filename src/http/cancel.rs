//! Cancelling from another thread: a sticky flag with an id, and what it wakes.

use crate::error::{Error, Result};
use crate::status::Status;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);
static REGISTRY: Mutex<Option<HashMap<u64, Cancel>>> = Mutex::new(None);

/// A flag that is set once and stays set.
#[derive(Clone, Default)]
pub(crate) struct Cancel(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    cancelled: bool,
    next_hook: u64,
    hooks: HashMap<u64, Box<dyn Fn() + Send>>,
}

impl Cancel {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.state().cancelled
    }

    fn cancel(&self) {
        let mut state = self.state();
        state.cancelled = true;
        state.hooks.values().for_each(|hook| hook());
        self.0.changed.notify_all();
    }

    /// Waits; `false` when cancelled before the time was over.
    pub(crate) fn sleep(&self, time: Duration) -> bool {
        let waited = self.0.changed.wait_timeout_while(self.state(), time, |state| !state.cancelled);
        !waited.unwrap_or_else(PoisonError::into_inner).0.cancelled
    }

    /// Calls `hook` on cancellation, at once if that has happened, until the returned guard goes.
    /// The hook must be quick and must not use this `Cancel`.
    pub(crate) fn on_cancel(&self, hook: impl Fn() + Send + 'static) -> Hook {
        let mut state = self.state();
        if state.cancelled {
            hook();
        }
        let id = state.next_hook;
        state.next_hook += 1;
        state.hooks.insert(id, Box::new(hook));
        Hook { cancel: self.clone(), id }
    }
}

/// Takes its hook back when dropped.
pub(crate) struct Hook {
    cancel: Cancel,
    id: u64,
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.cancel.state().hooks.remove(&self.id);
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
    use std::sync::mpsc;

    #[test]
    fn it_is_sticky_from_creation_and_wakes_a_sleeper() {
        let id = create();
        let flag = get(id).unwrap();
        let sleeper = std::thread::spawn(move || flag.sleep(Duration::from_secs(60)));
        cancel(id);
        assert!(!sleeper.join().unwrap());
        let (sender, receiver) = mpsc::channel();
        let _hook = get(id).unwrap().on_cancel(move || sender.send(()).unwrap());
        receiver.try_recv().unwrap();
        free(id);
        assert_eq!(get(id).err().unwrap().status, Status::UnknownCancelId);
        cancel(id);
    }

    #[test]
    fn a_dropped_hook_is_not_called() {
        let id = create();
        let (sender, receiver) = mpsc::channel();
        drop(get(id).unwrap().on_cancel(move || sender.send(()).unwrap()));
        cancel(id);
        assert!(receiver.try_recv().is_err());
        free(id);
    }
}
