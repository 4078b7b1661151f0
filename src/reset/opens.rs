//! Who can open the account afterwards: whoever holds one of the guest's addresses, since redemption searches all.

use super::address::{Change, without_prefix};
use crate::graph::Guest;
use crate::options::{Address, same_address};
use crate::report::{OpenedBy, Opener};

/// The addresses, the invited one first.
pub(super) fn opens(guest: &Guest, target: Option<&Address>, change: Option<&Change>) -> Vec<Opener> {
    let mut all: Vec<Opener> = Vec::new();
    let mut add = |address: &str, why: Option<OpenedBy>| {
        let known = all.iter_mut().find(|known| same_address(&known.address, address));
        match known {
            Some(known) => known.why.extend(why),
            None => all.push(Opener { address: address.to_owned(), why: Vec::from_iter(why) }),
        }
    };
    if let Some(target) = target {
        add(target.as_str(), None);
    }
    let was_mail = |address: &str| guest.mail.as_deref().is_some_and(|mail| same_address(mail, address));
    let was_other = |address: &str| guest.other_mails.iter().any(|other| same_address(other, address));
    match (change.and_then(|change| change.mail.as_deref()), guest.mail.as_deref()) {
        (Some(new), _) if !was_mail(new) => add(new, Some(OpenedBy::NewMail)),
        (Some(mail), _) | (None, Some(mail)) => add(mail, Some(OpenedBy::Mail)),
        (None, None) => {}
    }
    for other in change.and_then(|change| change.other_mails.as_ref()).unwrap_or(&guest.other_mails) {
        let why = match (was_other(other), was_mail(other)) {
            (true, _) => OpenedBy::OtherMails,
            (false, true) => OpenedBy::OldMailKept,
            (false, false) => OpenedBy::NewOtherMail,
        };
        add(other, Some(why));
    }
    let proxies = guest.proxy_addresses.iter().map(|proxy| without_prefix(proxy));
    proxies.filter(|proxy| proxy.contains('@')).for_each(|proxy| add(proxy, Some(OpenedBy::ProxyAddresses)));
    for one in all.iter_mut().filter(|one| one.why.is_empty()) {
        one.why.push(OpenedBy::Invitation);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::address::change;
    use super::*;
    use crate::options::{AddressTarget, OldAddress};

    fn opened(guest: &Guest, to: AddressTarget, old: OldAddress) -> Vec<(String, Vec<OpenedBy>)> {
        let new = Address::parse("new@b.co", "email").unwrap();
        let change = change(guest, &new, to, old);
        opens(guest, Some(&new), change.as_ref()).into_iter().map(|one| (one.address, one.why)).collect()
    }

    #[test]
    fn each_address_says_where_it_stands_afterwards() {
        use OpenedBy::{Invitation, Mail, NewMail, NewOtherMail, OldMailKept, OtherMails, ProxyAddresses};
        let guest = Guest {
            mail: Some("old@b.co".into()),
            other_mails: vec!["x@b.co".into()],
            proxy_addresses: vec!["SMTP:OLD@b.co".into(), "x500:/o=none".into()],
            ..Guest::default()
        };
        let one = |address: &str, why: &[OpenedBy]| (address.to_owned(), why.to_vec());
        assert_eq!(
            opened(&guest, AddressTarget::Mail, OldAddress::Leave),
            [one("new@b.co", &[NewMail]), one("x@b.co", &[OtherMails]), one("OLD@b.co", &[ProxyAddresses])]
        );
        let kept = opened(&guest, AddressTarget::Mail, OldAddress::Keep);
        assert_eq!(kept[2], one("old@b.co", &[OldMailKept, ProxyAddresses]));
        assert_eq!(
            opened(&guest, AddressTarget::OtherMails, OldAddress::Leave),
            [one("new@b.co", &[NewOtherMail]), one("old@b.co", &[Mail, ProxyAddresses]), one("x@b.co", &[OtherMails])]
        );
        assert_eq!(opened(&guest, AddressTarget::None, OldAddress::Leave)[0], one("new@b.co", &[Invitation]));
    }
}
