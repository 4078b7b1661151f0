//! Whether a guest is still as a plan showed it.

use super::{Wish, who};
use crate::error::{Error, Result};
use crate::graph::Guest;
use crate::options::{Expected, same_address};
use crate::status::Status;

/// Refuses a guest that has changed since it was planned.
pub(super) fn check(wish: &Wish, guest: &Guest) -> Result<()> {
    let changed = wish.options.expected.as_ref().map_or_else(Vec::new, |expected| differences(expected, guest));
    if changed.is_empty() {
        return Ok(());
    }
    let what = format!("{} has changed since it was planned: {}", who(guest), changed.join(", "));
    Err(Error::new(Status::GuestChanged, what).hint("plan it again; nothing was changed"))
}

/// The names of the properties that differ.
fn differences(expected: &Expected, guest: &Guest) -> Vec<&'static str> {
    let Expected { mail, other_mails, external_user_state, external_user_state_change_date_time } = expected;
    let differs = |expected: &Option<Option<String>>, now: &Option<String>| {
        expected.as_ref().is_some_and(|expected| !same(expected.as_deref(), now.as_deref()))
    };
    let table = [
        ("mail", differs(mail, &guest.mail)),
        ("otherMails", other_mails.as_ref().is_some_and(|list| !same_list(list, &guest.other_mails))),
        ("externalUserState", differs(external_user_state, &guest.external_user_state)),
        (
            "externalUserStateChangeDateTime",
            differs(external_user_state_change_date_time, &guest.external_user_state_change_date_time),
        ),
    ];
    table.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

fn same(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same_address(one, other),
        (one, other) => one == other,
    }
}

/// The order of a list means nothing.
fn same_list(one: &[String], other: &[String]) -> bool {
    let within = |one: &[String], other: &[String]| one.iter().all(|a| other.iter().any(|b| same_address(a, b)));
    within(one, other) && within(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_not_compared_and_null_means_none() {
        let guest = Guest {
            mail: Some("Alice@b.co".into()),
            other_mails: vec!["x@b.co".into(), "y@b.co".into()],
            external_user_state: Some("Accepted".into()),
            ..Guest::default()
        };
        let differing = |json: &str| differences(&serde_json::from_str(json).unwrap(), &guest);
        assert_eq!(differing("{}"), [""; 0]);
        assert_eq!(differing(r#"{"mail": "alice@B.co", "other_mails": ["Y@b.co", "x@b.co"]}"#), [""; 0]);
        assert_eq!(differing(r#"{"mail": null, "other_mails": []}"#), ["mail", "otherMails"]);
        assert_eq!(differing(r#"{"external_user_state": "PendingAcceptance"}"#), ["externalUserState"]);
        assert_eq!(differing(r#"{"external_user_state_change_date_time": null}"#), [""; 0]);
        let time = r#"{"external_user_state_change_date_time": "2026-11-01T00:00:00Z"}"#;
        assert_eq!(differing(time), ["externalUserStateChangeDateTime"]);
    }
}
