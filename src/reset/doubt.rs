//! An invitation that an earlier run may have sent: what became of it.

use super::steps::Steps;
use super::verify::{Seen, wait_until};
use super::{Wish, unknown};
use crate::batch::journal::{Doubt, Verdict, judge};
use crate::error::{Error, Result};
use crate::graph::{Graph, Guest};
use crate::report::{Outcome, ResetReport, StepState};
use crate::status::Status;

/// True: it was accepted, so all is done. False: nothing shows it, and posting again does no harm.
pub(super) async fn resolve(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Guest,
    doubt: &Doubt,
    report: &mut ResetReport,
    steps: &mut Steps<'_>,
) -> Result<bool> {
    let shows = |now: &Guest| verdict(doubt, now) == Verdict::Done;
    let looked = wait_until(graph, &guest.id, wish.options.verify_timeout, shows);
    let Seen { latest, .. } = steps.record("verify", looked, state).await;
    match verdict(doubt, latest.as_ref().unwrap_or(guest)) {
        Verdict::Done => {
            report.guest_after = latest;
            report.outcome = Outcome::Done;
            Ok(true)
        }
        Verdict::PostAgain => Ok(false),
        Verdict::Unknown => {
            report.outcome = Outcome::Unknown;
            let why = "an earlier run ended while it could have been on its way, and the directory does not show it";
            Err(unknown(wish, guest, Error::new(Status::OutcomeUnknown, why)))
        }
    }
}

fn verdict(doubt: &Doubt, guest: &Guest) -> Verdict {
    let (state, changed) = (&guest.external_user_state, &guest.external_user_state_change_date_time);
    judge(doubt, state.as_deref(), changed.as_deref())
}

fn state(seen: &Seen) -> (StepState, String) {
    match seen.changed {
        true => (StepState::Done, "the directory shows the invitation of an earlier run".into()),
        false => (StepState::Unknown, "the directory does not show whether an earlier run has invited".into()),
    }
}
