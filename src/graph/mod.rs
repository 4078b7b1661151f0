//! Microsoft Graph, as far as redemptions need it: users, owners of an address, memberships, the tenant,
//! invitations.

mod client;
mod fault;
mod invitation;
mod model;
mod organization;
mod query;
mod users;

pub(crate) use client::{BETA, Graph, NoAnswer, VERSION};
pub(crate) use invitation::Invitation;
pub(crate) use model::{Guest, Identity, Membership, Named};
pub(crate) use organization::ORGANIZATION_PROPERTIES;
pub(crate) use users::{GUEST_PROPERTIES, Owners, UserList};
