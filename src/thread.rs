//! Threads of ours.

use std::sync::OnceLock;

/// Run first on each of our threads; the C ABI sets it to shield them from the host's signals.
static ON_START: OnceLock<fn()> = OnceLock::new();

/// Sets what a new thread does first. Later calls change nothing.
pub(crate) fn on_start(hook: fn()) {
    let _ = ON_START.set(hook);
}

/// Starts a thread that is never joined.
pub(crate) fn spawn(name: &str, stack: usize, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let shielded = || {
        if let Some(hook) = ON_START.get() {
            hook();
        }
        work();
    };
    std::thread::Builder::new().name(name.into()).stack_size(stack).spawn(shielded).map(drop)
}
