//! Reading users, and what else may hold an address.

use super::client::Graph;
use super::model::{Guest, Membership, Named, Page};
use super::query::{COUNT, mail_filter, query, user_filter, user_path};
use crate::call::Purpose;
use crate::error::{Error, ObjectRef, Result};
use crate::options::{Object, UserKey};
use crate::status::Status;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a plan needs to know; most of it comes only when asked for.
pub(crate) const GUEST_PROPERTIES: &str = "id,displayName,userPrincipalName,mail,otherMails,proxyAddresses,userType,\
    creationType,externalUserState,externalUserStateChangeDateTime,accountEnabled,onPremisesSyncEnabled,identities";

/// Lists are read up to this many pages, so that a service gone wrong cannot hold a call for ever.
const MOST_PAGES: usize = 1000;

/// Which users to list, and what of them.
pub(crate) struct UserList {
    pub(crate) filter: Option<String>,
    pub(crate) select: String,
    pub(crate) top: u64,
    /// Whether the filter needs the service's search index, which lags behind the directory.
    pub(crate) advanced: bool,
}

/// Who holds an address.
pub(crate) struct Owners {
    pub(crate) found: Vec<ObjectRef>,
    /// Kinds of objects that the caller may not list.
    pub(crate) unknown: Vec<&'static str>,
}

impl Graph<'_> {
    /// The user with this object id or name.
    pub(crate) async fn user<T: DeserializeOwned>(&self, id_or_name: &str, select: &str) -> Result<T> {
        self.get(&format!("{}{}", user_path(id_or_name), query(&[("$select", select)])), "reading the user").await
    }

    /// The one user that the key means; none and several are errors.
    pub(crate) async fn find(&self, key: &UserKey) -> Result<Guest> {
        match key {
            UserKey::Id(text) | UserKey::ExternalName(text) => self.user_of(key, text, GUEST_PROPERTIES).await,
            UserKey::NameOrAddress(text) => self.find_by_address(text).await,
        }
    }

    /// The one user that the key means, with these properties.
    pub(crate) async fn find_with(&self, key: &UserKey, select: &str) -> Result<Object> {
        match key {
            UserKey::Id(text) | UserKey::ExternalName(text) => self.user_of(key, text, select).await,
            UserKey::NameOrAddress(text) => self.user(&self.find_by_address(text).await?.id, select).await,
        }
    }

    async fn user_of<T: DeserializeOwned>(&self, key: &UserKey, id_or_name: &str, select: &str) -> Result<T> {
        self.explained(key, self.user(id_or_name, select).await).await
    }

    async fn explained<T>(&self, key: &UserKey, outcome: Result<T>) -> Result<T> {
        match outcome {
            // boxed, as it is large and rare
            Err(error) => Err(Box::pin(self.explain_absence(key, error)).await),
            done => done,
        }
    }

    async fn find_by_address(&self, address: &str) -> Result<Guest> {
        let filter = user_filter(address);
        let path = format!("/users{}", query(&[("$filter", &filter), ("$select", GUEST_PROPERTIES), ("$top", "19")]));
        let mut found: Vec<Guest> = self.all(&path, "looking for the user").await?;
        if found.len() > 1 {
            let objects = found.iter().map(|guest| guest.object_ref("user")).collect();
            let what = format!("{} users match {address}", found.len());
            return Err(Error::new(Status::SeveralMatches, what)
                .hint("name the one that is meant by its object id")
                .objects(objects));
        }
        let none = || Error::new(Status::GuestNotFound, format!("no user is named {address} or holds this address"));
        found
            .pop()
            .ok_or_else(|| none().hint("check the address and the tenant; a deleted user must be restored first"))
    }

    /// Tells a deleted user from one that never was.
    async fn explain_absence(&self, key: &UserKey, not_found: Error) -> Error {
        if not_found.status != Status::NotFound {
            return not_found;
        }
        let mut error = Error::new(Status::GuestNotFound, format!("there is no user {key}"))
            .hint("check the id, the tenant and the cloud");
        error.service = not_found.service;
        let UserKey::Id(id) = key else { return error };
        let deleted = self.get::<Guest>(&format!("/directory/deletedItems/{id}"), "looking among deleted users").await;
        match deleted {
            Ok(guest) => Error::new(Status::GuestDeleted, format!("the user {id} is deleted"))
                .hint("restore it within 30 days of its deletion, then reset it")
                .objects(vec![guest.object_ref("deleted user")]),
            Err(_) => error,
        }
    }

    /// Which other objects than this guest hold the address: users, groups, contacts and deleted users.
    pub(crate) async fn owners(&self, address: &str, except: &str) -> Result<Owners> {
        let (users, mails) = (user_filter(address), mail_filter(address));
        let of_user = "id,displayName,userPrincipalName,mail";
        let of_other = "id,displayName,mail";
        let ask = async |path: &str, filter: &str, select: &str, count: bool| {
            let mut parts = vec![("$filter", filter), ("$select", select), ("$top", "19")];
            parts.extend(count.then_some(COUNT));
            self.all::<Named>(&format!("{path}{}", query(&parts)), "looking who holds the address").await
        };
        let asked = tokio::join!(
            ask("/users", &users, of_user, false),
            ask("/groups", &mails, of_other, false),
            ask("/contacts", &mails, of_other, false),
            ask("/directory/deletedItems/microsoft.graph.user", &users, of_user, true),
        );
        let kinds = [("user", asked.0), ("group", asked.1), ("contact", asked.2), ("deleted user", asked.3)];
        let mut owners = Owners { found: Vec::new(), unknown: Vec::new() };
        for (kind, found) in kinds {
            match found {
                Ok(found) => {
                    let others = found.iter().filter(|one| one.id != except);
                    owners.found.extend(others.map(|one| one.object_ref(kind)));
                }
                // a caller may be allowed to reset a guest and not to list groups or contacts
                Err(error) if kind != "user" && error.is_refusal() => owners.unknown.push(kind),
                Err(error) => return Err(error),
            }
        }
        Ok(owners)
    }

    /// The groups and directory roles of the user, direct ones.
    pub(crate) async fn memberships(&self, id: &str) -> Result<Vec<Membership>> {
        let select = "id,displayName,membershipRule,isAssignableToRole";
        let path = format!("{}/memberOf{}", user_path(id), query(&[("$select", select), ("$top", "999")]));
        self.all(&path, "reading the groups").await
    }

    /// The user's app assignments.
    pub(crate) async fn app_assignments(&self, id: &str) -> Result<Vec<Named>> {
        let path = format!("{}/appRoleAssignments{}", user_path(id), query(&[("$top", "999")]));
        self.all(&path, "reading the app assignments").await
    }

    /// One page of users, and the link to the next.
    pub(crate) async fn page(&self, list: &UserList) -> Result<(Vec<Object>, Option<String>)> {
        let top = list.top.to_string();
        let mut parts = vec![("$select", list.select.as_str()), ("$top", top.as_str())];
        parts.extend(list.filter.as_deref().map(|filter| ("$filter", filter)));
        parts.extend(list.advanced.then_some(COUNT));
        let page: Page<Object> = self.get(&format!("/users{}", query(&parts)), "listing users").await?;
        Ok((page.value, page.next))
    }

    /// The page behind such a link.
    pub(crate) async fn next_page(&self, link: &str) -> Result<(Vec<Object>, Option<String>)> {
        let page: Page<Object> = self.follow(link, "listing users").await?;
        Ok((page.value, page.next))
    }

    /// Sets properties of a user; the same again does no harm.
    pub(crate) async fn update_user(&self, id: &str, changes: &Value) -> Result<()> {
        self.patch(&user_path(id), changes, Purpose::Ordinary, &format!("changing the user {id}")).await
    }

    /// Sets properties of the one user that the key means; one request, unless the user has to be looked for.
    pub(crate) async fn update(&self, key: &UserKey, changes: &Value) -> Result<()> {
        match key {
            UserKey::Id(text) | UserKey::ExternalName(text) => {
                self.explained(key, self.update_user(text, changes).await).await
            }
            UserKey::NameOrAddress(text) => self.update_user(&self.find_by_address(text).await?.id, changes).await,
        }
    }

    /// Sets properties of a user once: what is written was built on what was read.
    pub(crate) async fn update_user_once(&self, id: &str, changes: &Value) -> Result<()> {
        self.patch(&user_path(id), changes, Purpose::Once, &format!("changing the user {id}")).await
    }

    async fn all<T: DeserializeOwned>(&self, path: &str, doing: &str) -> Result<Vec<T>> {
        let mut page: Page<T> = self.get(path, doing).await?;
        let mut all = page.value;
        for _ in 1..MOST_PAGES {
            let Some(link) = page.next else { return Ok(all) };
            page = self.follow(&link, doing).await?;
            all.append(&mut page.value);
        }
        Err(Error::new(Status::BadAnswer, format!("{doing}: the list does not end")))
    }
}

impl Error {
    /// Whether the service refused this one request, as against having a fault or not being reached.
    fn is_refusal(&self) -> bool {
        self.service.as_ref().is_some_and(|fault| matches!(fault.http_status, 400 | 403 | 404))
    }
}

impl Guest {
    pub(crate) fn object_ref(&self, kind: &str) -> ObjectRef {
        let name = self.user_principal_name.clone().or_else(|| self.mail.clone());
        ObjectRef { id: self.id.clone(), kind: kind.into(), display_name: self.display_name.clone(), name }
    }
}

impl Named {
    fn object_ref(&self, kind: &str) -> ObjectRef {
        let name = self.user_principal_name.clone().or_else(|| self.mail.clone());
        ObjectRef { id: self.id.clone(), kind: kind.into(), display_name: self.display_name.clone(), name }
    }
}
