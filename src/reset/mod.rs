//! One reset: find, plan, address, invite, verify, report.

mod address;
mod body;
mod doubt;
mod expected;
mod external;
mod guest_lock;
mod invite;
mod kept;
mod ledger;
mod opens;
mod plan;
mod remind;
mod steps;
mod verify;

use crate::batch::journal::Open;
use crate::error::{Error, Result};
use crate::graph::{BETA, GUEST_PROPERTIES, Graph, Guest, Membership};
use crate::options::{Address, ResetOptions, UserKey, Verify};
use crate::report::{Outcome, ResetReport, StepState};
use crate::status::Status;
use address::Change;
use invite::Invited;
use plan::Agreed;
use std::sync::Arc;
use steps::Steps;
use verify::Seen;

pub(crate) use ledger::{Earlier, Ledger, NoLedger};
pub(crate) use remind::remind;

/// What a caller wants done to whom.
pub(crate) struct Wish {
    pub(crate) user: UserKey,
    /// None means the guest's own address.
    pub(crate) email: Option<Address>,
    pub(crate) options: ResetOptions,
}

impl Wish {
    /// What an earlier run has begun: the guest by its object id, since the run may have changed what else it is named
    /// by, and with it what a plan had shown.
    fn begun(&self, open: &Open) -> Result<Self> {
        let options = ResetOptions { expected: None, ..self.options.clone() };
        Ok(Self { user: UserKey::parse(&open.user_id)?, email: Some(Address::parse(&open.email, "email")?), options })
    }
}

/// Plans and changes nothing. An obstacle makes the outcome `refused`, and is the error.
pub(crate) async fn plan(graph: &Graph<'_>, wish: &Wish) -> (ResetReport, Result<()>) {
    let mut report = ResetReport::default();
    let mut steps = Steps::new(graph.call);
    let ended = plan_only(graph, wish, &mut report, &mut steps).await;
    report.steps = steps.finish();
    (report, ended)
}

async fn plan_only(graph: &Graph<'_>, wish: &Wish, report: &mut ResetReport, steps: &mut Steps<'_>) -> Result<()> {
    let (guest, ahead) = find(graph, wish, steps).await?;
    agree(graph, wish, &guest, ahead, report, steps).await?;
    check_expected(wish, &guest, report)?;
    report.outcome = Outcome::Planned;
    Ok(())
}

/// The guest, and its groups and roles where its id is known beforehand, so that both can be read at the same time.
async fn find(graph: &Graph<'_>, wish: &Wish, steps: &mut Steps<'_>) -> Result<(Arc<Guest>, Option<Ahead>)> {
    let both = async {
        match &wish.user {
            UserKey::Id(id) => {
                let (guest, memberships) = tokio::join!(graph.find(&wish.user), graph.memberships(id));
                guest.map(|guest| (Arc::new(guest), Some(memberships)))
            }
            _ => graph.find(&wish.user).await.map(|guest| (Arc::new(guest), None)),
        }
    };
    steps.run("find", both, |(guest, _)| ["found ", &guest.id].concat()).await
}

/// What was read before it was known whether it is needed.
type Ahead = Result<Vec<Membership>>;

/// Plans, and agrees to the plan if nothing stands in the way.
async fn agree(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Arc<Guest>,
    memberships: Option<Ahead>,
    report: &mut ResetReport,
    steps: &mut Steps<'_>,
) -> Result<Agreed> {
    report.guest_before = Some(guest.clone());
    let plan = steps.run("plan", plan::make(graph, wish, guest, memberships), |_| "planned".into()).await?;
    report.email = plan.target.as_ref().map(|target| target.as_str().to_owned());
    let (shown, agreed) = plan.agree();
    report.plan = Some(shown);
    agreed.inspect_err(|_| report.outcome = Outcome::Refused)
}

fn check_expected(wish: &Wish, guest: &Guest, report: &mut ResetReport) -> Result<()> {
    expected::check(wish, guest).inspect_err(|_| report.outcome = Outcome::Refused)
}

/// Does the whole of it.
pub(crate) async fn reset(graph: &Graph<'_>, wish: &Wish, ledger: &impl Ledger) -> (ResetReport, Result<()>) {
    if wish.options.dry_run {
        return plan(graph, wish).await;
    }
    let mut report = ResetReport::default();
    let mut steps = Steps::new(graph.call);
    let ended = run(graph, wish, ledger, &mut report, &mut steps).await;
    report.steps = steps.finish();
    (report, ended)
}

async fn run(
    graph: &Graph<'_>,
    wish: &Wish,
    ledger: &impl Ledger,
    report: &mut ResetReport,
    steps: &mut Steps<'_>,
) -> Result<()> {
    let email = wish.email.as_ref().map(Address::as_str);
    match ledger.earlier(&wish.user.to_string(), email) {
        Earlier::Done => {
            report.email = email.map(str::to_owned);
            done_before(report, steps);
            Ok(())
        }
        Earlier::Begun(open) => carry_out(graph, &wish.begun(&open)?, Some(open), ledger, report, steps).await,
        // what a name has meant before, it need not mean now
        Earlier::Nothing | Earlier::Elsewhere => carry_out(graph, wish, None, ledger, report, steps).await,
    }
}

fn done_before(report: &mut ResetReport, steps: &mut Steps<'_>) {
    steps.skip("invite", "the journal shows that an earlier run has done it");
    report.outcome = Outcome::DoneBefore;
}

/// `begun` is what an earlier run has sent of it.
async fn carry_out(
    graph: &Graph<'_>,
    wish: &Wish,
    begun: Option<Box<Open>>,
    ledger: &impl Ledger,
    report: &mut ResetReport,
    steps: &mut Steps<'_>,
) -> Result<()> {
    let (found, ahead) = find(graph, wish, steps).await?;
    let lock = guest_lock::hold(&graph.session.cloud.graph_url, &found.id, &graph.call.budget).await?;
    // whoever held the guest before may have changed it
    let guest = if lock.waited { Arc::new(graph.user(&found.id, GUEST_PROPERTIES).await?) } else { found };
    let Agreed { target, change } = agree(graph, wish, &guest, ahead, report, steps).await?;
    if !ledger.claim(wish, &guest, &target, change.as_ref()).await? {
        steps.skip("invite", "the same wish stands earlier in this batch");
        report.outcome = Outcome::Repeated;
        return Ok(());
    }
    let begun = match ledger.earlier(&guest.id, Some(target.as_str())) {
        Earlier::Done => {
            done_before(report, steps);
            return Ok(());
        }
        Earlier::Elsewhere => return Err(elsewhere(&guest)),
        Earlier::Begun(open) => Some(open),
        Earlier::Nothing => begun,
    };
    if begun.is_none() {
        check_expected(wish, &guest, report)?;
    }
    let doubt = begun.as_ref().and_then(|open| open.doubt.as_ref());
    if let Some(doubt) = doubt
        && doubt::resolve(graph, wish, &guest, doubt, report, steps).await?
    {
        return Ok(());
    }
    let doubtful = doubt.is_some();
    let owned = match wish.options.verify {
        Verify::Full => Some(kept::read(graph, &guest.id).await?),
        _ => None,
    };
    let written = address::write(graph, wish, &guest, &target, change.as_ref(), ledger, steps).await?;
    // the values before everything are those that an earlier run has noted
    let change = begun.and_then(|open| open.address).or(written);
    let posted = invite::invite(graph, wish, &guest, &target, doubtful, ledger);
    let invited = steps.record("invite", posted, invite_state).await;
    match invited {
        Ok(invited) => {
            settle(graph, wish, &guest, invited, report, steps).await?;
            report.removed_partly = address::removed_partly(wish, &guest, report.guest_after.as_ref());
            if let Some(before) = owned {
                report.kept = kept::compare(graph, &guest.id, before).await.ok();
            }
            Ok(())
        }
        Err(error) => Err(refused(graph, wish, &guest, change.as_ref(), error, report, steps).await),
    }
}

/// The service accepted, or may have accepted.
async fn settle(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Guest,
    invited: Invited,
    report: &mut ResetReport,
    steps: &mut Steps<'_>,
) -> Result<()> {
    match invited {
        Invited::Accepted(invitation, _) => {
            report.invite_redeem_url = invitation.redeem_url;
            report.invitation = Some(invitation.answer);
            report.outcome = Outcome::AcceptedUnverified;
            if wish.options.verify == Verify::None {
                steps.skip("verify", "not asked for");
                return Ok(());
            }
            let look = verify::wait_for_change(graph, guest, wish.options.verify_timeout);
            let seen = steps.record("verify", look, verify_state).await;
            report.guest_after = seen.latest;
            if seen.changed {
                report.outcome = Outcome::Done;
            }
            Ok(())
        }
        Invited::Evidence(after) => {
            report.guest_after = Some(*after);
            report.outcome = Outcome::Done;
            Ok(())
        }
        Invited::Unknown(cause) => {
            report.outcome = Outcome::Unknown;
            Err(unknown(wish, guest, cause))
        }
    }
}

fn elsewhere(guest: &Guest) -> Error {
    let what = format!("the journal shows that {} was reset to another address", who(guest));
    Error::new(Status::BatchConflict, what)
        .hint("nothing was changed now; for one more change of this guest, use a new journal")
}

fn unknown(wish: &Wish, guest: &Guest, cause: Error) -> Error {
    let who = who(guest);
    let mut error = Error::new(
        Status::OutcomeUnknown,
        format!("whether the redemption of {who} was reset is not known ({})", cause.message),
    );
    error.hint = Some(match wish.options.send_invitation_message {
        true => "look at the guest's state in a few minutes; repeat only if it has not changed, since a mail may have gone out"
            .into(),
        false => "look at the guest's state in a few minutes; repeating does no harm, since no mail is sent".into(),
    });
    error.service = cause.service;
    error
}

/// The service refused, or nothing was sent: what of the address, if it was changed?
async fn refused(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Guest,
    change: Option<&Change>,
    error: Error,
    report: &mut ResetReport,
    steps: &mut Steps<'_>,
) -> Error {
    let Some(change) = change else { return error };
    if wish.options.undo_on_failure {
        match steps.run("undo", address::undo(graph, guest, change), |()| "the address was put back".into()).await {
            Ok(()) => {
                report.outcome = Outcome::Undone;
                return error;
            }
            Err(undo_error) => return not_reset(guest, change, error, Some(&undo_error), report),
        }
    }
    not_reset(guest, change, error, None, report)
}

fn not_reset(
    guest: &Guest,
    change: &Change,
    cause: Error,
    undo_error: Option<&Error>,
    report: &mut ResetReport,
) -> Error {
    report.outcome = Outcome::AddressChangedNotReset;
    report.undo = Some(change.undo.clone());
    let failed =
        undo_error.map_or_else(String::new, |error| format!("; putting the address back failed too ({error})"));
    let mut error = Error::new(
        Status::AddressChangedNotReset,
        format!(
            "the address of {} was changed, but its redemption was not reset ({}){failed}",
            who(guest),
            cause.message
        ),
    );
    let next = cause.hint.map_or_else(String::new, |hint| format!("{hint}; "));
    error.hint = Some(format!("{next}then repeat the reset, or put the address back with the values in undo"));
    error.service = cause.service;
    error
}

/// The guest as an error names it.
fn who(guest: &Guest) -> String {
    match &guest.user_principal_name {
        Some(name) => format!("{name} ({})", guest.id),
        None => guest.id.clone(),
    }
}

/// The state of the invite step for the report.
fn invite_state(invited: &Result<Invited>) -> (StepState, String) {
    match invited {
        Ok(Invited::Accepted(_, BETA)) => {
            (StepState::Done, "the service accepted, on beta: v1.0 of this cloud lacks the reset".into())
        }
        Ok(Invited::Accepted(..)) => (StepState::Done, "the service accepted".into()),
        Ok(Invited::Evidence(_)) => (
            StepState::Done,
            "the answer was lost, and the redeem link with it, but the directory shows the reset".into(),
        ),
        Ok(Invited::Unknown(error)) => (StepState::Unknown, error.message.clone()),
        Err(error) => (StepState::Failed, error.message.clone()),
    }
}

/// The state of the verify step for the report.
fn verify_state(seen: &Seen) -> (StepState, String) {
    match seen.changed {
        true => (StepState::Done, "the directory shows the reset".into()),
        false => (StepState::Unknown, "the directory has not shown the change in time".into()),
    }
}
