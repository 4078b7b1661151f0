//! The service's documented limits, counted over sliding windows.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

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
}

impl Window {
    fn new(limit: u32, span: Duration) -> Self {
        Self { limit, span, taken: VecDeque::new(), sum: 0 }
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
        if self.sum + amount > self.limit {
            return Err(self.wait(amount, now));
        }
        self.taken.push_back((now, amount));
        self.sum += amount;
        Ok(f64::from(self.sum) / f64::from(self.limit))
    }

    fn wait(&self, amount: u32, now: Instant) -> Duration {
        let mut sum = self.sum + amount;
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
    fn the_151st_invitation_waits() {
        let mut limits = Limits::new(60);
        let (cost, now) = (Cost { invitations: 1, ..Cost::default() }, Instant::now());
        assert!((0..150).all(|_| limits.take(cost, now).is_ok()));
        let refusal = limits.take(cost, now).unwrap_err();
        assert_eq!(refusal.headers[0], ("retry-after", "5".to_owned()));
    }
}
