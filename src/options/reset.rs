//! What a reset is asked to do.

use super::common::within;
use super::{Address, Object, read};
use crate::error::{Error, Result};
use crate::status::Status;
use serde::{Deserialize, Deserializer, Serialize};
use std::time::Duration;

/// The longest message that is sent. The service documents no limit; this one keeps mistakes out.
const LONGEST_MESSAGE: usize = 10_000;

/// Where the new address is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum AddressTarget {
    /// The property `mail`: what the service's own guide recommends.
    #[default]
    Mail,
    /// One more entry of `otherMails`.
    OtherMails,
    /// Nowhere: the caller has taken care of it.
    None,
}

/// What becomes of the address in `mail` before the change.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum OldAddress {
    /// It is not touched: it goes where the new one takes its place, and stays in `otherMails`.
    #[default]
    Leave,
    /// It is kept in `otherMails`.
    Keep,
    /// It is taken out of `otherMails` too.
    Remove,
}

/// How the outcome is checked.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verify {
    /// The guest is read until its redemption state has changed.
    #[default]
    State,
    /// Assigned groups and app assignments are compared too.
    Full,
    /// Not at all.
    None,
}

/// The options of a reset, beside those of every call.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ResetMembers {
    /// Where the guest lands after redeeming. Default: `https://myapps.microsoft.com?tenantid=` and the tenant.
    invite_redirect_url: Option<String>,
    /// Whether the service sends the invitation by mail. Default false.
    send_invitation_message: bool,
    /// Plain text for the mail, at most 10,000 characters; not with an application's token, which the service ignores.
    customized_message_body: Option<String>,
    /// Language of the standard mail, such as `en-US`; not together with a message of one's own.
    message_language: Option<String>,
    /// One more recipient of the mail. The service knows one.
    cc_recipient: Option<String>,
    /// A new display name for the guest.
    invited_user_display_name: Option<String>,
    /// Where the new address is written. Default `mail`.
    address: AddressTarget,
    /// What becomes of the old address. Default `leave`.
    old_address: OldAddress,
    /// Whether the address is put back when the reset is refused. Default false.
    undo_on_failure: bool,
    /// How the outcome is checked. Default `state`.
    verify: Verify,
    /// How long to look for the change, in milliseconds, 0 to 600,000. Default 20,000.
    #[cfg_attr(feature = "schemas", schemars(range(max = 600_000)))]
    verify_timeout_ms: Option<u64>,
    /// Only plan. Default false.
    dry_run: bool,
    /// The guest as a plan showed it. One that has changed since is refused.
    expected: Option<Expected>,
}

/// What a plan showed of a guest. What is left out is not compared; null means that the guest had none.
#[derive(Clone, Debug, Default, Deserialize, Hash)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expected {
    #[serde(deserialize_with = "given")]
    pub(crate) mail: Option<Option<String>>,
    pub(crate) other_mails: Option<Vec<String>>,
    #[serde(deserialize_with = "given")]
    pub(crate) external_user_state: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    pub(crate) external_user_state_change_date_time: Option<Option<String>>,
}

/// Tells null from what is left out.
fn given<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// The options of a reset, checked.
#[derive(Clone, Debug, Hash)]
pub(crate) struct ResetOptions {
    pub(crate) invite_redirect_url: Option<String>,
    pub(crate) send_invitation_message: bool,
    pub(crate) customized_message_body: Option<String>,
    pub(crate) message_language: Option<String>,
    pub(crate) cc_recipient: Option<Address>,
    pub(crate) invited_user_display_name: Option<String>,
    pub(crate) address: AddressTarget,
    pub(crate) old_address: OldAddress,
    pub(crate) undo_on_failure: bool,
    pub(crate) verify: Verify,
    pub(crate) verify_timeout: Duration,
    pub(crate) dry_run: bool,
    pub(crate) expected: Option<Expected>,
}

impl ResetOptions {
    pub(crate) fn read(object: Object, what: &str) -> Result<Self> {
        let given: ResetMembers = read(object, what)?;
        let wait = within(given.verify_timeout_ms, 20_000, 0..=600_000, "verify_timeout_ms", what)?;
        let about_mail =
            given.customized_message_body.is_some() || given.message_language.is_some() || given.cc_recipient.is_some();
        if about_mail && !given.send_invitation_message {
            return Err(conflict(
                what,
                "a message, its language or its cc recipient is given, but no mail is to be sent",
            )
            .hint("set send_invitation_message to true, or leave the others out"));
        }
        if given.customized_message_body.is_some() && given.message_language.is_some() {
            return Err(conflict(what, "customized_message_body and message_language are both given")
                .hint("the service ignores the language of a message of one's own; leave one of them out"));
        }
        check_message(given.customized_message_body.as_deref(), what)?;
        check_redirect(given.invite_redirect_url.as_deref(), what)?;
        let cc_recipient = given.cc_recipient.as_deref();
        Ok(Self {
            cc_recipient: cc_recipient
                .map(|text| Address::parse(text, &format!("{what}: cc_recipient")))
                .transpose()?,
            invite_redirect_url: given.invite_redirect_url,
            send_invitation_message: given.send_invitation_message,
            customized_message_body: given.customized_message_body,
            message_language: given.message_language,
            invited_user_display_name: given.invited_user_display_name,
            address: given.address,
            old_address: given.old_address,
            undo_on_failure: given.undo_on_failure,
            verify: given.verify,
            verify_timeout: Duration::from_millis(wait),
            dry_run: given.dry_run,
            expected: given.expected,
        })
    }
}

fn conflict(what: &str, why: &str) -> Error {
    Error::new(Status::ConflictingOptions, format!("{what}: {why}"))
}

fn check_message(message: Option<&str>, what: &str) -> Result<()> {
    let length = message.map_or(0, |text| text.chars().count());
    if length <= LONGEST_MESSAGE {
        return Ok(());
    }
    let why = format!("{what}: customized_message_body has {length} characters, more than {LONGEST_MESSAGE}");
    Err(Error::new(Status::MessageTooLong, why).hint("shorten it"))
}

fn check_redirect(url: Option<&str>, what: &str) -> Result<()> {
    let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    match url {
        Some(url) if !is_web(url) || url.chars().any(char::is_whitespace) => {
            Err(Error::new(Status::OutOfRange, format!("{what}: invite_redirect_url: expected a web address"))
                .hint("write it as https://myapps.microsoft.com"))
        }
        _ => Ok(()),
    }
}

/// How a caller names a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UserKey {
    /// Object id.
    Id(String),
    /// A user principal name with `#EXT#`, which can be nothing else.
    ExternalName(String),
    /// A user principal name or an address.
    NameOrAddress(String),
}

impl UserKey {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if let Ok(id) = uuid::Uuid::try_parse(text) {
            return Ok(Self::Id(id.hyphenated().to_string()));
        }
        let is_name = text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
        if !is_name || text.len() > 1024 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(Error::new(
                Status::InvalidUserId,
                "user_id is neither an object id nor a user principal name nor an e-mail address",
            )
            .hint("take the object id, as in 10000000-0000-4000-8000-000000000001, where it is known"));
        }
        Ok(match text.to_ascii_uppercase().contains("#EXT#") {
            true => Self::ExternalName(text.to_owned()),
            false => Self::NameOrAddress(text.to_owned()),
        })
    }
}

impl std::fmt::Display for UserKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(text) | Self::ExternalName(text) | Self::NameOrAddress(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(json: &str) -> Option<Status> {
        let object = super::super::parse(json, "opts_json").unwrap();
        ResetOptions::read(object, "opts_json").err().map(|error| error.status)
    }

    #[test]
    fn contradictions_and_excess_are_refused() {
        assert_eq!(status("{}"), None);
        assert_eq!(status(r#"{"message_language": "nl-NL"}"#), Some(Status::ConflictingOptions));
        let both = r#"{"send_invitation_message": true, "message_language": "nl", "customized_message_body": "x"}"#;
        assert_eq!(status(both), Some(Status::ConflictingOptions));
        let message = |length| {
            let body = "é".repeat(length);
            status(&format!(r#"{{"send_invitation_message": true, "customized_message_body": "{body}"}}"#))
        };
        assert_eq!(message(10_000), None);
        assert_eq!(message(10_001), Some(Status::MessageTooLong));
        assert_eq!(status(r#"{"invite_redirect_url": "javascript:1"}"#), Some(Status::OutOfRange));
        assert_eq!(status(r#"{"verify_timeout_ms": 600001}"#), Some(Status::OutOfRange));
        assert_eq!(status(r#"{"send_invitation_message": true, "cc_recipient": "x"}"#), Some(Status::MalformedAddress));
    }

    #[test]
    fn a_user_is_named_in_three_ways() {
        let id = "10000000-0000-4000-8000-000000000001";
        assert_eq!(UserKey::parse(id).unwrap(), UserKey::Id(id.into()));
        assert_eq!(UserKey::parse(&format!("{{{}}}", id.to_uppercase())).unwrap(), UserKey::Id(id.into()));
        let name = "a_b.co#EXT#@contoso.onmicrosoft.com";
        assert_eq!(UserKey::parse(name).unwrap(), UserKey::ExternalName(name.into()));
        assert_eq!(UserKey::parse(" a@b.co ").unwrap(), UserKey::NameOrAddress("a@b.co".into()));
        for bad in ["", "alice", "@b.co", "a@", "a b@c.de", "Alice Alvarez"] {
            assert_eq!(UserKey::parse(bad).unwrap_err().status, Status::InvalidUserId, "{bad}");
        }
    }
}
