//! What the benchmarks share: sides measured in turn, medians, the table, the sandbox as a process of its own.
#![allow(dead_code)]

use guest_redemption::ffi;
use serde_json::{Value, json};
use std::ffi::{CStr, CString};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) const ROUNDS: usize = 20;

/// Time per call, in microseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) wall: f64,
    /// User and system time of all threads of the process that makes the calls.
    pub(crate) cpu: f64,
}

/// One of the things compared, and what makes one round of calls and tells the time per call.
pub(crate) struct Side<'a> {
    pub(crate) name: &'a str,
    pub(crate) round: Box<dyn FnMut() -> Sample + 'a>,
}

impl<'a> Side<'a> {
    pub(crate) fn new(name: &'a str, round: impl FnMut() -> Sample + 'a) -> Self {
        Self { name, round: Box::new(round) }
    }
}

/// Median, least and most of the rounds of a side.
pub(crate) struct Measured {
    name: String,
    rounds: Vec<Sample>,
    wall: [f64; 3],
    cpu: f64,
}

/// Runs the sides in turn (A B A B ...), so that what else the machine does falls on all of them; prints the medians.
pub(crate) fn measure(title: &str, mut sides: Vec<Side<'_>>) -> Vec<Measured> {
    let mut samples = vec![Vec::new(); sides.len()];
    // the first round warms up: connections, caches, just-in-time compilers
    for number in 0..=ROUNDS {
        for (side, samples) in sides.iter_mut().zip(&mut samples) {
            let sample = (side.round)();
            if number > 0 {
                samples.push(sample);
            }
        }
    }
    println!("\n{title}\n{:<62} {:>10} {:>10} {:>10} {:>10}", "  µs per call", "median", "min", "max", "CPU");
    let measured: Vec<_> = sides.iter().zip(&samples).map(|(side, samples)| summary(side.name, samples)).collect();
    for Measured { name, wall: [median, least, most], cpu, .. } in &measured {
        println!("  {name:<60} {median:>10.2} {least:>10.2} {most:>10.2} {cpu:>10.2}");
    }
    measured
}

fn summary(name: &str, samples: &[Sample]) -> Measured {
    let [least, wall, most] = spread(samples.iter().map(|sample| sample.wall));
    let [_, cpu, _] = spread(samples.iter().map(|sample| sample.cpu));
    Measured { name: name.to_owned(), rounds: samples.to_owned(), wall: [wall, least, most], cpu }
}

/// Least, median and most.
fn spread(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    [values[0], (values[last / 2] + values[values.len() / 2]) / 2.0, values[last]]
}

/// Compares the median of one side with the goal.
pub(crate) fn within(side: &Measured, goal: f64) {
    println!("  {}: {:.2} µs; goal <= {goal} µs: {}", side.name, side.wall[0], met(side.wall[0] <= goal));
}

/// Prints how one side stands to another: the medians of the rounds' ratios, since the machine's load may drift.
pub(crate) fn ratio(of: &Measured, to: &Measured, goal: Option<f64>) {
    let median =
        |value: fn(&Sample) -> f64| spread(of.rounds.iter().zip(&to.rounds).map(|(of, to)| value(of) / value(to)))[1];
    let (wall, cpu) = (median(|sample| sample.wall), median(|sample| sample.cpu));
    let goal = goal.map_or_else(String::new, |goal| format!("; goal <= {goal} (time): {}", met(wall <= goal)));
    println!("  {} / {}: time {wall:.3}, CPU {cpu:.3}{goal}", of.name, to.name);
}

pub(crate) fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "MISSED" }
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Makes `calls` calls and tells the time of one.
pub(crate) fn timed(calls: u32, mut call: impl FnMut(u32)) -> Sample {
    let cpu = cpu_time();
    let start = Instant::now();
    (0..calls).for_each(&mut call);
    let wall = start.elapsed();
    let per_call = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(calls);
    Sample { wall: per_call(wall), cpu: per_call(cpu_time() - cpu) }
}

/// User and system time of this process so far, to the nanosecond, which getrusage does not give.
#[cfg(unix)]
pub(crate) fn cpu_time() -> Duration {
    read_clock(libc::CLOCK_PROCESS_CPUTIME_ID)
}

#[cfg(unix)]
fn read_clock(clock: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` may be written
    let failed = unsafe { libc::clock_gettime(clock, &raw mut time) };
    assert_eq!(failed, 0, "the system does not tell the CPU time");
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// Not measured elsewhere: the CPU column then shows 0.
#[cfg(not(unix))]
pub(crate) fn cpu_time() -> Duration {
    Duration::ZERO
}

/// The same of another process.
#[cfg(target_os = "linux")]
fn cpu_time_of(process: &Child) -> Duration {
    let mut clock = 0;
    // SAFETY: `clock` may be written
    let failed = unsafe { libc::clock_getcpuclockid(process.id().try_into().unwrap(), &raw mut clock) };
    assert_eq!(failed, 0, "the system does not tell the CPU time of another process");
    read_clock(clock)
}

#[cfg(not(target_os = "linux"))]
fn cpu_time_of(_: &Child) -> Duration {
    Duration::ZERO
}

/// How many processors there are, and how many tasks wanted one lately, where the system tells.
pub(crate) fn machine() -> String {
    let processors = std::thread::available_parallelism().unwrap();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_else(|_| "unknown".into());
    format!("{processors} processors, load {}", load.split(' ').next().unwrap_or_default())
}

/// User and system time of the programs that this one has started and that have ended.
#[cfg(unix)]
pub(crate) fn children_cpu() -> Duration {
    // SAFETY: it is plain data, for which zeros are good
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: `usage` may be written
    let failed = unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage) };
    assert_eq!(failed, 0, "the system does not tell the CPU time");
    let time = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec.try_into().unwrap()) + Duration::from_micros(time.tv_usec.try_into().unwrap())
    };
    time(usage.ru_utime) + time(usage.ru_stime)
}

#[cfg(not(unix))]
pub(crate) fn children_cpu() -> Duration {
    Duration::ZERO
}

/// Keeps this thread, and all threads and programs that it starts from now on, to one core.
#[cfg(target_os = "linux")]
pub(crate) fn pin(core: usize) {
    // SAFETY: it is plain data, for which zeros are good
    let mut cores: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: no machine has so many cores that the set does not hold this one
    unsafe { libc::CPU_SET(core, &mut cores) };
    // SAFETY: `cores` is a set of this size
    let failed = unsafe { libc::sched_setaffinity(0, size_of_val(&cores), &raw const cores) };
    assert_eq!(failed, 0, "there is no core {core}");
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn pin(_: usize) {}

/// The first lines of every benchmark.
pub(crate) fn headline(name: &str) {
    println!("{name}: medians of {ROUNDS} rounds in turn; repeat with: cargo bench --bench {name}");
    println!(
        "guest-redemption {}; engine: one async client of reqwest {} (hyper {}, tokio {}) on one thread of its own",
        env!("CARGO_PKG_VERSION"),
        version("reqwest"),
        version("hyper"),
        version("tokio")
    );
}

/// The version that was built in.
fn version(package: &str) -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    let entry = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).unwrap().1;
    entry.split('"').next().unwrap()
}

/// A result of the C ABI, read and freed the way a C program does it: status and JSON.
pub(crate) fn finish(result: *mut ffi::redemption_result) -> (i32, usize) {
    let mut length = 0;
    // SAFETY: the result is one of the library's
    let status = unsafe { ffi::redemption_result_status(result) };
    // SAFETY: as above, and `length` may be written
    let json = unsafe { ffi::redemption_result_json(result, &raw mut length) };
    std::hint::black_box(json);
    // SAFETY: as above, and nobody uses it any more
    unsafe { ffi::redemption_result_free(result) };
    (status, length)
}

/// `redemption_call`, with the JSON of the result.
pub(crate) fn call(request: &Value) -> Value {
    let request = c(&request.to_string());
    // SAFETY: the text is NUL-terminated
    let result = unsafe { ffi::redemption_call(request.as_ptr()) };
    // SAFETY: the result is one of the library's, and a NULL length is not written
    let json = unsafe { ffi::redemption_result_json(result, std::ptr::null_mut()) };
    // SAFETY: the text is NUL-terminated and lives as long as the result
    let json = serde_json::from_slice(unsafe { CStr::from_ptr(json) }.to_bytes()).unwrap();
    finish(result);
    json
}

/// `reset_redemption` as a C program calls it; ends the benchmark if the guest was not reset.
pub(crate) fn reset(user: &CStr, email: Option<&CStr>, options: &CStr) {
    let email = email.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: the texts are NUL-terminated, `email` may be NULL
    let (status, _) = finish(unsafe { ffi::reset_redemption(user.as_ptr(), email, options.as_ptr()) });
    assert_eq!(status, 0, "a reset failed");
}

pub(crate) fn c(text: &str) -> CString {
    CString::new(text).unwrap()
}

/// The variables that lead the library to a service without limits on this machine.
pub(crate) fn environment(url: &str) -> Value {
    json!({
        "GUEST_REDEMPTION_GRAPH_URL": url,
        "GUEST_REDEMPTION_LOGIN_URL": url,
        "GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP": "1",
        "GUEST_REDEMPTION_LIFT_LOOPBACK_LIMITS": "1",
    })
}

/// The sandbox tenant in a process of its own, so that its CPU time is not counted. It ends with this value.
pub(crate) struct Tenant {
    process: Child,
    pub(crate) url: String,
    pub(crate) token: String,
    connection: Value,
}

impl Tenant {
    /// With this many plain guests, and without the service's limits.
    pub(crate) fn start(users: u32) -> Self {
        Self::run(&["--no-limits", "--users", &users.to_string()])
    }

    /// With this many plain guests, and the service's limits.
    pub(crate) fn limited(users: u32) -> Self {
        Self::run(&["--users", &users.to_string()])
    }

    /// The same, where reads show a change only after some time.
    pub(crate) fn lagging(users: u32, lag_ms: u32) -> Self {
        Self::run(&["--users", &users.to_string(), "--stale-read-ms", &lag_ms.to_string()])
    }

    fn run(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_guest-redemption-sandbox"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let connection: Value = serde_json::from_str(&line).unwrap();
        let member = |name: &str| connection[name].as_str().unwrap().to_owned();
        Self { process, url: member("url"), token: member("access_token"), connection }
    }

    /// Object id of the plain guest with this number, from 1.
    pub(crate) fn guest(number: u32) -> String {
        format!("20000000-0000-4000-8000-{number:012x}")
    }

    /// The variables that lead the library here, and leave it its limits.
    pub(crate) fn limited_environment(&self) -> Value {
        let mut environment = self.environment();
        environment.as_object_mut().unwrap().remove("GUEST_REDEMPTION_LIFT_LOOPBACK_LIMITS");
        environment
    }

    /// The variables that lead the library here.
    pub(crate) fn environment(&self) -> Value {
        let mut environment = environment(&self.url);
        environment["GUEST_REDEMPTION_ACCESS_TOKEN"] = self.token.as_str().into();
        environment
    }

    /// A session of the library with this tenant.
    pub(crate) fn session(&self) -> String {
        self.begin(&json!({"grant": "environment"}))
    }

    /// A session that has to sign in with the client secret first.
    pub(crate) fn session_with_secret(&self) -> String {
        self.begin(&self.secret_grant())
    }

    pub(crate) fn secret_grant(&self) -> Value {
        let member = |name: &str| self.connection[name].clone();
        json!({
            "grant": "client_secret", "tenant_id": member("tenant_id"), "client_id": member("client_id"),
            "client_secret": member("client_secret"),
        })
    }

    fn begin(&self, auth: &Value) -> String {
        let begun = call(&json!({"op": "session.begin", "auth": auth, "environment": self.environment()}));
        begun["result"]["session"].as_str().unwrap().to_owned()
    }

    /// Back to the start state, with an empty journal.
    pub(crate) fn restore(&self, client: &reqwest::blocking::Client) {
        self.control(client, "reset", &json!({}));
    }

    /// A command of the sandbox's control API.
    pub(crate) fn control(&self, client: &reqwest::blocking::Client, command: &str, body: &Value) {
        let answer = client.post(format!("{}/sandbox/{command}", self.url)).json(body).send().unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// The requests since then: what was asked and how it was answered, without the correlation ids.
    pub(crate) fn journal(&self, client: &reqwest::blocking::Client) -> Vec<Value> {
        let state: Value = client.get(format!("{}/sandbox/state", self.url)).send().unwrap().json().unwrap();
        let mut requests = state["requests"].as_array().unwrap().clone();
        for request in &mut requests {
            request.as_object_mut().unwrap().remove("client_request_id");
        }
        requests
    }

    /// User and system time of the sandbox so far.
    pub(crate) fn cpu_time(&self) -> Duration {
        cpu_time_of(&self.process)
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        // its standard input ends first, which is what it waits for
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// A blocking client as a caller without this library would make it, with kept connections.
pub(crate) fn bare_client() -> reqwest::blocking::Client {
    bare_builder().build().unwrap()
}

pub(crate) fn bare_builder() -> reqwest::blocking::ClientBuilder {
    // reqwest brings no cryptography in this build; the library's own choice, if it has not made it yet
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::blocking::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).user_agent("bare")
}
