//! One budget per tenant in the process, whoever calls.

use super::Limits;
use super::lane::{LIMITS, Lane, Limit, Scope};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use tokio::time::Instant;

/// Below this, nothing is forgotten.
const FEW: usize = 64;

static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

#[derive(Default)]
pub(super) struct Known {
    lanes: HashMap<(usize, String), Arc<Lane>>,
    limits: HashMap<String, Arc<Limits>>,
    /// When there are so many, those that nobody uses are forgotten.
    enough: usize,
}

/// The limits that an app meets in a tenant of this Graph.
pub(crate) fn of(graph_url: &str, tenant: &str, app: &str) -> Arc<Limits> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).limits(graph_url, tenant, app)
}

impl Known {
    pub(super) fn limits(&mut self, graph_url: &str, tenant: &str, app: &str) -> Arc<Limits> {
        let key = key(Scope::AppInTenant, graph_url, tenant, app);
        if let Some(limits) = self.limits.get(&key) {
            return limits.clone();
        }
        if self.limits.len() >= self.enough {
            self.forget_idle();
        }
        let lanes = std::array::from_fn(|index| {
            let limit: &Limit = &LIMITS[index];
            let lane = self.lanes.entry((index, self::key(limit.scope, graph_url, tenant, app)));
            lane.or_insert_with(|| Arc::new(Lane::new(limit, Instant::now()))).clone()
        });
        let limits = Arc::new(Limits::new(lanes));
        self.limits.insert(key, limits.clone());
        limits
    }

    /// What nobody holds and what is as new can be made anew.
    fn forget_idle(&mut self) {
        self.limits.retain(|_, limits| Arc::strong_count(limits) > 1);
        self.lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || !lane.is_idle());
        self.enough = FEW.max(2 * self.limits.len());
    }
}

fn key(scope: Scope, graph_url: &str, tenant: &str, app: &str) -> String {
    match scope {
        Scope::Tenant => format!("{graph_url} {tenant}"),
        Scope::AppInTenant => format!("{graph_url} {tenant} {app}"),
        Scope::App => format!("{graph_url} {app}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lane::COUNT;
    use super::*;
    use crate::http::{Method, Request};
    use std::time::Duration;

    fn same(known: &mut Known, one: [&str; 3], other: [&str; 3]) -> [bool; COUNT] {
        let [one, other] = [one, other].map(|[graph, tenant, app]| known.limits(graph, tenant, app));
        std::array::from_fn(|index| Arc::ptr_eq(&one.lanes[index], &other.lanes[index]))
    }

    #[test]
    fn budgets_are_shared_as_far_as_their_scope_goes() {
        let mut known = Known::default();
        let of = ["https://graph", "t", "a"];
        assert_eq!(same(&mut known, of, of), [true; 6]);
        let other_app = same(&mut known, of, ["https://graph", "t", "b"]);
        assert_eq!(other_app, [true, false, true, false, false, false]);
        let other_tenant = same(&mut known, of, ["https://graph", "u", "a"]);
        assert_eq!(other_tenant, [false, false, false, false, true, true]);
        assert_eq!(same(&mut known, of, ["https://china", "t", "a"]), [false; 6]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_needs_any_more_is_forgotten() {
        let mut known = Known::default();
        let request = || Request {
            method: Method::Patch,
            url: "https://graph/v1.0/users/7".into(),
            headers: Vec::new(),
            bearer: None,
            body: None,
        };
        let held = known.limits("https://graph", "held", "a");
        for number in 0..5_000 {
            known.limits("https://graph", &number.to_string(), "a").admit(&request()).await;
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        assert!(known.limits.len() < 3 * FEW, "{}", known.limits.len());
        assert!(known.lanes.len() < 20 * FEW, "{}", known.lanes.len());
        assert!(Arc::ptr_eq(&held, &known.limits("https://graph", "held", "a")));
    }
}
