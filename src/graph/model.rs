//! Graph's objects, read leniently: a member of an unexpected kind counts as absent.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// A guest as the directory shows it.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(default, rename_all(deserialize = "camelCase"))]
pub(crate) struct Guest {
    /// Object id; never changes.
    #[serde(deserialize_with = "lenient")]
    pub(crate) id: String,
    #[serde(deserialize_with = "lenient")]
    pub(crate) display_name: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) user_principal_name: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) mail: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) other_mails: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) proxy_addresses: Vec<String>,
    /// `Guest` or `Member`; says nothing about being external.
    #[serde(deserialize_with = "lenient")]
    pub(crate) user_type: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) creation_type: Option<String>,
    /// `PendingAcceptance`, `Accepted` or null.
    #[serde(deserialize_with = "lenient")]
    pub(crate) external_user_state: Option<String>,
    /// Text, since Graph's versions disagree on its type.
    #[serde(deserialize_with = "lenient")]
    pub(crate) external_user_state_change_date_time: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) account_enabled: Option<bool>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) on_premises_sync_enabled: Option<bool>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) identities: Vec<Identity>,
}

/// One way to sign in.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(default, rename_all(deserialize = "camelCase"))]
pub(crate) struct Identity {
    #[serde(deserialize_with = "lenient")]
    pub(crate) sign_in_type: Option<String>,
    /// `ExternalAzureAD`, `MicrosoftAccount`, `google.com`, `mail`, an issuer's URI, or the tenant's own domain.
    #[serde(deserialize_with = "lenient")]
    pub(crate) issuer: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) issuer_assigned_id: Option<String>,
}

/// A group or a directory role that holds a user.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Membership {
    #[serde(rename = "@odata.type", deserialize_with = "lenient")]
    pub(crate) kind: String,
    #[serde(deserialize_with = "lenient")]
    pub(crate) id: String,
    #[serde(deserialize_with = "lenient")]
    pub(crate) display_name: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) membership_rule: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) is_assignable_to_role: Option<bool>,
}

impl Membership {
    pub(crate) fn is_role(&self) -> bool {
        self.kind.ends_with("directoryRole")
    }

    pub(crate) fn is_group(&self) -> bool {
        self.kind.ends_with("group")
    }

    /// Assigned membership is what a reset keeps; a rule decides over the other kind.
    pub(crate) fn is_assigned_group(&self) -> bool {
        self.is_group() && self.membership_rule.is_none()
    }
}

/// Anything with an id, a name and perhaps an address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Named {
    #[serde(deserialize_with = "lenient")]
    pub(crate) id: String,
    #[serde(deserialize_with = "lenient")]
    pub(crate) display_name: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) user_principal_name: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) mail: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) resource_display_name: Option<String>,
}

/// One page of a list.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Page<T> {
    pub(super) value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    pub(super) next: Option<String>,
}

/// The value, or the default where it is null or of another kind.
fn lenient<'de, T: Default + serde::de::DeserializeOwned, D: Deserializer<'de>>(reader: D) -> Result<T, D::Error> {
    let value = <&RawValue>::deserialize(reader)?;
    Ok(serde_json::from_str(value.get()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_members_count_as_absent() {
        let text =
            r#"{"id":"1","mail":7,"otherMails":null,"accountEnabled":"x","identities":[{"issuer":"mail"}],"new":1}"#;
        let guest: Guest = serde_json::from_str(text).unwrap();
        assert_eq!((guest.id.as_str(), guest.mail, guest.account_enabled), ("1", None, None));
        assert_eq!(guest.identities[0].issuer.as_deref(), Some("mail"));
    }
}
