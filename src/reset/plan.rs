//! The plan: what a reset would do, and what stands in its way.

use super::address::{self, Change, is_on_guest};
use super::external::{Kind, judge};
use super::opens::opens;
use super::{Wish, who};
use crate::auth::{AccountType, Claims, Write, rights};
use crate::error::{Error, ObjectRef, Result};
use crate::graph::{Graph, Guest, Membership, Owners};
use crate::options::{Address, AddressTarget, Verify};
use crate::report::{Answer, Effect, NotChecked, Obstacle, PlanReport, PlannedStep};
use crate::status::Status;

/// A plan, whether or not something stands in its way.
pub(super) struct Plan {
    /// The address that the invitation goes to.
    pub(super) target: Option<Address>,
    change: Option<Change>,
    pub(super) report: PlanReport,
    /// The statuses of the refusing obstacles, in their order.
    refusals: Vec<Status>,
}

/// What is to be done, since nothing stands in the way.
pub(super) struct Agreed {
    pub(super) target: Address,
    pub(super) change: Option<Change>,
}

impl Plan {
    /// The report, and what is to be done, or the first refusing obstacle as an error.
    pub(super) fn agree(self) -> (PlanReport, Result<Agreed>) {
        let refusing = self.report.obstacles.iter().find(|one| one.effect == Effect::Refuses).cloned();
        let agreed = match (self.refusals.first(), refusing, self.target) {
            (None, None, Some(target)) => Ok(Agreed { target, change: self.change }),
            (Some(status), Some(obstacle), _) => {
                Err(Error::new(*status, obstacle.message).hint(obstacle.remedy).objects(obstacle.objects))
            }
            _ => Err(Error::new(Status::NoAddress, "the guest has no address")),
        };
        (self.report, agreed)
    }
}

/// Collects obstacles while the plan is made.
#[derive(Default)]
struct Findings {
    obstacles: Vec<Obstacle>,
    refusals: Vec<Status>,
    not_checked: Vec<NotChecked>,
}

impl Findings {
    fn refuse(&mut self, status: Status, message: String, remedy: &str, objects: Vec<ObjectRef>) {
        let remedy = remedy.into();
        self.obstacles.push(Obstacle { code: status.name(), effect: Effect::Refuses, message, remedy, objects });
        self.refusals.push(status);
    }

    fn warn(&mut self, code: &'static str, message: String, remedy: &str, objects: Vec<ObjectRef>) {
        self.obstacles.push(Obstacle { code, effect: Effect::Warns, message, remedy: remedy.into(), objects });
    }

    fn cannot_tell(&mut self, code: &'static str, message: &'static str) {
        self.not_checked.push(NotChecked { code, message: message.into() });
    }
}

/// Makes the plan. An error means that it could not be made, not that something stands in the way.
///
/// `memberships` are the guest's groups and roles, if they were read already.
pub(super) async fn make(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Guest,
    memberships: Option<Result<Vec<Membership>>>,
) -> Result<Plan> {
    let mut findings = Findings::default();
    let token = graph.session.known();
    let no_claims = Claims::default();
    let claims = token.as_ref().map_or(&no_claims, |token| &token.claims);
    check_kind(guest, &mut findings);
    let target = target(wish, guest, &mut findings)?;
    // a user that must not be touched is not looked at any further
    if !findings.refusals.is_empty() {
        return Ok(finish(findings, wish, guest, target, None, claims));
    }
    let change = target
        .as_ref()
        .and_then(|target| address::change(guest, target, wish.options.address, wish.options.old_address));
    let memberships = async {
        match memberships {
            Some(read) => read,
            None => graph.memberships(&guest.id).await,
        }
    };
    let (owners, memberships) = tokio::join!(owners(graph, wish, guest, target.as_ref()), memberships);
    if let Some(target) = &target {
        check_address(wish, guest, target, owners?, &mut findings);
    }
    check_state(guest, change.as_ref(), &mut findings);
    check_memberships(memberships, guest, change.as_ref(), claims, &mut findings)?;
    check_message(wish, claims, &mut findings);
    always_unknown(&mut findings);
    Ok(finish(findings, wish, guest, target, change, claims))
}

fn check_kind(guest: &Guest, findings: &mut Findings) {
    let name = who(guest);
    match judge(guest) {
        Kind::External => {}
        Kind::InternalMember => findings.refuse(
            Status::InternalUser,
            format!("{name} is an internal user, which the invitation would convert into an external one"),
            "check that the right user is named; to convert it on purpose, invite it without resetRedemption",
            Vec::new(),
        ),
        Kind::InternalGuest => findings.refuse(
            Status::InternalGuest,
            format!("{name} is an internal guest, with credentials of this tenant, which the invitation would convert"),
            "an internal guest has no redemption to reset; invite it to B2B collaboration if that is what you want",
            Vec::new(),
        ),
        Kind::Unclear => findings.refuse(
            Status::ExternalUnclear,
            format!("whether {name} is external is unclear: it has an external name or creation type, but neither a redemption state nor an external identity"),
            "look at the user in the admin centre; it may have been converted to an internal one",
            Vec::new(),
        ),
    }
}

/// The address of the wish, or the guest's own.
fn target(wish: &Wish, guest: &Guest, findings: &mut Findings) -> Result<Option<Address>> {
    if let Some(address) = &wish.email {
        return Ok(Some(address.clone()));
    }
    match guest.mail.as_deref().filter(|mail| !mail.is_empty()) {
        Some(mail) => Address::parse(mail, "the guest's own mail").map(Some),
        None => {
            findings.refuse(
                Status::NoAddress,
                format!("{} has no mail, and no address was given", who(guest)),
                "name the address that the invitation is to go to",
                Vec::new(),
            );
            Ok(None)
        }
    }
}

/// Who else holds the address, if it is to be written.
async fn owners(graph: &Graph<'_>, wish: &Wish, guest: &Guest, target: Option<&Address>) -> Result<Option<Owners>> {
    match target {
        Some(target) if !is_on_guest(guest, target) && wish.options.address != AddressTarget::None => {
            // boxed, as it is large and many resets do without
            Box::pin(graph.owners(target.as_str(), &guest.id)).await.map(Some)
        }
        _ => Ok(None),
    }
}

fn check_address(wish: &Wish, guest: &Guest, target: &Address, owners: Option<Owners>, findings: &mut Findings) {
    if is_on_guest(guest, target) {
        return;
    }
    if wish.options.address == AddressTarget::None {
        findings.refuse(
            Status::AddressNotOnGuest,
            format!(
                "{} is not in mail or otherMails of {}, and address none forbids to write it",
                target.as_str(),
                who(guest)
            ),
            "write it there first, or choose address mail or other_mails",
            Vec::new(),
        );
    }
    let Some(owners) = owners else { return };
    if let Some(first) = owners.found.first() {
        let name = first.display_name.as_deref().or(first.name.as_deref()).unwrap_or("without a name");
        findings.refuse(
            Status::AddressInUse,
            format!("{} belongs to the {} {name} ({})", target.as_str(), first.kind, first.id),
            "take the address off that object (a deleted user must be purged), or use another address",
            owners.found.clone(),
        );
    }
    for kind in owners.unknown {
        let message = format!("whether a {kind} holds {} could not be asked with these permissions", target.as_str());
        findings.not_checked.push(NotChecked { code: "ADDRESS_OWNERS", message: message.into() });
    }
}

fn check_state(guest: &Guest, change: Option<&Change>, findings: &mut Findings) {
    if guest.external_user_state.as_deref() == Some("PendingAcceptance") {
        findings.warn(
            "GUEST_IS_PENDING",
            "the guest has not redeemed its latest invitation yet".into(),
            "a reset makes a new link; the service does not say whether its change time then moves",
            Vec::new(),
        );
    }
    if guest.on_premises_sync_enabled == Some(true) && change.is_some() {
        findings.warn(
            "ON_PREMISES_SYNCED",
            "the guest is synchronised from on-premises, so Graph will refuse to change its address".into(),
            "change the address there, and reset with address none",
            Vec::new(),
        );
    }
    if guest.account_enabled == Some(false) {
        findings.warn(
            "ACCOUNT_BLOCKED",
            "the account is blocked, and a reset does not unblock it".into(),
            "allow sign-in again if the guest is to get in",
            Vec::new(),
        );
    }
}

fn check_memberships(
    memberships: Result<Vec<Membership>>,
    guest: &Guest,
    change: Option<&Change>,
    claims: &Claims,
    findings: &mut Findings,
) -> Result<()> {
    let memberships = match memberships {
        Ok(memberships) => memberships,
        Err(error) if error.status == Status::AccessDenied || error.status == Status::PermissionMissing => {
            findings.cannot_tell(
                "MEMBERSHIPS",
                "groups and directory roles of the guest could not be read with these permissions",
            );
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let refs = |wanted: &dyn Fn(&&Membership) -> bool, kind: &str| -> Vec<ObjectRef> {
        memberships.iter().filter(|one| wanted(one)).map(|one| one.object_ref(kind)).collect()
    };
    check_roles(guest, refs(&|one| one.is_role(), "directory role"), claims, findings);
    let assignable = refs(&|one| one.is_group() && one.is_assignable_to_role == Some(true), "group");
    if !assignable.is_empty() {
        findings.warn(
            "ROLE_ASSIGNABLE_GROUP",
            "the guest is in a role-assignable group, so Helpdesk Administrator does not suffice".into(),
            "let a privileged administrator do it",
            assignable,
        );
    }
    let reading_mail = refs(&|one| one.is_group() && change.is_some() && reads_addresses(one), "group");
    if !reading_mail.is_empty() {
        findings.warn(
            "DYNAMIC_GROUP",
            "the rule of a dynamic group reads addresses, so the change may end the guest's membership".into(),
            "adapt the rule, or keep the old address in otherMails",
            reading_mail,
        );
    }
    if memberships.iter().any(|one| one.display_name.is_none()) {
        findings
            .cannot_tell("HIDDEN_MEMBERSHIPS", "some groups or roles of the guest are hidden from these permissions");
    }
    Ok(())
}

fn check_roles(guest: &Guest, roles: Vec<ObjectRef>, claims: &Claims, findings: &mut Findings) {
    match (roles.is_empty(), claims.account_type) {
        (true, _) => {}
        (false, AccountType::App) => findings.refuse(
            Status::GuestHoldsRole,
            format!(
                "{} holds a directory role, and the service does not let an application reset such a guest",
                who(guest)
            ),
            "sign in as a person, or take the role away for the time being",
            roles,
        ),
        (false, _) => findings.warn(
            "GUEST_HOLDS_ROLE",
            "the guest holds a directory role, so Helpdesk Administrator does not suffice".into(),
            "let a privileged administrator do it",
            roles,
        ),
    }
}

fn reads_addresses(group: &Membership) -> bool {
    let rule = group.membership_rule.as_deref().unwrap_or_default().to_ascii_lowercase();
    ["user.mail", "user.othermails", "user.proxyaddresses"].iter().any(|name| {
        rule.match_indices(name).any(|(at, _)| {
            // user.mailNickname is another property
            !rule[at + name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
        })
    })
}

fn check_message(wish: &Wish, claims: &Claims, findings: &mut Findings) {
    if claims.account_type == AccountType::App && wish.options.customized_message_body.is_some() {
        findings.refuse(
            Status::ConflictingOptions,
            "an application calls, and the service drops the message of an invitation that an application sends".into(),
            "leave customized_message_body out, or sign in as a person",
            Vec::new(),
        );
    }
}

/// Facts of the tenant that these reads do not show.
fn always_unknown(findings: &mut Findings) {
    findings.cannot_tell(
        "MULTITENANT_ORGANIZATION",
        "in a multitenant organization the service refuses to reset a guest that has redeemed",
    );
    findings.cannot_tell(
        "AUTOMATIC_REDEMPTION",
        "with automatic redemption the guest gets a notice instead of an invitation",
    );
    findings.cannot_tell("CROSS_TENANT_SYNC", "cross-tenant synchronisation may write the old address back");
    findings.cannot_tell(
        "RESTRICTED_UNIT",
        "in a restricted administrative unit only its own administrators may change the guest",
    );
}

fn finish(
    mut findings: Findings,
    wish: &Wish,
    guest: &Guest,
    target: Option<Address>,
    change: Option<Change>,
    claims: &Claims,
) -> Plan {
    let write = match &change {
        Some(Change { other_mails: Some(_), mail: None, .. }) => Write::OtherMails,
        Some(_) => Write::Mail,
        None => Write::Nothing,
    };
    let rights = rights(claims, write);
    for right in rights.iter().filter(|right| right.answer == Answer::No) {
        findings.warn(
            "RIGHT_MISSING",
            format!("the token lacks what the step {} needs", right.step),
            right.least,
            Vec::new(),
        );
    }
    let report = PlanReport {
        steps: planned_steps(wish, guest, target.as_ref(), change.as_ref()),
        obstacles: findings.obstacles,
        not_checked: findings.not_checked,
        opens: opens(guest, target.as_ref(), change.as_ref()),
        rights,
    };
    Plan { target, change, report, refusals: findings.refusals }
}

fn planned_steps(wish: &Wish, guest: &Guest, target: Option<&Address>, change: Option<&Change>) -> Vec<PlannedStep> {
    let mut steps = Vec::new();
    if let Some(change) = change {
        steps.push(PlannedStep { step: "address", action: change.describe() });
    }
    let mail = if wish.options.send_invitation_message { "with a mail" } else { "without a mail" };
    let to = target.map_or("no address", Address::as_str);
    let action = format!("reset the redemption of {} and invite {to}, {mail}", guest.id);
    steps.push(PlannedStep { step: "invite", action });
    let action = match wish.options.verify {
        Verify::State => "read the guest until its redemption state has changed",
        Verify::Full => "read the guest until its redemption state has changed, and compare groups and app assignments",
        Verify::None => return steps,
    };
    steps.push(PlannedStep { step: "verify", action: action.into() });
    steps
}

impl Membership {
    fn object_ref(&self, kind: &str) -> ObjectRef {
        ObjectRef { id: self.id.clone(), kind: kind.into(), display_name: self.display_name.clone(), name: None }
    }
}
