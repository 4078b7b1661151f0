//! What callers hand in: strict JSON, typed, checked before anything is sent.

mod address;
mod batch;
mod common;
mod environment;
mod reset;
mod strict;

pub(crate) use address::{Address, same_address};
pub(crate) use batch::BatchOptions;
pub(crate) use common::{AuthOption, Common};
pub(crate) use environment::Environment;
pub(crate) use reset::{AddressTarget, Expected, OldAddress, ResetOptions, UserKey, Verify};
pub(crate) use strict::{Object, parse, read};

#[cfg(feature = "schemas")]
pub(crate) use batch::BatchMembers;
#[cfg(feature = "schemas")]
pub(crate) use common::CommonMembers;
#[cfg(feature = "schemas")]
pub(crate) use reset::ResetMembers;
