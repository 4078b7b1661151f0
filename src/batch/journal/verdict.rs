//! What became of an invitation of an earlier run, by what its journal tells and what the directory shows.

use super::index::Doubt;

/// What looking at the directory has told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It was accepted.
    Done,
    /// Nothing shows that it was accepted, and posting again does no harm. A later refusal does not tell what became
    /// of the earlier one: the outcome is then unknown.
    PostAgain,
    /// Nothing tells whether it was accepted, and a mail may have gone out.
    Unknown,
}

/// Judges by the guest's `externalUserState` and its change time, as they are now. Reads may lag, so only `Done` is
/// final; the other two hold once it has been looked for long enough.
pub(crate) fn judge(doubt: &Doubt, state: Option<&str>, changed: Option<&str>) -> Verdict {
    let moved = changed.is_some() && changed != doubt.changed_before.as_deref();
    // who was pending and has redeemed since may have done so with the invitation before
    let redeemed_the_former = doubt.state_before.as_deref() == Some(PENDING) && state != Some(PENDING);
    match moved && !redeemed_the_former {
        true => Verdict::Done,
        false if doubt.mail => Verdict::Unknown,
        false => Verdict::PostAgain,
    }
}

const PENDING: &str = "PendingAcceptance";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_change_time_is_evidence() {
        let accepted = Some("Accepted");
        let pending = Some(PENDING);
        let before = |state: Option<&str>, mail| Doubt {
            mail,
            state_before: state.map(str::to_owned),
            changed_before: state.map(|_| "1".to_owned()),
        };
        let table = [
            // before, now, its change time, what it tells
            (accepted, pending, Some("2"), Some(Verdict::Done)),
            (accepted, accepted, Some("2"), Some(Verdict::Done)),
            (pending, pending, Some("2"), Some(Verdict::Done)),
            (None, pending, Some("2"), Some(Verdict::Done)),
            (pending, accepted, Some("2"), None),
            (pending, None, Some("2"), None),
            (accepted, accepted, Some("1"), None),
            (accepted, accepted, None, None),
            (accepted, None, None, None),
        ];
        for (state_before, state, changed, told) in table {
            let verdict = |mail| judge(&before(state_before, mail), state, changed);
            assert_eq!(verdict(true), told.unwrap_or(Verdict::Unknown), "{state_before:?} {state:?} {changed:?}");
            assert_eq!(verdict(false), told.unwrap_or(Verdict::PostAgain), "{state_before:?} {state:?} {changed:?}");
        }
    }
}
