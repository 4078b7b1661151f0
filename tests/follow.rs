//! Following a run by its journal: `journal.read`.
#![allow(clippy::unwrap_used)]

mod support;

use guest_redemption::Status;
use serde_json::{Value, json};
use std::path::Path;
use support::Outcome;

const HEADER: &str = r#"{"seq":0,"synced":0,"time":"2026-11-21T17:00:00Z","kind":"header","schema":1,"id":"3f1c","library":"0.1.0","tenant_id":"t","cloud":"global","graph_url":"https://graph.example","options":{"address":"mail"}"#;

/// The line with its sum, as the form of a journal has it: CRC-32 over the header's sum and all that stands before.
fn line(seal: u32, members: &str) -> (u32, String) {
    let sum = crc32fast::hash(&[&seal.to_le_bytes(), members.as_bytes()].concat());
    (sum, format!("{members},\"sum\":\"{sum:08x}\"}}\n"))
}

fn journal(path: &Path, records: &[&str]) {
    let (seal, mut text) = line(0, HEADER);
    for (at, record) in records.iter().enumerate() {
        let head = format!(r#"{{"seq":{},"synced":{},"time":"2026-11-21T17:00:01Z","#, at + 1, at + 1);
        text += &line(seal, &(head + record)).1;
    }
    std::fs::write(path, text).unwrap();
}

fn read(members: &Value) -> Outcome {
    let mut request = json!({"op": "journal.read"});
    request.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    Outcome::of(guest_redemption::call(&request.to_string()))
}

#[test]
fn a_journal_is_read_in_pages_without_signing_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let ended = r#""kind":"outcome","user_id":"1","email":"a@b.example","tag":7,"outcome":"done","status":"OK","state_changed":null,"request_ids":["r"]"#;
    journal(&path, &[ended, r#""kind":"resumed","library":"0.1.0""#, r#""kind":"closed""#]);
    let first = read(&json!({"path": path, "max": 2, "environment": {}}));
    assert_eq!(first.status, Status::Ok, "{}", first.message);
    assert_eq!(first.json["context"], Value::Null);
    let page = first.result();
    let header = json!({"seq": 0, "time": "2026-11-21T17:00:00Z", "kind": "header", "schema": 1, "id": "3f1c",
        "library": "0.1.0", "tenant_id": "t", "cloud": "global", "graph_url": "https://graph.example",
        "options": {"address": "mail"}});
    assert_eq!(page["header"], header);
    let record = json!({"seq": 1, "time": "2026-11-21T17:00:01Z", "kind": "outcome", "user_id": "1",
        "email": "a@b.example", "tag": 7, "outcome": "done", "status": "OK", "state_changed": null,
        "request_ids": ["r"]});
    assert_eq!(page["records"][0], record);
    let last = read(&json!({"path": path, "max": 2, "after": page["next"]}));
    let closed = json!([{"seq": 3, "time": "2026-11-21T17:00:01Z", "kind": "closed"}]);
    assert_eq!(*last.result(), json!({"header": header, "records": closed, "next": null, "torn": null}));
}

#[test]
fn what_is_wrong_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    journal(&path, &[r#""kind":"closed""#]);
    let cases = [
        (json!({}), Status::MissingOption, "path"),
        (json!({"path": 1}), Status::WrongType, "path"),
        (json!({"path": path, "line": 1}), Status::UnknownOption, "line"),
        (json!({"path": path, "max": 0}), Status::OutOfRange, "max"),
        (json!({"path": path, "max": 10_001}), Status::OutOfRange, "max"),
        (json!({"path": path, "max": "1"}), Status::WrongType, "max"),
        (json!({"path": path, "after": "1:2:other"}), Status::OutOfRange, "after"),
        (json!({"path": folder.path().join("absent")}), Status::JournalUnusable, "absent"),
    ];
    for (members, status, words) in cases {
        let answer = read(&members);
        assert_eq!((answer.status, answer.message.contains(words)), (status, true), "{members} {}", answer.message);
    }
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("closed", "Closed")).unwrap();
    let damaged = read(&json!({"path": path}));
    assert_eq!((damaged.status, damaged.message.contains("line 2 ")), (Status::JournalDamaged, true));
}
