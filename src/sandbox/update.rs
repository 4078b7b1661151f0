//! `PATCH /users/{id}`.

use serde_json::{Value, json};

use super::directory::{Directory, Props, owns, texts};
use super::errors::Refusal;
use super::http::{Reply, Request};
use super::query::USER;
use super::tenant::Tenant;
use super::tokens::{DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR, Grant, USER_ADMINISTRATOR};

const TEXTS: &str = "ageGroup city companyName consentProvidedForMinor country department displayName employeeId employeeType \
    faxNumber givenName jobTitle mail mailNickname mobilePhone officeLocation onPremisesImmutableId passwordPolicies \
    postalCode preferredLanguage state streetAddress surname usageLocation userPrincipalName userType";
const FLAGS: &str = "accountEnabled showInAddressList";
const LISTS: &str = "businessPhones otherMails";
const OBJECTS: &str = "passwordProfile";
/// What cannot be taken away.
const REQUIRED: &str = "displayName mail userPrincipalName";
/// What only privileged administrators may change on protected users.
const SENSITIVE: &str = "accountEnabled businessPhones mail mobilePhone onPremisesImmutableId otherMails passwordProfile \
    userPrincipalName";

pub(super) fn user(tenant: &mut Tenant, grant: &Grant, request: &Request, key: &str) -> Result<Reply, Refusal> {
    let Value::Object(changes) = request.json()? else {
        return Err(Refusal::bad_request("The request body must be an object."));
    };
    let changes: Props = changes.into_iter().filter(|(name, _)| !name.contains('@')).collect();
    if changes.is_empty() {
        return Err(Refusal::bad_request("At least one property must be specified."));
    }
    permitted(grant, &changes)?;
    let at = tenant.directory.user(key).ok_or_else(|| Refusal::not_found(key))?;
    let user = tenant.directory.users[at].now();
    let sensitive = changes.keys().any(|name| one_of(SENSITIVE, name));
    if sensitive && tenant.directory.is_protected(user) && !grant.is_privileged() {
        return Err(Refusal::denied());
    }
    for (name, value) in &changes {
        check(name, value)?;
    }
    if user.get("onPremisesSyncEnabled") == Some(&json!(true)) {
        return Err(Refusal::bad_request(
            "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects \
             currently undergoing migration.",
        ));
    }
    let mut changed = user.clone();
    if let Some(Value::String(mail)) = changes.get("mail") {
        unowned(&tenant.directory, at, mail)?;
        changed.insert("proxyAddresses".to_owned(), proxies(user, mail));
    }
    if let Some(Value::String(name)) = changes.get("userPrincipalName")
        && tenant.directory.user(name).is_some_and(|owner| owner != at)
    {
        return Err(Refusal::bad_request(
            "Another object with the same value for property userPrincipalName already exists.",
        ));
    }
    for (name, mut value) in changes {
        if let Some(profile) = value.as_object_mut() {
            // passwords are never read back
            profile.remove("password");
        }
        if value.is_null() {
            changed.remove(&name);
        } else {
            changed.insert(name, value);
        }
    }
    tenant.write(at, changed);
    tenant.journal.writes += 1;
    Ok(Reply::empty(204))
}

fn permitted(grant: &Grant, changes: &Props) -> Result<(), Refusal> {
    let any = grant.permits(&["User.ReadWrite.All", "User.ReadUpdate.All", "Directory.ReadWrite.All"]);
    let mails = grant.permits(&["User-Mail.ReadWrite.All"]) && changes.keys().all(|name| name == "otherMails");
    let role = grant.is_app
        || grant.is_privileged()
        || grant.has_role(&[USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, DIRECTORY_WRITERS]);
    if (any || mails) && role { Ok(()) } else { Err(Refusal::denied()) }
}

fn one_of(names: &str, name: &str) -> bool {
    names.split(' ').any(|n| n == name)
}

fn check(name: &str, value: &Value) -> Result<(), Refusal> {
    if !one_of(USER.known, name) {
        return Err(Refusal::bad_request(format!("Resource 'User' does not have a property named '{name}'.")));
    }
    if ![TEXTS, FLAGS, LISTS, OBJECTS].iter().any(|names| one_of(names, name)) {
        return Err(Refusal::bad_request(format!("Property '{name}' is read-only and cannot be set.")));
    }
    let fits = match value {
        Value::Null => one_of(TEXTS, name) && !one_of(REQUIRED, name),
        Value::Bool(_) => one_of(FLAGS, name),
        Value::String(text) => {
            // null takes a text away, an empty one is refused
            one_of(TEXTS, name) && !text.is_empty() && (!one_of("mail userPrincipalName", name) || is_address(text))
        }
        Value::Array(items) => {
            let good = |item: &Value| item.as_str().is_some_and(|text| name != "otherMails" || is_address(text));
            let most = if name == "businessPhones" { 1 } else { 250 };
            one_of(LISTS, name) && items.len() <= most && items.iter().all(good)
        }
        Value::Object(_) => one_of(OBJECTS, name),
        Value::Number(_) => false,
    };
    if !fits {
        let message = format!("Invalid value specified for property '{name}' of resource 'User'.");
        return Err(Refusal::bad_request(message));
    }
    Ok(())
}

/// Addresses on user objects take no accents.
fn is_address(text: &str) -> bool {
    let halves = text.split_once('@');
    let filled = halves.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    filled && text.len() <= 250 && text.is_ascii() && !text.contains([' ', '\t', '\r', '\n'])
}

/// Refuses an address that another object has as its own.
fn unowned(directory: &Directory, at: usize, address: &str) -> Result<(), Refusal> {
    let mut others = directory.groups().map(|g| &g.props).chain(&directory.contacts);
    if directory.owners(address).any(|owner| owner != at) || others.any(|o| owns(o, address)) {
        return Err(Refusal::conflict());
    }
    Ok(())
}

/// The new `mail` becomes the primary proxy address; the others stay as secondary ones.
fn proxies(user: &Props, mail: &str) -> Value {
    let is_other = |proxy: &&str| proxy.get(5..).is_none_or(|address| !address.eq_ignore_ascii_case(mail));
    let demoted = |proxy: &str| proxy.strip_prefix("SMTP:").map_or(proxy.to_owned(), |a| format!("smtp:{a}"));
    let old = texts(user, "proxyAddresses").filter(is_other).map(demoted);
    json!(std::iter::once(format!("SMTP:{mail}")).chain(old).collect::<Vec<_>>())
}
