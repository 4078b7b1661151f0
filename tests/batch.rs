//! Batches through the C ABI: `redemption_batch_*`.
#![allow(unsafe_code, clippy::unwrap_used)]

mod support;

use guest_redemption::sandbox::Settings;
use guest_redemption::{Status, ffi};
use serde_json::json;
use std::collections::HashMap;
use std::ptr::{null, null_mut};
use std::time::{Duration, Instant};
use support::batch::{Batch, status};
use support::{Outcome, Tenant, id};

fn plain(number: u64) -> String {
    format!("20000000-0000-4000-8000-{number:012x}")
}

fn tenant(users: usize) -> Tenant {
    Tenant::with(Settings { users, limits: false, ..Settings::default() })
}

#[test]
fn one_thread_resets_many_guests() {
    const GUESTS: u64 = 300;
    let tenant = tenant(300);
    let batch = Batch::start(&tenant, json!({"max_in_flight": 8, "send_invitation_message": true}));
    let mut done = HashMap::new();
    let mut was_full = false;
    for number in 1..=GUESTS {
        let email = format!("moved{number}@northwind.com");
        while batch.add(number, &plain(number), Some(&email), None, 0) == Status::BatchFull {
            was_full = true;
            let (tag, outcome) = batch.next(30_000).unwrap();
            done.insert(tag, outcome);
        }
    }
    batch.finish();
    assert_eq!(batch.add(0, &plain(1), None, None, 0), Status::BatchClosed);
    done.extend(batch.results());
    assert!(was_full);
    assert_eq!(done.len() as u64, GUESTS);
    for (tag, outcome) in &done {
        assert_eq!(outcome.outcome(), "done", "{outcome:?}");
        assert_eq!(outcome.result()["guest_after"]["id"], plain(*tag));
        assert_eq!(outcome.result()["guest_after"]["mail"], format!("moved{tag}@northwind.com"));
    }
    let state = tenant.sandbox.state();
    assert_eq!((state.invitations_accepted, state.mails.len() as u64), (GUESTS, GUESTS));
    assert_eq!(batch.next(0).unwrap_err(), Status::BatchDone);
}

#[test]
fn what_is_wrong_with_a_guest_is_its_result() {
    let tenant = tenant(3);
    let batch = Batch::start(&tenant, json!({}));
    let add = |tag, user: &str, email: Option<&str>, options| {
        assert_eq!(batch.add(tag, user, email, options, 5_000), Status::Ok);
    };
    add(1, "nobody at all", None, None);
    add(2, "nobody@fabrikam.com", None, None);
    add(3, &plain(1), Some("not an address"), None);
    add(4, &plain(1), None, Some(json!({"verfy": "none"})));
    add(5, &plain(1), None, Some(json!({"timeout_ms": 5})));
    add(6, &id(7), None, None);
    add(7, &plain(2), None, Some(json!({"verify": "none"})));
    // SAFETY: the batch is not freed
    let null = unsafe { ffi::redemption_batch_add(batch.0, 8, null(), std::ptr::null(), std::ptr::null(), 0) };
    assert_eq!(status(null), Status::Ok);
    batch.finish();
    let results = batch.results();
    let expected = [
        (1, Status::InvalidUserId),
        (2, Status::GuestNotFound),
        (3, Status::MalformedAddress),
        (4, Status::UnknownOption),
        (5, Status::UnknownOption),
        (6, Status::InternalUser),
        (7, Status::Ok),
        (8, Status::NullArgument),
    ];
    for (tag, status) in expected {
        assert_eq!(results[&tag].status, status, "{tag}: {:?}", results[&tag]);
    }
    assert_eq!(results[&7].outcome(), "accepted_unverified");
    assert_eq!(tenant.sandbox.state().invitations_accepted, 1);
}

#[test]
fn the_same_guest_twice_is_a_conflict_unless_it_is_the_same_wish() {
    let tenant = tenant(0);
    let batch = Batch::start(&tenant, json!({"send_invitation_message": true}));
    // by whatever name
    for (tag, user, email) in [
        (1, id(1), Some("alice@tailspin.com")),
        (2, "alice@fabrikam.com".to_owned(), Some("ALICE@tailspin.com")),
        (3, id(1).to_uppercase(), Some("alice@litware.com")),
        (4, id(2), None),
        (5, id(2), None),
    ] {
        batch.add(tag, &user, email, None, 5_000);
    }
    batch.finish();
    let results = batch.results();
    let count = |what: &dyn Fn(&Outcome) -> bool| results.values().filter(|outcome| what(outcome)).count();
    // of several at the same time, any one may be the first
    assert_eq!(count(&|outcome| outcome.outcome() == "done"), 2, "{results:?}");
    let state = tenant.sandbox.state();
    assert_eq!((state.invitations_accepted, state.mails.len()), (2, 2));
    assert_eq!(count(&|outcome| outcome.outcome() == "repeated" || outcome.status == Status::BatchConflict), 3);
    assert!(count(&|outcome| outcome.status == Status::BatchConflict) >= 1, "{results:?}");
}

#[test]
fn an_address_goes_to_one_guest() {
    let tenant = tenant(3);
    // which of them is first is left to chance
    let batch = Batch::start(&tenant, json!({"address": "other_mails"}));
    for number in 1..=3 {
        batch.add(number, &plain(number), Some("sam@adatum.com"), None, 5_000);
    }
    batch.finish();
    let results = batch.results();
    let refused: Vec<_> = results.values().filter(|outcome| outcome.status == Status::AddressInUse).collect();
    assert_eq!(refused.len(), 2, "{results:?}");
    assert!(refused.iter().all(|outcome| outcome.message == "sam@adatum.com goes to another guest of this batch"));
    let changes = tenant.sandbox.state().requests.into_iter().filter(|request| request.method == "PATCH");
    assert_eq!(changes.count(), 1);
}

#[test]
fn a_cancelled_batch_sends_nothing_more_and_gives_every_result() {
    let tenant = tenant(60);
    tenant.faults("GET", "/memberOf", 1_000, json!({"delay_ms": 600_000}));
    let batch = Batch::start(&tenant, json!({"max_in_flight": 20}));
    for number in 1..=40 {
        assert_eq!(batch.add(number, &plain(number), None, None, 5_000), Status::Ok);
    }
    assert_eq!(batch.next(100).unwrap_err(), Status::BatchPending);
    let start = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(100));
            batch.cancel();
        });
        let results = batch.results();
        assert_eq!(results.len(), 40);
        assert!(results.values().all(|outcome| outcome.status == Status::Cancelled), "{results:?}");
    });
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(batch.add(1, &plain(1), None, None, 0), Status::BatchClosed);
    assert_eq!(tenant.sandbox.state().writes, 0);
}

#[test]
fn a_batch_that_is_freed_early_returns_at_once() {
    let tenant = tenant(10);
    tenant.faults("GET", "/users", 1_000, json!({"delay_ms": 600_000}));
    let batch = Batch::start(&tenant, json!({}));
    for number in 1..=10 {
        batch.add(number, &plain(number), None, None, 0);
    }
    let start = Instant::now();
    drop(batch);
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(tenant.sandbox.state().writes, 0);
}

#[test]
fn wrong_options_start_nothing_and_say_why() {
    let tenant = tenant(0);
    for (options, expected) in [
        (json!({"max_in_flight": 0}), Status::OutOfRange),
        (json!({"max_in_flight": "5"}), Status::WrongType),
        (json!({"cancel_id": 1}), Status::UnknownCancelId),
        (json!({"verfy": "none"}), Status::UnknownOption),
        (json!({"message_language": "nl-NL"}), Status::ConflictingOptions),
        (json!({"auth": {"grant": "session", "session": "s0"}}), Status::UnknownSession),
    ] {
        let why = Batch::try_start(&tenant.options(options.clone())).err().unwrap();
        assert_eq!(why.status, expected, "{options}: {why:?}");
    }
    let cancel = ffi::redemption_cancel_new();
    let why = Batch::try_start(&tenant.options(json!({"cancel_id": cancel}))).err().unwrap();
    assert_eq!(why.status, Status::ConflictingOptions);
    ffi::redemption_cancel_free(cancel);
    // SAFETY: NULL is allowed everywhere
    let start = unsafe { ffi::redemption_batch_start(null(), null_mut(), null_mut()) };
    // SAFETY: as above
    let finish = unsafe { ffi::redemption_batch_finish(null_mut()) };
    // SAFETY: as above
    let next = unsafe { ffi::redemption_batch_next(null_mut(), 0, null_mut(), null_mut()) };
    assert_eq!([start, finish, next].map(status), [Status::NullArgument; 3]);
    // SAFETY: as above
    unsafe { ffi::redemption_batch_cancel(null_mut()) };
    // SAFETY: as above
    unsafe { ffi::redemption_batch_free(null_mut()) };
}

#[test]
fn several_threads_share_a_batch() {
    let tenant = tenant(200);
    let batch = Batch::start(&tenant, json!({"max_in_flight": 16}));
    let taken = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let givers: Vec<_> = (0..4_u64)
            .map(|giver| {
                let batch = &batch;
                scope.spawn(move || {
                    for number in (giver * 50 + 1)..=(giver * 50 + 50) {
                        assert_eq!(batch.add(number, &plain(number), None, None, 60_000), Status::Ok);
                    }
                })
            })
            .collect();
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    match batch.next(30_000) {
                        Ok((tag, outcome)) => {
                            assert_eq!(outcome.outcome(), "done", "{outcome:?}");
                            taken.lock().unwrap().push(tag);
                        }
                        Err(status) => return assert_eq!(status, Status::BatchDone),
                    }
                }
            });
        }
        givers.into_iter().for_each(|giver| giver.join().unwrap());
        batch.finish();
    });
    let mut taken = taken.into_inner().unwrap();
    taken.sort_unstable();
    assert_eq!(taken, (1..=200).collect::<Vec<_>>());
}
