//! One reset: find, plan, address, invite, verify, report.

mod address;
mod external;
mod guest_lock;
mod invite;
mod kept;
mod plan;
mod steps;
mod verify;

use crate::error::{Error, Result};
use crate::graph::{Asked, BETA, GUEST_PROPERTIES, Graph, Guest};
use crate::options::{Address, ResetOptions, UserKey, Verify};
use crate::report::{Outcome, ResetReport, StepState};
use crate::status::Status;
use address::Change;
use invite::Invited;
use plan::Agreed;
use steps::Steps;
use verify::Seen;

pub(crate) use invite::take_redeem_url;

/// What a caller wants done to whom.
pub(crate) struct Wish {
    pub(crate) user: UserKey,
    /// None means the guest's own address.
    pub(crate) email: Option<Address>,
    pub(crate) options: ResetOptions,
}

/// Plans and changes nothing. An obstacle makes the outcome `refused`, and is the error.
pub(crate) fn plan(graph: &Graph<'_>, wish: &Wish) -> (ResetReport, Result<()>) {
    let mut report = ResetReport::default();
    let mut steps = Steps::new(graph.call);
    let ended = find(graph, wish, &mut steps)
        .and_then(|(guest, ahead)| agree(graph, wish, &guest, ahead, &mut report, &mut steps))
        .map(|_| report.outcome = Outcome::Planned);
    report.steps = steps.finish();
    (report, ended)
}

/// The guest; where its id is known beforehand, its groups are asked for at the same time.
fn find(graph: &Graph<'_>, wish: &Wish, steps: &mut Steps<'_>) -> Result<(Guest, Option<Asked>)> {
    let ahead = match &wish.user {
        UserKey::Id(id) => Some(graph.ask_memberships(id)?),
        _ => None,
    };
    let guest = steps.run("find", || graph.find(&wish.user), |guest| format!("found {}", guest.id))?;
    Ok((guest, ahead))
}

/// Plans, and agrees to the plan if nothing stands in the way.
fn agree(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Guest,
    memberships: Option<Asked>,
    report: &mut ResetReport,
    steps: &mut Steps<'_>,
) -> Result<Agreed> {
    report.guest_before = Some(guest.clone());
    let plan = steps.run("plan", || plan::make(graph, wish, guest, memberships), |_| "planned".into())?;
    report.email = plan.target.as_ref().map(|target| target.as_str().to_owned());
    report.plan = Some(plan.report.clone());
    plan.agree().inspect_err(|_| report.outcome = Outcome::Refused)
}

/// Does the whole of it.
pub(crate) fn reset(graph: &Graph<'_>, wish: &Wish) -> (ResetReport, Result<()>) {
    if wish.options.dry_run {
        return plan(graph, wish);
    }
    let mut report = ResetReport::default();
    let mut steps = Steps::new(graph.call);
    let ended = run(graph, wish, &mut report, &mut steps);
    report.steps = steps.finish();
    (report, ended)
}

fn run(graph: &Graph<'_>, wish: &Wish, report: &mut ResetReport, steps: &mut Steps<'_>) -> Result<()> {
    let (found, ahead) = find(graph, wish, steps)?;
    let lock = guest_lock::hold(&graph.session.cloud.graph_url, &found.id, &graph.call.budget)?;
    // whoever held the guest before may have changed it
    let guest = if lock.waited { graph.user(&found.id, GUEST_PROPERTIES)? } else { found };
    let Agreed { target, change } = agree(graph, wish, &guest, ahead, report, steps)?;
    let owned = match wish.options.verify {
        Verify::Full => Some(kept::read(graph, &guest.id)?),
        _ => None,
    };
    let change = address::write(graph, wish, &guest, &target, change.as_ref(), steps)?;
    let invited = steps.record("invite", || invite::invite(graph, wish, &guest, &target), invite_state);
    match invited {
        Ok(invited) => {
            settle(graph, wish, &guest, invited, report, steps)?;
            report.removed_partly = address::removed_partly(wish, &guest, report.guest_after.as_ref());
            report.kept = owned.map(|before| kept::compare(graph, &guest.id, before)).transpose().unwrap_or_default();
            Ok(())
        }
        Err(error) => Err(refused(graph, wish, &guest, change.as_ref(), error, report, steps)),
    }
}

/// The service accepted, or may have accepted.
fn settle(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Guest,
    invited: Invited,
    report: &mut ResetReport,
    steps: &mut Steps<'_>,
) -> Result<()> {
    match invited {
        Invited::Accepted(mut invitation, _) => {
            report.invite_redeem_url = invite::take_redeem_url(&mut invitation);
            report.invitation = Some(invitation);
            report.outcome = Outcome::AcceptedUnverified;
            if wish.options.verify == Verify::None {
                steps.skip("verify", "not asked for");
                return Ok(());
            }
            let look = || verify::wait_for_change(graph, guest, wish.options.verify_timeout);
            let seen = steps.record("verify", look, verify_state);
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
fn refused(
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
        match steps.run("undo", || address::undo(graph, guest, change), |()| "the address was put back".into()) {
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
