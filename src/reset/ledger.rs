//! Who else has a say before a reset changes anything.

use super::Wish;
use crate::error::Result;
use crate::graph::Guest;
use crate::options::Address;

/// Keeps account of resets, for whoever does many of them.
pub(crate) trait Ledger {
    /// Asked once the guest and the address are known, before anything is changed. False: this was wished for and done
    /// before, so nothing is to be done again.
    async fn claim(&self, wish: &Wish, guest: &Guest, target: &Address) -> Result<bool>;
}

/// One reset on its own.
pub(crate) struct NoLedger;

impl Ledger for NoLedger {
    async fn claim(&self, _: &Wish, _: &Guest, _: &Address) -> Result<bool> {
        Ok(true)
    }
}
