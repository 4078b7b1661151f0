//! Twenty tenants side by side, each with a sandbox, a batch and a journal of its own, from one process or several. Each
//! process is this program once more, with its part of the plan, and one thread that gives and takes.

use crate::run::{Run, WARM_UP, drive, now, rate};
use crate::support::{Tenant, bare_client, cpu_time, met};
use crate::{GOAL, GOAL_REFUSED, invitations, options};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;
use std::process::{Child, Command, Stdio};

const TENANTS: usize = 20;
/// The argument of such a process.
pub(crate) const CHILD: &str = "part-of-the-plan";

/// What one process does in one tenant.
#[derive(Deserialize, Serialize)]
struct Share {
    options: Value,
    guests: u32,
    moves: bool,
}

/// What a process tells of its part.
#[derive(Deserialize, Serialize)]
struct Told {
    start: f64,
    /// For each tenant, when each guest was done.
    done: Vec<Vec<f64>>,
    cpu: f64,
}

/// The process that does a part of the plan.
pub(crate) fn child() {
    let part: Vec<Share> = serde_json::from_reader(std::io::stdin()).unwrap();
    let (cpu, start) = (cpu_time(), now());
    let mut runs: Vec<_> =
        part.iter().map(|share| Run::start(&share.options, share.guests, share.moves, "done")).collect();
    drive(&mut runs, || {});
    let done = runs.into_iter().map(|run| run.done).collect();
    let told = Told { start, done, cpu: (cpu_time() - cpu).as_secs_f64() };
    serde_json::to_writer(std::io::stdout(), &told).unwrap();
}

fn spawn(part: &[Share]) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut child = command.arg(CHILD).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    serde_json::to_writer(child.stdin.take().unwrap(), part).unwrap();
    child
}

fn told(child: Child) -> Told {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "a process failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn run(what: &str, processes: usize, guests: u32, most: f64, moves: bool) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let tenants: Vec<_> = (0..TENANTS).map(|_| Tenant::limited(guests)).collect();
    let share = |(number, tenant)| {
        let mut options = options(tenant);
        options["journal"] = folder.path().join(format!("{number}.jsonl")).to_str().unwrap().into();
        Share { options, guests, moves }
    };
    let plan: Vec<_> = tenants.iter().enumerate().map(share).collect();
    let cpu_of_sandboxes = || tenants.iter().map(|tenant| tenant.cpu_time().as_secs_f64()).sum::<f64>();
    let before = cpu_of_sandboxes();
    let children: Vec<_> = plan.chunks(TENANTS / processes).map(spawn).collect();
    let told: Vec<_> = children.into_iter().map(told).collect();
    let of_sandboxes = cpu_of_sandboxes() - before;
    println!("\n{what}: {} guests, a journal for each tenant", guests as usize * TENANTS);
    show_rates(&told, &tenants, most);
    show_cpu(&told, of_sandboxes);
    let is_once = || tenants.iter().zip(&plan).all(|(tenant, share)| is_once(tenant, share));
    let once = is_once();
    resume(&plan);
    println!(
        "  every guest invited once, as the sandboxes count, and done in its journal; resumed, the {TENANTS} journals \
         leave nothing to do: {}",
        met(once && is_once())
    );
}

/// The rates from when all have warmed up until the first is done.
fn show_rates(told: &[Told], tenants: &[Tenant], most: f64) {
    let done: Vec<_> = told.iter().flat_map(|told| &told.done).collect();
    let from = told.iter().map(|told| told.start).fold(0.0, f64::max) + WARM_UP;
    let to = done.iter().map(|done| done[done.len() - 1]).fold(f64::INFINITY, f64::min);
    let rates: Vec<_> = done.iter().map(|done| rate(done, from, to)).collect();
    let (sum, slowest) = (rates.iter().sum::<f64>(), rates.iter().copied().fold(f64::INFINITY, f64::min));
    let most_of_all = most * TENANTS as f64;
    let client = bare_client();
    let counts: Vec<_> = tenants.iter().map(|tenant| invitations(tenant, &client)).collect();
    let posts: usize = counts.iter().map(|(posts, _)| posts).sum();
    let refused = counts.iter().map(|(posts, refused)| *posts as f64 * refused).sum::<f64>() / posts as f64;
    println!(
        "  {sum:.1} a second of at most {most_of_all} ({:.1} %) over {:.1} s, the slowest tenant {slowest:.2} of {most}; \
         {:.2} % of {posts} invitations refused; goal >= {:.0} % and <= {:.1} %: {}",
        sum / most_of_all * 100.0,
        to - from,
        refused * 100.0,
        GOAL * 100.0,
        GOAL_REFUSED * 100.0,
        met(sum >= GOAL * most_of_all && refused <= GOAL_REFUSED)
    );
}

fn show_cpu(told: &[Told], of_sandboxes: f64) {
    let done: Vec<_> = told.iter().flat_map(|told| told.done.iter().flatten().copied()).collect();
    let start = told.iter().map(|told| told.start).fold(f64::INFINITY, f64::min);
    let wall = done.iter().copied().fold(0.0, f64::max) - start;
    let of_client = told.iter().map(|told| told.cpu).sum();
    let shown = |cpu: f64| format!("{:.2} processors, {:.3} ms a guest", cpu / wall, cpu / done.len() as f64 * 1e3);
    println!("  CPU: client {}; sandboxes {}", shown(of_client), shown(of_sandboxes));
}

/// Whether the sandbox has accepted one invitation of each guest, and the journal shows that all were done.
fn is_once(tenant: &Tenant, share: &Share) -> bool {
    let invited = tenant.journal(&bare_client()).into_iter().filter(|request| request["status"] == 201);
    let invited = invited.map(|request| {
        let body: Value = serde_json::from_str(request["body"].as_str().unwrap()).unwrap();
        body["invitedUser"]["id"].as_str().unwrap().to_owned()
    });
    let journal = std::fs::read_to_string(share.options["journal"].as_str().unwrap()).unwrap();
    let lines = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let done = lines.filter(|line| line["kind"] == "outcome" && line["outcome"] == "done");
    let done = done.map(|line| line["user_id"].as_str().unwrap().to_owned());
    is_each_once(invited, share.guests) && is_each_once(done, share.guests)
}

fn is_each_once(ids: impl Iterator<Item = String>, guests: u32) -> bool {
    let ids: Vec<_> = ids.collect();
    ids.len() == guests as usize && ids.iter().collect::<HashSet<_>>().len() == ids.len()
}

/// The whole plan once more, with the journals, whose every line is read and checked.
fn resume(plan: &[Share]) {
    let again = |share: &Share| {
        let mut options = share.options.clone();
        options["resume"] = true.into();
        Run::start(&options, share.guests, share.moves, "done_before")
    };
    drive(&mut plan.iter().map(again).collect::<Vec<_>>(), || {});
}
