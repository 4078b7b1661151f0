//! What was used within the latest span of time, counted in slots, so that it needs the same memory for 150 requests
//! and for 150,000.

use std::time::Duration;
use tokio::time::Instant;

/// Parts of the span. One more is kept, since the window begins somewhere within the oldest.
const SLOTS: u64 = 64;
const KEPT: usize = SLOTS as usize + 1;

pub(super) struct Window {
    start: Instant,
    /// Nanoseconds of a slot.
    slot: u64,
    /// Number of the present slot since the start.
    head: u64,
    counts: [u32; KEPT],
    sum: u32,
}

impl Window {
    pub(super) fn new(span: Duration, now: Instant) -> Self {
        let slot = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX) / SLOTS;
        Self { start: now, slot, head: 0, counts: [0; KEPT], sum: 0 }
    }

    pub(super) fn add(&mut self, amount: u32, now: Instant) {
        self.advance(now);
        *self.count(self.head) += amount;
        self.sum += amount;
    }

    /// Takes back what was added last.
    pub(super) fn take_back(&mut self, amount: u32, now: Instant) {
        self.advance(now);
        let mut rest = amount;
        for number in (self.oldest()..=self.head).rev() {
            let count = self.count(number);
            let some = rest.min(*count);
            *count -= some;
            rest -= some;
        }
        self.sum -= amount - rest;
    }

    /// How long until no more than `most` is left. The oldest slot counts in full, so this is rather too long.
    pub(super) fn until(&mut self, most: u32, now: Instant) -> Duration {
        self.advance(now);
        let (mut sum, mut wait) = (self.sum, Duration::ZERO);
        for number in self.oldest()..=self.head {
            if sum <= most {
                break;
            }
            sum -= *self.count(number);
            let gone = self.start + Duration::from_nanos(self.slot * (number + KEPT as u64));
            wait = gone.saturating_duration_since(now);
        }
        wait
    }

    /// What was used, as near as slots can tell.
    pub(super) fn used(&mut self, now: Instant) -> f64 {
        self.advance(now);
        if self.head < SLOTS {
            return f64::from(self.sum);
        }
        let begun = now.duration_since(self.start).as_secs_f64() * 1e9 - (self.head * self.slot) as f64;
        let gone = (begun / self.slot as f64).clamp(0.0, 1.0);
        f64::from(self.sum) - gone * f64::from(*self.count(self.head - SLOTS))
    }

    pub(super) fn is_empty(&mut self, now: Instant) -> bool {
        self.advance(now);
        self.sum == 0
    }

    fn advance(&mut self, now: Instant) {
        let passed = u64::try_from(now.saturating_duration_since(self.start).as_nanos()).unwrap_or(u64::MAX);
        let head = passed / self.slot;
        let emptied = head.saturating_sub(self.head).min(KEPT as u64);
        for number in self.head + 1..=self.head + emptied {
            self.sum -= std::mem::take(self.count(number));
        }
        self.head = self.head.max(head);
    }

    fn oldest(&self) -> u64 {
        self.head.saturating_sub(SLOTS)
    }

    fn count(&mut self, number: u64) -> &mut u32 {
        &mut self.counts[(number % KEPT as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    const SPAN: Duration = Duration::from_millis(6400);

    #[test]
    fn what_was_used_leaves_after_the_span() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut window = Window::new(SPAN, start);
        window.add(3, at(0));
        window.add(2, at(1050));
        assert_eq!(window.until(5, at(1050)), Duration::ZERO);
        assert_eq!(window.until(4, at(1050)), Duration::from_millis(5450));
        assert_eq!(window.until(0, at(1050)), Duration::from_millis(6450));
        window.take_back(4, at(1100));
        assert_eq!(window.used(at(1100)), 1.0);
        assert_eq!(window.used(at(6450)), 0.5);
        assert!(!window.is_empty(at(6499)) && window.is_empty(at(6500)));
        assert!(window.is_empty(at(100_000_000)));
    }

    proptest! {
        #[test]
        fn it_counts_as_a_list_of_times_does(
            steps in proptest::collection::vec((0..900_u64, 1..5_u32), 1..300),
        ) {
            let start = Instant::now();
            let mut window = Window::new(SPAN, start);
            let (mut now, mut exact) = (start, VecDeque::new());
            for (pause, amount) in steps {
                now += Duration::from_millis(pause);
                window.add(amount, now);
                exact.push_back((now, amount));
                let within = |span: Duration| -> u32 {
                    exact.iter().filter(|(at, _)| now.duration_since(*at) < span).map(|(_, amount)| amount).sum()
                };
                let (least, most) = (within(SPAN), within(SPAN + SPAN / 64));
                prop_assert!((least..=most).contains(&window.sum), "{least} {} {most}", window.sum);
                let used = window.used(now);
                prop_assert!(used <= f64::from(most) && used >= f64::from(within(SPAN - SPAN / 64)));
                let wait = window.until(most / 2, now);
                let later = now + wait;
                let left: u32 =
                    exact.iter().filter(|(at, _)| later.duration_since(*at) < SPAN).map(|(_, amount)| amount).sum();
                prop_assert!(left <= most / 2);
            }
        }
    }
}
