//! Resets the redemption status of Microsoft Entra B2B guests, and does the whole job: address change, reset,
//! verification, with the guest's object id, groups and app assignments kept.
//!
//! The library is made for its C ABI (`include/guest_redemption.h`) and the PowerShell module on top of it.
//! Rust programs call [`reset`] and [`call`]: JSON in, JSON out, the same as in C.
//!
//! Calls block and may come from any thread. Nothing starts when the library is loaded; the first call starts one
//! thread that lives as long as the process. Nothing is printed, and no secret leaves a call but in the member
//! `invite_redeem_url` of a result.

mod auth;
mod batch;
mod call;
mod cloud;
mod error;
pub mod ffi;
mod graph;
mod http;
mod limits;
mod operation;
mod options;
mod report;
mod reset;
mod rfc3339;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "schemas")]
pub mod schemas;
mod status;
mod thread;

pub use operation::{Answer, call, reset};
pub use status::Status;

/// Bumped when a program that was built against an older header would break.
pub(crate) const ABI_VERSION: u32 = 1;
