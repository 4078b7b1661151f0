//! Real files, real locks, the real thread.

use super::super::open::{create_on, resume_on};
use super::super::{Ended, Named, Record, Resumed, Standing, Step, Writer, create, resume};
use super::simulated::{Fault, Loss, Machine};
use super::{NAME, binding, email, ended, intent, ours, user_id};
use crate::report::Outcome;
use crate::status::Status;
use std::fs;
use std::task::{Context, Waker};

pub(super) fn on_one_thread<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, work)
}

#[test]
fn a_run_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    assert_eq!(resume(&path, &ours(), None).err().unwrap().status, Status::JournalUnusable);
    assert!(!path.exists());
    on_one_thread(async {
        let writer = create(&path, &ours()).unwrap();
        for held in [create(&path, &ours()).err(), resume(&path, &ours(), None).err()] {
            let error = held.unwrap();
            assert_eq!((error.status, error.message.contains("in use")), (Status::JournalUnusable, true), "{error}");
        }
        // people may look at it meanwhile
        assert!(fs::read_to_string(&path).unwrap().contains("contoso"));
        writer.commit(intent(1, Step::Invite, true)).await.unwrap();
        writer.append(ended(1, Outcome::Done)).await.unwrap();
        writer.commit(intent(2, Step::Invite, true)).await.unwrap();
        writer.close().await.unwrap();
        assert!(create(&path, &ours()).unwrap_err().message.contains("exists"));
        let Resumed { writer, index, mails } = resume(&path, &ours(), None).unwrap();
        assert!(mails.is_none());
        assert_eq!(index.find(&user_id(1), Some(&email(1))), Standing::Done);
        assert!(matches!(index.find(&user_id(2), Some(&email(2))), Standing::Open(_)));
        writer.close().await.unwrap();
    });
    let kinds: Vec<_> = fs::read_to_string(&path).unwrap().lines().map(kind).collect();
    assert_eq!(kinds, ["header", "intent", "outcome", "intent", "closed", "resumed", "closed"]);
}

fn kind(line: &str) -> String {
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    line["kind"].as_str().unwrap().to_owned()
}

#[test]
fn a_writer_that_is_dropped_still_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    on_one_thread(async {
        let writer = create(&path, &ours()).unwrap();
        writer.append(ended(1, Outcome::Refused)).await.unwrap();
    });
    // the thread lets go of the file once it has written
    while resume(&path, &ours(), None).is_err() {
        std::thread::yield_now();
    }
    assert!(fs::read_to_string(&path).unwrap().contains("refused"));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_refused_before_anything_else() {
    let refused = |path: &str| {
        let error = create(path.as_ref(), &ours()).unwrap_err();
        assert_eq!(error.status, Status::JournalUnusable, "{path}: {error}");
        assert!(error.message.contains(path) && error.message.contains("nothing was sent"), "{error}");
        assert!(error.hint.is_some());
        error.message
    };
    if fs::exists("/dev/full").unwrap() {
        assert!(refused("/dev/full").contains("No space left"));
    }
    let folder = tempfile::tempdir().unwrap();
    let inside = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    refused(&inside(""));
    refused(&inside("absent/run.jsonl"));
    if fs::exists("/proc/self").unwrap() {
        // a folder that nobody can write to, not even root, whom permissions do not keep out
        refused("/proc/self/run.jsonl");
    }
    let mode = |mode| std::os::unix::fs::PermissionsExt::from_mode(mode);
    fs::set_permissions(folder.path(), mode(0o555)).unwrap();
    if fs::write(inside("probe"), "").is_err() {
        assert!(refused(&inside(NAME)).contains("Permission denied"));
    }
    fs::set_permissions(folder.path(), mode(0o755)).unwrap();
}

#[test]
fn a_hundred_tasks_share_two_writes() {
    let machine = Machine::new(0);
    let writer = Writer::start(create_on(machine.file(), NAME, &ours()).unwrap(), NAME.into()).unwrap();
    let before = machine.operations();
    let mut commits: Vec<_> =
        (0..100).map(|number| Box::pin(writer.commit(intent(number, Step::Invite, true)))).collect();
    machine.hold(|| {
        for commit in &mut commits {
            assert!(commit.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
    });
    on_one_thread(async {
        for commit in commits {
            commit.await.unwrap();
        }
    });
    assert!(machine.operations() - before <= 4, "{} writes and syncs", machine.operations() - before);
}

#[test]
fn a_failure_reaches_every_task() {
    for (seed, fault) in [Fault::Crash, Fault::FullDisk, Fault::LostSync].into_iter().cycle().take(30).enumerate() {
        let machine = Machine::new(seed as u64);
        let appender = create_on(machine.file(), NAME, &ours()).unwrap();
        machine.fail_in(seed as u64 + 1, fault);
        let committed = on_one_thread(async {
            let writer = std::rc::Rc::new(Writer::start(appender, NAME.into()).unwrap());
            let tasks: Vec<_> = (0..100)
                .map(|number| {
                    let writer = writer.clone();
                    tokio::task::spawn_local(async move {
                        let mut committed = 0;
                        for step in [Step::Address, Step::Invite] {
                            match writer.commit(intent(number, step, true)).await {
                                Ok(()) => committed += 1,
                                Err(error) => {
                                    assert_eq!(error.status, Status::JournalFailed);
                                    assert!(error.message.contains(NAME), "{error}");
                                    assert!(writer.commit(intent(number, step, true)).await.is_err());
                                    assert!(writer.append(ended(number, Outcome::Failed)).await.is_err());
                                    break;
                                }
                            }
                            writer.append(ended(number, Outcome::Failed)).await.ok();
                        }
                        (number, committed)
                    })
                })
                .collect();
            let mut committed = Vec::new();
            for task in tasks {
                committed.push(task.await.unwrap());
            }
            let closed = std::rc::Rc::into_inner(writer).unwrap().close().await;
            if committed.iter().any(|(_, count)| *count < 2) {
                assert_eq!(closed.unwrap_err().status, Status::JournalFailed);
            }
            committed
        });
        machine.restart(Loss::Sectors(64));
        let disk = String::from_utf8_lossy(&machine.on_disk()).into_owned();
        for (number, count) in committed {
            let found = disk.lines().filter(|line| line.contains("\"intent\"") && line.contains(&user_id(number)));
            assert!(found.count() >= count, "{seed} {fault:?} {number}");
        }
        resume_on(machine.file(), NAME, &ours(), |_| ()).unwrap();
    }
}

#[test]
fn no_secret_has_a_place_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let options = r#"{"send_invitation_message": true, "customized_message_body": "the message",
        "invite_redirect_url": "https://app.example.com/?key=the-key"}"#;
    on_one_thread(async {
        let writer = create(&path, &binding("contoso", options)).unwrap();
        writer.commit(intent(1, Step::Address, true)).await.unwrap();
        let Record::Outcome(outcome) = ended(1, Outcome::Done) else { panic!("no outcome") };
        let named = Some(Named { user: "guest1@fabrikam.example".into(), email: None });
        writer.append(Record::Outcome(Ended { named, ..outcome })).await.unwrap();
        writer.close().await.unwrap();
    });
    let text = fs::read_to_string(&path).unwrap();
    for secret in ["the message", "the-key", "app.example.com"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    // what lines may say at all: a new member is to be thought about
    let known = [
        "seq",
        "synced",
        "time",
        "kind",
        "sum",
        "schema",
        "id",
        "library",
        "tenant_id",
        "cloud",
        "graph_url",
        "options",
        "user_id",
        "email",
        "named",
        "tag",
        "step",
        "mail",
        "state_before",
        "changed_before",
        "address",
        "outcome",
        "status",
        "state_changed",
        "request_ids",
    ];
    for line in text.lines() {
        let line: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        assert_eq!(line.keys().find(|key| !known.contains(&key.as_str())), None);
        assert!(line.keys().next_back().is_some_and(|key| key == "sum"));
    }
}
