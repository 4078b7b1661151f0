//! Who else has a say before a reset changes anything, and hears what it does.

use super::Wish;
use super::address::Change;
use crate::batch::journal::Open;
use crate::error::Result;
use crate::graph::Guest;
use crate::options::Address;

/// Keeps account of resets, for whoever does many of them. What a method does not do by itself, nobody asked for.
pub(crate) trait Ledger {
    /// What an earlier run has left of a wish, as a row names it or by object id and address.
    fn earlier(&self, _user: &str, _email: Option<&str>) -> Earlier {
        Earlier::Nothing
    }

    /// Asked once it is known what is to be done, before anything is changed. False: this was wished for and done
    /// before, so nothing is to be done again.
    async fn claim(&self, _wish: &Wish, _guest: &Guest, _target: &Address, _change: Option<&Change>) -> Result<bool> {
        Ok(true)
    }

    /// Asked before an address is written; only after it may it be.
    async fn before_address(&self, _wish: &Wish, _guest: &Guest, _target: &Address, _change: &Change) -> Result<()> {
        Ok(())
    }

    /// Asked before each attempt to post the invitation; only after it may it be posted.
    async fn before_invitation(&self, _wish: &Wish, _guest: &Guest, _target: &Address) -> Result<()> {
        Ok(())
    }

    /// Whether the guest was mailed, so that it need not be reminded.
    fn mailed_lately(&self, _guest: &Guest, _target: &Address) -> bool {
        false
    }

    /// The attempt was certainly not accepted, and there will be another.
    async fn not_accepted(&self, _guest: &Guest, _target: &Address, _why: &str) {}
}

/// What an earlier run has left.
pub(crate) enum Earlier {
    Nothing,
    /// It is done.
    Done,
    /// The guest was reset to another address.
    Elsewhere,
    /// It was begun. What was sent, and what may have been.
    Begun(Box<Open>),
}

/// One reset on its own.
pub(crate) struct NoLedger;

impl Ledger for NoLedger {}
