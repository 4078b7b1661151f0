//! The objects of the tenant, and how they are found.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::clock::History;
use super::filter::{Filter, INDEXED};
use super::seed;

/// An object as its properties. Those without a value are left out.
pub(super) type Props = Map<String, Value>;

pub(super) const TENANT_ID: &str = "c0ffee00-0000-4000-8000-000000000000";
pub(super) const TENANT_DOMAIN: &str = "contoso.onmicrosoft.com";
pub(super) const VERIFIED_DOMAINS: [&str; 2] = [TENANT_DOMAIN, "contoso.com"];

/// A user with everything the answers need.
pub(super) struct User {
    pub(super) versions: History<Props>,
    pub(super) app_assignments: Vec<Props>,
    pub(super) deleted: bool,
    /// The time of the last state change does not move on a reset.
    pub(super) frozen_change_time: bool,
}

impl User {
    pub(super) fn now(&self) -> &Props {
        self.versions.now()
    }

    pub(super) fn id(&self) -> &str {
        text(self.now(), "id")
    }
}

/// A group or a directory role.
pub(super) struct Container {
    /// `#microsoft.graph.group` or `#microsoft.graph.directoryRole`.
    pub(super) kind: &'static str,
    pub(super) props: Props,
    pub(super) members: HashSet<String>,
    /// The rule of a dynamic group.
    pub(super) rule: Option<Filter>,
}

impl Container {
    pub(super) fn is_role(&self) -> bool {
        self.kind == "#microsoft.graph.directoryRole"
    }

    pub(super) fn holds(&self, user: &Props) -> bool {
        self.members.contains(text(user, "id")) || self.rule.as_ref().is_some_and(|rule| rule.matches(user))
    }
}

pub(super) struct Directory {
    pub(super) users: Vec<User>,
    pub(super) containers: Vec<Container>,
    pub(super) contacts: Vec<Props>,
    /// Lower-cased id, UPN or address to those who hold it or once did; so a hit is a candidate only.
    index: HashMap<String, Vec<usize>>,
}

impl Directory {
    /// The start population with `extra` plain guests.
    pub(super) fn new(extra: usize) -> Self {
        let mut directory = Self {
            users: Vec::new(),
            containers: seed::containers(),
            contacts: seed::contacts(),
            index: HashMap::new(),
        };
        for user in seed::users(extra) {
            directory.add(user);
        }
        directory
    }

    pub(super) fn add(&mut self, user: User) -> usize {
        self.users.push(user);
        let at = self.users.len() - 1;
        self.index_user(at);
        at
    }

    /// Replaces the properties of a user.
    pub(super) fn write(&mut self, at: usize, props: Props, longest_lag: Duration) {
        self.users[at].versions.write(props, longest_lag);
        self.index_user(at);
    }

    fn index_user(&mut self, at: usize) {
        for key in INDEXED.iter().flat_map(|name| texts(self.users[at].now(), name)) {
            let holders = self.index.entry(key.to_lowercase()).or_default();
            if !holders.contains(&at) {
                holders.push(at);
            }
        }
    }

    /// Those who may hold `key` in an indexed property.
    pub(super) fn candidates(&self, key: &str) -> &[usize] {
        self.index.get(&key.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The user with this object id or UPN.
    pub(super) fn user(&self, key: &str) -> Option<usize> {
        self.candidates(key).iter().copied().find(|&at| {
            let user = &self.users[at];
            let is_it = |name| text(user.now(), name).eq_ignore_ascii_case(key);
            !user.deleted && (is_it("id") || is_it("userPrincipalName"))
        })
    }

    /// The users who hold an address in `mail` or `proxyAddresses`, the deleted ones left out.
    pub(super) fn owners(&self, address: &str) -> impl Iterator<Item = usize> {
        let proxy = format!("smtp:{address}");
        let found = self.candidates(address).iter().chain(self.candidates(&proxy)).copied().collect::<HashSet<_>>();
        let address = address.to_owned();
        found.into_iter().filter(move |&at| !self.users[at].deleted && owns(self.users[at].now(), &address))
    }

    pub(super) fn groups(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().filter(|c| !c.is_role())
    }

    pub(super) fn holds_role(&self, user: &Props) -> bool {
        self.containers.iter().any(|c| c.is_role() && c.holds(user))
    }

    /// Whether only privileged administrators may write the sensitive properties of this user.
    pub(super) fn is_protected(&self, user: &Props) -> bool {
        self.holds_role(user)
            || self.groups().any(|g| g.props.get("isAssignableToRole") == Some(&json!(true)) && g.holds(user))
    }
}

/// Whether an object has an address in `mail` or `proxyAddresses`.
pub(super) fn owns(object: &Props, address: &str) -> bool {
    let is_it = |held: &str| held.eq_ignore_ascii_case(address);
    is_it(text(object, "mail"))
        || texts(object, "proxyAddresses")
            .any(|p| p.get(5..).is_some_and(is_it) && p[..5].eq_ignore_ascii_case("smtp:"))
}

/// A property's text, "" if it has none.
pub(super) fn text<'a>(object: &'a Props, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A property's text or texts.
pub(super) fn texts<'a>(object: &'a Props, name: &str) -> impl Iterator<Item = &'a str> {
    let value = object.get(name);
    let items = value.and_then(Value::as_array).map(Vec::as_slice);
    items.unwrap_or(value.map_or(&[], std::slice::from_ref)).iter().filter_map(Value::as_str)
}

/// The domain of an address, lower-cased.
pub(super) fn domain(address: &str) -> String {
    address.rsplit_once('@').map_or(String::new(), |(_, domain)| domain.to_lowercase())
}

/// The identity that every account has: its UPN in this tenant.
pub(super) fn home_identity(upn: &str) -> Value {
    json!({ "signInType": "userPrincipalName", "issuer": TENANT_DOMAIN, "issuerAssignedId": upn })
}

/// The identity by which a guest signs in once the invitation is redeemed.
pub(super) fn foreign_identity(issuer: &str, address: &str) -> Value {
    let assigned = if issuer == "mail" { json!(address) } else { Value::Null };
    json!({ "signInType": "federated", "issuer": issuer, "issuerAssignedId": assigned })
}

/// Who signs in a guest with this address.
pub(super) fn issuer(address: &str) -> &'static str {
    match domain(address).as_str() {
        "gmail.com" => "google.com",
        "outlook.com" | "hotmail.com" | "live.com" => "MicrosoftAccount",
        "tailspin.com" => "mail",
        _ => "ExternalAzureAD",
    }
}
