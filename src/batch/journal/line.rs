//! A record as one line of text: JSON, with its number, how many lines were surely on disk when it was written, the
//! time, and at its end a sum over all before it. The sum begins with the header's, so a line of another journal
//! that a file system brings to light does not pass.

use super::record::Record;
use serde::{Deserialize, Serialize};

/// What every journal begins with.
pub(super) const BEGINNING: &[u8] = br#"{"seq":0,"synced":0,"time":""#;

/// The end of a line, between its members and its sum.
const SUM: &[u8] = br#","sum":""#;
const END: &[u8] = b"\"}";
const DIGITS: usize = 8;

/// What the sums of a journal's lines begin with: nothing for the header, the header's sum for the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seal(u32);

/// A line that was read. Serialized, it is as it stands, without what only guards it.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Line {
    /// Its number, from 0.
    pub(super) seq: u64,
    /// How many lines were surely on disk when it was written.
    #[serde(skip)]
    pub(super) synced: u64,
    /// When, by the clock of the machine that wrote it.
    pub(super) time: String,
    #[serde(flatten)]
    pub(super) record: Record,
}

/// Why a text is not a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoLine {
    /// It has no sum, or another one.
    Damaged,
    /// Its sum is right, but this version cannot read it.
    Unknown,
}

#[derive(Serialize)]
struct Written<'a> {
    seq: u64,
    synced: u64,
    time: &'a str,
    #[serde(flatten)]
    record: &'a Record,
}

#[derive(Deserialize)]
struct Head {
    seq: u64,
    synced: u64,
    time: String,
}

/// Adds the record as a line, with its end.
pub(super) fn write(into: &mut Vec<u8>, seal: Seal, seq: u64, synced: u64, time: &str, record: &Record) -> Seal {
    let start = into.len();
    // plain data with text keys: writing it cannot fail
    let _ = serde_json::to_writer(&mut *into, &Written { seq, synced, time, record });
    // the sum is the last member
    into.pop();
    let sum = sum(seal, &into[start..]);
    into.extend_from_slice(SUM);
    into.extend_from_slice(format!("{:08x}", sum.0).as_bytes());
    into.extend_from_slice(END);
    into.push(b'\n');
    sum
}

/// Reads a line without its end. Members that are not known are left aside.
pub(super) fn read(text: &[u8], seal: Seal) -> Result<Line, NoLine> {
    checked(text, seal)?;
    let unknown = |_| NoLine::Unknown;
    let Head { seq, synced, time } = serde_json::from_slice(text).map_err(unknown)?;
    let record = serde_json::from_slice(text).map_err(unknown)?;
    Ok(Line { seq, synced, time, record })
}

/// The sum of a line, if it is right.
pub(super) fn checked(text: &[u8], seal: Seal) -> Result<Seal, NoLine> {
    let (members, end) =
        text.split_at_checked(text.len().wrapping_sub(SUM.len() + DIGITS + END.len())).ok_or(NoLine::Damaged)?;
    let sum = sum(seal, members);
    let expected = [SUM, format!("{:08x}", sum.0).as_bytes(), END].concat();
    if end == expected { Ok(sum) } else { Err(NoLine::Damaged) }
}

fn sum(seal: Seal, members: &[u8]) -> Seal {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&seal.0.to_le_bytes());
    hasher.update(members);
    Seal(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::super::record::{AddressChange, Binding, Ended, Header, Intent, Named, NotAccepted, Resumption, Step};
    use super::*;
    use crate::report::{Outcome, UndoValues};
    use proptest::option::of;
    use proptest::prelude::*;

    fn record() -> impl Strategy<Value = Record> {
        let named = || of((".*", of(".*")).prop_map(|(user, email)| Named { user, email }));
        let list = || of(proptest::collection::vec(".*", 0..3));
        let address = (of(".*"), list(), of(".*"), list()).prop_map(|(mail, other_mails, before, others)| {
            AddressChange { mail, other_mails, undo: UndoValues { mail: before, other_mails: others } }
        });
        let intent = (".*", ".*", named(), any::<u64>(), any::<bool>(), of(".*"), of(address));
        let outcomes = [Outcome::Done, Outcome::AcceptedUnverified, Outcome::Unknown, Outcome::AddressChangedNotReset];
        let ended = (of(".*"), of(".*"), named(), any::<u64>(), 0..4_usize, proptest::collection::vec(".*", 0..3));
        prop_oneof![
            intent.prop_map(|(user_id, email, named, tag, mail, before, address)| Record::Intent(Intent {
                user_id,
                email,
                named,
                tag,
                step: if address.is_some() { Step::Address } else { Step::Invite },
                mail,
                state_before: before.clone(),
                changed_before: before,
                address,
            })),
            ended.prop_map(move |(user_id, email, named, tag, outcome, request_ids)| Record::Outcome(Ended {
                user_id,
                state_changed: email.clone(),
                email,
                named,
                tag,
                outcome: outcomes[outcome],
                status: "OK".into(),
                request_ids,
            })),
            (".*", ".*").prop_map(|(user_id, email)| {
                Record::NotAccepted(NotAccepted { user_id, email, why: "HTTP 429".into() })
            }),
            ".*".prop_map(|library| Record::Resumed(Resumption { library, cut: None })),
            Just(Record::Closed {}),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(record in record(), seq: u64, synced: u64, seal: u32) {
            let mut text = Vec::new();
            let time = "2026-11-21T00:00:00Z".to_owned();
            write(&mut text, Seal(seal), seq, synced, &time, &record);
            prop_assert_eq!(text.pop(), Some(b'\n'));
            prop_assert!(!text.contains(&b'\n') && !text.contains(&0));
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok());
            prop_assert_eq!(read(&text, Seal(seal)), Ok(Line { seq, synced, time, record }));
        }

        #[test]
        fn any_change_of_a_byte_is_noticed(record in record(), seal: u32, at: prop::sample::Index, flip in 1..=255_u8) {
            let mut text = Vec::new();
            write(&mut text, Seal(seal), 7, 5, "2026-11-21T00:00:00Z", &record);
            text.pop();
            let at = at.index(text.len());
            text[at] ^= flip;
            prop_assert_eq!(read(&text, Seal(seal)), Err(NoLine::Damaged));
            text[at] ^= flip;
            prop_assert_eq!(read(&text, Seal(seal ^ u32::from(flip))), Err(NoLine::Damaged));
        }

        #[test]
        fn any_text_is_answered(text: Vec<u8>) {
            prop_assert_eq!(read(&text, Seal::default()), Err(NoLine::Damaged));
        }
    }

    #[test]
    fn a_header_is_a_line_too() {
        let options = crate::options::ResetOptions::read(crate::options::Object::new(), "opts_json").unwrap();
        let cloud = crate::cloud::Cloud::choose(Some("global"), &crate::options::Environment::of(&[])).unwrap();
        let record = Record::Header(Header::new(Binding::new("t", &cloud, &options)));
        let mut text = Vec::new();
        let time = "2026-11-21T00:00:00Z".to_owned();
        let seal = write(&mut text, Seal::default(), 0, 0, &time, &record);
        text.pop();
        assert!(text.starts_with(BEGINNING), "{}", String::from_utf8_lossy(&text));
        assert_eq!(checked(&text, Seal::default()), Ok(seal));
        assert_eq!(read(&text, Seal::default()), Ok(Line { seq: 0, synced: 0, time, record }));
    }

    #[test]
    fn what_a_newer_version_wrote_is_no_damage() {
        let mut text = br#"{"seq":1,"synced":1,"time":"","kind":"later""#.to_vec();
        let sum = sum(Seal::default(), &text);
        text.extend_from_slice(format!(",\"sum\":\"{:08x}\"}}", sum.0).as_bytes());
        assert_eq!(read(&text, Seal::default()), Err(NoLine::Unknown));
    }
}
