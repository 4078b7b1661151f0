//! The service's limits, kept to before it has to refuse: one budget for all calls of this process to a tenant.
//!
//! A request passes every limit that counts it. Each is a bucket (`bucket.rs`) that spreads requests evenly, and of
//! which a share is ours (`share.rs`). Waiting is first come, first served among requests of a kind to a tenant, and in
//! turn among tenants: of each tenant and kind, one request at a time asks for what tenants have in common.

mod answer;
mod bucket;
mod cost;
mod lane;
mod registry;
mod share;
#[cfg(test)]
mod simulation;
mod window;

pub(crate) use registry::of;

use crate::http::{Request, Response};
use answer::Told;
use cost::Cost;
use lane::{COUNT, LIMITS, Lane, What};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A usage within so much of what was expected is no news.
const KNOWN: f64 = 0.05;

/// The limits that requests of one app to one tenant meet.
pub(crate) struct Limits {
    /// Reads, writes and invitations wait apart, so that none waits for what it does not need.
    turns: [Mutex<()>; 3],
    /// In the order of [`LIMITS`].
    lanes: [Arc<Lane>; COUNT],
}

/// A request that may be sent now, and what was known then.
pub(crate) struct Admitted {
    at: Instant,
    cost: Cost,
    /// How much of each limit we had used, with this request.
    own: [f64; COUNT],
}

impl Limits {
    fn new(lanes: [Arc<Lane>; COUNT]) -> Self {
        Self { turns: Default::default(), lanes }
    }

    /// Waits until the request may be sent. Whoever stops waiting leaves everything to the next.
    pub(crate) async fn admit(&self, request: &Request) -> Admitted {
        let cost = Cost::of(request.method, &request.url);
        let turn = if cost.invitations > 0 { 2 } else { usize::from(cost.writes > 0) };
        let _turn = self.turns[turn].lock().await;
        let mut passing = Passing { limits: self, cost, passed: 0 };
        let mut own = [0.0; COUNT];
        for (index, amount) in met(cost) {
            own[index] = self.lanes[index].pass(amount).await;
            passing.passed = index + 1;
        }
        passing.passed = 0;
        Admitted { at: Instant::now(), cost, own }
    }

    /// Learns from the answer to an admitted request.
    pub(crate) fn learn(&self, admitted: &Admitted, answer: &Response) {
        let told = Told::by(answer);
        let Admitted { at, cost, own } = admitted;
        if let Some(units) = told.units.filter(|units| *units != cost.units) {
            let of_units = met(*cost).filter(|(index, _)| LIMITS[*index].what == What::Units);
            of_units.for_each(|(index, taken)| self.lanes[index].correct(taken, units));
        }
        if let Some(usage) = told.usage {
            self.learn_usage(usage, admitted);
        }
        match told.refused {
            Some(pause) => {
                if let Some(index) = told.refusing(met(*cost).map(|(index, _)| index)) {
                    self.lanes[index].refused(own[index], *at, pause);
                }
            }
            // an error may come from a place that knows nothing of limits
            None if told.usage.is_none() && answer.status < 300 => {
                for (index, _) in met(*cost) {
                    self.lanes[index].no_usage(own[index]);
                }
            }
            None => {}
        }
    }

    /// The usage is that of the fullest limit that the request met: the one of which it was known, or else the one that
    /// binds most.
    fn learn_usage(&self, usage: f64, Admitted { cost, own, .. }: &Admitted) {
        let surprise = |index: &usize| (usage - self.lanes[*index].expected_usage(own[*index])).abs();
        let mut met = met(*cost).map(|(index, _)| index);
        let known = met.clone().min_by(|a, b| surprise(a).total_cmp(&surprise(b)));
        if let Some(index) = known.filter(|index| surprise(index) < KNOWN).or_else(|| met.next()) {
            self.lanes[index].usage(usage, own[index]);
        }
    }
}

/// The limits that count such a request, and how much of each it uses up.
fn met(cost: Cost) -> impl Iterator<Item = (usize, u32)> + Clone {
    LIMITS.iter().enumerate().map(move |(index, limit)| (index, limit.amount(cost))).filter(|(_, amount)| *amount > 0)
}

/// A request on its way through the limits; what it has taken is given back when it is dropped there.
struct Passing<'a> {
    limits: &'a Limits,
    cost: Cost,
    passed: usize,
}

impl Drop for Passing<'_> {
    fn drop(&mut self) {
        for (index, amount) in met(self.cost).filter(|(index, _)| *index < self.passed) {
            self.limits.lanes[index].give_back(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::registry::Known;
    use super::*;
    use crate::http::Method;
    use std::cell::RefCell;
    use std::rc::Rc;
    use std::time::Duration;
    use tokio::task::{JoinHandle, LocalSet};
    use tokio::time::{sleep, timeout};

    fn request(method: Method) -> Request {
        let path = if method == Method::Post { "invitations" } else { "users/7" };
        Request { method, url: format!("https://graph/v1.0/{path}"), headers: Vec::new(), bearer: None, body: None }
    }

    fn limits() -> Arc<Limits> {
        Known::default().limits("https://graph", "tenant", "app")
    }

    type Order = Rc<RefCell<Vec<usize>>>;

    /// So many that want to invite; each notes its number when it may.
    fn inviting(limits: &Arc<Limits>, count: usize, order: &Order) -> Vec<JoinHandle<()>> {
        let one = |number| {
            let (limits, order) = (limits.clone(), order.clone());
            tokio::task::spawn_local(async move {
                limits.admit(&request(Method::Post)).await;
                order.borrow_mut().push(number);
            })
        };
        (0..count).map(one).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn first_come_first_served_and_whoever_leaves_holds_nobody_up() {
        let (limits, order) = (limits(), Order::default());
        let work = async {
            let waiting = inviting(&limits, 60, &order);
            sleep(Duration::from_millis(1)).await;
            let start = Instant::now();
            waiting.iter().skip(20).step_by(2).for_each(JoinHandle::abort);
            for one in waiting {
                let _ = one.await;
            }
            // 14 at once, 6 and 20 in turn
            assert!(start.elapsed() < Duration::from_millis(950), "{:?}", start.elapsed());
        };
        LocalSet::new().run_until(work).await;
        let expected: Vec<_> = (0..60).filter(|number| *number < 20 || number % 2 == 1).collect();
        assert_eq!(*order.borrow(), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_taken_on_the_way_is_given_back() {
        let limits = limits();
        let (writes, units) = (&limits.lanes[1], &limits.lanes[3]);
        units.refused(0.5, Instant::now(), Duration::from_secs(5));
        assert!(timeout(Duration::from_secs(1), limits.admit(&request(Method::Patch))).await.is_err());
        assert_eq!(writes.pass(1).await, 1.0 / 3_000.0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_outside_a_batch_waits_for_nothing() {
        let limits = limits();
        let start = Instant::now();
        for method in [Method::Get, Method::Get, Method::Patch, Method::Post, Method::Get] {
            for _ in 0..8 {
                limits.admit(&request(method)).await;
            }
        }
        assert!(start.elapsed().is_zero());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_behind_what_he_does_not_need() {
        let mut known = Known::default();
        let (limits, other) = (known.limits("https://graph", "t", "a"), known.limits("https://graph", "u", "a"));
        let work = async {
            let waiting = inviting(&limits, 500, &Order::default());
            sleep(Duration::from_millis(1)).await;
            let start = Instant::now();
            limits.admit(&request(Method::Get)).await;
            limits.admit(&request(Method::Patch)).await;
            other.admit(&request(Method::Post)).await;
            assert!(start.elapsed().is_zero());
            waiting.iter().for_each(JoinHandle::abort);
        };
        LocalSet::new().run_until(work).await;
    }

    /// Another app of ours in the tenant takes turns with a batch, however long that is.
    #[tokio::test(start_paused = true)]
    async fn apps_in_a_tenant_take_turns() {
        let mut known = Known::default();
        let (limits, other) = (known.limits("https://graph", "t", "a"), known.limits("https://graph", "t", "b"));
        let work = async {
            let waiting = inviting(&limits, 500, &Order::default());
            sleep(Duration::from_millis(1)).await;
            let start = Instant::now();
            other.admit(&request(Method::Post)).await;
            assert!(start.elapsed() < Duration::from_millis(80), "{:?}", start.elapsed());
            waiting.iter().for_each(JoinHandle::abort);
        };
        LocalSet::new().run_until(work).await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_true_cost_counts() {
        let limits = limits();
        let answer = |units: &str| Response {
            status: 200,
            headers: vec![("x-ms-resource-unit", units.to_owned())],
            body: Vec::new().into(),
        };
        let admitted = limits.admit(&request(Method::Get)).await;
        limits.learn(&admitted, &answer("5"));
        assert_eq!(limits.lanes[3].pass(1).await, 6.0 / 3_500.0);
        let admitted = limits.admit(&request(Method::Get)).await;
        limits.learn(&admitted, &answer("1"));
        assert_eq!(limits.lanes[5].pass(1).await, 7.0 / 150_000.0);
    }
    /// An answer does not say which limit is used so much.
    #[tokio::test(start_paused = true)]
    async fn the_usage_is_of_the_limit_it_is_known_of() {
        let limits = limits();
        let room = |index: usize| 1.0 - limits.lanes[index].expected_usage(0.0);
        let learn = async |method, usage: &str| {
            let headers = vec![("x-ms-throttle-limit-percentage", usage.to_owned())];
            let answer = Response { status: 200, headers, body: Vec::new().into() };
            limits.learn(&limits.admit(&request(method)).await, &answer);
        };
        learn(Method::Get, "0.90").await;
        assert!((0.1..0.11).contains(&room(3)), "{}", room(3));
        learn(Method::Post, "0.92").await;
        assert!(room(0) > 0.99, "{}", room(0));
        learn(Method::Post, "1.20").await;
        assert!(room(0) < 0.1, "{}", room(0));
    }
}
