//! Whole campaigns against a service that loses answers, refuses and shows old values, on a machine that crashes:
//! whatever happens, no guest is missed, no mail goes out twice, and unknown is only what nobody can know.

use super::super::appender::Appender;
use super::super::open::resume_on;
use super::super::{AddressChange, Doubt, Ended, Index, Intent, NotAccepted, Record, Standing, Step, Verdict, judge};
use super::simulated::{Fault, Loss, Machine};
use super::{NAME, email, ours, user_id};
use crate::report::{Outcome, UndoValues};
use fastrand::Rng;

const PENDING: &str = "PendingAcceptance";

/// A guest as the service knows it.
struct Guest {
    mail_wanted: bool,
    holds_address: bool,
    state: &'static str,
    changed: u64,
    /// What reads show for a while after a change, and for how many of them.
    former: (&'static str, u64),
    stale_reads: u32,
    accepted: u32,
    mails: u32,
    /// Posts that were sent.
    posts: u32,
    /// Whether there was an invitation before: once one of the two is redeemed, nobody can tell which.
    was_pending: bool,
    /// Whether a run ended, or an answer was lost, while a post could have been on its way.
    may_be_out: bool,
}

struct Service {
    guests: Vec<Guest>,
    rng: Rng,
    /// How bad things are, of 100; 0 for a service that just works.
    trouble: u32,
}

enum Answer {
    Accepted,
    NotYet,
    Refused,
    Lost,
}

impl Service {
    fn new(mut rng: Rng) -> Self {
        let mut guest = |was_pending| Guest {
            mail_wanted: rng.bool(),
            holds_address: rng.bool(),
            state: if was_pending { PENDING } else { "Accepted" },
            changed: 1,
            former: ("Accepted", 1),
            stale_reads: 0,
            accepted: 0,
            mails: 0,
            posts: 0,
            was_pending,
            may_be_out: false,
        };
        let guests = [true, false, true, false, false].map(&mut guest).into();
        Self { guests, rng, trouble: 30 }
    }

    fn bad_luck(&mut self) -> bool {
        self.rng.u32(..100) < self.trouble
    }

    fn read(&mut self, number: usize) -> (String, String) {
        let guest = &mut self.guests[number];
        let stale = self.trouble > 0 && guest.stale_reads > 0;
        guest.stale_reads = guest.stale_reads.saturating_sub(1);
        let (state, changed) = if stale { guest.former } else { (guest.state, guest.changed) };
        (state.to_owned(), changed.to_string())
    }

    fn post(&mut self, number: usize) -> Answer {
        let (unclear, refused) = (self.bad_luck(), self.bad_luck());
        let stale_reads = self.rng.u32(..4);
        let not_yet = self.rng.bool();
        let guest = &mut self.guests[number];
        guest.posts += 1;
        match (refused, unclear) {
            (true, false) if not_yet => return Answer::NotYet,
            (true, false) => return Answer::Refused,
            (true, true) => {
                guest.may_be_out = true;
                return Answer::Lost;
            }
            _ => {}
        }
        guest.accepted += 1;
        guest.mails += u32::from(guest.mail_wanted);
        guest.former = (guest.state, guest.changed);
        guest.stale_reads = stale_reads;
        guest.state = PENDING;
        guest.changed += 1;
        guest.may_be_out |= unclear;
        if unclear { Answer::Lost } else { Answer::Accepted }
    }

    /// Between two runs, some guests redeem what they have.
    fn time_passes(&mut self) {
        for guest in &mut self.guests {
            if guest.state == PENDING && self.rng.u32(..4) == 0 {
                guest.former = (guest.state, guest.changed);
                guest.state = "Accepted";
                guest.changed += 1;
            }
        }
    }
}

/// Where a guest's task stands, as the engine's would.
#[derive(Debug, PartialEq)]
enum At {
    Start,
    /// Looking for what an earlier run may have sent.
    LookBefore(Doubt, u32),
    Read,
    /// Waiting for an intent to be on disk.
    Commit(Step, Doubt),
    Patch(Doubt),
    Post(Doubt),
    LookAfter(Doubt, u32),
    End(Outcome),
}

struct Task {
    number: usize,
    at: At,
    /// Whether an earlier post may have been accepted, so that a refusal proves nothing.
    doubtful: bool,
    lost: u32,
}

/// One run: until all is done, or the journal fails.
struct Run<'a> {
    machine: &'a Machine,
    service: &'a mut Service,
    index: Index,
    queue: Vec<Record>,
    tasks: Vec<Task>,
    /// Tasks whose intent is in the queue.
    waiting: Vec<usize>,
}

impl Run<'_> {
    /// None where the journal has failed.
    fn finish(mut self, mut appender: Appender) -> Option<Vec<Outcome>> {
        loop {
            let ready: Vec<_> = self.tasks.iter().filter(|task| self.is_ready(task)).map(|task| task.number).collect();
            if ready.is_empty() && self.waiting.is_empty() {
                break;
            }
            if ready.is_empty() || self.service.rng.u32(..4) == 0 {
                if appender.add(&std::mem::take(&mut self.queue), !self.waiting.is_empty()).is_err() {
                    return self.interrupted();
                }
                for number in std::mem::take(&mut self.waiting) {
                    self.committed(number);
                }
            } else {
                let one = ready[self.service.rng.usize(..ready.len())];
                self.step(one);
            }
        }
        if appender.add(&self.queue, false).is_err() || appender.close().is_err() {
            return self.interrupted();
        }
        Some(
            self.tasks
                .into_iter()
                .map(|task| if let At::End(outcome) = task.at { outcome } else { Outcome::Failed })
                .collect(),
        )
    }

    fn is_ready(&self, task: &Task) -> bool {
        !matches!(task.at, At::End(_)) && !self.waiting.contains(&task.number)
    }

    /// What could have been on its way when the run ended.
    fn interrupted(self) -> Option<Vec<Outcome>> {
        for task in self.tasks {
            let out = match task.at {
                At::Start | At::LookBefore(..) | At::Read | At::Patch(_) | At::Commit(Step::Address, _) => false,
                At::Commit(Step::Invite, _) | At::Post(_) | At::LookAfter(..) | At::End(_) => true,
            };
            self.service.guests[task.number].may_be_out |= out;
        }
        None
    }

    fn step(&mut self, number: usize) {
        let before = std::mem::replace(&mut self.tasks[number].at, At::Start);
        let after = match before {
            At::Start => match self.index.find(&user_id(number), Some(&email(number))) {
                Standing::Done => At::End(Outcome::Done),
                Standing::New => At::Read,
                Standing::Elsewhere => panic!("guest {number} has one address"),
                Standing::Open(open) => {
                    assert_eq!(open.user_id, user_id(number));
                    open.doubt.clone().map_or(At::Read, |doubt| At::LookBefore(doubt, 0))
                }
            },
            At::LookBefore(doubt, times) => match self.judge(number, &doubt) {
                Verdict::Done => self.end(number, Outcome::Done),
                _ if times < 2 => At::LookBefore(doubt, times + 1),
                Verdict::Unknown => self.end(number, Outcome::Unknown),
                Verdict::PostAgain => {
                    self.tasks[number].doubtful = true;
                    At::Read
                }
            },
            At::Read => {
                let (state, changed) = self.service.read(number);
                let mail = self.service.guests[number].mail_wanted;
                let before = Doubt { mail, state_before: Some(state), changed_before: Some(changed) };
                let step = if self.service.guests[number].holds_address { Step::Invite } else { Step::Address };
                self.commit(number, step, before)
            }
            At::Patch(before) => {
                self.service.guests[number].holds_address = true;
                self.commit(number, Step::Invite, before)
            }
            At::Post(before) => self.post(number, before),
            At::LookAfter(before, times) => match self.judge(number, &before) {
                Verdict::Done => self.end(number, Outcome::Done),
                _ if times < 2 => At::LookAfter(before, times + 1),
                Verdict::PostAgain if self.tasks[number].lost < 3 => At::Post(before),
                _ => self.end(number, Outcome::Unknown),
            },
            at @ (At::Commit(..) | At::End(_)) => at,
        };
        self.tasks[number].at = after;
    }

    fn judge(&mut self, number: usize, doubt: &Doubt) -> Verdict {
        let (state, changed) = self.service.read(number);
        judge(doubt, Some(&state), Some(&changed))
    }

    fn commit(&mut self, number: usize, step: Step, before: Doubt) -> At {
        let undo = UndoValues { mail: Some("old@fabrikam.example".into()), other_mails: None };
        let change = AddressChange { mail: Some(email(number)), other_mails: None, undo };
        self.queue.push(Record::Intent(Intent {
            user_id: user_id(number),
            email: email(number),
            named: None,
            tag: 0,
            step,
            mail: before.mail,
            state_before: before.state_before.clone(),
            changed_before: before.changed_before.clone(),
            address: (step == Step::Address).then_some(change),
        }));
        self.waiting.push(number);
        At::Commit(step, before)
    }

    /// The intent is on disk, so what it intends may be sent.
    fn committed(&mut self, number: usize) {
        let task = &mut self.tasks[number];
        let At::Commit(step, before) = std::mem::replace(&mut task.at, At::Start) else { panic!("not waiting") };
        task.at = if step == Step::Address { At::Patch(before) } else { At::Post(before) };
    }

    fn post(&mut self, number: usize, before: Doubt) -> At {
        let disk = String::from_utf8_lossy(&self.machine.on_disk()).into_owned();
        let intended = |line: &str| line.contains(r#""step":"invite""#) && line.contains(&user_id(number));
        assert!(disk.lines().any(intended), "posted before the intent was on disk");
        let task = &mut self.tasks[number];
        match self.service.post(number) {
            Answer::Accepted => self.end(number, Outcome::AcceptedUnverified),
            Answer::Lost => {
                (task.lost, task.doubtful) = (task.lost + 1, true);
                At::LookAfter(before, 0)
            }
            Answer::NotYet => {
                let (user_id, email) = (user_id(number), email(number));
                self.queue.push(Record::NotAccepted(NotAccepted {
                    user_id,
                    email,
                    why: "ADDRESS_NOT_ON_GUEST".into(),
                }));
                self.commit(number, Step::Invite, before)
            }
            Answer::Refused if task.doubtful => self.end(number, Outcome::Unknown),
            Answer::Refused => self.end(number, Outcome::AddressChangedNotReset),
        }
    }

    fn end(&mut self, number: usize, outcome: Outcome) -> At {
        self.queue.push(Record::Outcome(Ended {
            user_id: Some(user_id(number)),
            email: Some(email(number)),
            named: None,
            tag: 0,
            outcome,
            status: "OK".into(),
            state_changed: None,
            request_ids: Vec::new(),
        }));
        At::End(outcome)
    }
}

fn run(machine: &Machine, service: &mut Service) -> Option<Vec<Outcome>> {
    let (appender, index, _) = match resume_on(machine.file(), NAME, &ours(), |_| ()) {
        Ok(opened) => opened,
        Err(error) => {
            assert_eq!(error.status, crate::status::Status::JournalUnusable, "{error}");
            return None;
        }
    };
    let tasks = (0..service.guests.len()).map(|number| Task { number, at: At::Start, doubtful: false, lost: 0 });
    let tasks = tasks.collect();
    Run { machine, service, index, queue: Vec::new(), tasks, waiting: Vec::new() }.finish(appender)
}

fn some_loss(rng: &mut Rng, unsynced: usize) -> Loss {
    let length = rng.usize(..=unsynced);
    match rng.u32(..8) {
        0..2 => Loss::Nothing,
        2 => Loss::Cut(length),
        3 => Loss::Zeros(length, rng.usize(..5000)),
        _ => Loss::Sectors([1, 16, 64, 512, 4096][rng.usize(..5)]),
    }
}

#[derive(Default, Debug)]
struct Tally {
    crashes: u32,
    guests: u32,
    done: u32,
    unknown: u32,
    posted_again_without_mail: u32,
}

/// A campaign with some crashes, and then a last run in which all goes well.
fn campaign(seed: u64, tally: &mut Tally) {
    let mut rng = Rng::with_seed(seed);
    let machine = Machine::new(rng.u64(..));
    let mut service = Service::new(rng.fork());
    for _ in 0..rng.u32(1..4) {
        let fault = [Fault::Crash, Fault::Crash, Fault::Crash, Fault::FullDisk, Fault::LostSync][rng.usize(..5)];
        machine.fail_in(rng.u64(1..24), fault);
        if run(&machine, &mut service).is_none() {
            tally.crashes += 1;
        }
        machine.restart(if fault == Fault::Crash { some_loss(&mut rng, machine.unsynced()) } else { Loss::Nothing });
        service.time_passes();
    }
    service.trouble = 0;
    let outcomes = run(&machine, &mut service).expect("nothing fails any more");
    for (number, (outcome, guest)) in outcomes.iter().zip(&service.guests).enumerate() {
        let what =
            format!("seed {seed}, guest {number}: {outcome:?}, {} accepted, {} mails", guest.accepted, guest.mails);
        assert!(guest.mails <= 1, "{what}");
        tally.guests += 1;
        match outcome {
            Outcome::Done | Outcome::AcceptedUnverified => {
                assert!(guest.accepted > 0, "{what}");
                tally.done += 1;
            }
            Outcome::Unknown => {
                assert!(guest.mail_wanted && guest.may_be_out, "{what}");
                assert!(guest.accepted == 0 || (guest.was_pending && guest.state != PENDING), "{what}");
                tally.unknown += 1;
            }
            _ => panic!("missed: {what}"),
        }
        if guest.accepted > 1 {
            assert!(!guest.mail_wanted && guest.may_be_out, "{what}");
            tally.posted_again_without_mail += 1;
        }
    }
    // whoever starts it once more changes nothing
    let posts: Vec<_> = service.guests.iter().map(|guest| guest.posts).collect();
    run(&machine, &mut service).expect("nothing fails any more");
    assert_eq!(posts, service.guests.iter().map(|guest| guest.posts).collect::<Vec<_>>(), "seed {seed}");
}

#[test]
fn ten_thousand_crashes_miss_nobody_and_mail_nobody_twice() {
    let mut tally = Tally::default();
    let mut seed = 0;
    while tally.crashes < 10_000 {
        campaign(seed, &mut tally);
        seed += 1;
    }
    println!("{seed} campaigns: {tally:?}");
    assert!(tally.unknown > 0 && tally.posted_again_without_mail > 0, "too little went wrong");
}
