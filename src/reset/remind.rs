//! Mail once more for a guest that has not redeemed yet: a plain invitation to the address it was invited to, which the
//! service answers for a pending guest with another mail, and which changes nothing.

use super::address::is_on_guest;
use super::body::Body;
use super::invite::Told;
use super::steps::Steps;
use super::{Ledger, Wish, find, guest_lock, unknown, who};
use crate::error::{Error, Result};
use crate::graph::{GUEST_PROPERTIES, Graph, Guest, Invitation, NoAnswer, VERSION};
use crate::options::Address;
use crate::report::{Outcome, ResetReport, StepState};
use crate::status::Status;

const PENDING: &str = "PendingAcceptance";

/// Reminds a guest, unless it has redeemed or was mailed lately.
pub(crate) async fn remind(graph: &Graph<'_>, wish: &Wish, ledger: &impl Ledger) -> (ResetReport, Result<()>) {
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
    let (found, _) = find(graph, wish, steps).await?;
    let _lock = guest_lock::hold(&graph.session.cloud.graph_url, &found.id, &graph.call.budget).await?;
    report.guest_before = Some(found.clone());
    let target = target(wish, &found)?;
    report.email = Some(target.as_str().to_owned());
    if let Some((outcome, why)) = needless(wish, &found, &target, ledger).await? {
        steps.skip("invite", why);
        report.outcome = outcome;
        return Ok(());
    }
    // to an address that nobody holds, the service would make a new guest
    if !is_on_guest(&found, &target) {
        let what = format!("{} does not hold {} any more", who(&found), target.as_str());
        return Err(Error::new(Status::AddressNotOnGuest, what).hint("look who has changed it, and reset it anew"));
    }
    let doing = format!("reminding {}", who(&found));
    let body = Body::reminder(graph, &wish.options, &target);
    let told = Told { ledger, wish, guest: &found, target: &target };
    let posted = graph.invite(VERSION, &body, &told, &doing);
    let state = |posted: &Result<Result<Invitation, NoAnswer>>| match posted {
        Ok(Ok(_)) => (StepState::Done, "the service accepted".to_owned()),
        Ok(Err(NoAnswer(error))) => (StepState::Unknown, error.message.clone()),
        Err(error) => (StepState::Failed, error.message.clone()),
    };
    match steps.record("invite", posted, state).await {
        Ok(Ok(invitation)) => accepted(&found, invitation, report),
        Ok(Err(NoAnswer(cause))) => {
            report.outcome = Outcome::Unknown;
            Err(unknown(wish, &found, cause))
        }
        Err(error) => match graph.user::<Guest>(&found.id, GUEST_PROPERTIES).await {
            // it has redeemed meanwhile, which the service refuses
            Ok(now) if now.external_user_state.as_deref() == Some("Accepted") => {
                report.guest_after = Some(now);
                report.outcome = Outcome::Redeemed;
                Ok(())
            }
            _ => Err(error),
        },
    }
}

fn target(wish: &Wish, guest: &Guest) -> Result<Address> {
    match (&wish.email, &guest.mail) {
        (Some(email), _) => Ok(email.clone()),
        (None, Some(mail)) => Address::parse(mail, "mail"),
        (None, None) => Err(Error::new(Status::NoAddress, format!("{} has no address", who(guest)))),
    }
}

/// Why there is nothing to do, if so.
async fn needless(
    wish: &Wish,
    guest: &Guest,
    target: &Address,
    ledger: &impl Ledger,
) -> Result<Option<(Outcome, &'static str)>> {
    match guest.external_user_state.as_deref() {
        Some(PENDING) => {}
        Some(_) => return Ok(Some((Outcome::Redeemed, "the guest has redeemed"))),
        None => {
            let what = format!("{} has no redemption state, so it is no guest that was invited", who(guest));
            return Err(Error::new(Status::ExternalUnclear, what).hint("nothing was sent; check the object id"));
        }
    }
    if !ledger.claim(wish, guest, target, None).await? {
        return Ok(Some((Outcome::Repeated, "the guest stands earlier in this batch")));
    }
    let lately = ledger.mailed_lately(guest, target);
    Ok(lately.then_some((Outcome::RemindedBefore, "the journal shows a mail within the time")))
}

fn accepted(guest: &Guest, invitation: Invitation, report: &mut ResetReport) -> Result<()> {
    let invited = invitation.invited_user();
    report.invite_redeem_url = invitation.redeem_url;
    report.invitation = Some(invitation.answer);
    report.outcome = Outcome::Reminded;
    match invited {
        Some(other) if !other.eq_ignore_ascii_case(&guest.id) => {
            let what = format!("the service has invited {other} instead of {}", who(guest));
            Err(Error::new(Status::AddressInUse, what).hint("look at both; one of them holds the address too"))
        }
        _ => Ok(()),
    }
}
