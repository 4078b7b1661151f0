//! Why the engine is an async client on a thread of ours rather than reqwest::blocking.
//!
//! A call must end within 100 ms of its cancellation. reqwest::blocking cannot be interrupted while it waits, so it
//! would need a worker thread that the caller can turn its back on, beside the thread that it has inside already.
#![allow(unsafe_code, clippy::print_stdout, clippy::unwrap_used)]

mod support;

use guest_redemption::ffi;
use serde_json::json;
use std::ffi::CString;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use support::{Sample, Side, Tenant, bare_client, c, finish, headline, measure, ratio, timed};
use tokio::sync::{mpsc::UnboundedSender, oneshot};

const CALLS: u32 = 200;
const LIMIT: Duration = Duration::from_secs(10);

fn main() {
    headline("transport");
    let tenant = Tenant::start(1);
    let (bare, worker, engine, library) = (bare_client(), Worker::start(), Engine::start(), Library::of(&tenant));
    let target = Target { url: format!("{}{}", tenant.url, library.path), token: tenant.token.clone() };
    let length = target.get_blocking(&bare);
    let sides = vec![
        Side::new("(a) reqwest::blocking, which cannot be cancelled", || {
            timed(CALLS, |_| assert_eq!(target.get_blocking(&bare), length))
        }),
        Side::new("(b) reqwest::blocking on a worker thread", || {
            timed(CALLS, |_| assert_eq!(worker.get(&target), length))
        }),
        Side::new("(c) async reqwest on one thread, the engine's way", || {
            timed(CALLS, |_| assert_eq!(engine.get(&target), length))
        }),
        Side::new("(d) the library: user.get, per request", || library.round()),
    ];
    let measured = measure(&format!("GET of one user on a kept connection, {CALLS} a round"), sides);
    for (of, to) in [(1, 0), (2, 0), (2, 1), (3, 0)] {
        ratio(&measured[of], &measured[to], None);
    }
}

/// What is read.
#[derive(Clone)]
struct Target {
    url: String,
    token: String,
}

impl Target {
    fn get_blocking(&self, client: &reqwest::blocking::Client) -> usize {
        let answer = client.get(&self.url).bearer_auth(&self.token).send().unwrap();
        answer.error_for_status().unwrap().bytes().unwrap().len()
    }

    async fn get(self, client: reqwest::Client) -> usize {
        let answer = client.get(&self.url).bearer_auth(&self.token).send().await.unwrap();
        answer.error_for_status().unwrap().bytes().await.unwrap().len()
    }
}

/// (b): the caller waits on a channel, which a cancellation could also wake. The request itself would go on, and
/// the next call would need a further worker.
struct Worker(Sender<(Target, Sender<usize>)>);

impl Worker {
    fn start() -> Self {
        let (jobs, queue): (_, Receiver<(Target, Sender<usize>)>) = channel();
        let client = bare_client();
        std::thread::spawn(move || {
            for (target, reply) in queue {
                reply.send(target.get_blocking(&client)).unwrap();
            }
        });
        Self(jobs)
    }

    fn get(&self, target: &Target) -> usize {
        let (reply, answer) = channel();
        self.0.send((target.clone(), reply)).unwrap();
        answer.recv_timeout(LIMIT).unwrap()
    }
}

/// (c): `src/http/engine.rs` in short, which is private: jobs go to one thread with a runtime of its own, the caller
/// waits on a channel, and a job ends when its caller has turned away. Its limits, its retries and the plain data that
/// it makes of requests and answers are left out; (d) has them.
struct Engine {
    jobs: UnboundedSender<std::pin::Pin<Box<dyn Future<Output = ()> + Send>>>,
    client: reqwest::Client,
}

impl Engine {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (jobs, mut queue) = tokio::sync::mpsc::unbounded_channel();
        std::thread::spawn(move || {
            runtime.block_on(async move {
                while let Some(job) = queue.recv().await {
                    tokio::spawn(job);
                }
            });
        });
        Self { jobs, client: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    fn get(&self, target: &Target) -> usize {
        let (reply, answer) = channel();
        let (_alive, abandoned) = oneshot::channel::<()>();
        let exchange = target.clone().get(self.client.clone());
        let job = async move {
            tokio::select! {
                length = exchange => reply.send(length).unwrap(),
                _ = abandoned => {}
            }
        };
        self.jobs.send(Box::pin(job)).unwrap();
        answer.recv_timeout(LIMIT).unwrap()
    }
}

/// (d): the real engine through its public door, with the ABI and the JSON on both ways.
struct Library {
    request: CString,
    /// Per call: it finds the user first, then reads what was asked for.
    requests: u32,
    /// Of each of them.
    path: String,
}

impl Library {
    fn of(tenant: &Tenant) -> Self {
        let auth = json!({"grant": "session", "session": tenant.session()});
        let request = json!({"op": "user.get", "user_id": Tenant::guest(1), "auth": auth});
        let answer = support::call(&request);
        assert_eq!(answer["status"], "OK");
        let sent = answer["diagnostics"].as_array().unwrap();
        assert!(sent.iter().all(|one| one["path"] == sent[0]["path"]));
        let path = sent[0]["path"].as_str().unwrap().to_owned();
        Self { request: c(&request.to_string()), requests: sent.len().try_into().unwrap(), path }
    }

    fn round(&self) -> Sample {
        let call = |_| {
            // SAFETY: the text is NUL-terminated
            let result = unsafe { ffi::redemption_call(self.request.as_ptr()) };
            assert_eq!(finish(result).0, 0);
        };
        let Sample { wall, cpu } = timed(CALLS / self.requests, call);
        let requests = f64::from(self.requests);
        Sample { wall: wall / requests, cpu: cpu / requests }
    }
}
