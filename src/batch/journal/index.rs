//! What a journal tells of each guest, small enough for millions of them: of what is done, a fingerprint; of what is
//! not, all that a later run needs.

use super::record::{AddressChange, Ended, Intent, Named, Record, Step};
use crate::report::Outcome;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// What the lines of a journal add up to.
#[derive(Default)]
pub(crate) struct Index {
    prints: Prints,
    done: Done,
    /// By object id and target address.
    open: HashMap<Print, Open>,
    /// Other names of those: as their rows name them.
    names: HashMap<Print, Print>,
}

/// What is known of a guest and its new address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Standing<'a> {
    /// Nothing that matters: never begun, or ended without a trace in the directory.
    New,
    /// The service has accepted the invitation.
    Done,
    /// The service has accepted an invitation of this guest to another address.
    Elsewhere,
    Open(&'a Open),
}

/// Begun and not done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Open {
    /// The guest's object id: its row may name it by an address that has been changed.
    pub(crate) user_id: String,
    pub(crate) email: String,
    /// The address change that was begun. Its undo values are the guest's addresses before everything.
    pub(crate) address: Option<AddressChange>,
    /// Set where an invitation may have been accepted.
    pub(crate) doubt: Option<Doubt>,
    /// The latest attempt, as long as its end is not known.
    attempt: Option<Doubt>,
    names: Vec<Print>,
}

/// An invitation whose fate is not known, and the guest as it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// Whether a mail may have gone out.
    pub(crate) mail: bool,
    pub(crate) state_before: Option<String>,
    pub(crate) changed_before: Option<String>,
}

impl Doubt {
    /// What was before the oldest of several attempts is what was before all of them.
    fn join(oldest: Option<Self>, later: Option<Self>) -> Option<Self> {
        let mail = later.as_ref().is_some_and(|later| later.mail);
        oldest.map(|oldest| Self { mail: oldest.mail || mail, ..oldest }).or(later)
    }
}

impl Index {
    /// What is known of a guest, as a row names it or by object id and target address.
    pub(crate) fn find(&self, user: &str, email: Option<&str>) -> Standing<'_> {
        let print = self.prints.of(user, email);
        match self.open.get(self.names.get(&print).unwrap_or(&print)) {
            Some(open) => Standing::Open(open),
            None if self.done.holds(print) => Standing::Done,
            None if self.done.holds_user(print) => Standing::Elsewhere,
            None => Standing::New,
        }
    }

    /// Takes the next record of the journal.
    pub(super) fn take(&mut self, record: &Record) -> Result<(), &'static str> {
        match record {
            Record::Header(_) => return Err("is a second header"),
            Record::Intent(intent) => self.begin(intent),
            Record::NotAccepted(refused) => {
                if let Some(open) = self.open.get_mut(&self.prints.of(&refused.user_id, Some(&refused.email))) {
                    open.attempt = None;
                }
            }
            Record::Outcome(ended) => return self.end(ended),
            Record::Resumed(_) => self.interrupt(),
            Record::Reminder(_) | Record::Reminded(_) | Record::Closed {} => {}
        }
        Ok(())
    }

    /// After the last record.
    pub(super) fn finish(&mut self) {
        self.interrupt();
        self.done.finish();
        self.open.shrink_to_fit();
        self.names.shrink_to_fit();
    }

    fn begin(&mut self, intent: &Intent) {
        let print = self.prints.of(&intent.user_id, Some(&intent.email));
        let open = self.open.entry(print).or_insert_with(|| Open {
            user_id: intent.user_id.clone(),
            email: intent.email.clone(),
            address: None,
            doubt: None,
            attempt: None,
            names: Vec::new(),
        });
        if open.address.is_none() {
            open.address.clone_from(&intent.address);
        }
        if intent.step == Step::Invite {
            let (mail, state_before, changed_before) =
                (intent.mail, intent.state_before.clone(), intent.changed_before.clone());
            open.attempt = Some(Doubt { mail, state_before, changed_before });
        }
        if let Some(Named { user, email }) = &intent.named {
            self.name(self.prints.of(user, email.as_deref()), print);
        }
    }

    /// A name means what it meant last.
    fn name(&mut self, name: Print, print: Print) {
        let former = self.names.insert(name, print);
        if former == Some(print) {
            return;
        }
        if let Some(former) = former.and_then(|former| self.open.get_mut(&former)) {
            former.names.retain(|one| *one != name);
        }
        if let Some(open) = self.open.get_mut(&print) {
            open.names.push(name);
        }
    }

    fn end(&mut self, ended: &Ended) -> Result<(), &'static str> {
        let (Some(user_id), Some(email)) = (&ended.user_id, &ended.email) else { return Ok(()) };
        let print = self.prints.of(user_id, Some(email));
        let open = self.open.get_mut(&print);
        match ended.outcome {
            Outcome::Done | Outcome::AcceptedUnverified => self.done(print),
            Outcome::Unknown => {
                let open = open.ok_or("tells the end of what was never begun")?;
                open.doubt = Doubt::join(open.doubt.take(), open.attempt.take());
            }
            // nothing of this attempt was accepted
            outcome => {
                if let Some(open) = open {
                    open.attempt = None;
                    if outcome == Outcome::Undone {
                        open.address = None;
                    }
                    if open.doubt.is_none() && open.address.is_none() {
                        self.forget(print);
                    }
                }
            }
        }
        Ok(())
    }

    fn done(&mut self, print: Print) {
        for name in self.forget(print) {
            self.done.add(name);
        }
        self.done.add(print);
    }

    /// Its other names, too.
    fn forget(&mut self, print: Print) -> Vec<Print> {
        let names = self.open.remove(&print).map_or_else(Vec::new, |open| open.names);
        for name in &names {
            self.names.remove(name);
        }
        names
    }

    /// The run ended here, so the ends of the attempts that were under way will not be told.
    fn interrupt(&mut self) {
        for open in self.open.values_mut() {
            open.doubt = Doubt::join(open.doubt.take(), open.attempt.take());
        }
    }

    /// The memory that what is done takes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.done.bytes()
            + self.open.capacity() * size_of::<(Print, Open)>()
            + self.names.capacity() * size_of::<(Print, Print)>()
    }
}

/// Stands for a guest, in its upper half, and an address. Two guests of a million share an upper half about once in
/// 10^7 journals, and then their addresses differ; the keys are new for each index, so nobody can make two that do.
type Print = u128;

#[derive(Default)]
struct Prints {
    high: RandomState,
    low: RandomState,
}

impl Prints {
    fn of(&self, user: &str, email: Option<&str>) -> Print {
        let (user, email) = (user.to_lowercase(), email.map(str::to_lowercase));
        Print::from(self.high.hash_one(user)) << 64 | Print::from(self.low.hash_one(email))
    }
}

/// The upper 88 bits of fingerprints, 64 for the guest and 24 for the address: the first byte chooses the list, the
/// others stand in it.
struct Done {
    lists: Vec<List>,
}

impl Default for Done {
    fn default() -> Self {
        Self { lists: (0..256).map(|_| List::default()).collect() }
    }
}

impl Done {
    fn place(print: Print) -> (usize, Short) {
        let [list, rest @ ..] = print.to_be_bytes();
        let mut short = [0; 10];
        short.copy_from_slice(&rest[..10]);
        (usize::from(list), short)
    }

    fn add(&mut self, print: Print) {
        let (list, short) = Self::place(print);
        self.lists[list].add(short);
    }

    fn finish(&mut self) {
        let mut scratch = Vec::new();
        for list in &mut self.lists {
            list.sort(&mut scratch);
        }
    }

    fn holds(&self, print: Print) -> bool {
        let (list, short) = Self::place(print);
        self.lists[list].seek(&short) == Some(&short)
    }

    /// Whatever the address.
    fn holds_user(&self, print: Print) -> bool {
        let (list, short) = Self::place(print);
        let user = &short[..7];
        self.lists[list].seek(user).is_some_and(|one| one.starts_with(user))
    }

    #[cfg(test)]
    fn bytes(&self) -> usize {
        let of_list = |list: &List| {
            let pieces: usize = list.pieces.iter().map(|piece| piece.capacity() * size_of::<Short>()).sum();
            pieces + list.pieces.capacity() * size_of::<Vec<Short>>() + size_of::<List>()
        };
        self.lists.iter().map(of_list).sum()
    }
}

type Short = [u8; 10];

/// In pieces of one size: a list that grows by moving leaves holes that nothing fits into, and takes half as much memory
/// again.
#[derive(Default)]
struct List {
    pieces: Vec<Vec<Short>>,
}

const PIECE: usize = 256;

impl List {
    fn add(&mut self, short: Short) {
        match self.pieces.last_mut().filter(|piece| piece.len() < PIECE) {
            Some(piece) => piece.push(short),
            None => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(short);
                self.pieces.push(piece);
            }
        }
    }

    /// Puts them in order, each once. The pieces stay where they are.
    fn sort(&mut self, scratch: &mut Vec<Short>) {
        scratch.clear();
        scratch.extend(self.pieces.iter().flatten());
        scratch.sort_unstable();
        scratch.dedup();
        for (piece, sorted) in self.pieces.iter_mut().zip(scratch.chunks(PIECE)) {
            piece.clear();
            piece.extend_from_slice(sorted);
        }
        self.pieces.truncate(scratch.len().div_ceil(PIECE));
    }

    /// The first that is not less, once they are in order.
    fn seek(&self, least: &[u8]) -> Option<&Short> {
        let before = self.pieces.partition_point(|piece| piece.last().is_some_and(|last| last[..] < *least));
        let piece = self.pieces.get(before)?;
        piece.get(piece.partition_point(|one| one[..] < *least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::UndoValues;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn intent(step: Step, mail: bool, changed_before: &str, named: Option<&str>) -> Intent {
        let undo = UndoValues { mail: Some("old@b.co".into()), other_mails: None };
        let change = AddressChange { mail: Some("new@b.co".into()), other_mails: None, undo };
        Intent {
            user_id: "1".into(),
            email: "New@b.co".into(),
            named: named.map(|user| Named { user: user.into(), email: None }),
            tag: 0,
            step,
            mail,
            state_before: None,
            changed_before: Some(changed_before.into()),
            address: (step == Step::Address).then_some(change),
        }
    }

    fn ended(outcome: Outcome) -> Record {
        Record::Outcome(Ended {
            user_id: Some("1".into()),
            email: Some("new@b.co".into()),
            named: None,
            tag: 0,
            outcome,
            status: String::new(),
            state_changed: None,
            request_ids: Vec::new(),
        })
    }

    fn index(records: &[Record]) -> Index {
        let mut index = Index::default();
        for record in records {
            index.take(record).unwrap();
        }
        index.finish();
        index
    }

    fn doubt_of(index: &Index) -> Option<(bool, Option<&str>)> {
        match index.find("1", Some("new@B.co")) {
            Standing::Open(Open { doubt: Some(doubt), .. }) => Some((doubt.mail, doubt.changed_before.as_deref())),
            _ => None,
        }
    }

    #[test]
    fn what_was_sent_before_everything_is_kept_in_mind() {
        let invite = |mail, before| Record::Intent(intent(Step::Invite, mail, before, None));
        let address = || Record::Intent(intent(Step::Address, true, "1", None));
        let again = || Record::Resumed(super::super::record::Resumption { library: String::new(), cut: None });
        let refused = || {
            Record::NotAccepted(super::super::record::NotAccepted {
                user_id: "1".into(),
                email: "new@b.co".into(),
                why: String::new(),
            })
        };
        let (failed, unknown) = (|| ended(Outcome::Failed), || ended(Outcome::Unknown));
        assert_eq!(doubt_of(&index(&[invite(true, "1")])), Some((true, Some("1"))));
        assert_eq!(doubt_of(&index(&[invite(true, "1"), refused()])), None);
        assert_eq!(doubt_of(&index(&[invite(true, "1"), refused(), invite(true, "2")])), Some((true, Some("2"))));
        assert_eq!(doubt_of(&index(&[invite(true, "1"), unknown()])), Some((true, Some("1"))));
        let refused_later = [invite(true, "1"), again(), invite(false, "2"), failed()];
        assert_eq!(doubt_of(&index(&refused_later)), Some((true, Some("1"))));
        let both = [invite(false, "1"), unknown(), invite(true, "2")];
        assert_eq!(doubt_of(&index(&both)), Some((true, Some("1"))));
        for outcome in [Outcome::Failed, Outcome::Refused, Outcome::Undone] {
            let all = index(&[address(), invite(true, "1"), ended(outcome)]);
            assert_eq!(doubt_of(&all), None);
            let kept = matches!(all.find("1", Some("new@b.co")), Standing::Open(open) if open.address.is_some());
            assert_eq!(kept, outcome != Outcome::Undone, "{outcome:?}");
            assert_eq!(index(&[invite(true, "1"), ended(outcome)]).find("1", Some("new@b.co")), Standing::New);
        }
        // the values before everything, not those of the second attempt
        let mut second = intent(Step::Address, true, "1", None);
        second.address = second.address.map(|change| AddressChange { mail: None, ..change });
        let twice = index(&[address(), ended(Outcome::AddressChangedNotReset), Record::Intent(second)]);
        assert!(matches!(twice.find("1", Some("new@b.co")),
            Standing::Open(Open { address: Some(change), .. }) if change.mail.is_some()));
        for done in [Outcome::Done, Outcome::AcceptedUnverified] {
            let all = [address(), invite(true, "1"), ended(done)];
            assert_eq!(index(&all).find("1", Some("new@b.co")), Standing::Done);
        }
    }

    #[test]
    fn a_guest_is_found_by_the_name_in_its_row() {
        let named = || Record::Intent(intent(Step::Invite, true, "1", Some("Old@b.co")));
        let begun = index(&[named()]);
        assert!(matches!(begun.find("old@b.co", None), Standing::Open(Open { user_id, .. }) if user_id == "1"));
        assert_eq!(begun.find("old@b.co", Some("new@b.co")), Standing::New);
        let done = index(&[named(), ended(Outcome::Done)]);
        assert_eq!(done.find("OLD@b.co", None), Standing::Done);
        assert_eq!(done.find("1", Some("new@b.co")), Standing::Done);
        assert_eq!(done.find("1", None), Standing::Elsewhere);
        assert_eq!(done.find("1", Some("third@b.co")), Standing::Elsewhere);
        assert_eq!(done.find("2", Some("new@b.co")), Standing::New);
        assert_eq!(index(&[named(), ended(Outcome::Failed)]).find("old@b.co", None), Standing::New);
    }

    proptest! {
        /// A name may come to mean another guest; the index agrees with a plain map.
        #[test]
        fn many_guests_do_not_mix(steps in proptest::collection::vec((0..6_u8, 0..4_u8, 0..3_u8), 0..60)) {
            let mut index = Index::default();
            let (mut plain, mut names) = (BTreeMap::new(), BTreeMap::new());
            for (guest, name, what) in steps {
                let (id, name) = (guest.to_string(), format!("n{name}@b.co"));
                match what {
                    0 => {
                        let mut intent = intent(Step::Invite, true, "1", Some(&name));
                        intent.user_id = id.clone();
                        index.take(&Record::Intent(intent)).unwrap();
                        plain.insert(id.clone(), false);
                        names.insert(name, id);
                    }
                    _ if plain.get(&id) == Some(&false) => {
                        let outcome = if what == 1 { Outcome::Done } else { Outcome::Failed };
                        let Record::Outcome(mut ended) = ended(outcome) else { panic!("no outcome") };
                        ended.user_id = Some(id.clone());
                        index.take(&Record::Outcome(ended)).unwrap();
                        names.retain(|_, named| *named != id);
                        if what == 1 {
                            plain.insert(id, true);
                        } else {
                            plain.remove(&id);
                        }
                    }
                    _ => {}
                }
            }
            index.finish();
            for guest in 0..6_u8 {
                let id = guest.to_string();
                let found = index.find(&id, Some("new@b.co"));
                prop_assert_eq!(matches!(found, Standing::Open(_)), plain.get(&id) == Some(&false));
            }
            for (name, id) in &names {
                if plain.get(id) == Some(&false) {
                    prop_assert!(matches!(index.find(name, None), Standing::Open(open) if open.user_id == *id));
                }
            }
        }
    }

    #[test]
    fn a_million_rows_take_24_bytes_each_at_most() {
        const ROWS: usize = 1_000_000;
        const UNDER_WAY: usize = 500;
        let mut index = Index::default();
        let mut most = 0;
        let id = |number: usize| format!("10000000-0000-4000-8000-{number:012}");
        let mut begun = intent(Step::Invite, true, "1", None);
        let Record::Outcome(mut done) = ended(Outcome::Done) else { panic!("no outcome") };
        for number in 0..ROWS + UNDER_WAY {
            // the worst case: each row names its guest in a way of its own
            begun.named = Some(Named { user: format!("guest{number}@fabrikam.example"), email: None });
            begun.user_id = id(number);
            index.begin(&begun);
            if number >= UNDER_WAY {
                done.user_id = Some(id(number - UNDER_WAY));
                index.end(&done).unwrap();
            }
            if number % 10_000 == 0 {
                most = most.max(index.bytes());
            }
        }
        most = most.max(index.bytes());
        index.finish();
        let after = index.bytes();
        println!("{ROWS} rows with two names each: at most {most} bytes while reading, {after} afterwards");
        assert!(most <= 24 * ROWS, "{most}");
        assert!(after <= 21 * ROWS, "{after}");
        for number in (0..ROWS).step_by(97).chain([ROWS - 1]) {
            assert_eq!(index.find(&id(number), Some("new@b.co")), Standing::Done);
            assert_eq!(index.find(&id(number), Some("other@b.co")), Standing::Elsewhere);
            assert_eq!(index.find(&format!("guest{number}@fabrikam.example"), None), Standing::Done);
            assert_eq!(index.find(&format!("other{number}@fabrikam.example"), None), Standing::New);
        }
        assert!(matches!(index.find(&id(ROWS), Some("new@b.co")), Standing::Open(_)));
        assert_eq!(index.find(&id(ROWS + UNDER_WAY), Some("new@b.co")), Standing::New);
    }
}
