//! A torn end is cut off, and nothing else is ever given up.

use super::super::open::{create_on, resume_on};
use super::super::record::Cut;
use super::super::{Record, Standing, Step};
use super::simulated::{Fault, Loss, Machine};
use super::{NAME, binding, email, ended, intent, ours, user_id};
use crate::report::Outcome;
use crate::status::Status;

fn lines(content: &[u8]) -> Vec<&[u8]> {
    content.split_inclusive(|byte| *byte == b'\n').collect()
}

fn resume(machine: &Machine) -> Result<Option<Cut>, Status> {
    resume_on(machine.file(), NAME, &ours(), |_| ()).map(|(_, _, healed)| healed).map_err(|error| error.status)
}

/// A journal whose last batch is not synced: what was synced before it, and all.
fn unsynced(machine: &Machine) -> (Vec<u8>, Vec<u8>) {
    let mut appender = create_on(machine.file(), NAME, &ours()).unwrap();
    appender.add(&[intent(0, Step::Address, true), intent(1, Step::Invite, false)], true).unwrap();
    appender.add(&[ended(1, Outcome::Done)], false).unwrap();
    appender.add(&[intent(0, Step::Invite, true), intent(2, Step::Invite, true)], true).unwrap();
    appender.add(&[ended(0, Outcome::Done), intent(3, Step::Invite, false), ended(2, Outcome::Failed)], false).unwrap();
    (machine.on_disk(), machine.shown())
}

/// A journal that was closed, in some batches.
fn closed() -> Vec<u8> {
    let machine = Machine::new(0);
    let mut appender = create_on(machine.file(), NAME, &ours()).unwrap();
    appender.add(&[intent(0, Step::Invite, true), intent(1, Step::Address, false)], true).unwrap();
    appender.add(&[ended(0, Outcome::Done), intent(1, Step::Invite, false)], true).unwrap();
    appender.close().unwrap();
    machine.on_disk()
}

/// After a crash: what was synced is there, whole lines follow, and the rest was cut off.
fn check_healed(machine: &Machine, synced: &[u8], all: &[u8], what: &str) {
    let found = machine.shown();
    let healed = resume(machine).unwrap_or_else(|status| panic!("{what}: {status:?}"));
    let now = machine.on_disk();
    assert_eq!(now, machine.shown(), "{what}");
    assert!(now.starts_with(synced), "{what}");
    let now = lines(&now);
    let (last, kept) = now.split_last().unwrap();
    assert!(String::from_utf8_lossy(last).contains("resumed"), "{what}");
    assert_eq!(kept, &lines(all)[..kept.len()], "{what}");
    let kept = kept.concat();
    // only whole lines count, and all of them
    let whole = lines(all).into_iter().scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    });
    let most = whole.filter(|end| found.starts_with(&all[..*end])).max().unwrap_or(0);
    assert_eq!(kept.len(), most, "{what}");
    let cut = (found.len() - kept.len()) as u64;
    assert_eq!(healed, (cut > 0).then_some(Cut { line: now.len() as u64, bytes: cut }), "{what}");
    // and it can be resumed again, with nothing to heal
    assert_eq!(resume(machine), Ok(None), "{what}");
}

#[test]
fn every_torn_end_is_healed() {
    let machine = Machine::new(1);
    let (synced, all) = unsynced(&machine);
    let mut points = 0;
    let mut check = |loss: Loss| {
        let after = machine.split();
        after.restart(loss);
        check_healed(&after, &synced, &all, &format!("{loss:?}"));
        points += 1;
    };
    for length in 0..=machine.unsynced() {
        check(Loss::Cut(length));
        check(Loss::Zeros(length, 0));
        check(Loss::Zeros(length, 4096));
    }
    check(Loss::Zeros(0, 3 << 20));
    for seed in 0..2000 {
        let machine = Machine::new(seed);
        let (synced, all) = unsynced(&machine);
        let loss = Loss::Sectors([1, 7, 16, 64, 512][seed as usize % 5]);
        machine.restart(loss);
        check_healed(&machine, &synced, &all, &format!("{seed} {loss:?}"));
        points += 1;
    }
    assert!(points > 4000, "{points}");
}

#[test]
fn what_was_on_disk_is_never_given_up() {
    let good = closed();
    let refused = |content: Vec<u8>, what: &str| {
        let machine = Machine::of(content.clone(), 0);
        assert_eq!(resume(&machine), Err(Status::JournalDamaged), "{what}");
        assert_eq!(machine.shown(), content, "{what}");
    };
    assert_eq!(resume(&Machine::of(good.clone(), 0)), Ok(None));
    let all = lines(&good);
    let proven = good.len() - all[all.len() - 1].len();
    for at in 0..proven {
        for flip in [0x01, 0x20, 0x80, good[at]] {
            let mut changed = good.clone();
            changed[at] ^= flip;
            refused(changed, &format!("byte {at} ^ {flip}"));
        }
    }
    for (at, line) in all.iter().enumerate().skip(1).take(all.len() - 2) {
        let without: Vec<_> = [&all[..at], &all[at + 1..]].concat().concat();
        refused(without, &format!("line {at} is missing"));
        let twice = [&all[..at], &[*line], &all[at..]].concat().concat();
        refused(twice, &format!("line {at} stands twice"));
        let mut swapped = all.clone();
        swapped.swap(at, at + 1);
        refused(swapped.concat(), &format!("line {at} stands behind the next"));
        let mut hole = all.clone();
        let zeros = vec![0; line.len()];
        hole[at] = &zeros;
        refused(hole.concat(), &format!("line {at} is zeros"));
        let other = closed();
        let mut foreign = all.clone();
        foreign[at] = lines(&other)[at];
        refused(foreign.concat(), &format!("line {at} is another journal's"));
    }
}

#[test]
fn a_changed_last_line_is_not_taken_for_a_torn_one() {
    let machine = Machine::new(3);
    unsynced(&machine);
    let good = machine.shown();
    let last = good.len() - lines(&good)[8].len();
    for at in last..good.len() - 1 {
        let mut changed = good.clone();
        changed[at] ^= 1;
        assert_eq!(resume(&Machine::of(changed, 0)), Err(Status::JournalDamaged), "byte {at}");
    }
}

#[test]
fn what_a_failed_sync_has_lost_is_written_again() {
    for seed in 0..200 {
        let machine = Machine::new(seed);
        let mut appender = create_on(machine.file(), NAME, &ours()).unwrap();
        appender.add(&[intent(0, Step::Invite, true)], true).unwrap();
        machine.fail_in(2, Fault::LostSync);
        appender.add(&[intent(1, Step::Invite, true), ended(0, Outcome::Done)], true).unwrap_err();
        machine.restart(Loss::Nothing);
        assert_eq!(resume(&machine), Ok(None), "{seed}");
        assert_eq!(machine.on_disk(), machine.shown(), "{seed}");
    }
}

#[test]
fn a_beginning_that_was_cut_off_can_be_begun_again_and_nothing_else() {
    let whole = |content: Vec<u8>| content.ends_with(b"\n") && !content.contains(&0);
    for seed in 0..300 {
        let machine = Machine::new(seed);
        machine.fail_in(seed % 3 + 1, Fault::Crash);
        assert_eq!(create_on(machine.file(), NAME, &ours()).err().unwrap().status, Status::JournalUnusable);
        machine.restart(if seed % 3 == 0 { Loss::Nothing } else { Loss::Sectors(32) });
        match whole(machine.shown()) || seed % 2 == 0 {
            true => drop(resume(&machine).unwrap()),
            false => drop(create_on(machine.file(), NAME, &ours()).unwrap()),
        }
        assert_eq!(create_on(machine.file(), NAME, &ours()).err().unwrap().status, Status::JournalUnusable);
        assert!(whole(machine.on_disk()) && machine.is_named(), "{seed}");
    }
    for other in ["user,email\na,b\n", "{}", "x", "\n", "{\"seq\":0,\"synced\":0,\"time\":\"2026\n", "\0\n\0\n"] {
        let machine = Machine::of(other.into(), 0);
        assert_eq!(
            create_on(machine.file(), NAME, &ours()).err().unwrap().status,
            Status::JournalUnusable,
            "{other:?}"
        );
        assert_eq!(resume(&machine), Err(Status::JournalDamaged), "{other:?}");
        assert_eq!(machine.shown(), other.as_bytes(), "{other:?}");
    }
}

#[test]
fn a_full_disk_is_refused_before_anything_else() {
    for operation in 1..=3 {
        let machine = Machine::new(operation);
        machine.fail_in(operation, Fault::FullDisk);
        let created = create_on(machine.file(), NAME, &ours()).err().unwrap();
        assert_eq!(created.status, Status::JournalUnusable, "{created}");
    }
    let mut refused = 0;
    for operation in 1.. {
        let machine = Machine::of(closed(), operation);
        machine.fail_in(operation, Fault::FullDisk);
        match resume(&machine) {
            Ok(_) => break,
            Err(status) => assert_eq!(status, Status::JournalUnusable),
        }
        refused += 1;
    }
    assert_eq!(refused, 5, "write again, sync, sync the folder, write, sync");
}

#[test]
fn a_journal_of_something_else_is_refused() {
    let long = r#"{"send_invitation_message": true, "customized_message_body": "Welcome", "address": "other_mails"}"#;
    let machine = Machine::new(5);
    drop(create_on(machine.file(), NAME, &binding("Contoso", long)).unwrap());
    let why = |tenant: &str, options: &str| {
        resume_on(machine.file(), NAME, &binding(tenant, options), |_| ()).map(|_| ()).map_err(|error| error.message)
    };
    assert_eq!(why("contoso", long), Ok(()));
    let says = |tenant: &str, options: &str, wanted: &[&str], unwanted: &[&str]| {
        let message = why(tenant, options).unwrap_err();
        assert!(wanted.iter().all(|word| message.contains(word)), "{message}");
        assert!(!unwanted.iter().any(|word| message.contains(word)), "{message}");
    };
    says("fabrikam", long, &["tenant_id is contoso there and fabrikam here"], &["address", "message"]);
    let other = long.replace("Welcome", "Good-bye").replace("other_mails", "mail");
    let wanted = ["address is \"other_mails\" there and \"mail\" here", "customized_message_body is not the same"];
    says("contoso", &other, &wanted, &["Welcome", "Good-bye", "tenant_id"]);
    says("contoso", r#"{"address": "other_mails"}"#, &["send_invitation_message is true there and false here"], &[]);
}

#[test]
fn a_newer_form_is_no_damage() {
    use super::super::line::{self, Seal};
    let Record::Header(mut header) = first_record(&closed()) else { panic!("no header") };
    header.schema += 1;
    header.library = "9.0.0".into();
    let mut content = Vec::new();
    line::write(&mut content, Seal::default(), 0, 0, "2026-11-21T00:00:00Z", &Record::Header(header));
    let error = resume_on(Machine::of(content, 0).file(), NAME, &ours(), |_| ()).err().unwrap();
    assert_eq!(error.status, Status::JournalMismatch);
    assert!(error.message.contains("9.0.0"), "{error}");
}

fn first_record(content: &[u8]) -> Record {
    use super::super::line::{self, Seal};
    let text = lines(content)[0].strip_suffix(b"\n").unwrap();
    line::read(text, Seal::default()).unwrap().record
}

#[test]
fn the_end_of_what_was_never_begun_is_damage() {
    let machine = Machine::new(6);
    let mut appender = create_on(machine.file(), NAME, &ours()).unwrap();
    appender.add(&[ended(1, Outcome::Unknown)], true).unwrap();
    let error = resume_on(machine.file(), NAME, &ours(), |_| ()).err().unwrap();
    assert_eq!(error.status, Status::JournalDamaged);
    assert!(error.message.starts_with("line 2 of the journal run.jsonl "), "{error}");
}

#[test]
fn a_file_of_any_length_is_read_in_pieces() {
    let machine = Machine::new(7);
    let mut appender = create_on(machine.file(), NAME, &ours()).unwrap();
    for number in 0..2000 {
        appender.add(&[intent(number, Step::Address, true), ended(number, Outcome::Done)], number % 7 == 0).unwrap();
    }
    let (_, index, _) = resume_on(machine.file(), NAME, &ours(), |_| ()).unwrap();
    for number in 0..2000 {
        assert_eq!(index.find(&user_id(number), Some(&email(number))), Standing::Done, "{number}");
    }
}
