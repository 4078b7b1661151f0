//! What a batch keeps account of: which guests it was about, in a journal what it does to them, and their redeem links.

use super::redeem_links::RedeemLinks;
use crate::batch::journal::{
    AddressChange, Binding, Ended, Index, Intent, Mails, Named, NotAccepted, Record, Reminder, Resumed, Standing, Step,
    Writer, create, resume,
};
use crate::batch::{Book, Entry};
use crate::error::{Error, Result};
use crate::graph::Guest;
use crate::options::{Address, BatchOptions, ResetOptions, same_address};
use crate::report::{Outcome, ResetReport};
use crate::reset::{Earlier, Ledger, Wish};
use crate::status::Status;
use std::cell::RefCell;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

/// The account of a batch.
pub(super) struct Account {
    book: RefCell<Book>,
    journal: Option<Journal>,
    links: Option<RedeemLinks>,
    failure: Failure,
}

/// Why nothing more may be begun, for any thread to see.
pub(super) type Failure = Arc<OnceLock<Error>>;

struct Journal {
    writer: Writer,
    index: Index,
    /// With reminders: whom it mailed lately.
    mails: Option<Mails>,
}

/// How the caller named a guest.
pub(super) struct Row {
    pub(super) tag: u64,
    pub(super) user: String,
    pub(super) email: Option<String>,
}

impl Account {
    /// Opens the files. `binding` is what the journal belongs to, where there is one.
    pub(super) fn open(options: &BatchOptions, binding: Option<&Binding>, failure: Failure) -> Result<Self> {
        let links = options.redeem_url_path.as_deref().map(RedeemLinks::open).transpose()?;
        let journal = match (&options.journal, binding) {
            (Some(path), Some(binding)) => Some(match options.resume {
                false => Journal { writer: create(path, binding)?, index: Index::default(), mails: None },
                true => {
                    let since = options.remind.and_then(|remind| SystemTime::now().checked_sub(remind.not_within()));
                    let Resumed { writer, index, mails } = resume(path, binding, since)?;
                    Journal { writer, index, mails }
                }
            }),
            _ => None,
        };
        Ok(Self { book: RefCell::default(), journal, links, failure })
    }

    /// Refuses once something could not be written.
    pub(super) fn check(&self) -> Result<()> {
        self.failure.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    pub(super) fn of(&self, row: Row) -> RowAccount<'_> {
        RowAccount { account: self, row }
    }

    /// Puts all of it on disk, and tells whether all of it could be written.
    pub(super) async fn end(&self) -> Result<()> {
        let links = self.links.as_ref().map_or(Ok(()), RedeemLinks::end);
        if let Some(journal) = &self.journal {
            self.noted(journal.writer.close().await)?;
        }
        self.noted(links)?;
        self.check()
    }

    fn mails(&self) -> Option<&Mails> {
        self.journal.as_ref().and_then(|journal| journal.mails.as_ref())
    }

    async fn commit(&self, record: impl FnOnce() -> Record) -> Result<()> {
        match &self.journal {
            // boxed, as it is large and many batches have no journal
            Some(journal) => self.noted(Box::pin(journal.writer.commit(record())).await),
            None => Ok(()),
        }
    }

    async fn append(&self, record: Record) {
        if let Some(journal) = &self.journal {
            // the failure is told by the batch
            let _ = self.noted(Box::pin(journal.writer.append(record)).await);
        }
    }

    fn noted(&self, result: Result<()>) -> Result<()> {
        result.inspect_err(|error| drop(self.failure.set(error.clone())))
    }
}

/// The account of one guest of a batch.
pub(super) struct RowAccount<'a> {
    account: &'a Account,
    row: Row,
}

impl RowAccount<'_> {
    /// Notes how it ended.
    pub(super) async fn ended(&self, report: &ResetReport, outcome: &Result<()>) {
        if let Some(links) = &self.account.links {
            // the result holds the link too
            let _ = self.account.noted(links.keep(report));
        }
        // what was done before stands in the journal already
        let is_new = !matches!(report.outcome, Outcome::DoneBefore | Outcome::Repeated | Outcome::RemindedBefore);
        if is_new && self.account.journal.is_some() {
            let end = self.end(report, outcome);
            let record = if self.account.mails().is_some() { Record::Reminded(end) } else { Record::Outcome(end) };
            self.account.append(record).await;
        }
    }

    fn end(&self, report: &ResetReport, outcome: &Result<()>) -> Ended {
        let (before, after) = (report.guest_before.as_ref(), report.guest_after.as_ref());
        let changing = report.steps.iter().filter(|step| matches!(step.step, "address" | "invite" | "undo"));
        Ended {
            user_id: before.map(|guest| guest.id.clone()),
            email: report.email.clone(),
            named: self.named(before.map(|guest| guest.id.as_str()), report.email.as_deref()),
            tag: self.row.tag,
            outcome: report.outcome,
            status: outcome.as_ref().err().map_or(Status::Ok, |error| error.status).name().into(),
            state_changed: after.and_then(|guest| guest.external_user_state_change_date_time.clone()),
            request_ids: changing.flat_map(|step| step.request_ids.clone()).collect(),
        }
    }

    /// How the row names the guest, where that is not its object id and the address.
    fn named(&self, id: Option<&str>, email: Option<&str>) -> Option<Named> {
        let Row { user, email: given, .. } = &self.row;
        let same_email = matches!((given, email), (Some(given), Some(email)) if same_address(given, email));
        let is_same = same_email && id.is_some_and(|id| id.eq_ignore_ascii_case(user));
        // a row of any length is only worth keeping where it can be a name
        let fits = user.len() <= LONGEST_NAME && given.as_ref().is_none_or(|given| given.len() <= LONGEST_NAME);
        (!is_same && fits).then(|| Named { user: user.clone(), email: given.clone() })
    }

    fn enter(&self, key: &str, value: &impl Hash) -> Result<Entry> {
        self.account.book.borrow_mut().enter(key, value).map_err(|error| {
            Error::new(Status::OutOfResources, format!("the temporary file of a large batch failed: {error}"))
                .hint("make room in the folder for temporary files")
        })
    }

    /// No two guests get one address: the second would get in where the first was meant to.
    fn claim_address(&self, guest: &Guest, target: &Address, change: Option<&AddressChange>) -> Result<()> {
        if change.is_none() || self.enter(&["to ", target.as_str()].concat(), &guest.id)? != Entry::Other {
            return Ok(());
        }
        let what = format!("{} goes to another guest of this batch", target.as_str());
        Err(Error::new(Status::AddressInUse, what)
            .hint("decide whose address it is, and leave the other out; this one changed nothing"))
    }

    fn intent(
        &self,
        step: Step,
        wish: &Wish,
        guest: &Guest,
        target: &Address,
        change: Option<&AddressChange>,
    ) -> Record {
        Record::Intent(Intent {
            user_id: guest.id.clone(),
            email: target.as_str().to_owned(),
            named: self.named(Some(&guest.id), Some(target.as_str())),
            tag: self.row.tag,
            step,
            mail: wish.options.send_invitation_message,
            state_before: guest.external_user_state.clone(),
            changed_before: guest.external_user_state_change_date_time.clone(),
            address: change.cloned(),
        })
    }
}

/// No user principal name is longer.
const LONGEST_NAME: usize = 1024;

impl Ledger for RowAccount<'_> {
    fn earlier(&self, user: &str, email: Option<&str>) -> Earlier {
        match self.account.journal.as_ref().map(|journal| journal.index.find(user, email)) {
            None | Some(Standing::New) => Earlier::Nothing,
            Some(Standing::Done) => Earlier::Done,
            Some(Standing::Elsewhere) => Earlier::Elsewhere,
            Some(Standing::Open(open)) => Earlier::Begun(Box::new(open.clone())),
        }
    }

    async fn claim(
        &self,
        wish: &Wish,
        guest: &Guest,
        target: &Address,
        change: Option<&AddressChange>,
    ) -> Result<bool> {
        // what a plan had shown is no part of the wish
        let options = ResetOptions { expected: None, ..wish.options.clone() };
        let wished = (target.as_str().to_ascii_lowercase(), options);
        match self.enter(&guest.id, &wished)? {
            Entry::New => self.claim_address(guest, target, change).map(|()| true),
            Entry::Same => Ok(false),
            Entry::Other => {
                let who = guest.user_principal_name.as_deref().unwrap_or(&guest.id);
                let what = format!("{who} stands in this batch already, with another address or other options");
                Err(Error::new(Status::BatchConflict, what)
                    .hint("decide which is meant, and leave the other out; this one changed nothing"))
            }
        }
    }

    async fn before_address(&self, wish: &Wish, guest: &Guest, target: &Address, change: &AddressChange) -> Result<()> {
        self.account.commit(|| self.intent(Step::Address, wish, guest, target, Some(change))).await
    }

    async fn before_invitation(&self, wish: &Wish, guest: &Guest, target: &Address) -> Result<()> {
        let record = || match self.account.mails() {
            Some(_) => {
                let (user_id, email) = (guest.id.clone(), target.as_str().to_owned());
                Record::Reminder(Reminder { user_id, email, tag: self.row.tag })
            }
            None => self.intent(Step::Invite, wish, guest, target, None),
        };
        self.account.commit(record).await
    }

    fn mailed_lately(&self, guest: &Guest, target: &Address) -> bool {
        self.account.mails().is_some_and(|mails| mails.hold(&guest.id, target.as_str()))
    }

    async fn not_accepted(&self, guest: &Guest, target: &Address, why: &str) {
        let (user_id, email) = (guest.id.clone(), target.as_str().to_owned());
        self.account.append(Record::NotAccepted(NotAccepted { user_id, email, why: why.into() })).await;
    }
}
