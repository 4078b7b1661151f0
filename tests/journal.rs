//! Batches with a journal, through the C ABI: what is on disk when, resuming, redeem links, reminders.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

mod support;

use guest_redemption::Status;
use guest_redemption::sandbox::Settings;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use support::batch::Batch;
use support::{Outcome, Tenant};

/// A tenant with some plain guests, and a folder for a run.
struct Site {
    tenant: Tenant,
    folder: tempfile::TempDir,
}

impl Site {
    fn new(users: usize) -> Self {
        let tenant = Tenant::with(Settings { users, limits: false, ..Settings::default() });
        Self { tenant, folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn options(&self, members: Value) -> Value {
        let mut options = self.tenant.options(json!({"journal": self.path("run.jsonl"), "verify_timeout_ms": 400}));
        options.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        options
    }

    fn start(&self, members: Value) -> Batch {
        Batch::try_start(&self.options(members)).unwrap_or_else(|why| unreachable!("{why:?}"))
    }

    fn run(&self, members: Value, rows: &[(&str, Option<&str>)]) -> HashMap<u64, Outcome> {
        let batch = self.start(members);
        for (tag, (user, email)) in (1..).zip(rows) {
            assert_eq!(batch.add(tag, user, *email, None, 30_000), Status::Ok);
        }
        batch.finish();
        batch.results()
    }

    fn resume(&self, rows: &[(&str, Option<&str>)]) -> HashMap<u64, Outcome> {
        self.run(json!({"resume": true}), rows)
    }

    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("run.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn kinds(&self) -> Vec<String> {
        self.lines().iter().map(|line| line["kind"].as_str().unwrap().to_owned()).collect()
    }

    fn accepted(&self) -> u64 {
        self.tenant.sandbox.state().invitations_accepted
    }

    fn mails(&self) -> usize {
        self.tenant.sandbox.state().mails.len()
    }

    fn posts(&self) -> usize {
        self.tenant.requests("POST", "/invitations")
    }
}

fn plain(number: u64) -> String {
    format!("20000000-0000-4000-8000-{number:012x}")
}

#[test]
fn what_is_done_is_written_and_not_done_again() {
    let site = Site::new(3);
    let (one, two) = (plain(1), plain(2));
    let rows = [(one.as_str(), Some("moved1@northwind.com")), (two.as_str(), None)];
    let first = site.run(json!({"send_invitation_message": true, "max_in_flight": 1}), &rows);
    assert!(first.values().all(|outcome| outcome.outcome() == "done"), "{first:?}");
    assert_eq!(
        site.kinds(),
        ["header", "intent", "intent", "outcome", "intent", "outcome", "closed"],
        "the address, the invitation and the end of one guest, then the other"
    );
    let lines = site.lines();
    let header = &lines[0];
    assert_eq!(header["tenant_id"], first[&1].json["context"]["tenant_id"]);
    assert_eq!(header["options"]["send_invitation_message"], true);
    assert_eq!((&lines[1]["step"], &lines[1]["tag"]), (&json!("address"), &json!(1)));
    assert_eq!(lines[1]["address"]["mail"], "moved1@northwind.com");
    assert_eq!((&lines[3]["outcome"], &lines[3]["user_id"]), (&json!("done"), &json!(one)));
    assert_eq!(lines[3]["state_changed"], first[&1].result()["guest_after"]["external_user_state_change_date_time"]);
    assert_eq!(lines[3]["request_ids"].as_array().unwrap().len(), 2);

    let requests = site.tenant.sandbox.state().requests.len();
    let again = site.run(json!({"resume": true, "send_invitation_message": true}), &rows);
    assert!(again.values().all(|outcome| outcome.outcome() == "done_before"), "{again:?}");
    assert_eq!(site.tenant.sandbox.state().requests.len(), requests, "what is done needs no request");
    assert_eq!((site.accepted(), site.mails()), (2, 2));
    assert_eq!(site.kinds()[7..], ["resumed", "closed"]);
}

#[test]
fn a_journal_is_of_one_tenant_and_one_set_of_options() {
    let site = Site::new(1);
    let one = plain(1);
    site.run(json!({}), &[(&one, None)]);
    let why = |members| Batch::try_start(&site.options(members)).err().unwrap();
    let exists = why(json!({}));
    assert_eq!(exists.status, Status::JournalUnusable);
    assert!(exists.message.contains("run.jsonl") && exists.json["error"]["hint"].is_string(), "{exists:?}");
    let other = why(json!({"resume": true, "send_invitation_message": true}));
    assert_eq!(other.status, Status::JournalMismatch);
    assert!(other.message.contains("send_invitation_message"), "{other:?}");
    let missing = why(json!({"resume": true, "journal": site.path("other.jsonl")}));
    assert_eq!(missing.status, Status::JournalUnusable);
    assert!(!site.path("other.jsonl").exists());
    for (members, status) in [
        (json!({"journal": null, "resume": true}), Status::ConflictingOptions),
        (json!({"remind": {"not_within_s": 1}}), Status::ConflictingOptions),
        (json!({"resume": true, "remind": {"not_within_s": 400_000_000}}), Status::OutOfRange),
        (json!({"dry_run": true}), Status::ConflictingOptions),
        (json!({"journal": 7}), Status::WrongType),
    ] {
        assert_eq!(why(members.clone()).status, status, "{members}");
    }
    let text = fs::read_to_string(site.path("run.jsonl")).unwrap();
    fs::write(site.path("run.jsonl"), text.replacen("done", "gone", 1)).unwrap();
    assert_eq!(why(json!({"resume": true})).status, Status::JournalDamaged);
}

#[test]
fn two_runs_cannot_have_one_journal() {
    let site = Site::new(1);
    let held = site.start(json!({}));
    let why = Batch::try_start(&site.options(json!({"resume": true}))).err().unwrap();
    assert_eq!(why.status, Status::JournalUnusable);
    assert!(why.message.contains("in use"), "{why:?}");
    held.finish();
    assert!(held.results().is_empty());
    let next = site.start(json!({"resume": true}));
    next.finish();
    next.results();
}

/// The journal as a run leaves it that ends after the given line.
fn cut_after(site: &Site, lines: usize) {
    let text = fs::read_to_string(site.path("run.jsonl")).unwrap();
    let kept: String = text.split_inclusive('\n').take(lines).collect();
    fs::write(site.path("run.jsonl"), kept).unwrap();
}

#[test]
fn an_invitation_under_way_is_looked_for_and_never_mailed_twice() {
    // header, intent, outcome, closed: the run ends with the intent
    for (was_sent, mail, expected, accepted) in
        [(true, true, "done", 1), (true, false, "done", 1), (false, true, "unknown", 0), (false, false, "done", 1)]
    {
        let site = Site::new(1);
        let (one, options) = (plain(1), json!({"send_invitation_message": mail}));
        site.run(options.clone(), &[(&one, None)]);
        cut_after(&site, 2);
        if !was_sent {
            // as if it had never arrived: a tenant where nothing was posted, with the same guest
            let fresh = Site::new(1);
            let journal = fs::read_to_string(site.path("run.jsonl")).unwrap();
            let moved = reseal(&journal, site.tenant.sandbox.url(), fresh.tenant.sandbox.url());
            fs::write(fresh.path("run.jsonl"), moved).unwrap();
            check_resumed(&fresh, &one, mail, expected, accepted);
        } else {
            check_resumed(&site, &one, mail, expected, accepted);
        }
    }
}

fn check_resumed(site: &Site, guest: &str, mail: bool, expected: &str, accepted: u64) {
    let what = format!("{mail} {expected}");
    let results = site.run(json!({"resume": true, "send_invitation_message": mail}), &[(guest, None)]);
    assert_eq!(results[&1].outcome(), expected, "{what}: {results:?}");
    assert_eq!(site.accepted(), accepted, "{what}");
    let again = site.run(json!({"resume": true, "send_invitation_message": mail}), &[(guest, None)]);
    let expected = if expected == "unknown" { "unknown" } else { "done_before" };
    assert_eq!(again[&1].outcome(), expected, "{what}: {again:?}");
    assert_eq!(site.accepted(), accepted, "{what}");
}

/// The same journal for a service at another address.
fn reseal(journal: &str, from: &str, to: &str) -> String {
    let mut seal = 0_u32;
    let mut lines = String::new();
    for line in journal.lines() {
        let members = line.replace(from, to);
        let members = &members[..members.len() - r#","sum":"00000000"}"#.len()];
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&seal.to_le_bytes());
        hasher.update(members.as_bytes());
        let sum = hasher.finalize();
        if lines.is_empty() {
            seal = sum;
        }
        lines.push_str(&format!("{members},\"sum\":\"{sum:08x}\"}}\n"));
    }
    lines
}

#[test]
fn a_guest_whose_address_was_changed_is_found_again_and_can_be_put_back() {
    let site = Site::new(1);
    let one = plain(1);
    let before = site.tenant.call("user.get", json!({"user_id": one})).result()["user"]["mail"].clone();
    let old = before.as_str().unwrap().to_owned();
    let row = [(old.as_str(), Some("moved@northwind.com"))];
    site.tenant.faults("POST", "/invitations", 2, json!({"respond": {"status": 403, "body": "{}"}}));
    let first = site.run(json!({}), &row);
    assert_eq!(first[&1].status, Status::AddressChangedNotReset, "{first:?}");
    assert_eq!(first[&1].result()["undo"]["mail"], before);
    // the row names the guest by an address that it does not have any more
    let second = site.resume(&row);
    assert_eq!(second[&1].status, Status::AddressChangedNotReset, "{second:?}");
    assert_eq!(second[&1].result()["undo"]["mail"], before, "the values before everything");
    let third = site.resume(&row);
    assert_eq!(third[&1].outcome(), "done", "{third:?}");
    assert_eq!(site.accepted(), 1);
}

#[test]
fn one_guest_gets_one_address_from_one_journal() {
    let site = Site::new(1);
    let one = plain(1);
    site.run(json!({}), &[(&one, Some("moved@northwind.com"))]);
    let rows = [(one.as_str(), Some("moved@northwind.com")), (one.as_str(), Some("other@northwind.com"))];
    let results = site.resume(&rows);
    assert_eq!(results[&1].outcome(), "done_before");
    assert_eq!(results[&2].status, Status::BatchConflict, "{results:?}");
    assert_eq!(site.accepted(), 1);
}

#[test]
fn nothing_is_posted_that_is_not_on_disk() {
    let site = Site::new(2);
    if !fs::exists("/dev/full").unwrap() {
        return;
    }
    let full = Batch::try_start(&site.options(json!({"journal": "/dev/full"}))).err().unwrap();
    assert_eq!(full.status, Status::JournalUnusable, "{full:?}");
    let folder = Batch::try_start(&site.options(json!({"journal": site.path("absent/run.jsonl")}))).err().unwrap();
    assert_eq!(folder.status, Status::JournalUnusable);
    assert!(folder.message.contains("absent/run.jsonl"), "{folder:?}");
    assert_eq!(site.posts(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_ends_the_run() {
    let site = Site::new(40);
    // a file system of its own with little room
    let small = site.path("small");
    fs::create_dir(&small).unwrap();
    let mount =
        std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=16k", "tmpfs"]).arg(&small).status();
    if !mount.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no small file system can be mounted here");
        return;
    }
    let batch = site.start(json!({"journal": small.join("run.jsonl"), "max_in_flight": 2}));
    let (mut done, mut failed) = (0, 0);
    let mut take = |outcome: &Outcome| match outcome.status {
        Status::Ok => done += 1,
        Status::JournalFailed => failed += 1,
        other => unreachable!("{other:?}"),
    };
    let mut tag = 1;
    let closed = loop {
        match batch.add(tag, &plain(tag), None, None, 0) {
            Status::Ok => tag += 1,
            Status::BatchFull => take(&batch.next(30_000).unwrap().1),
            other => break other,
        }
    };
    assert_eq!(closed, Status::BatchClosed, "the run has to end before all forty fit into 16 kB");
    batch.finish();
    let end = loop {
        match batch.next(30_000) {
            Ok((_, outcome)) => take(&outcome),
            Err(end) => break end,
        }
    };
    assert_eq!(end, Status::JournalFailed);
    assert!(done > 0 && failed > 0 && done + failed == tag - 1, "{done} {failed} {tag}");
    assert_eq!(site.accepted(), done, "what could not be noted was not sent");
    drop(batch);
    assert!(std::process::Command::new("umount").arg("-l").arg(&small).status().unwrap().success());
}

#[test]
fn redeem_links_are_kept_for_their_owner_alone() {
    let site = Site::new(2);
    let links = site.path("links.jsonl");
    let (one, two) = (plain(1), plain(2));
    let results = site.run(json!({"redeem_url_path": links}), &[(&one, None), (&two, Some("not an address"))]);
    let text = fs::read_to_string(&links).unwrap();
    let kept: Value = serde_json::from_str(text.trim_end()).unwrap();
    assert_eq!(kept["user_id"], one);
    assert_eq!(kept["invite_redeem_url"], results[&1].result()["invite_redeem_url"]);
    assert!(kept["invite_redeem_url"].is_string() && kept["email"].is_string());
    let journal = fs::read_to_string(site.path("run.jsonl")).unwrap();
    assert!(!journal.contains("redeem?") && !journal.contains(&site.tenant.token), "{journal}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&links).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&links, fs::Permissions::from_mode(0o640)).unwrap();
        let options = site.options(json!({"redeem_url_path": links, "resume": true}));
        let why = Batch::try_start(&options).err().unwrap();
        assert_eq!(why.status, Status::RedeemUrlFileUnusable);
        assert!(why.message.contains("links.jsonl"), "{why:?}");
    }
}

#[test]
fn a_guest_that_is_not_as_planned_is_refused() {
    let site = Site::new(1);
    let one = plain(1);
    let user = site.tenant.call("user.get", json!({"user_id": one})).result()["user"].clone();
    let expected = json!({
        "mail": user["mail"], "other_mails": [],
        "external_user_state": "Accepted",
    });
    let batch = site.start(json!({}));
    let mut changed = expected.clone();
    changed["mail"] = "somebody@fabrikam.com".into();
    let add = |tag, expected: &Value| {
        let options = Some(json!({"expected": expected}));
        assert_eq!(batch.add(tag, &one, Some("moved@northwind.com"), options, 30_000), Status::Ok);
        batch.next(30_000).unwrap().1
    };
    let refused = add(1, &changed);
    assert_eq!((refused.status, refused.outcome()), (Status::GuestChanged, "refused"), "{refused:?}");
    assert!(refused.message.contains("mail"), "{refused:?}");
    assert_eq!(site.tenant.requests("PATCH", "/users"), 0);
    assert_eq!(add(2, &expected).outcome(), "repeated", "one batch takes a guest once");
    batch.finish();
    batch.results();
    let again = site.start(json!({"resume": true}));
    let options = Some(json!({"expected": expected}));
    for tag in 1..=2 {
        assert_eq!(again.add(tag, &one, Some("moved@northwind.com"), options.clone(), 30_000), Status::Ok);
    }
    again.finish();
    let results = again.results();
    assert_eq!(results[&1].outcome(), "done", "{results:?}");
    assert_eq!(results[&2].outcome(), "repeated", "the same row twice is no change of the guest: {results:?}");
}

#[test]
fn reminders_go_to_the_pending_and_not_twice() {
    let site = Site::new(3);
    let (one, two, three) = (plain(1), plain(2), plain(3));
    let rows = [(one.as_str(), None), (two.as_str(), None), (three.as_str(), None)];
    let done = site.run(json!({}), &rows);
    let email = |tag| done[&tag].result()["email"].as_str().unwrap().to_owned();
    let emails = [email(1), email(2), email(3)];
    let rows = [
        (one.as_str(), Some(emails[0].as_str())),
        (two.as_str(), Some(emails[1].as_str())),
        (three.as_str(), Some("nobody@northwind.com")),
    ];
    site.tenant.sandbox.control("/sandbox/redeem", json!({"user_id": two}));
    let remind = |seconds: u64| site.run(json!({"resume": true, "remind": {"not_within_s": seconds}}), &rows);
    let first = remind(3600);
    assert_eq!(first[&1].outcome(), "reminded", "{first:?}");
    assert_eq!(first[&2].outcome(), "redeemed", "{first:?}");
    assert_eq!(first[&3].status, Status::AddressNotOnGuest, "{first:?}");
    assert_eq!((site.mails(), site.accepted()), (1, 4));
    let state = |user: &str| site.tenant.call("user.get", json!({"user_id": user})).result()["user"].clone();
    assert_eq!(state(&two)["externalUserState"], "Accepted");
    let second = remind(3600);
    assert_eq!(second[&1].outcome(), "reminded_before", "{second:?}");
    assert_eq!(site.mails(), 1);
    // the attempt of a run that ended meanwhile may have sent a mail
    let lines = site.kinds();
    let reminder = lines.iter().position(|kind| kind == "reminder").unwrap();
    cut_after(&site, reminder + 1);
    assert_eq!(remind(3600)[&1].outcome(), "reminded_before");
    // the journal tells whole seconds
    let second = || std::thread::sleep(std::time::Duration::from_millis(1100));
    second();
    assert_eq!(remind(0)[&1].outcome(), "reminded");
    assert_eq!(site.mails(), 2);
    // a lost answer is not followed by another mail
    site.tenant.fault("POST", "/invitations", json!({"drop": "after"}));
    second();
    let lost = remind(0);
    assert_eq!(lost[&1].outcome(), "unknown", "{lost:?}");
    assert_eq!((site.mails(), remind(3600)[&1].outcome()), (3, "reminded_before"));
}
