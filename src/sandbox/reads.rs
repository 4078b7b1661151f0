//! The GETs: users, what they belong to, groups, contacts, the organization.

use serde_json::Value;

use super::directory::{Directory, text};
use super::errors::Refusal;
use super::filter::Filter;
use super::http::{Reply, Request};
use super::query::{APP_ASSIGNMENT, CONTACT, GROUP, MEMBERSHIP, ORGANIZATION, Query, USER};
use super::seed::{self, ADMIN_ID};
use super::tenant::Tenant;
use super::tokens::Grant;

const DIRECTORY: [&str; 2] = ["Directory.Read.All", "Directory.ReadWrite.All"];
const USERS: [&str; 3] = ["User.Read.All", "User.ReadWrite.All", "User.ReadUpdate.All"];
const GROUPS: [&str; 3] = ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All"];
const ROLES: [&str; 2] = ["RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory"];
const APPS: [&str; 2] = ["Application.Read.All", "AppRoleAssignment.ReadWrite.All"];

fn may(grant: &Grant, any_of: &[&str]) -> bool {
    grant.permits(any_of) || grant.permits(&DIRECTORY)
}

fn require(grant: &Grant, any_of: &[&str]) -> Result<(), Refusal> {
    if may(grant, any_of) { Ok(()) } else { Err(Refusal::denied()) }
}

fn find(directory: &Directory, key: &str) -> Result<usize, Refusal> {
    directory.user(key).ok_or_else(|| Refusal::not_found(key))
}

pub(super) fn user(tenant: &Tenant, grant: &Grant, request: &Request, key: &str) -> Result<Reply, Refusal> {
    require(grant, &USERS)?;
    let query = Query::new(request, &USER, &tenant.url)?;
    Ok(query.entity(tenant.read(find(&tenant.directory, key)?)))
}

pub(super) fn me(tenant: &Tenant, grant: &Grant, request: &Request) -> Result<Reply, Refusal> {
    if grant.is_app {
        return Err(Refusal::new(400, "BadRequest", "/me request is only valid with delegated authentication flow."));
    }
    let query = Query::new(request, &USER, &tenant.url)?;
    Ok(query.entity(tenant.read(find(&tenant.directory, ADMIN_ID)?)))
}

pub(super) fn users(tenant: &Tenant, grant: &Grant, request: &Request, deleted: bool) -> Result<Reply, Refusal> {
    require(grant, &USERS)?;
    let query = Query::new(request, &USER, &tenant.url)?;
    let directory = &tenant.directory;
    let mut some = query
        .filter
        .as_ref()
        .and_then(Filter::needles)
        .map(|needles| needles.iter().flat_map(|needle| directory.candidates(needle)).copied().collect::<Vec<_>>());
    if let Some(found) = &mut some {
        found.sort_unstable();
        found.dedup();
    }
    let all = if some.is_some() { 0..0 } else { 0..directory.users.len() };
    let searched = some.into_iter().flatten().chain(all).filter(|&at| directory.users[at].deleted == deleted);
    let found = searched.map(|at| tenant.read(at)).filter(|user| query.matches(user));
    query.page(found, |user| query.select(user))
}

pub(super) fn deleted_item(tenant: &Tenant, grant: &Grant, request: &Request, id: &str) -> Result<Reply, Refusal> {
    require(grant, &USERS)?;
    let query = Query::new(request, &USER, &tenant.url)?;
    let mut candidates = tenant.directory.candidates(id).iter().map(|&at| &tenant.directory.users[at]);
    let user =
        candidates.find(|u| u.deleted && u.id().eq_ignore_ascii_case(id)).ok_or_else(|| Refusal::not_found(id))?;
    Ok(query.entity(user.now()))
}

/// Of what the caller may not read, only type and id are shown.
pub(super) fn member_of(tenant: &Tenant, grant: &Grant, request: &Request, key: &str) -> Result<Reply, Refusal> {
    require(grant, &[USERS.as_slice(), &GROUPS].concat())?;
    let query = Query::new(request, &MEMBERSHIP, &tenant.url)?;
    let user = tenant.read(find(&tenant.directory, key)?);
    let containers = tenant.directory.containers.iter().filter(|c| c.holds(user) && query.matches(&c.props));
    query.page(containers, |container| {
        let readable = may(grant, if container.is_role() { &ROLES } else { &GROUPS });
        let mut shown = query.select(&container.props);
        for value in shown.iter_mut().filter(|(name, _)| !readable && *name != "id").map(|(_, value)| value) {
            *value = Value::Null;
        }
        shown.insert("@odata.type".to_owned(), container.kind.into());
        shown
    })
}

pub(super) fn app_assignments(tenant: &Tenant, grant: &Grant, request: &Request, key: &str) -> Result<Reply, Refusal> {
    require(grant, &APPS)?;
    let query = Query::new(request, &APP_ASSIGNMENT, &tenant.url)?;
    let at = find(&tenant.directory, key)?;
    let user = tenant.read(at);
    query.page(tenant.directory.users[at].app_assignments.iter(), |assignment| {
        let mut assignment = assignment.clone();
        assignment.insert("principalId".to_owned(), text(user, "id").into());
        assignment.insert("principalDisplayName".to_owned(), text(user, "displayName").into());
        query.select(&assignment)
    })
}

pub(super) fn groups(tenant: &Tenant, grant: &Grant, request: &Request) -> Result<Reply, Refusal> {
    require(grant, &GROUPS)?;
    let query = Query::new(request, &GROUP, &tenant.url)?;
    let found = tenant.directory.groups().map(|g| &g.props).filter(|g| query.matches(g));
    query.page(found, |group| query.select(group))
}

pub(super) fn contacts(tenant: &Tenant, grant: &Grant, request: &Request) -> Result<Reply, Refusal> {
    require(grant, &["OrgContact.Read.All"])?;
    let query = Query::new(request, &CONTACT, &tenant.url)?;
    query.page(tenant.directory.contacts.iter().filter(|c| query.matches(c)), |contact| query.select(contact))
}

/// With the right to read users alone, only what names the tenant is shown.
pub(super) fn organization(tenant: &Tenant, grant: &Grant, request: &Request) -> Result<Reply, Refusal> {
    let whole = may(grant, &["Organization.Read.All"]);
    if !whole && (grant.is_app || !grant.permits(&[USERS.as_slice(), &["User.Read"]].concat())) {
        return Err(Refusal::denied());
    }
    let query = Query::new(request, &ORGANIZATION, &tenant.url)?;
    query.page(std::iter::once(&seed::organization()), |organization| {
        let mut shown = query.select(organization);
        let names = ["id", "displayName", "verifiedDomains"];
        for value in shown.iter_mut().filter(|(name, _)| !whole && !names.contains(&name.as_str())).map(|(_, v)| v) {
            *value = Value::Null;
        }
        shown
    })
}
