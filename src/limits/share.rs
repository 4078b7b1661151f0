//! How much of a bucket is left for us by everybody else who uses it: other programs, and other processes of ours.
//!
//! What we use ourselves is known, and once a bucket is used by more than four fifths, each answer says by how much:
//! the difference is the others'. So the share is found without a refusal, and it is free again as soon as the others
//! have left the window. A service that does not say so leaves only refusals to learn from. Then the share grows slowly
//! at first and faster the longer none comes. While somebody else takes a third of the invitations, that costs a
//! refusal in about 25 s, or 0.2 % of ours, and a twentieth of the rate; after they have left, it takes about 70 s
//! until all is ours again.

use std::time::Duration;
use tokio::time::Instant;

/// However much the others use, so much is tried, so that we notice when they stop.
const LEAST: f64 = 0.02;
/// An answer says how much is used only above this.
const SAID_ABOVE: f64 = 0.8;
/// A refusal takes at least so much off the share, and at most half of it: the service may also refuse because of its
/// own load.
const AFTER_REFUSAL: f64 = 0.9;
/// A share of which nothing was heard for so long has doubled.
const DOUBLED: Duration = Duration::from_secs(90);

pub(super) struct Share {
    room: f64,
    /// When that was learnt.
    since: Instant,
    /// Whether answers say how much is used, so that one that does not says that it is little.
    says: bool,
    /// The latest refusal that counted.
    refused: Option<Instant>,
}

impl Share {
    pub(super) fn new(now: Instant) -> Self {
        Self { room: 1.0, since: now, says: false, refused: None }
    }

    /// The share, above 0 and up to 1.
    pub(super) fn room(&self, now: Instant) -> f64 {
        let age = now.saturating_duration_since(self.since).as_secs_f64() / DOUBLED.as_secs_f64();
        (self.room * (1.0 + age.powi(3))).clamp(LEAST, 1.0)
    }

    /// An answer said how much is used by all together; `own` is what we had used when it was asked for.
    pub(super) fn usage(&mut self, all: f64, own: f64, now: Instant) {
        self.set(1.0 - (all - own), now);
        self.says = true;
    }

    /// An answer said nothing of it.
    pub(super) fn no_usage(&mut self, own: f64, now: Instant) {
        let least = 1.0 - (SAID_ABOVE - own);
        if self.says && least > self.room(now) {
            self.set(least, now);
        }
    }

    /// The service refused what was sent then. Of several that were under way together, only the first counts.
    pub(super) fn refused(&mut self, own: f64, sent: Instant, now: Instant) {
        if self.refused.is_some_and(|latest| sent <= latest) {
            return;
        }
        let room = self.room(now);
        self.set(own.min(room * AFTER_REFUSAL).max(room / 2.0), now);
        self.refused = Some(now);
        // if it had said so, there would have been no refusal
        self.says = false;
    }

    fn set(&mut self, room: f64, now: Instant) {
        self.room = room.clamp(LEAST, 1.0);
        self.since = now;
    }

    /// Whether nothing in here matters any more.
    pub(super) fn is_whole(&self, now: Instant) -> bool {
        self.room(now) >= 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_others_use_is_not_ours() {
        let start = Instant::now();
        let mut share = Share::new(start);
        share.no_usage(0.1, start);
        assert_eq!(share.room(start), 1.0);
        share.usage(0.83, 0.5, start);
        assert!((share.room(start) - 0.67).abs() < 1e-9);
        // 0.6 of our own and not above 0.8: the others use no more than 0.2
        share.no_usage(0.6, start);
        assert!((share.room(start) - 0.8).abs() < 1e-9);
        share.no_usage(0.1, start);
        assert!((share.room(start) - 0.8).abs() < 1e-9);
        share.usage(1.8, 0.0, start);
        assert_eq!(share.room(start), LEAST);
    }

    #[test]
    fn refusals_halve_at_most_and_count_once() {
        let start = Instant::now();
        let later = start + Duration::from_millis(100);
        let mut share = Share::new(start);
        share.refused(0.6, start, later);
        share.refused(0.6, start + Duration::from_millis(50), later);
        assert_eq!(share.room(later), 0.6);
        let later = later + Duration::from_millis(1);
        share.refused(0.01, later, later);
        assert!((share.room(later) - 0.3).abs() < 1e-3);
        // a service that does not say it is not believed to say it by silence
        share.no_usage(0.7, later);
        assert!((share.room(later) - 0.3).abs() < 1e-3);
    }

    proptest! {
        #[test]
        fn it_stays_a_share_and_comes_back(
            signals in proptest::collection::vec((0..3_u8, 0.0..3.0_f64, 0.0..=1.0_f64, 0..5_000_u64), 0..60),
        ) {
            let mut now = Instant::now();
            let mut share = Share::new(now);
            for (kind, all, own, pause) in signals {
                now += Duration::from_millis(pause);
                match kind {
                    0 => share.usage(all, own, now),
                    1 => share.no_usage(own, now),
                    _ => share.refused(own, now, now),
                }
                let room = share.room(now);
                prop_assert!(room > 0.0 && room <= 1.0, "{room}");
            }
            prop_assert!(share.is_whole(now + 4 * DOUBLED));
        }
    }
}
