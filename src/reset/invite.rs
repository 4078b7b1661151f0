//! The POST. It is not idempotent: each one may send a mail. After one without a clear answer, the directory is
//! asked for evidence; it is posted again only where no mail is sent.

use super::body::Body;
use super::verify::wait_for_change;
use super::{Ledger, Wish, who};
use crate::call::{Heard, Witness};
use crate::error::{Error, Result};
use crate::graph::{BETA, Graph, Guest, Invitation, NoAnswer, VERSION};
use crate::options::{Address, ResetOptions};
use crate::status::Status;
use std::time::Duration;

/// The longest pause while the directory has not noticed the address yet.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How the invitation ended, short of a refusal.
pub(super) enum Invited {
    /// The service's answer, and the version of Graph that gave it.
    Accepted(Invitation, &'static str),
    /// No answer, but the guest as the directory shows it after the reset.
    Evidence(Box<Guest>),
    /// No answer and no evidence.
    Unknown(Error),
}

/// Tells the ledger of each attempt.
pub(super) struct Told<'a, L> {
    pub(super) ledger: &'a L,
    pub(super) wish: &'a Wish,
    pub(super) guest: &'a Guest,
    pub(super) target: &'a Address,
}

impl<L: Ledger> Witness for Told<'_, L> {
    fn before(&self) -> Heard<'_, Result<()>> {
        Box::pin(self.ledger.before_invitation(self.wish, self.guest, self.target))
    }

    fn not_accepted<'a>(&'a self, why: &'a str) -> Heard<'a, ()> {
        Box::pin(self.ledger.not_accepted(self.guest, self.target, why))
    }
}

/// Posts the invitation. An error means that it was refused or not sent. `doubtful` says that one of an earlier run may
/// have been accepted, so that a refusal tells nothing.
pub(super) async fn invite(
    graph: &Graph<'_>,
    wish: &Wish,
    guest: &Guest,
    target: &Address,
    doubtful: bool,
    ledger: &impl Ledger,
) -> Result<Invited> {
    let witness = Told { ledger, wish, guest, target };
    let body = Body::reset(graph, &wish.options, guest, target);
    let doing = format!("resetting the redemption of {}", who(guest));
    let mut pause = graph.call.retry.base_delay;
    // time for putting the address back
    let reserve = if wish.options.undo_on_failure { graph.call.budget.reserve() } else { Duration::ZERO };
    let mut lost = u32::from(doubtful);
    let mut not_noticed = None;
    let mut version = VERSION;
    loop {
        match graph.invite(version, &body, &witness, &doing).await {
            Ok(Ok(invitation)) => return Ok(Invited::Accepted(invitation, version)),
            Ok(Err(NoAnswer(error))) => {
                lost += 1;
                let seen = wait_for_change(graph, guest, window(graph, &wish.options)).await;
                if let (true, Some(after)) = (seen.changed, seen.latest) {
                    return Ok(Invited::Evidence(Box::new(after)));
                }
                let may_repeat = !wish.options.send_invitation_message && lost < graph.call.retry.max_attempts;
                if !may_repeat || graph.call.budget.check().is_err() {
                    return Ok(Invited::Unknown(error));
                }
            }
            Err(error) if version == VERSION && is_missing_here(&error) => version = BETA,
            // nothing was accepted, so waiting and posting again is safe
            Err(error)
                if error.status == Status::AddressNotOnGuest && pause + reserve < graph.call.budget.remaining() =>
            {
                witness.not_accepted(error.status.name()).await;
                match graph.call.budget.sleep(pause).await {
                    Err(error) if lost > 0 => return Ok(Invited::Unknown(error)),
                    slept => slept?,
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
                not_noticed = Some(error);
            }
            // an earlier one may have been accepted, whatever became of this one
            Err(error) if lost > 0 => return Ok(Invited::Unknown(error)),
            // that the address was not noticed in time says more than that the time is over
            Err(error) if error.status == Status::TimeLimit => return Err(not_noticed.unwrap_or(error)),
            Err(error) => return Err(error),
        }
    }
}

/// In two of the national clouds only beta knows the reset (their metadata of v1.0 lacks `resetRedemption`).
fn is_missing_here(error: &Error) -> bool {
    let said = error.service.as_ref().map_or("", |fault| fault.message.as_str());
    said.contains("resetRedemption") && said.contains("does not exist")
}

/// How long to look for evidence: not so long that no time is left to post again.
fn window(graph: &Graph<'_>, options: &ResetOptions) -> Duration {
    options.verify_timeout.min(graph.call.budget.remaining() * 2 / 3)
}
