//! Many resets with one sign-in, for callers that hand guests in and take results as they come.

use super::reset::value;
use super::{Answer, Ended, answer, signed_in};
use crate::auth::{self, Session};
use crate::batch::{Added, Batch, Book, Entry, Next};
use crate::call::engine_failed;
use crate::error::{Error, Result};
use crate::graph::Guest;
use crate::http::cancel::Cancel;
use crate::options::{Address, Common, Object, ResetOptions, UserKey, parse, read};
use crate::reset::{self, Ledger, Wish};
use crate::status::Status;
use serde::Deserialize;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

const WHAT: &str = "opts_json";
const OPERATION: &str = "reset";

/// A batch of resets.
pub(crate) struct ResetBatch {
    batch: Batch<Result<Wish>, Ended>,
    cancel: Cancel,
    /// The options of every reset, as they were given and as they were read.
    defaults: (Object, ResetOptions),
}

/// What came of asking a batch for a result.
pub(crate) enum Taken {
    Answer(u64, Answer),
    Nothing(Status),
}

impl ResetBatch {
    /// Starts a batch with these options: those of every call, those of every reset, and `max_in_flight`.
    pub(crate) fn start(options: Option<&str>) -> Result<Self> {
        let mut object = options.map_or_else(|| Ok(Object::new()), |text| parse(text, WHAT))?;
        let most = max_in_flight(&mut object)?;
        let common = Common::take(&mut object, WHAT)?;
        if common.names_cancel() {
            return Err(Error::new(Status::ConflictingOptions, format!("{WHAT}: a batch takes no cancel_id"))
                .hint("cancel it with redemption_batch_cancel"));
        }
        let defaults = (object.clone(), ResetOptions::read(object, WHAT)?);
        let session = auth::of_call(&common)?;
        let cancel = Cancel::default();
        let shared = cancel.clone();
        let batch = Batch::start(most, move || {
            let resets = Rc::new(Resets { common, session, cancel: shared, books: Books::default() });
            move |wish| {
                let resets = resets.clone();
                async move { resets.reset(wish).await }
            }
        });
        Ok(Self { batch: batch.map_err(|failure| engine_failed(&failure))?, cancel, defaults })
    }

    /// Hands a guest in. What is wrong with it becomes its result.
    pub(crate) fn add(&self, tag: u64, wish: Result<Wish>, timeout: Duration) -> Status {
        if self.cancel.is_cancelled() {
            return Status::BatchClosed;
        }
        match self.batch.add(tag, wish, timeout) {
            Added::Taken => Status::Ok,
            Added::Full => Status::BatchFull,
            Added::Closed => Status::BatchClosed,
        }
    }

    /// A guest with what is wished for it; `options` stand over those of the batch.
    pub(crate) fn wish(&self, user: &str, email: Option<&str>, options: Option<&str>) -> Result<Wish> {
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
            Next::Failed => return Err(engine_failed(&crate::http::Failure::EngineDied)),
        })
    }
}

impl Drop for ResetBatch {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

fn max_in_flight(object: &mut Object) -> Result<usize> {
    #[derive(Deserialize)]
    struct Own {
        max_in_flight: Option<usize>,
    }
    let own: Object = object.remove_entry("max_in_flight").into_iter().collect();
    let most = read::<Own>(own, WHAT)?.max_in_flight.unwrap_or(50);
    if (1..=2000).contains(&most) {
        return Ok(most);
    }
    Err(Error::new(Status::OutOfRange, format!("{WHAT}: max_in_flight: expected a number from 1 to 2000")))
}

/// What all resets of a batch share, on the engine's thread.
struct Resets {
    common: Common,
    session: Arc<Session>,
    cancel: Cancel,
    books: Books,
}

impl Resets {
    async fn reset(&self, wish: Result<Wish>) -> Ended {
        let wish = match wish {
            Ok(wish) => wish,
            Err(error) => return Ended::failed(error),
        };
        let call = self.common.call_of_many(&self.cancel);
        signed_in(self.session.clone(), call, async |graph| {
            let (report, outcome) = reset::reset(graph, &wish, &self.books).await;
            (value(report), outcome)
        })
        .await
    }
}

/// The guests that the batch was about so far.
#[derive(Default)]
struct Books(RefCell<Book>);

impl Ledger for Books {
    async fn claim(&self, wish: &Wish, guest: &Guest, target: &Address) -> Result<bool> {
        let wished = format!("{} {:?}", target.as_str().to_ascii_lowercase(), wish.options);
        let entered = self.0.borrow_mut().enter(&guest.id, &wished).map_err(|error| {
            Error::new(Status::OutOfResources, format!("the temporary file of a large batch failed: {error}"))
                .hint("make room in the folder for temporary files")
        })?;
        match entered {
            Entry::New => Ok(true),
            Entry::Same => Ok(false),
            Entry::Other => {
                let who = guest.user_principal_name.as_deref().unwrap_or(&guest.id);
                let what = format!("{who} stands in this batch already, with another address or other options");
                Err(Error::new(Status::BatchConflict, what)
                    .hint("decide which is meant, and leave the other out; this one changed nothing"))
            }
        }
    }
}

/// The answer to a call that could not be carried out.
pub(crate) fn refused(error: Error) -> Answer {
    answer(OPERATION, Ended::failed(error))
}
