//! What a library owes to the process it is loaded into: its signals, its forks, and staying loaded.

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// The process that used the library first; 0 before.
static OWNER: AtomicU32 = AtomicU32::new(0);

/// Whether this is a child of the process that used the library. Takes no lock: one may have been held at the fork.
pub(super) fn is_forked() -> bool {
    let this = std::process::id();
    let owner = OWNER.compare_exchange(0, this, Ordering::Relaxed, Ordering::Relaxed);
    owner.is_err_and(|owner| owner != this)
}

/// Done before the first call.
pub(super) fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        crate::thread::on_start(block_signals);
        stay_loaded();
    });
}

/// The host's signal handlers must not run on our threads, and a broken connection must not raise SIGPIPE in a host
/// that has left it at its default, which ends the process.
#[cfg(unix)]
fn block_signals() {
    let mut all = std::mem::MaybeUninit::uninit();
    // SAFETY: sigfillset writes the whole set it is given
    unsafe { libc::sigfillset(all.as_mut_ptr()) };
    // SAFETY: the set was just written, and NULL asks for no old set
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), std::ptr::null_mut()) };
}

#[cfg(not(unix))]
fn block_signals() {}

/// Our thread runs code of this library until the process ends. On Unix the linker flag `nodelete` does it.
#[cfg(windows)]
fn stay_loaded() {
    const FROM_ADDRESS_AND_PIN: u32 = 4 | 1;
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, name: *const u16, module: *mut *mut std::ffi::c_void) -> i32;
    }
    let mut module = std::ptr::null_mut();
    // SAFETY: the address is one inside this library, and `module` may be written
    unsafe { GetModuleHandleExW(FROM_ADDRESS_AND_PIN, stay_loaded as *const u16, &raw mut module) };
}

#[cfg(not(windows))]
fn stay_loaded() {}
