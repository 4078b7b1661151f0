//! One documented limit in one of its scopes, which requests pass in the order of their coming.

use super::bucket::Bucket;
use super::cost::Cost;
use super::share::Share;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Whose requests a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Tenant,
    AppInTenant,
    App,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Invitations,
    Writes,
    Units,
}

/// A limit of the service.
#[derive(Debug)]
pub(super) struct Limit {
    pub(super) scope: Scope,
    pub(super) what: What,
    most: u32,
    span: Duration,
}

const fn limit(scope: Scope, what: What, most: u32, seconds: u64) -> Limit {
    Limit { scope, what, most, span: Duration::from_secs(seconds) }
}

/// How many there are. By itself, since the compiler cannot take it from the table while it works out what may be sent
/// to another thread.
pub(super) const COUNT: usize = 6;

/// Graph's limits as far as resets meet them, from what binds most to what binds least. 130,000 requests in 10 s for
/// an app are never met: each costs a unit at least, and an app has fewer units. Of units, tenants with 50 users or
/// more have up to 8,000; a reset needs about eight, so that not even the least limit binds.
pub(super) const LIMITS: [Limit; COUNT] = [
    limit(Scope::Tenant, What::Invitations, 150, 5),
    limit(Scope::AppInTenant, What::Writes, 3_000, 150),
    limit(Scope::Tenant, What::Writes, 18_000, 300),
    limit(Scope::AppInTenant, What::Units, 3_500, 10),
    limit(Scope::App, What::Writes, 70_000, 300),
    limit(Scope::App, What::Units, 150_000, 20),
];

impl Limit {
    /// How much of it a request uses up.
    pub(super) fn amount(&self, cost: Cost) -> u32 {
        match self.what {
            What::Invitations => cost.invitations,
            What::Writes => cost.writes,
            What::Units => cost.units,
        }
    }
}

pub(super) struct Lane {
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

struct State {
    bucket: Bucket,
    share: Share,
}

impl Lane {
    pub(super) fn new(limit: &Limit, now: Instant) -> Self {
        let state = State { bucket: Bucket::new(limit.most, limit.span, now), share: Share::new(now) };
        Self { turn: tokio::sync::Mutex::default(), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for its turn and then until the amount may be taken. Answers how much of the limit we have then used.
    pub(super) async fn pass(&self, amount: u32) -> f64 {
        let _turn = self.turn.lock().await;
        loop {
            let taking = self.state().take(amount);
            match taking {
                Ok(used) => return used,
                Err(wait) => sleep(wait).await,
            }
        }
    }

    pub(super) fn give_back(&self, amount: u32) {
        self.state().bucket.give_back(amount, Instant::now());
    }

    /// The request has turned out to cost something else.
    pub(super) fn correct(&self, taken: u32, cost: u32) {
        let now = Instant::now();
        match cost.checked_sub(taken) {
            Some(more) => self.state().bucket.take_more(more, now),
            None => self.state().bucket.give_back(taken - cost, now),
        }
    }

    /// How much of the limit is used by all together, as far as we know, with so much of our own.
    pub(super) fn expected_usage(&self, own: f64) -> f64 {
        own + 1.0 - self.state().share.room(Instant::now())
    }

    pub(super) fn usage(&self, all: f64, own: f64) {
        self.state().share.usage(all, own, Instant::now());
    }

    pub(super) fn no_usage(&self, own: f64) {
        self.state().share.no_usage(own, Instant::now());
    }

    /// The service refused what was sent then, and asks for a pause.
    pub(super) fn refused(&self, own: f64, sent: Instant, pause: Duration) {
        let (mut state, now) = (self.state(), Instant::now());
        state.share.refused(own, sent, now);
        state.bucket.hold(pause, now);
    }

    /// Whether it is as a new one would be.
    pub(super) fn is_idle(&self) -> bool {
        let (mut state, now) = (self.state(), Instant::now());
        state.share.is_whole(now) && state.bucket.is_idle(now)
    }
}

impl State {
    fn take(&mut self, amount: u32) -> Result<f64, Duration> {
        let now = Instant::now();
        self.bucket.take(amount, self.share.room(now), now).map(|()| self.bucket.used(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One that needs much is not overtaken by those that need little.
    #[tokio::test(start_paused = true)]
    async fn requests_pass_in_the_order_of_their_coming() {
        let lane = Lane::new(&LIMITS[0], Instant::now());
        for _ in 0..14 {
            lane.pass(1).await;
        }
        let start = Instant::now();
        let passed = async |amount| {
            lane.pass(amount).await;
            start.elapsed()
        };
        let (much, little, last) = tokio::join!(passed(5), passed(1), passed(1));
        assert!(much < little && little < last, "{much:?} {little:?} {last:?}");
    }
}
