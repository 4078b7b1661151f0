//! A batch without any limit of the service, against the raw load tool wrk and against bare reqwest with the very same
//! requests, plain and with TLS; and how near a batch comes to what a latency of 100 ms allows.
//!
//! The service is nginx with fixed answers. It has one core, and whoever asks it the other. wrk repeats, byte for byte,
//! requests of the library that a proxy has recorded; it builds nothing, reads only as much of an answer as it must, and
//! keeps no record.
#![allow(unsafe_code, clippy::print_stdout, clippy::unwrap_used)]

#[path = "support/bare.rs"]
mod bare;
#[path = "support/fast.rs"]
mod fast;
mod support;

use fast::{Distant, Service, is_there, record};
use guest_redemption::ffi;
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use support::{Tenant, c, children_cpu, cpu_time, environment, finish, median, met, pin};

const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(10);
/// Connections are made, and what is under way spreads out.
const WARM_UP: Duration = Duration::from_secs(2);
/// Resets under way; each begins with two requests at once, so there are twice as many connections.
const UNDER_WAY: usize = 50;
const REQUESTS: u64 = 3;
const GOAL: f64 = 0.6;
const GOAL_CPU: f64 = 30.0;

/// The user and the groups at once, then the invitation.
const WAITS: f64 = 2.0;
const LATENCY: Duration = Duration::from_millis(100);
const FAR_UNDER_WAY: usize = 1000;
const GOAL_FAR: f64 = 0.95;

fn main() {
    Distant::serve_if_asked();
    println!(
        "throughput: {ROUNDS} rounds of {} s in turn; repeat with: cargo bench --bench throughput",
        TIME.as_secs()
    );
    if let Some(program) = ["nginx", "wrk"].into_iter().find(|program| !is_there(program)) {
        println!("nothing was measured: {program} is not on PATH (Debian's packages nginx-light and wrk)");
        return;
    }
    // who is started inherits the core
    pin(1);
    let service = Service::start();
    let distant = Distant::start(service.plain, LATENCY);
    let (recorder, recording) = record(service.plain);
    pin(0);
    // some dozens of guests
    sustained(&Target { url: format!("http://{recorder}"), ca_file: None }, UNDER_WAY, Duration::ZERO, Duration::ZERO);
    let recording = std::mem::take(&mut *recording.lock().unwrap());
    let script = service.file("mix.lua", &script(&recording));
    let ca_file = service.ca_file();
    let plain = Target { url: format!("http://{}", service.plain), ca_file: None };
    let secure = Target { url: format!("https://{}", service.tls), ca_file: Some(&ca_file) };
    compare("plain", &plain, &script, &recording);
    compare("TLS 1.3", &secure, &script, &recording);
    far(&Target { url: format!("http://{}", distant.address), ca_file: None });
}

struct Target<'a> {
    url: String,
    ca_file: Option<&'a Path>,
}

/// What one side did in its time.
#[derive(Clone, Copy)]
struct Rate {
    per_second: f64,
    /// CPU time of a request, in microseconds.
    cpu: f64,
}

fn compare(what: &str, target: &Target<'_>, script: &Path, recording: &[String]) {
    println!("\n{what}, {UNDER_WAY} resets under way, {} connections", 2 * UNDER_WAY);
    println!("  {:>22} {:>22} {:>22}", "wrk", "bare reqwest", "the library");
    let (mut of_wrk, mut of_bare, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (tool, bare) = (wrk(target, script), bare(target, recording));
        let library = sustained(target, UNDER_WAY, WARM_UP, TIME);
        let show = |rate: Rate| format!("{:>8.0}/s {:>5.1} µs CPU", rate.per_second, rate.cpu);
        println!("  {:>22} {:>22} {:>22}", show(tool), show(bare), show(library));
        of_wrk.push(library.per_second / tool.per_second);
        of_bare.push(library.per_second / bare.per_second);
        cpu.push(library.cpu);
    }
    let (of_wrk, of_bare, cpu) = (median(of_wrk), median(of_bare), median(cpu));
    println!(
        "  requests per second: {:.1} % of wrk's; goal >= {:.0} %: {}; {:.1} % of bare reqwest's",
        of_wrk * 100.0,
        GOAL * 100.0,
        met(of_wrk >= GOAL),
        of_bare * 100.0
    );
    println!("  CPU of a request: {cpu:.1} µs; goal <= {GOAL_CPU} µs: {}", met(cpu <= GOAL_CPU));
}

fn bare(target: &Target<'_>, recording: &[String]) -> Rate {
    let count = bare::sustained(&target.url, target.ca_file, recording, 2 * UNDER_WAY, [WARM_UP, TIME]);
    rate(count.requests as f64, count.time.as_secs_f64(), count.cpu)
}

/// As many at once as wait, and nothing else, would give this many a second.
fn far(target: &Target<'_>) {
    let bound = FAR_UNDER_WAY as f64 / (WAITS * LATENCY.as_secs_f64());
    let rate = sustained(target, FAR_UNDER_WAY, 2 * WARM_UP, TIME);
    let resets = rate.per_second / REQUESTS as f64;
    println!(
        "\nat {} ms of latency, {FAR_UNDER_WAY} resets under way\n  {resets:.0} resets a second of {bound:.0} that the latency \
         allows ({:.1} %), {:.1} µs CPU a request; goal >= {:.0} %: {}",
        LATENCY.as_millis(),
        resets / bound * 100.0,
        rate.cpu,
        GOAL_FAR * 100.0,
        met(resets >= GOAL_FAR * bound)
    );
}

/// A batch that never lacks guests, over some time of its life.
fn sustained(target: &Target<'_>, under_way: usize, warm_up: Duration, time: Duration) -> Rate {
    let mut options = json!({
        "environment": environment(&target.url),
        "max_in_flight": under_way,
        "verify": "none",
    });
    options["environment"]["GUEST_REDEMPTION_ACCESS_TOKEN"] = token().into();
    if let Some(path) = target.ca_file {
        options["ca_file"] = path.to_str().unwrap().into();
    }
    let options = c(&options.to_string());
    let mut batch = std::ptr::null_mut();
    // SAFETY: the text is NUL-terminated, and `batch` may be written
    let status = unsafe { ffi::redemption_batch_start(options.as_ptr(), &raw mut batch, std::ptr::null_mut()) };
    assert_eq!(status, 0);
    let take = |timeout: u32| {
        let mut result = std::ptr::null_mut();
        // SAFETY: the batch is not freed, and `result` may be written
        let status = unsafe { ffi::redemption_batch_next(batch, timeout, std::ptr::null_mut(), &raw mut result) };
        if status == 0 {
            assert_eq!(finish(result).0, 0, "a guest was not reset");
        }
        status == 0
    };
    let (begin, mut guest, mut done) = (Instant::now(), 0, 0_u64);
    let mut counted = None;
    let (start, cpu, before) = loop {
        let mut add = || {
            guest += 1;
            let user = c(&Tenant::guest(guest));
            // SAFETY: the texts are NUL-terminated or NULL
            unsafe { ffi::redemption_batch_add(batch, 0, user.as_ptr(), std::ptr::null(), std::ptr::null(), 0) == 0 }
        };
        while add() {}
        guest -= 1;
        assert!(take(60_000), "no guest was reset in a minute");
        done += 1;
        while take(0) {
            done += 1;
        }
        if counted.is_none() && begin.elapsed() >= warm_up {
            counted = Some((Instant::now(), cpu_time(), done));
        }
        if let Some(counted) = counted.filter(|_| begin.elapsed() >= warm_up + time) {
            break counted;
        }
    };
    let (time, cpu, requests) = (start.elapsed(), cpu_time() - cpu, (done - before) * REQUESTS);
    // SAFETY: the batch is not freed
    unsafe { ffi::redemption_batch_finish(batch) };
    while take(60_000) {}
    // SAFETY: nobody uses it any more
    unsafe { ffi::redemption_batch_free(batch) };
    rate(requests as f64, time.as_secs_f64(), cpu)
}

fn wrk(target: &Target<'_>, script: &Path) -> Rate {
    let cpu = children_cpu();
    let answer = Command::new("wrk")
        .args(["--threads", "1", "--connections", &(2 * UNDER_WAY).to_string()])
        .args(["--duration", &TIME.as_secs().to_string(), "--script"])
        .arg(script)
        .arg(&target.url)
        .output()
        .unwrap();
    let cpu = children_cpu() - cpu;
    let text = String::from_utf8(answer.stdout).unwrap();
    assert!(answer.status.success() && !text.contains("Non-2xx") && !text.contains("Socket errors"), "{text}");
    // "  581234 requests in 10.00s, 512.34MB read"
    let line = text.lines().find(|line| line.contains(" requests in ")).unwrap();
    let (requests, time) = line.split_once(" requests in ").unwrap();
    let time = time.split_once("s,").unwrap().0;
    rate(requests.trim().parse().unwrap(), time.parse().unwrap(), cpu)
}

/// A script that lets wrk send the requests in turn.
fn script(requests: &[String]) -> String {
    assert!(requests.iter().filter(|request| request.starts_with("POST ")).count() * 3 == requests.len());
    let mut script = String::from("local all, at = {}, 0\n");
    for request in requests {
        let whole = request.starts_with("GET ") || request.ends_with('}');
        assert!(whole, "{request}");
        writeln!(script, "all[#all + 1] = {request:?}").unwrap();
    }
    script + "function request()\n  at = at % #all + 1\n  return all[at]\nend\n"
}

/// As long as an application's, and with its claims, but signed by nobody.
fn token() -> String {
    use base64::Engine;
    let encode = |value: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value);
    let claims = json!({
        "tid": "10000000-0000-4000-8000-000000000000", "appid": "30000000-0000-4000-8000-000000000001",
        "app_displayname": "Campaign", "idtyp": "app", "roles": ["User.Invite.All", "User.ReadWrite.All"],
        "what_else_stands_there": "x".repeat(700),
    });
    format!("{}.{}.{}", encode(json!({"alg": "none"}).to_string()), encode(claims.to_string()), "x".repeat(342))
}

fn rate(requests: f64, seconds: f64, cpu: Duration) -> Rate {
    Rate { per_second: requests / seconds, cpu: cpu.as_secs_f64() * 1e6 / requests }
}
