//! The population at the start: the guests that tests name, the odd cases, and enough others to fill a list.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::clock::{self, History};
use super::directory::{
    Container, Props, TENANT_DOMAIN, TENANT_ID, User, VERIFIED_DOMAINS, foreign_identity, home_identity,
};
use super::filter::Filter;

/// The administrator as whom delegated tokens act.
pub(super) const ADMIN_ID: &str = "10000000-0000-4000-8000-0000000000ad";
pub(super) const ADMIN_UPN: &str = "ada@contoso.com";

const FIRST_FILLER: usize = 0x100;
const ISSUERS: [(&str, &str); 6] = [
    ("ExternalAzureAD", "northwind.com"),
    ("MicrosoftAccount", "outlook.com"),
    ("google.com", "gmail.com"),
    ("facebook.com", "proseware.com"),
    ("mail", "tailspin.com"),
    ("https://idp.litware.com/saml", "litware.com"),
];
const FILLERS: &str = "Anna Albrecht, Ben Bauer, Chloe Clark, David Dubois, Elena Esposito, Finn Fischer, Greta Garcia, Hugo Hansen, \
    Irena Ivanova, Jonas Jansen, Katja Kowalski, Liam Lopez, Mia Moreau, Noah Novak, Olga Olsen, Pavel Petrov, \
    Quinn Quist, Rosa Rossi, Sven Svensson, Tara Tanaka, Ugo Urbani, Vera Virtanen, Willem de Wit, Xavier Xu, \
    Yara Yilmaz, Zoë Zimmermann, Aino Aalto, Bruno Bianchi, Clara Costa, Denis Demir, Eva Eriksen, Felix Ferrari, \
    Gina Gruber, Henrik Holm, Ida Iversen, Jakub Jelinek, Kim Keller, Lena Lang, Marco Marino, Nina Nowak";

pub(super) fn user_id(number: usize) -> String {
    format!("10000000-0000-4000-8000-{number:012x}")
}

/// The users: the fixed ones, fillers of every kind, `extra` plain guests.
pub(super) fn users(extra: usize) -> Vec<User> {
    let mut users: Vec<User> = fixed().into_iter().map(user).collect();
    users[0].app_assignments = vec![app(1, "Expense Reports"), app(2, "Partner Portal")];
    users[1].app_assignments = vec![app(3, "Partner Portal")];
    users[0x0d].frozen_change_time = true;
    users[0x10].deleted = true;
    users.extend(FILLERS.split(", ").enumerate().map(|(n, name)| user(filler(n, name))));
    users.extend((1..=extra).map(|n| {
        let mut guest = guest(0, &format!("Extra Guest {n:05}"), &format!("guest{n:05}@adatum.com"), "ExternalAzureAD");
        guest.insert("id".to_owned(), json!(format!("20000000-0000-4000-8000-{n:012x}")));
        user(guest)
    }));
    users
}

fn user(props: Props) -> User {
    User { versions: History::new(props), app_assignments: Vec::new(), deleted: false, frozen_change_time: false }
}

/// The guests 1 to 0x12 in order, then the administrator.
fn fixed() -> Vec<Props> {
    let accepted = |number, name, mail| guest(number, name, mail, "ExternalAzureAD");
    let shared =
        |number, mail| with(accepted(number, "Sam Smith", mail), json!({ "otherMails": ["sam.shared@fabrikam.com"] }));
    vec![
        accepted(1, "Alice Alvarez", "alice@fabrikam.com"),
        guest(2, "Bob Brandt", "bob.brandt@gmail.com", "google.com"),
        pending(guest(3, "Carla Conti", "carla@fabrikam.com", "ExternalAzureAD")),
        accepted(4, "Dmitri O'Brien", "d.o'brien@fabrikam.com"),
        shared(5, "sam.smith@fabrikam.com"),
        shared(6, "sam.smith@northwind.com"),
        with(
            internal(7, "Ines Intern", "ines@contoso.com", "Member"),
            json!({ "proxyAddresses": ["SMTP:ines@contoso.com", "smtp:ines.alias@contoso.com"] }),
        ),
        with(internal(8, "Gus Gastl", "gus.gastl@contoso.com", "Guest"), json!({ "mail": "gus@tailspin.com" })),
        with(
            internal(9, "Uma Unclear", "uma_fabrikam.com#EXT#@contoso.onmicrosoft.com", "Guest"),
            json!({ "mail": "uma@fabrikam.com" }),
        ),
        with(
            accepted(0x0a, "Olaf Onprem", "olaf@fabrikam.com"),
            json!({ "onPremisesSyncEnabled": true, "onPremisesImmutableId": "b2xhZi1vbnByZW0=" }),
        ),
        with(accepted(0x0b, "Berta Blocked", "berta@fabrikam.com"), json!({ "accountEnabled": false })),
        accepted(0x0c, "Rolf Role", "rolf@fabrikam.com"),
        accepted(0x0d, "Petra Protected", "petra@fabrikam.com"),
        pending(guest(0x0e, "Paul Pending", "paul@fabrikam.com", "ExternalAzureAD")),
        with(
            accepted(0x0f, "Nora Nomail", "nora@fabrikam.com"),
            json!({ "mail": null, "otherMails": ["nora@fabrikam.com"], "proxyAddresses": [] }),
        ),
        with(accepted(0x10, "Xenia Member", "xenia@fabrikam.com"), json!({ "userType": "Member" })),
        with(accepted(0x11, "Dora Deleted", "dora@fabrikam.com"), json!({ "deletedDateTime": days_ago(3) })),
        with(
            guest(0x12, "Conny Converted", "conny@fabrikam.com", "mail"),
            json!({
                "userPrincipalName": "conny@contoso.com", "creationType": null,
                "identities": [foreign_identity("mail", "conny@fabrikam.com"), home_identity("conny@contoso.com")],
            }),
        ),
        with(internal(0xad, "Ada Admin", ADMIN_UPN, "Member"), json!({ "proxyAddresses": ["SMTP:ada@contoso.com"] })),
    ]
}

/// Guests of every identity kind in turn, every fourth still pending.
fn filler(n: usize, name: &str) -> Props {
    let (issuer, domain) = ISSUERS[n % ISSUERS.len()];
    let local = name.to_lowercase().replace(' ', ".").replace('ë', "e");
    let guest = guest(FIRST_FILLER + n, name, &format!("{local}@{domain}"), issuer);
    match n % 8 {
        3 | 7 => pending(guest),
        5 => with(guest, json!({ "creationType": "EmailVerified", "companyName": "Self Service Partner" })),
        _ => guest,
    }
}

fn guest(number: usize, name: &str, mail: &str, issuer: &str) -> Props {
    let upn = external_upn(mail);
    let facts = json!({
        "mail": mail, "userType": "Guest", "creationType": "Invitation", "proxyAddresses": [format!("SMTP:{mail}")],
        "externalUserState": "Accepted", "externalUserStateChangeDateTime": days_ago(200),
        "identities": [foreign_identity(issuer, mail), home_identity(&upn)],
    });
    with(account(&user_id(number), name, &upn), facts)
}

fn pending(guest: Props) -> Props {
    let identities = [home_identity(guest["userPrincipalName"].as_str().unwrap_or_default())];
    let changed = days_ago(30);
    let facts = json!({
        "externalUserState": "PendingAcceptance", "externalUserStateChangeDateTime": changed, "identities": identities,
    });
    with(guest, facts)
}

/// An account of the tenant's own.
fn internal(number: usize, name: &str, upn: &str, user_type: &str) -> Props {
    let facts = json!({ "mail": upn, "userType": user_type, "identities": [home_identity(upn)] });
    with(account(&user_id(number), name, upn), facts)
}

/// What every user has.
pub(super) fn account(id: &str, name: &str, upn: &str) -> Props {
    let (given, surname) = name.split_once(' ').unwrap_or((name, ""));
    let nickname = upn.split('@').next().unwrap_or_default();
    let facts = json!({
        "id": id, "displayName": name, "givenName": given, "surname": surname, "userPrincipalName": upn,
        "mailNickname": nickname, "accountEnabled": true, "createdDateTime": days_ago(400),
    });
    with(Props::new(), facts)
}

/// `alice@fabrikam.com` becomes `alice_fabrikam.com#EXT#@contoso.onmicrosoft.com`.
pub(super) fn external_upn(mail: &str) -> String {
    format!("{}#EXT#@{TENANT_DOMAIN}", mail.replace('@', "_"))
}

fn days_ago(days: i64) -> String {
    clock::timestamp(clock::unix_now() - days * 86_400)
}

/// The object with further properties; null takes one away.
fn with(mut object: Props, more: Value) -> Props {
    let Value::Object(more) = more else { return object };
    for (name, value) in more {
        if value.is_null() {
            object.remove(&name);
        } else {
            object.insert(name, value);
        }
    }
    object
}

fn app(number: usize, name: &str) -> Props {
    let facts = json!({
        "id": format!("assignment-{number:04}-AAAAAAAAAAAAAAAAAAAAAA"), "createdDateTime": days_ago(300),
        "appRoleId": "00000000-0000-0000-0000-000000000000", "principalType": "User",
        "resourceDisplayName": name, "resourceId": format!("50000000-0000-4000-8000-{number:012x}"),
    });
    with(Props::new(), facts)
}

/// The groups and directory roles.
pub(super) fn containers() -> Vec<Container> {
    let fabrikam = "(user.mail -match \"@fabrikam.com$\")";
    let rule = Filter::parse("endsWith(mail,'@fabrikam.com')", "mail").ok();
    let rule_props = json!({
        "groupTypes": ["DynamicMembership"], "membershipRule": fabrikam, "membershipRuleProcessingState": "On",
    });
    let mail_props = json!({
        "groupTypes": ["Unified"], "mail": "partners@contoso.com", "mailEnabled": true, "securityEnabled": false,
        "proxyAddresses": ["SMTP:partners@contoso.com"],
    });
    vec![
        group(1, "Project Falcon", &[1, 2, 4], json!({})),
        group(2, "Partner Documents", &[1, 5, 0x0b], json!({})),
        Container { rule, ..group(3, "Fabrikam People", &[], rule_props) },
        group(4, "Privileged Partners", &[0x0d], json!({ "isAssignableToRole": true })),
        group(5, "All Partners", &[FIRST_FILLER, FIRST_FILLER + 1], mail_props),
        role(1, "Directory Readers", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b", 0x0c),
        role(2, "User Administrator", super::tokens::USER_ADMINISTRATOR, 0xad),
    ]
}

fn group(number: usize, name: &str, members: &[usize], more: Value) -> Container {
    let facts = json!({
        "id": format!("30000000-0000-4000-8000-{number:012x}"), "displayName": name, "groupTypes": [],
        "mailEnabled": false, "securityEnabled": true, "isAssignableToRole": false, "proxyAddresses": [],
        "mailNickname": name.replace(' ', "").to_lowercase(), "createdDateTime": days_ago(500),
    });
    container("#microsoft.graph.group", with(with(Props::new(), facts), more), members)
}

fn role(number: usize, name: &str, template: &str, member: usize) -> Container {
    let facts = json!({
        "id": format!("40000000-0000-4000-8000-{number:012x}"), "displayName": name, "roleTemplateId": template,
    });
    container("#microsoft.graph.directoryRole", with(Props::new(), facts), &[member])
}

fn container(kind: &'static str, props: Props, members: &[usize]) -> Container {
    Container { kind, props, members: members.iter().map(|&n| user_id(n)).collect::<HashSet<_>>(), rule: None }
}

/// The tenant itself.
pub(super) fn organization() -> Props {
    let domains = VERIFIED_DOMAINS.map(|name| {
        let initial = name == TENANT_DOMAIN;
        let capabilities = "Email, OfficeCommunicationsOnline";
        json!({ "name": name, "isDefault": !initial, "isInitial": initial, "type": "Managed", "capabilities": capabilities })
    });
    let plan = "9aaf7827-d63c-4b61-89c3-182f06f82e5c";
    let facts = json!({
        "id": TENANT_ID, "displayName": "Contoso (sandbox)", "tenantType": "AAD", "verifiedDomains": domains,
        "businessPhones": ["+31 20 555 0100"], "city": "Amsterdam", "country": "Netherlands", "countryLetterCode": "NL",
        "createdDateTime": days_ago(2_000), "postalCode": "1012 AB", "preferredLanguage": "nl", "state": "Noord-Holland",
        "street": "Damrak 1", "technicalNotificationMails": ["ada@contoso.com"],
        "assignedPlans": [{
            "assignedDateTime": days_ago(1_000), "capabilityStatus": "Enabled", "service": "exchange", "servicePlanId": plan,
        }],
        "provisionedPlans": [{ "capabilityStatus": "Enabled", "provisioningStatus": "Success", "service": "exchange" }],
    });
    with(Props::new(), facts)
}

/// The organizational contacts.
pub(super) fn contacts() -> Vec<Props> {
    let facts = json!({
        "id": "60000000-0000-4000-8000-000000000001", "displayName": "Tailspin Kontakt", "mail": "kontakt@tailspin.com",
        "mailNickname": "kontakt", "proxyAddresses": ["SMTP:kontakt@tailspin.com"],
    });
    vec![with(Props::new(), facts)]
}

#[cfg(test)]
mod tests {
    use super::super::directory::{Directory, text, texts};
    use super::*;

    #[test]
    fn the_population_has_every_kind() {
        let directory = Directory::new(3);
        let all: Vec<_> = directory.users.iter().map(User::now).collect();
        let guests = all.iter().filter(|u| u.contains_key("externalUserState")).count();
        assert!(guests >= 50, "{guests}");
        let ids: HashSet<_> = all.iter().map(|u| text(u, "id")).collect();
        let upns: HashSet<_> = all.iter().map(|u| text(u, "userPrincipalName").to_lowercase()).collect();
        assert_eq!((ids.len(), upns.len()), (all.len(), all.len()));
        for (issuer, _) in ISSUERS {
            assert!(all.iter().any(|u| u["identities"][0]["issuer"] == issuer), "{issuer}");
        }
        let addresses: Vec<_> = all.iter().flat_map(|u| texts(u, "proxyAddresses")).collect();
        assert_eq!(addresses.len(), addresses.iter().collect::<HashSet<_>>().len());
    }

    #[test]
    fn the_fixed_guests_are_who_they_should_be() {
        let directory = Directory::new(0);
        let find = |key: &str| &directory.users[directory.user(key).unwrap()];
        assert_eq!(text(find("alice_fabrikam.com#ext#@contoso.onmicrosoft.com").now(), "mail"), "alice@fabrikam.com");
        let names = ["Alice", "Bob", "Carla", "Dmitri", "Sam", "Sam", "Ines", "Gus", "Uma", "Olaf", "Berta", "Rolf"];
        for (number, name) in (1..).zip(names) {
            assert!(text(find(&user_id(number)).now(), "displayName").starts_with(name));
        }
        assert!(find(&user_id(0x0e)).frozen_change_time);
        assert_eq!(directory.user(&user_id(0x11)), None);
        assert!(directory.holds_role(find(&user_id(0x0c)).now()));
        assert!(directory.is_protected(find(&user_id(0x0d)).now()));
        let alice = find(&user_id(1)).now();
        assert_eq!(directory.containers.iter().filter(|c| c.holds(alice)).count(), 3);
        assert_eq!(directory.owners("INES.alias@contoso.com").count(), 1);
    }
}
