//! The limiter against a simulated service with a clock that does not wait: what resets reach over minutes.

use super::{Limits, registry::Known};
use crate::http::{Method, Request, Response};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep};

const APP: &str = "app";
const GRAPH: &str = "https://graph.example.com";

/// Exactly the latest requests of a span.
struct Window {
    limit: usize,
    span: Duration,
    taken: VecDeque<Instant>,
}

impl Window {
    fn new(limit: usize, seconds: u64) -> Self {
        Self { limit, span: Duration::from_secs(seconds), taken: VecDeque::new() }
    }

    /// The usage with one more, or how long to wait for that.
    fn take(&mut self) -> Result<f64, Duration> {
        let now = Instant::now();
        while self.taken.front().is_some_and(|at| now.duration_since(*at) >= self.span) {
            self.taken.pop_front();
        }
        if self.taken.len() >= self.limit {
            let first = self.taken.front().map_or(now, |at| *at + self.span);
            return Err(first.duration_since(now));
        }
        self.taken.push_back(now);
        Ok(self.taken.len() as f64 / self.limit as f64)
    }
}

/// The limits of one app, and of its tenants.
struct Service {
    start: Instant,
    says_usage: bool,
    windows: HashMap<(usize, String), Window>,
    random: fastrand::Rng,
    invitations: Vec<Invitation>,
    /// Of all requests.
    refusals: usize,
}

struct Invitation {
    at: Duration,
    process: usize,
    tenant: String,
    accepted: bool,
}

type Shared = Rc<RefCell<Service>>;

impl Service {
    fn start(says_usage: bool) -> Shared {
        Rc::new(RefCell::new(Self {
            start: Instant::now(),
            says_usage,
            windows: HashMap::new(),
            random: fastrand::Rng::with_seed(8),
            invitations: Vec::new(),
            refusals: 0,
        }))
    }

    /// Counts against some of the limits; the usage, or the pause to ask for and the limit's place.
    fn take(&mut self, tenant: &str, limits: &[usize]) -> Result<f64, (Duration, usize)> {
        let mut usage = 0.0_f64;
        for index in limits {
            let (most, span, of_app) = [
                (150, 5, false),
                (3_000, 150, false),
                (18_000, 300, false),
                (3_500, 10, false),
                (70_000, 300, true),
                (150_000, 20, true),
            ][*index];
            let key = (*index, if of_app { String::new() } else { tenant.to_owned() });
            let window = self.windows.entry(key).or_insert_with(|| Window::new(most, span));
            usage = usage.max(window.take().map_err(|wait| (wait, *index))?);
        }
        Ok(usage)
    }

    fn answer(&mut self, process: usize, tenant: &str, request: &Request) -> Response {
        let limits: &[usize] = match request.method {
            Method::Get => &[3, 5],
            Method::Patch => &[1, 2, 3, 4, 5],
            Method::Post => &[0, 3, 5],
        };
        let taken = self.take(tenant, limits);
        if request.method == Method::Post {
            let (at, accepted) = (self.start.elapsed(), taken.is_ok());
            self.invitations.push(Invitation { at, process, tenant: tenant.to_owned(), accepted });
        }
        let (status, headers) = match taken {
            Ok(usage) if self.says_usage && usage > 0.8 => {
                (200, vec![("x-ms-throttle-limit-percentage", format!("{usage:.2}"))])
            }
            Ok(_) => (200, Vec::new()),
            Err((wait, index)) => {
                self.refusals += 1;
                let scope = ["Tenant/Write", "Tenant_Application/Write", "Tenant/Write"];
                let scope = scope.get(index).copied().unwrap_or("Application/Write");
                let wait = wait.as_secs_f64().ceil().max(1.0).to_string();
                (429, vec![("retry-after", wait), ("x-ms-throttle-scope", scope.to_owned())])
            }
        };
        Response { status, headers, body: Vec::new().into() }
    }

    /// There or back.
    fn latency(&mut self) -> Duration {
        Duration::from_millis(self.random.u64(20..120))
    }

    /// Accepted invitations per second between two times.
    fn rate(&self, from: u64, to: u64, of: impl Fn(&Invitation) -> bool) -> f64 {
        let within = |one: &&Invitation| (from..to).contains(&one.at.as_secs()) && one.accepted && of(one);
        self.invitations.iter().filter(within).count() as f64 / (to - from) as f64
    }

    /// The part of the invitations that was refused.
    fn refused(&self) -> f64 {
        let refused = self.invitations.iter().filter(|one| !one.accepted).count();
        refused as f64 / self.invitations.len() as f64
    }
}

fn request(method: Method) -> Request {
    let path = if method == Method::Post { "invitations" } else { "users/7?$select=id" };
    Request { method, url: format!("{GRAPH}/v1.0/{path}"), headers: Vec::new(), bearer: None, body: None }
}

/// Whoever makes resets in a tenant.
#[derive(Clone)]
struct Client {
    service: Shared,
    limits: Arc<Limits>,
    process: usize,
    tenant: String,
    new_address: bool,
}

impl Client {
    /// Reset after reset, from some time on.
    async fn work(self, begin: Duration) {
        sleep(begin).await;
        loop {
            self.send(Method::Get).await;
            self.send(Method::Get).await;
            if self.new_address {
                for _ in 0..4 {
                    self.send(Method::Get).await;
                }
                self.send(Method::Patch).await;
            }
            self.send(Method::Post).await;
            self.send(Method::Get).await;
        }
    }

    /// Sends until it is accepted.
    async fn send(&self, method: Method) {
        let request = request(method);
        loop {
            let admitted = self.limits.admit(&request).await;
            let latency = self.service.borrow_mut().latency();
            sleep(latency).await;
            let answer = self.service.borrow_mut().answer(self.process, &self.tenant, &request);
            sleep(latency).await;
            self.limits.learn(&admitted, &answer);
            match answer.header("retry-after").and_then(|seconds| seconds.parse().ok()) {
                Some(seconds) => sleep(Duration::from_secs(seconds)).await,
                None => return,
            }
        }
    }
}

/// Another program that takes so many invitations per second, whatever the service says.
async fn rival(service: Shared, tenant: &'static str, per_second: u32, from: u64, to: u64) {
    sleep(Duration::from_secs(from)).await;
    while service.borrow().start.elapsed() < Duration::from_secs(to) {
        let _ = service.borrow_mut().take(tenant, &[0]);
        sleep(Duration::from_secs(1) / per_second).await;
    }
}

struct Batch {
    tenant: String,
    in_flight: usize,
    new_address: bool,
}

fn batch(tenant: &str, in_flight: usize, new_address: bool) -> Batch {
    Batch { tenant: tenant.into(), in_flight, new_address }
}

/// Runs for so many seconds. Each list is a process with limits of its own, which begins a minute after the one before.
async fn run(service: &Shared, seconds: u64, processes: &[&[Batch]], rivals: &[(u32, u64, u64)]) {
    let tasks = LocalSet::new();
    for (process, batches) in processes.iter().enumerate() {
        let mut known = Known::default();
        for Batch { tenant, in_flight, new_address } in *batches {
            let client = Client {
                service: service.clone(),
                limits: known.limits(GRAPH, tenant, APP),
                process,
                tenant: tenant.clone(),
                new_address: *new_address,
            };
            let begin = Duration::from_secs(60) * process as u32;
            (0..*in_flight).for_each(|_| drop(tasks.spawn_local(client.clone().work(begin))));
        }
    }
    for (per_second, from, to) in rivals {
        tasks.spawn_local(rival(service.clone(), "a", *per_second, *from, *to));
    }
    tasks.run_until(sleep(Duration::from_secs(seconds))).await;
}

#[tokio::test(start_paused = true)]
async fn the_tightest_limit_is_used_up_and_never_met() {
    for (new_address, limit) in [(false, 30.0), (true, 20.0)] {
        for says_usage in [true, false] {
            let service = Service::start(says_usage);
            run(&service, 160, &[&[batch("a", 60, new_address)]], &[]).await;
            let service = service.borrow();
            let rate = service.rate(10, 160, |_| true);
            assert!(rate >= 0.95 * limit, "{rate} of {limit}");
            assert_eq!(service.refusals, 0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_rival_is_given_way_to_and_its_part_taken_back() {
    let service = Service::start(true);
    run(&service, 200, &[&[batch("a", 60, false)]], &[(10, 40, 140)]).await;
    let service = service.borrow();
    let (with_rival, afterwards) = (service.rate(50, 140, |_| true), service.rate(150, 200, |_| true));
    assert!(with_rival >= 0.95 * 20.0, "{with_rival}");
    assert!(afterwards >= 0.95 * 30.0, "{afterwards}");
    assert!(service.refused() <= 0.002, "{}", service.refused());
}

#[tokio::test(start_paused = true)]
async fn without_a_word_from_the_service_refusals_tell() {
    let service = Service::start(false);
    run(&service, 500, &[&[batch("a", 60, false)]], &[(10, 40, 300)]).await;
    let service = service.borrow();
    let (with_rival, afterwards) = (service.rate(60, 300, |_| true), service.rate(400, 500, |_| true));
    assert!(with_rival >= 0.85 * 20.0, "{with_rival}");
    assert!(afterwards >= 0.95 * 30.0, "{afterwards}");
    assert!(service.refused() <= 0.003, "{}", service.refused());
}

/// Without a new address the sum of the tenants' limits binds, with one what the app may write in all tenants.
#[tokio::test(start_paused = true)]
async fn tenants_side_by_side_get_the_same() {
    for (new_address, limit) in [(false, 30.0), (true, 70_000.0 / 300.0 / 20.0)] {
        let service = Service::start(true);
        let batches: Vec<_> = (0..20).map(|n| batch(&n.to_string(), 40 + 20 * (n % 5), new_address)).collect();
        run(&service, 30, &[&batches], &[]).await;
        let service = service.borrow();
        for Batch { tenant, .. } in &batches {
            let rate = service.rate(10, 30, |one| one.tenant == *tenant);
            assert!(rate >= 0.95 * limit, "{tenant}: {rate} of {limit}");
        }
        assert_eq!(service.refusals, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn two_processes_in_a_tenant_come_to_equal_shares() {
    let service = Service::start(true);
    run(&service, 260, &[&[batch("a", 60, false)], &[batch("a", 30, false)]], &[]).await;
    let service = service.borrow();
    for process in [0, 1] {
        let rate = service.rate(200, 260, |one| one.process == process);
        assert!((12.0..=18.0).contains(&rate), "{process}: {rate}");
    }
    assert!(service.refused() <= 0.002, "{}", service.refused());
}
