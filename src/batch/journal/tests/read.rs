//! Pages of a journal are the journal, also while it is written, and nothing that damages it goes unnoticed.

use super::super::open::create_on;
use super::super::{Record, Step, create, page};
use super::simulated::Machine;
use super::{NAME, ended, intent, ours};
use crate::report::Outcome;
use crate::status::Status;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A journal of so many guests, as its run has left it.
fn journal(guests: usize) -> Vec<u8> {
    let machine = Machine::new(0);
    let mut appender = create_on(machine.file(), NAME, &ours()).unwrap();
    for number in 0..guests {
        appender.add(&[intent(number, Step::Address, true), intent(number, Step::Invite, true)], true).unwrap();
        appender.add(&[ended(number, Outcome::Done)], false).unwrap();
    }
    appender.close().unwrap();
    machine.on_disk()
}

/// What a page has to show of the lines: all but what only guards them.
fn shown(content: &[u8]) -> Vec<Value> {
    let line = |text: &str| {
        let mut line: Value = serde_json::from_str(text).unwrap();
        line.as_object_mut().unwrap().retain(|key, _| key != "synced" && key != "sum");
        line
    };
    String::from_utf8_lossy(content).lines().map(line).collect()
}

fn read(path: &Path, after: Option<&str>, max: usize) -> Result<Value, (Status, String)> {
    let page = page(path, after, max).map_err(|error| (error.status, error.message))?;
    Ok(serde_json::to_value(page).unwrap())
}

/// All pages: the header, the records, what is torn, and how many pages there were.
type Whole = (Value, Vec<Value>, Value, usize);

fn all(path: &Path, max: usize) -> Result<Whole, (Status, String)> {
    let (mut records, mut next, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = read(path, next.as_deref(), max)?;
        pages += 1;
        let found = page["records"].as_array().unwrap();
        assert!(found.len() <= max);
        records.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(cursor) => {
                assert_eq!(page["torn"], Value::Null, "only the last page knows");
                next = Some(cursor.to_owned());
            }
            None => return Ok((page["header"].clone(), records, page["torn"].clone(), pages)),
        }
    }
}

#[test]
fn pages_add_up_to_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let content = journal(7);
    fs::write(&path, &content).unwrap();
    let lines = shown(&content);
    for max in [1, 2, 5, 22, 23, 10_000] {
        let (header, records, torn, pages) = all(&path, max).unwrap();
        assert_eq!((header, records, torn), (lines[0].clone(), lines[1..].to_vec(), Value::Null), "{max}");
        assert_eq!(pages, 22 / max + 1, "{max}");
    }
    assert_eq!(lines[0]["kind"], "header");
    assert!(lines[0]["id"].is_string() && lines[0]["time"].is_string() && lines[1]["time"].is_string());
    assert_eq!(fs::read(&path).unwrap(), content);
}

#[test]
fn a_page_of_long_lines_has_few() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let machine = Machine::new(0);
    let mut appender = create_on(machine.file(), NAME, &ours()).unwrap();
    for number in 0..100 {
        let Record::Outcome(mut long) = ended(number, Outcome::Done) else { panic!("no outcome") };
        long.request_ids = vec!["r".repeat(100 << 10)];
        appender.add(&[Record::Outcome(long)], true).unwrap();
    }
    fs::write(&path, machine.on_disk()).unwrap();
    let (_, records, _, pages) = all(&path, 10_000).unwrap();
    assert_eq!((records.len(), pages), (100, 3));
}

#[test]
fn a_torn_end_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let content = journal(3);
    let header = content.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    // a prime, so that lines are cut everywhere
    for length in (header..content.len()).step_by(7) {
        for zeros in [0, 100] {
            fs::write(&path, [&content[..length], &vec![0; zeros]].concat()).unwrap();
            let whole = content[..length].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
            let lines = shown(&content[..whole]);
            let (_, records, torn, _) = all(&path, 4).unwrap();
            assert_eq!(records, lines[1..], "{length}");
            let bytes = length - whole + zeros;
            let expected = if bytes == 0 { Value::Null } else { json!({"line": lines.len() + 1, "bytes": bytes}) };
            assert_eq!(torn, expected, "{length}");
        }
    }
}

#[test]
fn damage_is_an_error_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let content = journal(3);
    let lines: Vec<_> = content.split_inclusive(|byte| *byte == b'\n').collect();
    for (at, line) in lines.iter().enumerate() {
        let mut changed = lines.iter().map(|line| line.to_vec()).collect::<Vec<_>>();
        changed[at][line.len() / 2] ^= 1;
        fs::write(&path, changed.concat()).unwrap();
        for max in [1, 4, 100] {
            let (status, message) = all(&path, max).unwrap_err();
            assert_eq!(status, Status::JournalDamaged, "{message}");
            let named = if at == 0 { "first line".to_owned() } else { format!("line {} ", at + 1) };
            assert!(message.contains(&named) && message.contains(NAME), "{message}");
            assert!(!message.contains("sent"), "{message}");
        }
    }
    // the header is looked at each time
    fs::write(&path, &content).unwrap();
    let next = read(&path, None, 4).unwrap()["next"].as_str().unwrap().to_owned();
    let mut changed = content.clone();
    changed[50] ^= 1;
    fs::write(&path, &changed).unwrap();
    assert_eq!(read(&path, Some(&next), 4).unwrap_err().0, Status::JournalDamaged);
}

#[test]
fn a_cursor_belongs_to_its_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    fs::write(&path, journal(3)).unwrap();
    let next = read(&path, None, 4).unwrap()["next"].as_str().unwrap().to_owned();
    let longer = next.replace(':', "9:");
    for cursor in ["", "1", "1:2", "x:y:z", &longer] {
        assert_eq!(read(&path, Some(cursor), 4).unwrap_err().0, Status::OutOfRange, "{cursor}");
    }
    fs::write(&path, journal(3)).unwrap();
    assert_eq!(read(&path, Some(&next), 4).unwrap_err().0, Status::OutOfRange, "another journal of the same name");
}

#[test]
fn what_is_no_journal_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    assert_eq!(read(&path, None, 4).unwrap_err().0, Status::JournalUnusable);
    assert_eq!(read(folder.path(), None, 4).unwrap_err().0, Status::JournalUnusable);
    fs::write(&path, "").unwrap();
    assert_eq!(read(&path, None, 4).unwrap_err().0, Status::JournalUnusable);
    fs::write(&path, "UserId,NewEmail\n").unwrap();
    assert_eq!(read(&path, None, 4).unwrap_err().0, Status::JournalDamaged);
    let text = String::from_utf8(journal(1)).unwrap();
    fs::write(&path, text.lines().skip(1).collect::<Vec<_>>().join("\n")).unwrap();
    assert_eq!(read(&path, None, 4).unwrap_err().0, Status::JournalDamaged);
}

/// Each page is read while the run holds the lock and writes: never damage, never another line than was written.
#[test]
fn a_journal_is_read_while_it_is_written() {
    const GUESTS: usize = 500;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let writer = create(&path, &ours()).unwrap();
    std::thread::scope(|scope| {
        let running = scope.spawn(move || {
            super::files::on_one_thread(async {
                for number in 0..GUESTS {
                    writer.append(intent(number, Step::Invite, true)).await.unwrap();
                }
                writer.close().await.unwrap();
            });
        });
        while !running.is_finished() {
            let (_, records, _, _) = all(&path, 100).unwrap();
            for (at, record) in records.iter().enumerate() {
                assert_eq!(record["seq"], at + 1);
            }
        }
    });
    let (_, records, torn, _) = all(&path, 100).unwrap();
    assert_eq!((records.len(), torn), (GUESTS + 1, Value::Null));
}
