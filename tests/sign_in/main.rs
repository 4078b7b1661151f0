//! Every way to sign in, end to end against a token service that checks what it receives.
//!
//! Whatever any of these tests gets from the library is searched for whatever secret any of them has used.
// JSON is handed over as it is written down
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod applications;
mod browser;
mod certificates;
#[cfg(unix)]
mod child;
mod device_code;
mod entra;
mod host;
#[cfg(unix)]
mod languages;
mod machines;
mod refresh;
mod sessions;
mod strictness;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/toolchain.rs"]
#[allow(dead_code)]
mod toolchain;
mod trouble;
