//! The address change: what is to be written, writing it, and taking it back.

use super::steps::Steps;
use super::{Ledger, Wish, who};
use crate::error::{Error, Result};
use crate::graph::{GUEST_PROPERTIES, Graph, Guest};
use crate::options::{Address, AddressTarget, OldAddress, same_address};
use crate::report::{RemovedPartly, StepState, UndoValues};
use crate::status::Status;
use serde_json::{Map, Value};

pub(super) use crate::batch::journal::AddressChange as Change;

/// Whether the guest's `mail` or `otherMails` holds the address: what the service asks for.
pub(super) fn is_on_guest(guest: &Guest, address: &Address) -> bool {
    guest.mail.iter().chain(&guest.other_mails).any(|held| address.is(held))
}

/// What has to be written so that the guest holds the new address; `None` when nothing has to be.
pub(super) fn change(guest: &Guest, new: &Address, to: AddressTarget, old: OldAddress) -> Option<Change> {
    let former = guest.mail.as_deref().filter(|mail| !new.is(mail));
    let absent = !is_on_guest(guest, new);
    // to remove the old address from `mail`, the new one has to take its place
    let replaces = to == AddressTarget::Mail && (absent || (old == OldAddress::Remove && former.is_some()));
    let mail = replaces.then(|| new.as_str().to_owned());
    let mut list = guest.other_mails.clone();
    if to == AddressTarget::OtherMails && absent {
        list.push(new.as_str().to_owned());
    }
    match (old, former) {
        (OldAddress::Keep, Some(former)) if mail.is_some() && !holds(&list, former) => list.push(former.to_owned()),
        (OldAddress::Remove, Some(former)) if to != AddressTarget::None => {
            list.retain(|one| !same_address(one, former));
        }
        _ => {}
    }
    let other_mails = (list != guest.other_mails).then_some(list);
    (mail.is_some() || other_mails.is_some()).then(|| Change {
        undo: UndoValues {
            mail: mail.is_some().then(|| guest.mail.clone()).flatten(),
            other_mails: other_mails.is_some().then(|| guest.other_mails.clone()),
        },
        mail,
        other_mails,
    })
}

fn holds(list: &[String], address: &str) -> bool {
    list.iter().any(|one| same_address(one, address))
}

impl Change {
    fn body(&self) -> Value {
        let mut body = Map::new();
        if let Some(mail) = &self.mail {
            body.insert("mail".into(), mail.clone().into());
        }
        if let Some(list) = &self.other_mails {
            body.insert("otherMails".into(), list.clone().into());
        }
        Value::Object(body)
    }

    /// In one sentence for people.
    pub(super) fn describe(&self) -> String {
        match (&self.mail, &self.other_mails) {
            (Some(mail), None) => format!("set mail to {mail}"),
            (Some(mail), Some(list)) => format!("set mail to {mail} and otherMails to {}", join(list)),
            (None, Some(list)) => format!("set otherMails to {}", join(list)),
            (None, None) => "nothing".into(),
        }
    }
}

fn join(list: &[String]) -> String {
    if list.is_empty() { "nothing".into() } else { list.join(", ") }
}

/// Writes the planned change, if there is one, and returns what was written.
pub(super) async fn write(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Guest,
    target: &Address,
    planned: Option<&Change>,
    ledger: &impl Ledger,
    steps: &mut Steps<'_>,
) -> Result<Option<Change>> {
    let Some(planned) = planned else {
        steps.skip("address", "the guest holds the address already");
        return Ok(None);
    };
    ledger.before_address(wish, guest, target, planned).await?;
    let written = write_change(graph, wish, guest, target, planned);
    steps
        .record("address", written, |result| match result {
            Ok(Some(change)) => (StepState::Done, change.describe()),
            Ok(None) => (StepState::Skipped, "somebody else has written the address meanwhile".into()),
            Err(error) if may_be_written(error) => (StepState::Unknown, error.message.clone()),
            Err(error) => (StepState::Failed, error.message.clone()),
        })
        .await
}

async fn write_change(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Guest,
    target: &Address,
    planned: &Change,
) -> Result<Option<Change>> {
    if planned.other_mails.is_some() {
        return write_list(graph, wish, guest, target).await;
    }
    match graph.update_user(&guest.id, &planned.body()).await {
        Ok(()) => Ok(Some(planned.clone())),
        Err(error) => settle(graph, guest, target, planned, error).await,
    }
}

/// A list is written once per fresh read: a repetition could overwrite what somebody else has added meanwhile.
async fn write_list(graph: &Graph<'_>, wish: &Wish, guest: &Guest, target: &Address) -> Result<Option<Change>> {
    let mut known = guest.other_mails.clone();
    // a lost attempt: it is what was written, should the next read show it
    let mut lost = None;
    for attempt in 1.. {
        let mut fresh: Guest = graph.user(&guest.id, GUEST_PROPERTIES).await?;
        add_missing(&mut fresh.other_mails, &known);
        known.clone_from(&fresh.other_mails);
        let Some(change) = change(&fresh, target, wish.options.address, wish.options.old_address) else { break };
        match graph.update_user_once(&guest.id, &change.body()).await {
            Ok(()) => return Ok(Some(lost.unwrap_or(change))),
            Err(error) if may_be_written(&error) && attempt < graph.call.retry.max_attempts => {
                lost.get_or_insert(change);
                graph.call.budget.sleep(graph.call.retry.base_delay.min(graph.call.budget.remaining())).await?;
            }
            Err(error) => return settle(graph, guest, target, &lost.unwrap_or(change), error).await,
        }
    }
    Ok(lost)
}

/// A stale read must not lose entries that an earlier one has shown.
fn add_missing(list: &mut Vec<String>, known: &[String]) {
    for one in known {
        if !holds(list, one) {
            list.push(one.clone());
        }
    }
}

/// After a change without a clear answer: does the directory show it?
async fn settle(
    graph: &Graph<'_>,
    guest: &Guest,
    target: &Address,
    change: &Change,
    error: Error,
) -> Result<Option<Change>> {
    if !may_be_written(&error) {
        return Err(error);
    }
    match graph.user::<Guest>(&guest.id, GUEST_PROPERTIES).await {
        Ok(now) if is_on_guest(&now, target) => Ok(Some(change.clone())),
        _ => {
            let mut unclear = error;
            unclear.message = format!(
                "whether the address of {} was changed is not known ({}); the redemption was not reset",
                who(guest),
                unclear.message
            );
            unclear.hint = Some("repeat the reset: setting the same address again does no harm".into());
            Err(unclear)
        }
    }
}

fn may_be_written(error: &Error) -> bool {
    matches!(
        error.status,
        Status::ConnectionLost | Status::TimeLimit | Status::ServiceFault | Status::Cancelled | Status::BadAnswer
    )
}

/// Puts the former values back. Entries that others have added to `otherMails` meanwhile stay.
pub(super) async fn undo(graph: &Graph<'_>, guest: &Guest, change: &Change) -> Result<()> {
    let mut body = Map::new();
    if change.mail.is_some() {
        let Some(mail) = &change.undo.mail else {
            return Err(Error::new(Status::RequestRefused, "the guest had no mail before, and Graph cannot empty it"));
        };
        body.insert("mail".into(), mail.clone().into());
    }
    if let (Some(before), Some(written)) = (&change.undo.other_mails, &change.other_mails) {
        let now: Guest = graph.user(&guest.id, GUEST_PROPERTIES).await?;
        let ours = |one: &String| holds(written, one) && !holds(before, one);
        let mut list: Vec<_> = now.other_mails.into_iter().filter(|one| !ours(one)).collect();
        add_missing(&mut list, before);
        body.insert("otherMails".into(), list.into());
    }
    graph.update_user(&guest.id, &Value::Object(body)).await
}

/// Where an address that was to be removed still opens the account.
pub(super) fn removed_partly(wish: &Wish, before: &Guest, after: Option<&Guest>) -> Option<RemovedPartly> {
    let former = before.mail.as_deref().filter(|_| wish.options.old_address == OldAddress::Remove)?;
    let now = after.unwrap_or(before);
    if now.mail.as_deref().is_some_and(|mail| same_address(mail, former)) && wish.email.is_none() {
        return None;
    }
    let mut still_in = Vec::new();
    if now.mail.as_deref().is_some_and(|mail| same_address(mail, former)) {
        still_in.push("mail");
    }
    if holds(&now.other_mails, former) {
        still_in.push("otherMails");
    }
    if now.proxy_addresses.iter().any(|proxy| same_address(without_prefix(proxy), former)) {
        still_in.push("proxyAddresses");
    }
    (!still_in.is_empty()).then(|| RemovedPartly {
        address: former.to_owned(),
        still_in,
        finish: "Graph cannot take an address out of proxyAddresses, nor empty mail; in Exchange Online use \
                 Set-MailUser with EmailAddresses, or where the guest is synchronised, change it on-premises"
            .into(),
    })
}

/// `SMTP:` and `smtp:` tell a primary proxy address from the others.
pub(super) fn without_prefix(proxy: &str) -> &str {
    match proxy.split_once(':') {
        Some((prefix, address)) if prefix.eq_ignore_ascii_case("smtp") => address,
        _ => proxy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn guest(mail: Option<&str>, others: &[&str]) -> Guest {
        Guest {
            mail: mail.map(str::to_owned),
            other_mails: others.iter().map(|one| (*one).to_owned()).collect(),
            ..Guest::default()
        }
    }

    fn written(guest: &Guest, to: AddressTarget, old: OldAddress) -> Option<(Option<String>, Option<Vec<String>>)> {
        let new = Address::parse("new@b.co", "email").unwrap();
        change(guest, &new, to, old).map(|change| (change.mail, change.other_mails))
    }

    #[test]
    fn only_what_is_needed_is_written() {
        use AddressTarget::{Mail, None as Nowhere, OtherMails};
        use OldAddress::{Keep, Leave, Remove};
        let list = |all: &[&str]| Some(all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        let mail = || Some("new@b.co".to_owned());
        let old = guest(Some("old@b.co"), &["x@b.co", "OLD@b.co"]);
        assert_eq!(written(&old, Mail, Leave), Some((mail(), None)));
        assert_eq!(written(&old, Mail, Keep), Some((mail(), None)));
        assert_eq!(written(&old, Mail, Remove), Some((mail(), list(&["x@b.co"]))));
        assert_eq!(written(&old, OtherMails, Leave), Some((None, list(&["x@b.co", "OLD@b.co", "new@b.co"]))));
        assert_eq!(written(&old, Nowhere, Remove), None);
        let bare = guest(Some("old@b.co"), &[]);
        assert_eq!(written(&bare, Mail, Keep), Some((mail(), list(&["old@b.co"]))));
        assert_eq!(written(&bare, Mail, Remove), Some((mail(), None)));
        for there in [guest(Some("NEW@b.co"), &[]), guest(Some("old@b.co"), &["New@b.co"])] {
            assert_eq!(written(&there, Mail, Leave), None);
            assert_eq!(written(&there, OtherMails, Keep), None);
        }
        assert_eq!(written(&guest(Some("old@b.co"), &["new@b.co"]), Mail, Remove), Some((mail(), None)));
        assert_eq!(written(&guest(None, &[]), Mail, Remove), Some((mail(), None)));
    }

    proptest! {
        #[test]
        fn no_entry_is_lost_unasked(
            others in proptest::collection::vec("[a-c]@[xX]\\.co", 0..5),
            mail in proptest::option::of("[a-c]@x\\.co"),
            to in 0..3_usize, old in 0..3_usize,
        ) {
            let to = [AddressTarget::Mail, AddressTarget::OtherMails, AddressTarget::None][to];
            let old = [OldAddress::Leave, OldAddress::Keep, OldAddress::Remove][old];
            let guest = Guest { mail: mail.clone(), other_mails: others.clone(), ..Guest::default() };
            let new = Address::parse("new@x.co", "email").unwrap();
            if let Some(list) = change(&guest, &new, to, old).and_then(|change| change.other_mails) {
                for one in &others {
                    let asked = old == OldAddress::Remove && mail.as_deref().is_some_and(|mail| same_address(mail, one));
                    prop_assert!(asked || list.contains(one), "{one} of {others:?} is not in {list:?}");
                }
            }
        }
    }
}
