//! When a request may go: evenly spread, a few at once after a pause, and in no span of time more than the limit.

use super::window::Window;
use std::time::Duration;
use tokio::time::Instant;

/// Of the room that is ours, this much is used in the long run. What is left absorbs that requests do not arrive as
/// evenly as they were sent, and it is what makes several programs end up with equal shares: whoever holds more
/// leaves more.
const PACE: f64 = 0.97;
/// Within a span that began with several at once, up to this much.
const FULL: f64 = 0.99;
/// What was not used for so long may go at once, so that a few calls together do not wait for each other.
const BURST: Duration = Duration::from_millis(500);

pub(super) struct Bucket {
    limit: f64,
    span: Duration,
    /// What may go at once; less than none after a request that cost more than it seemed to.
    tokens: f64,
    filled: Instant,
    window: Window,
    /// The service has asked for a pause until then.
    held: Instant,
}

impl Bucket {
    pub(super) fn new(limit: u32, span: Duration, now: Instant) -> Self {
        let limit = f64::from(limit);
        let tokens = limit * PACE / span.as_secs_f64() * BURST.as_secs_f64();
        Self { limit, span, tokens, filled: now, window: Window::new(span, now), held: now }
    }

    /// Takes the amount, if `room` of the limit is ours, or says how long to wait at least.
    pub(super) fn take(&mut self, amount: u32, room: f64, now: Instant) -> Result<(), Duration> {
        let pace = self.limit * room * PACE / self.span.as_secs_f64();
        let wanted = f64::from(amount);
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + pace * passed).min((pace * BURST.as_secs_f64()).max(wanted));
        self.filled = now;
        let most = ((self.limit * room * FULL) as u32).saturating_sub(amount);
        let stopped = self.window.until(most, now).max(self.held.saturating_duration_since(now));
        if !stopped.is_zero() {
            // afterwards they go evenly again, and not all that has gathered at once
            self.tokens = self.tokens.min(wanted - pace * stopped.as_secs_f64());
            return Err(stopped);
        }
        // a billionth of a request lost to rounding is not worth a wait
        if self.tokens + 1e-9 < wanted {
            return Err(Duration::from_secs_f64((wanted - self.tokens) / pace));
        }
        self.tokens -= wanted;
        self.window.add(amount, now);
        Ok(())
    }

    /// Gives back what was not used after all.
    pub(super) fn give_back(&mut self, amount: u32, now: Instant) {
        self.tokens += f64::from(amount);
        self.window.take_back(amount, now);
    }

    /// Takes what is known only afterwards to have been used.
    pub(super) fn take_more(&mut self, amount: u32, now: Instant) {
        self.tokens -= f64::from(amount);
        self.window.add(amount, now);
    }

    /// Stops for so long, but not for longer than the limit looks back.
    pub(super) fn hold(&mut self, time: Duration, now: Instant) {
        self.held = self.held.max(now + time.min(self.span));
    }

    /// How much of the limit we have used lately.
    pub(super) fn used(&mut self, now: Instant) -> f64 {
        self.window.used(now) / self.limit
    }

    /// Whether nothing in here matters any more.
    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        self.held <= now && self.window.is_empty(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SPAN: Duration = Duration::from_secs(5);

    /// Takes one after another, each as early as it may go, for so long.
    fn times(bucket: &mut Bucket, room: f64, start: Instant, time: Duration) -> Vec<Instant> {
        let (mut now, mut times) = (start, Vec::new());
        while now < start + time {
            match bucket.take(1, room, now) {
                Ok(()) => times.push(now),
                Err(wait) => now += wait.max(Duration::from_nanos(1)),
            }
        }
        times
    }

    #[test]
    fn a_few_go_at_once_and_the_rest_evenly() {
        let start = Instant::now();
        let times = times(&mut Bucket::new(150, SPAN, start), 1.0, start, Duration::from_secs(60));
        assert_eq!(times.iter().filter(|at| **at == start).count(), 14);
        assert!((1740..=1750).contains(&times.len()), "{}", times.len());
        let later: Vec<_> = times.iter().filter(|at| **at > start + Duration::from_secs(6)).collect();
        for pair in later.windows(2) {
            let between = pair[1].duration_since(*pair[0]);
            assert!(between < Duration::from_millis(36), "{between:?}");
        }
    }

    #[test]
    fn a_pause_that_the_service_asks_for_is_kept_and_not_made_up_for() {
        let start = Instant::now();
        let mut bucket = Bucket::new(150, SPAN, start);
        bucket.hold(Duration::from_secs(3600), start);
        assert_eq!(bucket.take(1, 1.0, start), Err(SPAN));
        let after = times(&mut bucket, 1.0, start, SPAN + Duration::from_millis(100));
        assert_eq!(after.len(), 3);
        assert!(!bucket.is_idle(start + SPAN * 2) && bucket.is_idle(start + SPAN * 3));
    }

    #[test]
    fn a_cost_that_is_corrected_is_paid_or_given_back() {
        let start = Instant::now();
        let mut bucket = Bucket::new(150, SPAN, start);
        bucket.take_more(15, start);
        assert!(bucket.take(1, 1.0, start).is_err());
        bucket.give_back(15, start);
        assert_eq!(bucket.used(start), 0.0);
        assert!((0..14).all(|_| bucket.take(1, 1.0, start).is_ok()));
    }

    proptest! {
        #[test]
        fn no_span_ever_sees_more_than_the_limit(
            limit in 1..400_u32,
            steps in proptest::collection::vec((0..2_000_u64, 1..4_u32, 0.01..=1.0_f64, any::<bool>()), 1..400),
        ) {
            let start = Instant::now();
            let mut bucket = Bucket::new(limit.max(4), SPAN, start);
            let (mut now, mut taken) = (start, Vec::new());
            for (pause, amount, room, patient) in steps {
                now += Duration::from_millis(pause / if patient { 1 } else { 500 });
                let mut taking = bucket.take(amount, room, now);
                while patient && let Err(wait) = taking {
                    now += wait.max(Duration::from_nanos(1));
                    taking = bucket.take(amount, room, now);
                }
                if taking.is_ok() {
                    taken.push((now, amount));
                }
            }
            let most = f64::from(limit.max(4));
            for (index, (at, _)) in taken.iter().enumerate() {
                let span = taken[index..].iter().take_while(|(later, _)| later.duration_since(*at) < SPAN);
                let sum: u32 = span.map(|(_, amount)| amount).sum();
                prop_assert!(f64::from(sum) <= most);
            }
        }

        #[test]
        fn nobody_waits_for_ever(limit in 4..400_u32, room in 0.02..=1.0_f64, amount in 1..4_u32) {
            let start = Instant::now();
            let mut bucket = Bucket::new(limit, SPAN, start);
            let (mut now, mut count) = (start, 0);
            while count < 20 {
                match bucket.take(amount, room, now) {
                    Ok(()) => count += 1,
                    Err(wait) => now += wait.max(Duration::from_nanos(1)),
                }
                prop_assert!(now < start + SPAN * 8000);
            }
        }
    }
}
