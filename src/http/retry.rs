//! When a request is repeated, and after which pause. Pure, so that the bounds can be tested.
//!
//! Sources: Graph's throttling guidance (429, 503 and 504 with Retry-After; otherwise exponential with jitter).
//! An invitation is repeated only when it certainly was not accepted: it may send a mail.

use super::{Failure, Response};
use std::time::{Duration, SystemTime};

/// Bounds of the repetition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// How often a request is sent at most, 1 to 10.
    pub(crate) max_attempts: u32,
    /// The upper bound of the first pause; it doubles with each further one.
    pub(crate) base_delay: Duration,
    /// The upper bound of every pause that the service has not asked for.
    pub(crate) max_delay: Duration,
}

/// What is sent, as far as repeating it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeatable {
    /// Reads, token requests and changes that set a value: the same again does no harm.
    Always,
    /// Invitations: only when the service certainly did not accept.
    WhenNotAccepted,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Attempt<'a> {
    Answered { status: u16, retry_after: Option<Duration> },
    Failed(&'a Failure),
}

/// How long to wait before the next attempt; `None` means that this was the last.
///
/// `jitter` is a number from 0 to 1. The pause never goes beyond `remaining`.
pub(crate) fn pause(
    policy: &Policy,
    what: Repeatable,
    attempt_number: u32,
    attempt: Attempt<'_>,
    remaining: Duration,
    jitter: f64,
) -> Option<Duration> {
    if attempt_number >= policy.max_attempts || !worth_repeating(what, attempt) {
        return None;
    }
    let asked = match attempt {
        Attempt::Answered { retry_after, .. } => retry_after,
        Attempt::Failed(_) => None,
    };
    let pause = asked.unwrap_or_else(|| back_off(policy, attempt_number, jitter));
    (pause < remaining).then_some(pause)
}

fn worth_repeating(what: Repeatable, attempt: Attempt<'_>) -> bool {
    match attempt {
        Attempt::Answered { status: 429, .. } => true,
        Attempt::Answered { status, .. } => what == Repeatable::Always && matches!(status, 408 | 500 | 502..=504),
        Attempt::Failed(Failure::NotConnected(_)) => true,
        Attempt::Failed(Failure::Lost(_) | Failure::Truncated(_) | Failure::TimedOut) => what == Repeatable::Always,
        Attempt::Failed(_) => false,
    }
}

/// Exponential with full jitter: anything from nothing to the doubled bound.
fn back_off(policy: &Policy, attempt_number: u32, jitter: f64) -> Duration {
    let factor = 1_u32.checked_shl(attempt_number.saturating_sub(1)).unwrap_or(u32::MAX);
    policy.base_delay.saturating_mul(factor).min(policy.max_delay).mul_f64(jitter.clamp(0.0, 1.0))
}

/// How long the answer asks to wait.
pub(crate) fn asked_to_wait(answer: &Response) -> Option<Duration> {
    retry_after(answer.header("retry-after")?, SystemTime::now())
}

/// `Retry-After` as seconds or as an HTTP date.
fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds.min(86_400)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default().min(Duration::from_secs(86_400)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICY: Policy =
        Policy { max_attempts: 4, base_delay: Duration::from_millis(500), max_delay: Duration::from_secs(30) };
    const LONG: Duration = Duration::from_secs(1000);

    fn answered(status: u16) -> Attempt<'static> {
        Attempt::Answered { status, retry_after: None }
    }

    #[test]
    fn an_invitation_is_repeated_only_when_it_was_not_accepted() {
        let lost = Failure::Lost(String::new());
        let refused = Failure::NotConnected(String::new());
        let cases = [
            (answered(429), true, true),
            (answered(503), true, false),
            (answered(500), true, false),
            (answered(504), true, false),
            (answered(400), false, false),
            (answered(401), false, false),
            (answered(201), false, false),
            (Attempt::Failed(&lost), true, false),
            (Attempt::Failed(&refused), true, true),
            (Attempt::Failed(&Failure::TimedOut), true, false),
            (Attempt::Failed(&Failure::Truncated(200)), true, false),
            (Attempt::Failed(&Failure::Cancelled), false, false),
        ];
        for (attempt, read, invitation) in cases {
            assert_eq!(pause(&POLICY, Repeatable::Always, 1, attempt, LONG, 0.5).is_some(), read, "{attempt:?}");
            let again = pause(&POLICY, Repeatable::WhenNotAccepted, 1, attempt, LONG, 0.5).is_some();
            assert_eq!(again, invitation, "{attempt:?}");
        }
    }

    #[test]
    fn the_service_decides_the_pause_where_it_says_one() {
        let attempt = Attempt::Answered { status: 429, retry_after: Some(Duration::from_secs(7)) };
        assert_eq!(pause(&POLICY, Repeatable::Always, 1, attempt, LONG, 0.0), Some(Duration::from_secs(7)));
        assert_eq!(pause(&POLICY, Repeatable::Always, 1, attempt, Duration::from_secs(7), 0.0), None);
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let now = httpdate::parse_http_date("Sat, 21 Nov 2026 10:00:00 GMT").unwrap();
        let seconds = |text| retry_after(text, now).map(|time| time.as_secs());
        assert_eq!(seconds(" 12 "), Some(12));
        assert_eq!(seconds("Sat, 21 Nov 2026 10:00:30 GMT"), Some(30));
        assert_eq!(seconds("Sat, 21 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("-1"), None);
    }

    proptest! {
        #[test]
        fn pauses_stay_in_their_bounds(
            attempts in 1..20_u32, number in 1..40_u32, base in 1..60_000_u64, max in 1..180_000_u64,
            jitter in 0.0..=1.0, remaining in 0..1_000_000_u64,
        ) {
            let policy = Policy {
                max_attempts: attempts,
                base_delay: Duration::from_millis(base),
                max_delay: Duration::from_millis(max),
            };
            let remaining = Duration::from_millis(remaining);
            if let Some(pause) = pause(&policy, Repeatable::Always, number, answered(503), remaining, jitter) {
                prop_assert!(number < attempts);
                prop_assert!(pause <= policy.max_delay);
                prop_assert!(pause < remaining);
            }
        }

        #[test]
        fn any_retry_after_is_survived(text in ".*") {
            if let Some(pause) = retry_after(&text, SystemTime::now()) {
                prop_assert!(pause <= Duration::from_secs(86_400));
            }
        }
    }
}
