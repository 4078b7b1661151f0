//! `POST /invitations`: inviting, resetting, and the accident of converting an internal user.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::AllowInvitesFrom;
use super::clock::{self, History};
use super::directory::{Props, TENANT_ID, User, VERIFIED_DOMAINS, domain, home_identity, owns, text, texts};
use super::errors::Refusal;
use super::http::{Reply, Request, percent_encoded};
use super::journal::Mail;
use super::secrets;
use super::seed;
use super::tenant::Tenant;
use super::tokens::{
    DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR, GUEST_INVITER, Grant, HELPDESK_ADMINISTRATOR, USER_ADMINISTRATOR,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Invitation {
    invited_user_email_address: Option<String>,
    invite_redirect_url: Option<String>,
    invited_user_display_name: Option<String>,
    invited_user_type: Option<String>,
    send_invitation_message: Option<bool>,
    reset_redemption: Option<bool>,
    invited_user: Option<InvitedUser>,
    invited_user_message_info: Option<MessageInfo>,
    // Accepted, but of no effect.
    #[serde(rename = "id")]
    _id: Option<String>,
    #[serde(rename = "inviteRedeemUrl")]
    _invite_redeem_url: Option<String>,
    #[serde(rename = "invitedUserSponsors")]
    _invited_user_sponsors: Option<Value>,
    #[serde(rename = "status")]
    _status: Option<String>,
}

/// Other properties in here are ignored.
#[derive(Deserialize)]
struct InvitedUser {
    id: Option<String>,
}

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(rename_all = "camelCase", default)]
struct MessageInfo {
    message_language: Option<String>,
    cc_recipients: Option<Vec<Recipient>>,
    customized_message_body: Option<String>,
}

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(rename_all = "camelCase", default)]
struct Recipient {
    email_address: EmailAddress,
}

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(default)]
struct EmailAddress {
    name: Option<String>,
    address: Option<String>,
}

/// The answer, its members in the documented order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(rename = "@odata.context")]
    context: String,
    id: String,
    invite_redeem_url: String,
    invited_user_display_name: Option<&'a str>,
    invited_user_type: &'a str,
    invited_user_email_address: &'a str,
    send_invitation_message: bool,
    reset_redemption: bool,
    invite_redirect_url: String,
    status: &'static str,
    invited_user_message_info: MessageInfo,
    invited_user: Value,
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "BadRequest", message)
}

fn forbidden() -> Refusal {
    Refusal::new(403, "Forbidden", "Generic authorization exception.")
}

pub(super) fn create(tenant: &mut Tenant, grant: &Grant, request: &Request) -> Result<Reply, Refusal> {
    let invitation = parse(request)?;
    let address = invitation.invited_user_email_address.as_deref().unwrap_or_default();
    let redirect = redirect_url(invitation.invite_redirect_url.as_deref().unwrap_or_default())?;
    let reset = invitation.reset_redemption == Some(true);
    permitted(grant, reset)?;
    tenant_allows(tenant.settings.allow_invites_from, grant)?;
    if VERIFIED_DOMAINS.contains(&domain(address).as_str()) {
        return Err(bad(
            "This user cannot be invited because the domain of the user's email address is a verified domain of this \
             directory.",
        ));
    }
    let id = invitation.invited_user.as_ref().and_then(|u| u.id.as_deref());
    let at = match id {
        Some(id) => existing(tenant, grant, id, address, reset)?,
        None if reset => return Err(bad("The property invitedUser.id is required when resetRedemption is true.")),
        None => invited(tenant, &invitation, address)?,
    };
    tenant.journal.invitations_accepted += 1;
    tenant.journal.writes += 1;
    let user = tenant.directory.users[at].now();
    if invitation.send_invitation_message == Some(true) {
        tenant.journal.mails.push(mail(&invitation, grant, text(user, "id")));
    }
    let answer = Answer {
        context: format!("{}/{}/$metadata#invitations/$entity", tenant.url, request.path[0]),
        id: Uuid::new_v4().to_string(),
        invite_redeem_url: redeem_url(&tenant.url, text(user, "id")),
        invited_user_display_name: invitation.invited_user_display_name.as_deref(),
        invited_user_type: invitation.invited_user_type.as_deref().unwrap_or(text(user, "userType")),
        invited_user_email_address: address,
        send_invitation_message: invitation.send_invitation_message == Some(true),
        reset_redemption: reset,
        invite_redirect_url: redirect,
        status: "PendingAcceptance",
        invited_user_message_info: echo(invitation.invited_user_message_info.as_ref()),
        invited_user: json!({ "id": text(user, "id") }),
    };
    Ok(Reply::odata(201, &answer))
}

fn parse(request: &Request) -> Result<Invitation, Refusal> {
    let Value::Object(mut members) = request.json()? else { return Err(bad("The request body must be an object.")) };
    members.retain(|name, _| !name.contains('@'));
    let invitation = serde_json::from_value::<Invitation>(Value::Object(members))
        .map_err(|e| bad(format!("Invalid value specified for property of resource 'Invitation': {e}.")))?;
    let missing = |name: &str| bad(format!("A value is required for property '{name}' of resource 'Invitation'."));
    let address = invitation.invited_user_email_address.as_deref().filter(|a| !a.is_empty());
    if !is_address(address.ok_or_else(|| missing("invitedUserEmailAddress"))?) {
        return Err(bad("The invited user email address is not valid."));
    }
    if invitation.invite_redirect_url.as_deref().is_none_or(str::is_empty) {
        return Err(missing("inviteRedirectUrl"));
    }
    if !matches!(invitation.invited_user_type.as_deref(), None | Some("Guest" | "Member")) {
        return Err(bad("Invalid value specified for property 'invitedUserType' of resource 'Invitation'."));
    }
    Ok(invitation)
}

/// The documented rules for addresses, except that `+` is let through.
fn is_address(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else { return false };
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "~!#$%^&*()=[]{}\\/|;:\"<>?,@".contains(c);
    let edge = |c: char| c == '.' || c == '-';
    let local_is_good =
        !local.is_empty() && !local.contains(forbidden) && !local.starts_with(edge) && !local.ends_with(edge);
    local_is_good
        && domain.contains('.')
        && !domain.contains(forbidden)
        && domain.split('.').all(|label| !label.is_empty())
}

/// The redirect URL as the service repeats it: with a slash after a bare host.
fn redirect_url(url: &str) -> Result<String, Refusal> {
    let host = ["https://", "http://"].iter().find(|s| url.get(..s.len()).is_some_and(|u| u.eq_ignore_ascii_case(s)));
    let rest = host.map(|s| &url[s.len()..]).filter(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#']));
    let rest = rest.ok_or_else(|| bad("The inviteRedirectUrl is not a valid absolute URL."))?;
    let end = url.len() - rest.len() + rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let slash = if url[end..].starts_with('/') { "" } else { "/" };
    Ok(format!("{}{slash}{}", &url[..end], &url[end..]))
}

fn permitted(grant: &Grant, reset: bool) -> Result<(), Refusal> {
    let scoped = grant.permits(&["User.ReadWrite.All", "Directory.ReadWrite.All"])
        || !reset && grant.permits(&["User.Invite.All"]);
    if !scoped {
        return Err(Refusal::new(
            401,
            "Unauthorized",
            format!(
                "Insufficient privileges to perform requested operation by the application \
                 '00000003-0000-0000-c000-000000000000'. ControllerName=MSGraphInviteAPI, ActionName=CreateInvite, URL \
                 absolute path=/api/{TENANT_ID}/invites"
            ),
        ));
    }
    let resetters = [HELPDESK_ADMINISTRATOR, USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
    if reset && !grant.is_app && !grant.has_role(&resetters) {
        return Err(forbidden());
    }
    Ok(())
}

fn tenant_allows(setting: AllowInvitesFrom, grant: &Grant) -> Result<(), Refusal> {
    let inviters = [USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, GUEST_INVITER, DIRECTORY_WRITERS, HELPDESK_ADMINISTRATOR];
    match setting {
        AllowInvitesFrom::None => Err(Refusal::new(
            403,
            "Forbidden",
            "Guest invitations not allowed for your company. Contact your company administrator for more details.",
        )),
        AllowInvitesFrom::AdminsAndGuestInviters if grant.is_app && !grant.permits(&["User.Invite.All"]) => {
            Err(forbidden())
        }
        AllowInvitesFrom::AdminsAndGuestInviters if !grant.is_app && !grant.has_role(&inviters) => Err(forbidden()),
        _ => Ok(()),
    }
}

/// An invitation for the user with this id: the reset of a guest, or the conversion of an internal user.
fn existing(tenant: &mut Tenant, grant: &Grant, id: &str, address: &str, reset: bool) -> Result<usize, Refusal> {
    let directory = &tenant.directory;
    let at = directory.user(id).filter(|&at| directory.users[at].id().eq_ignore_ascii_case(id));
    let at = at.ok_or_else(|| Refusal::not_found(id))?;
    let user = directory.users[at].now();
    let helpdesk_only = !grant.is_app && !grant.is_privileged() && !grant.has_role(&[USER_ADMINISTRATOR]);
    if grant.is_app && directory.holds_role(user) || helpdesk_only && directory.is_protected(user) {
        return Err(forbidden());
    }
    let replicated = tenant.replicated(at);
    let is_external = user.contains_key("externalUserState");
    if !texts(replicated, "mail").chain(texts(replicated, "otherMails")).any(|a| a.eq_ignore_ascii_case(address)) {
        return Err(bad(
            "The email you\u{2019}re using to invite this user doesn\u{2019}t match any emails on the user object. Please \
             add this email to the user object and try again.",
        ));
    }
    if is_external && !reset {
        return Err(already_exists(user));
    }
    no_group_has(tenant, address)?;
    if let Some(other) = directory.owners(address).find(|&owner| owner != at) {
        return Err(already_exists(directory.users[other].now()));
    }
    let frozen = directory.users[at].frozen_change_time;
    let mut changed = user.clone();
    changed.insert("externalUserState".to_owned(), json!("PendingAcceptance"));
    changed.insert("identities".to_owned(), json!([home_identity(text(user, "userPrincipalName"))]));
    if !frozen {
        changed.insert("externalUserStateChangeDateTime".to_owned(), json!(clock::timestamp(clock::unix_now())));
    }
    tenant.journal.conversions += u64::from(!is_external);
    tenant.write(at, changed);
    Ok(at)
}

/// A plain invitation: a new guest, or one that has not redeemed yet.
fn invited(tenant: &mut Tenant, invitation: &Invitation, address: &str) -> Result<usize, Refusal> {
    no_group_has(tenant, address)?;
    if let Some(at) = tenant.directory.owners(address).next() {
        let user = tenant.directory.users[at].now();
        return match text(user, "externalUserState") {
            "PendingAcceptance" => Ok(at),
            "" => Err(bad("Non-external user already exists with the given mail address and can't be invited.")),
            _ => Err(already_exists(user)),
        };
    }
    let upn = seed::external_upn(address);
    let now = clock::timestamp(clock::unix_now());
    let name = invitation.invited_user_display_name.as_deref();
    let name = name.unwrap_or(address.split('@').next().unwrap_or_default());
    let mut guest = seed::account(&Uuid::new_v4().to_string(), name, &upn);
    let mut set = |name: &str, value: Value| guest.insert(name.to_owned(), value);
    set("mail", json!(address));
    set("userType", json!(invitation.invited_user_type.as_deref().unwrap_or("Guest")));
    set("creationType", json!("Invitation"));
    set("externalUserState", json!("PendingAcceptance"));
    set("externalUserStateChangeDateTime", json!(now));
    set("createdDateTime", json!(now));
    set("identities", json!([home_identity(&upn)]));
    // Where a contact has the address, the guest is made without it.
    if !tenant.directory.contacts.iter().any(|c| owns(c, address)) {
        set("proxyAddresses", json!([format!("SMTP:{address}")]));
    }
    let versions = History::new(guest);
    Ok(tenant.directory.add(User { versions, app_assignments: Vec::new(), deleted: false, frozen_change_time: false }))
}

fn no_group_has(tenant: &Tenant, address: &str) -> Result<(), Refusal> {
    if tenant.directory.groups().any(|g| owns(&g.props, address)) {
        return Err(bad("Group email address is not supported."));
    }
    Ok(())
}

fn already_exists(user: &Props) -> Refusal {
    let blocked = user.get("accountEnabled") == Some(&json!(false));
    let more = if blocked { " However, this account is blocked from signing in." } else { "" };
    bad(format!("The invited user already exists in the directory as object ID: {}.{more}", text(user, "id")))
}

/// The mail that goes out. An application's custom message is dropped, and only one copy is sent.
fn mail(invitation: &Invitation, grant: &Grant, user_id: &str) -> Mail {
    let info = invitation.invited_user_message_info.clone().unwrap_or_default();
    let body = info.customized_message_body.filter(|body| !grant.is_app && !body.is_empty());
    let language = info.message_language.unwrap_or_else(|| "en-US".to_owned());
    Mail {
        to: invitation.invited_user_email_address.clone().unwrap_or_default(),
        cc: info.cc_recipients.and_then(|list| list.into_iter().next()).and_then(|cc| cc.email_address.address),
        user_id: user_id.to_owned(),
        language: body.is_none().then_some(language),
        body,
        at: clock::timestamp(clock::unix_now()),
    }
}

/// The message details as the service repeats them: with an empty recipient if there was none.
fn echo(info: Option<&MessageInfo>) -> MessageInfo {
    let mut info = info.cloned().unwrap_or_default();
    if info.cc_recipients.as_ref().is_none_or(Vec::is_empty) {
        info.cc_recipients = Some(vec![Recipient::default()]);
    }
    info
}

/// Carries a ticket, as the real one does: whoever has it may redeem.
fn redeem_url(url: &str, user_id: &str) -> String {
    let ticket = Uuid::new_v4().simple().to_string();
    secrets::note(&ticket);
    let ticket = percent_encoded(&format!("{ticket}="));
    let target = format!("{url}/redeem/?tenant={TENANT_ID}&user={user_id}&ticket={ticket}&ver=2.0");
    format!("{url}/redeem?rd={}", percent_encoded(&target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_host_gets_its_slash() {
        for (given, repeated) in [
            ("http://myapps.microsoft.com", "http://myapps.microsoft.com/"),
            ("https://myapps.microsoft.com?tenantid=", "https://myapps.microsoft.com/?tenantid="),
            ("https://a.example/x?y#z", "https://a.example/x?y#z"),
        ] {
            assert_eq!(redirect_url(given).unwrap(), repeated);
        }
        for bad in ["", "myapps.microsoft.com", "https://", "https:///x", "ftp://a.b", "é"] {
            assert!(redirect_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses_follow_the_documented_rules() {
        for good in ["a@b.c", "d.o'brien@fabrikam.com", "a+tag@b.co", "_x_@b.c"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", "a", "@b.c", "a@", "a@b", "a b@c.d", ".a@b.c", "a-@b.c", "a@b@c.d", "a#b@c.d", "a@b..c", "a\n@b.c"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
