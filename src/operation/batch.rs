//! Many resets with one sign-in, for callers that hand guests in and take results as they come.

use super::account::{Account, Failure, Row};
use super::reset::value;
use super::{Answer, Ended, answer, signed_in};
use crate::auth::{self, Session};
use crate::batch::journal::Binding;
use crate::batch::{Added, Batch, Next, Work};
use crate::call::engine_failed;
use crate::error::{Error, Result};
use crate::http::cancel::Cancel;
use crate::http::{self, engine};
use crate::options::{Address, BatchOptions, Common, Object, ResetOptions, UserKey, parse};
use crate::report::ResetReport;
use crate::reset::{self, Wish};
use crate::status::Status;
use std::sync::Arc;
use std::time::Duration;

const WHAT: &str = "opts_json";
const OPERATION: &str = "reset";

/// A batch of resets.
pub(crate) struct ResetBatch {
    batch: Batch<Item, Ended>,
    cancel: Cancel,
    /// The options of every reset, as they were given and as they were read.
    defaults: (Object, ResetOptions),
    failure: Failure,
}

/// A guest that was handed in.
struct Item {
    row: Row,
    wish: Result<Wish>,
}

/// What came of asking a batch for a result.
pub(crate) enum Taken {
    Answer(u64, Answer),
    Nothing(Status),
}

impl ResetBatch {
    /// Starts a batch with these options: those of every call, those of every reset, and its own.
    pub(crate) fn start(options: Option<&str>) -> Result<Self> {
        let mut object = options.map_or_else(|| Ok(Object::new()), |text| parse(text, WHAT))?;
        let own = BatchOptions::take(&mut object, WHAT)?;
        let common = Common::take(&mut object, WHAT)?;
        if common.names_cancel() {
            return Err(Error::new(Status::ConflictingOptions, format!("{WHAT}: a batch takes no cancel_id"))
                .hint("cancel it with redemption_batch_cancel"));
        }
        let defaults = (object.clone(), ResetOptions::read(object, WHAT)?);
        if own.journal.is_some() && defaults.1.dry_run {
            return Err(Error::new(Status::ConflictingOptions, format!("{WHAT}: a dry run needs no journal")));
        }
        let session = auth::of_call(&common)?;
        let (common, binding) = match own.journal {
            Some(_) => {
                let (common, tenant) = sign_in(common, &session)?;
                (common, Some(binding(&tenant, &session, &own, &defaults.1)))
            }
            None => (common, None),
        };
        let failure = Failure::default();
        let account = Account::open(&own, binding.as_ref(), failure.clone())?;
        let cancel = Cancel::default();
        let job = if own.remind.is_some() { Job::Remind } else { Job::Reset };
        let resets = Resets { job, common, session, cancel: cancel.clone(), account };
        let batch = Batch::start(own.max_in_flight, move || resets).map_err(|failure| engine_failed(&failure))?;
        Ok(Self { batch, cancel, defaults, failure })
    }

    /// Hands a guest in. What is wrong with it becomes its result.
    pub(crate) fn add(
        &self,
        tag: u64,
        user: &str,
        email: Option<&str>,
        options: Option<&str>,
        timeout: Duration,
    ) -> Status {
        let wish = self.wish(user, email, options);
        let row = Row { tag, user: user.to_owned(), email: email.map(str::to_owned) };
        self.add_item(Item { row, wish }, timeout)
    }

    /// Hands in what could not be read, so that its result tells why.
    pub(crate) fn add_unreadable(&self, tag: u64, why: Error, timeout: Duration) -> Status {
        self.add_item(Item { row: Row { tag, user: String::new(), email: None }, wish: Err(why) }, timeout)
    }

    fn add_item(&self, item: Item, timeout: Duration) -> Status {
        if self.cancel.is_cancelled() || self.failure.get().is_some() {
            return Status::BatchClosed;
        }
        match self.batch.add(item.row.tag, item, timeout) {
            Added::Taken => Status::Ok,
            Added::Full => Status::BatchFull,
            Added::Closed => Status::BatchClosed,
        }
    }

    /// A guest with what is wished for it; `options` stand over those of the batch.
    fn wish(&self, user: &str, email: Option<&str>, options: Option<&str>) -> Result<Wish> {
        let user = UserKey::parse(user)?;
        let email = email.map(|text| Address::parse(text, "email")).transpose()?;
        let options = match options {
            None => self.defaults.1.clone(),
            Some(text) => {
                let mut object = self.defaults.0.clone();
                object.extend(parse(text, "item_opts_json")?);
                ResetOptions::read(object, "item_opts_json")?
            }
        };
        Ok(Wish { user, email, options })
    }

    /// No more guests come.
    pub(crate) fn finish(&self) {
        self.batch.close();
    }

    /// Ends what is under way as a cancelled call ends, and all that waits before anything is sent.
    pub(crate) fn cancel(&self) {
        self.cancel.cancel();
        self.batch.close();
    }

    /// The next result, in the order in which they are done.
    pub(crate) fn next(&self, timeout: Duration) -> Result<Taken> {
        Ok(match self.batch.next(timeout) {
            Next::Result(tag, Ok(ended)) => Taken::Answer(tag, answer(OPERATION, ended)),
            Next::Result(tag, Err(_)) => {
                let error = Error::new(Status::Panic, "the library failed inside")
                    .hint("look at the guest before repeating it; please report this with the version of the library");
                Taken::Answer(tag, answer(OPERATION, Ended::failed(error)))
            }
            Next::Pending => Taken::Nothing(Status::BatchPending),
            Next::Done => Taken::Nothing(Status::BatchDone),
            Next::Failed(error) => return Err(error),
            Next::Died => return Err(engine_failed(&http::Failure::EngineDied)),
        })
    }
}

impl Drop for ResetBatch {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// What the journal belongs to. A reminder has options of its own.
fn binding(tenant: &str, session: &Session, own: &BatchOptions, options: &ResetOptions) -> Binding {
    match own.remind {
        Some(_) => Binding::of_tenant(tenant, &session.cloud),
        None => Binding::new(tenant, &session.cloud, options),
    }
}

/// Signs in, since a journal belongs to a tenant, and gives back the options with the tenant's id.
fn sign_in(common: Common, session: &Arc<Session>) -> Result<(Common, String)> {
    let signing_in = session.clone();
    let task = async move || {
        let call = common.call();
        let token = signing_in.token(&call).await.map(|_| ());
        (common, token)
    };
    let (common, token) = engine::run(task).map_err(|failure| engine_failed(&failure))?;
    token?;
    let tenant = session.tenant_id().ok_or_else(|| {
        Error::new(Status::JournalUnusable, "the tenant that the journal is for is not known; nothing was sent")
            .hint("sign in with a tenant's id, or with a token that names its tenant")
    })?;
    Ok((common, tenant))
}

/// What is done to each guest of a batch.
#[derive(Clone, Copy)]
enum Job {
    Reset,
    Remind,
}

/// What all resets of a batch share, on the engine's thread.
struct Resets {
    job: Job,
    common: Common,
    session: Arc<Session>,
    cancel: Cancel,
    account: Account,
}

impl Work<Item> for Resets {
    type Output = Ended;

    async fn once(&self, Item { row, wish }: Item) -> Ended {
        let account = self.account.of(row);
        let wish = match self.account.check().and(wish) {
            Ok(wish) => wish,
            Err(error) => {
                account.ended(&ResetReport::default(), &Err(error.clone())).await;
                return Ended::failed(error);
            }
        };
        let call = self.common.call_of_many(&self.cancel);
        signed_in(self.session.clone(), call, async |graph| {
            let (report, outcome) = match self.job {
                Job::Reset => reset::reset(graph, &wish, &account).await,
                Job::Remind => reset::remind(graph, &wish, &account).await,
            };
            account.ended(&report, &outcome).await;
            (value(report), outcome)
        })
        .await
    }

    async fn end(&self) -> Result<()> {
        self.account.end().await
    }
}

/// The answer to a call that could not be carried out.
pub(crate) fn refused(error: Error) -> Answer {
    answer(OPERATION, Ended::failed(error))
}
