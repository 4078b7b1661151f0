//! Whether a user is external. An invitation with an internal user's id would convert it, so no single
//! property decides: `userType` misleads, a pending guest's identity looks internal, a converted user has no `#EXT#`.
//!
//! Source: the B2B user properties page and the page on inviting internal users.

use crate::graph::{Guest, Identity};

/// What the properties say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    External,
    InternalMember,
    InternalGuest,
    Unclear,
}

/// Judges from state, identities, creation type and `#EXT#`.
pub(super) fn judge(guest: &Guest) -> Kind {
    let has_state = guest.external_user_state.as_deref().is_some_and(|state| !state.is_empty());
    let signs_in_elsewhere = guest.identities.iter().any(is_external);
    if has_state || signs_in_elsewhere {
        return Kind::External;
    }
    let was_invited = guest.creation_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("Invitation"));
    let name = guest.user_principal_name.as_deref().unwrap_or_default();
    let has_external_name = name.to_ascii_uppercase().contains("#EXT#");
    match (was_invited || has_external_name, guest.user_type.as_deref()) {
        (true, _) => Kind::Unclear,
        (false, Some("Guest")) => Kind::InternalGuest,
        (false, _) => Kind::InternalMember,
    }
}

/// Well-known issuers, or a federated one with a URI. The tenant's own domain is none of them.
fn is_external(identity: &Identity) -> bool {
    let issuer = identity.issuer.as_deref().unwrap_or_default();
    let known = ["ExternalAzureAD", "MicrosoftAccount", "google.com", "facebook.com", "mail"];
    let is_uri = issuer.contains("://") || issuer.starts_with("urn:");
    let federated = identity.sign_in_type.as_deref() == Some("federated");
    known.iter().any(|name| name.eq_ignore_ascii_case(issuer)) || (federated && is_uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(state: Option<&str>, creation: Option<&str>, issuer: &str, upn: &str, user_type: &str) -> Guest {
        Guest {
            external_user_state: state.map(str::to_owned),
            creation_type: creation.map(str::to_owned),
            identities: vec![Identity {
                sign_in_type: Some(if issuer.contains("://") { "federated" } else { "x" }.into()),
                issuer: Some(issuer.into()),
                issuer_assigned_id: None,
            }],
            user_principal_name: Some(upn.into()),
            user_type: Some(user_type.into()),
            ..Guest::default()
        }
    }

    #[test]
    fn all_properties_decide_together() {
        let (ext, plain, home) = ("a_b.co#EXT#@c.onmicrosoft.com", "a@c.com", "c.onmicrosoft.com");
        let (accepted, pending, invited) = (Some("Accepted"), Some("PendingAcceptance"), Some("Invitation"));
        let cases = [
            (guest(accepted, invited, "ExternalAzureAD", ext, "Guest"), Kind::External),
            // pending: the identity is the host's own domain
            (guest(pending, invited, home, ext, "Guest"), Kind::External),
            // external member
            (guest(accepted, invited, "ExternalAzureAD", ext, "Member"), Kind::External),
            // converted from an internal user: no #EXT#
            (guest(accepted, None, "mail", plain, "Member"), Kind::External),
            // older than the state property
            (guest(None, None, "google.com", ext, "Guest"), Kind::External),
            (guest(None, None, "https://idp.example/saml", ext, "Guest"), Kind::External),
            (guest(None, None, home, plain, "Member"), Kind::InternalMember),
            (guest(None, None, home, plain, "Guest"), Kind::InternalGuest),
            (guest(None, Some("LocalAccount"), home, plain, "Guest"), Kind::InternalGuest),
            (guest(None, invited, home, plain, "Guest"), Kind::Unclear),
            (guest(None, None, home, ext, "Guest"), Kind::Unclear),
        ];
        for (guest, expected) in cases {
            assert_eq!(judge(&guest), expected, "{guest:?}");
        }
    }
}
