//! Microsoft Graph, as far as redemptions need it: users, owners of an address, memberships, invitations.

mod client;
mod fault;
mod model;
mod query;
mod users;

pub(crate) use client::{BETA, Graph, NoAnswer, VERSION};
pub(crate) use model::{Guest, Identity, Membership, Named};
pub(crate) use users::{GUEST_PROPERTIES, Owners};
