//! The service's documented limits, counted over sliding windows.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::directory::TENANT_ID;
use super::errors::Refusal;
use super::tokens::CLIENT_ID;

/// What a request uses up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Cost {
    pub(super) units: u32,
    pub(super) writes: u32,
    pub(super) invitations: u32,
}

/// The windows of the one application and tenant there is.
pub(super) struct Limits {
    invitations: Window,
    writes: Window,
    units: Window,
}

impl Limits {
    /// Tenants with more users are given more resource units.
    pub(super) fn new(users: usize) -> Self {
        let units = match users {
            0..50 => 3_500,
            50..=500 => 5_000,
            _ => 8_000,
        };
        Self {
            invitations: Window::new(150, Duration::from_secs(5)),
            writes: Window::new(3_000, Duration::from_secs(150)),
            units: Window::new(units, Duration::from_secs(10)),
        }
    }

    /// Lets another program take from the same limits, from now on until told otherwise.
    pub(super) fn set_rival(&mut self, rival: &Rival, now: Instant) {
        let since = now.checked_sub(Duration::from_millis(rival.for_ms)).unwrap_or(now);
        self.invitations.set_rival(rival.invitations_per_second, since, now);
        self.writes.set_rival(rival.writes_per_second, since, now);
    }

    /// Counts a request. Answers the highest usage (1.0 is the limit), or the refusal.
    pub(super) fn take(&mut self, cost: Cost, now: Instant) -> Result<f64, Refusal> {
        let mut usage = 0.0_f64;
        for (window, amount, scope, reason) in [
            (&mut self.invitations, cost.invitations, "Tenant/Write", "InvitationLimitExceeded"),
            (&mut self.writes, cost.writes, "Tenant_Application/Write", "WriteLimitExceeded"),
            (&mut self.units, cost.units, "Tenant_Application/ReadWrite", "ResourceUnitLimitExceeded"),
        ] {
            usage = usage.max(window.take(amount, now).map_err(|wait| refusal(wait, scope, reason))?);
        }
        Ok(usage)
    }
}

/// Another program with a rate of its own, whatever the service says to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rival {
    #[serde(default)]
    invitations_per_second: u32,
    #[serde(default)]
    writes_per_second: u32,
    /// How long it has done so already.
    #[serde(default)]
    for_ms: u64,
}

fn refusal(wait: Duration, scope: &str, reason: &str) -> Refusal {
    let mut refusal = Refusal::new(429, "TooManyRequests", "Too many requests.");
    refusal.headers = vec![
        ("retry-after", wait.as_secs_f64().ceil().max(1.0).to_string()),
        ("x-ms-throttle-scope", format!("{scope}/{CLIENT_ID}/{TENANT_ID}")),
        ("x-ms-throttle-information", reason.to_owned()),
    ];
    refusal
}

/// So much within so long a time.
struct Window {
    limit: u32,
    span: Duration,
    taken: VecDeque<(Instant, u32)>,
    sum: u32,
    /// What others have taken: at which rate, from when to when.
    rivals: Vec<(u32, Instant, Option<Instant>)>,
}

impl Window {
    fn new(limit: u32, span: Duration) -> Self {
        Self { limit, span, taken: VecDeque::new(), sum: 0, rivals: Vec::new() }
    }

    /// Another rate takes the place of the former.
    fn set_rival(&mut self, per_second: u32, since: Instant, now: Instant) {
        if let Some((.., end)) = self.rivals.last_mut() {
            end.get_or_insert(now);
        }
        self.rivals.retain(|(.., end)| end.is_none_or(|end| now.duration_since(end) < self.span));
        if per_second > 0 {
            self.rivals.push((per_second, since, None));
        }
    }

    /// What others have taken within the window, which cannot be more than there is.
    fn taken_by_rivals(&self, now: Instant) -> u32 {
        let taken = |(per_second, start, end): &(u32, Instant, Option<Instant>)| {
            let before = |time: Instant| now.duration_since(time).min(self.span);
            let time = before(*start) - end.map_or(Duration::ZERO, before);
            f64::from(*per_second) * time.as_secs_f64()
        };
        (self.rivals.iter().map(taken).sum::<f64>() as u32).min(self.limit)
    }

    /// Answers the usage with `amount`, or how long to wait until there is room for it.
    fn take(&mut self, amount: u32, now: Instant) -> Result<f64, Duration> {
        if amount == 0 {
            return Ok(0.0);
        }
        while let Some(&(_, old)) = self.taken.front().filter(|(at, _)| now.duration_since(*at) >= self.span) {
            self.sum -= old;
            self.taken.pop_front();
        }
        let others = self.taken_by_rivals(now);
        if self.sum + others + amount > self.limit {
            return Err(self.wait(others + amount, now));
        }
        self.taken.push_back((now, amount));
        self.sum += amount;
        Ok(f64::from(self.sum + others) / f64::from(self.limit))
    }

    /// As if rivals went on for ever.
    fn wait(&self, more: u32, now: Instant) -> Duration {
        let mut sum = self.sum + more;
        for &(at, old) in &self.taken {
            sum -= old;
            if sum <= self.limit {
                return (at + self.span).duration_since(now);
            }
        }
        self.span
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_slides() {
        let start = Instant::now();
        let second = Duration::from_secs(1);
        let mut window = Window::new(3, 5 * second);
        assert_eq!(window.take(2, start), Ok(2.0 / 3.0));
        assert_eq!(window.take(1, start + second), Ok(1.0));
        assert_eq!(window.take(1, start + 2 * second), Err(3 * second));
        assert_eq!(window.take(3, start + 2 * second), Err(4 * second));
        assert_eq!(window.take(1, start + 5 * second), Ok(2.0 / 3.0));
        assert_eq!(window.take(3, start + 60 * second), Ok(1.0));
    }

    #[test]
    fn a_rival_takes_its_part_until_it_stops_and_its_past_has_left_the_window() {
        let start = Instant::now() + Duration::from_secs(3_600);
        let second = Duration::from_secs(1);
        let mut window = Window::new(10, 5 * second);
        window.set_rival(1, start - 2 * second, start);
        assert_eq!(window.take(1, start), Ok(0.3));
        assert_eq!(window.take(6, start + second), Ok(1.0));
        assert_eq!(window.take(1, start + 2 * second), Err(4 * second));
        window.set_rival(0, start, start + 4 * second);
        assert_eq!(window.take(1, start + 6 * second), Ok(0.4));
        assert_eq!(window.taken_by_rivals(start + 60 * second), 0);
        window.set_rival(100, start, start + 60 * second);
        assert_eq!(window.take(1, start + 60 * second), Err(5 * second));
    }

    #[test]
    fn the_151st_invitation_waits() {
        let mut limits = Limits::new(60);
        let (cost, now) = (Cost { invitations: 1, ..Cost::default() }, Instant::now());
        assert!((0..150).all(|_| limits.take(cost, now).is_ok()));
        let refusal = limits.take(cost, now).unwrap_err();
        assert_eq!(refusal.headers[0], ("retry-after", "5".to_owned()));
    }
}
