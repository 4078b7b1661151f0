//! Writing while a run goes on. A thread of the journal's own gathers what has come while it was writing, and puts it
//! on disk with one write and one sync, so that no task of the engine waits for the disk but for its own lines.

use super::appender::Appender;
use super::faults::{failed, unusable};
use super::record::Record;
use crate::error::{Error, Result};
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};
use tokio::sync::{mpsc, oneshot};

/// How many records may wait, and how many are written at once.
const MOST: usize = 1024;

/// Adds records to a journal, from tasks. When it is dropped, what was added is still written.
#[derive(Debug)]
pub(crate) struct Writer {
    /// None once it is closed.
    queue: RefCell<Option<mpsc::Sender<Entry>>>,
    ended: RefCell<Option<oneshot::Receiver<Result<()>>>>,
    failure: Arc<Failure>,
}

/// A record, and who waits for it to be on disk.
struct Entry {
    record: Record,
    waiter: Option<oneshot::Sender<Result<()>>>,
}

/// Why nothing can be added any more.
#[derive(Debug)]
struct Failure {
    name: String,
    error: OnceLock<Error>,
}

impl Failure {
    fn error(&self) -> Error {
        self.error.get().cloned().unwrap_or_else(|| failed(&self.name, "its thread has ended"))
    }
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(appender: Appender, name: String) -> Result<Self> {
        let failure = Arc::new(Failure { name, error: OnceLock::new() });
        let (queue, entries) = mpsc::channel(MOST);
        let (tell, ended) = oneshot::channel();
        let shared = failure.clone();
        let work = move || {
            // whoever waits for the end may open the file again at once
            let _ = tell.send(run(appender, entries, &shared));
        };
        crate::thread::spawn("redemption-journal", 1 << 20, work)
            .map_err(|error| unusable(&failure.name, format!("has no thread to be written by: {error}")))?;
        Ok(Self { queue: RefCell::new(Some(queue)), ended: RefCell::new(Some(ended)), failure })
    }

    /// Adds a record, and waits until it is on disk. If the future is dropped, the record may be written.
    pub(crate) async fn commit(&self, record: Record) -> Result<()> {
        let (waiter, answer) = oneshot::channel();
        self.send(Entry { record, waiter: Some(waiter) }).await?;
        answer.await.unwrap_or_else(|_| Err(self.failure.error()))
    }

    /// Adds a record that reaches the disk with a later one; waits only while too many are waiting.
    pub(crate) async fn append(&self, record: Record) -> Result<()> {
        self.send(Entry { record, waiter: None }).await
    }

    /// Waits until all is on disk, and lets go of the file. Nothing can be added afterwards.
    pub(crate) async fn close(&self) -> Result<()> {
        self.queue.take();
        let ended = self.ended.take();
        match ended {
            Some(ended) => ended.await.unwrap_or_else(|_| Err(self.failure.error())),
            None => Ok(()),
        }
    }

    async fn send(&self, entry: Entry) -> Result<()> {
        let queue = self.queue.borrow().clone().ok_or_else(|| failed(&self.failure.name, "it is closed"))?;
        queue.send(entry).await.map_err(|_| self.failure.error())
    }
}

fn run(mut appender: Appender, mut entries: mpsc::Receiver<Entry>, failure: &Failure) -> Result<()> {
    let mut batch = Vec::new();
    while entries.blocking_recv_many(&mut batch, MOST) > 0 {
        let (records, waiters): (Vec<_>, Vec<_>) = batch.drain(..).map(|entry| (entry.record, entry.waiter)).unzip();
        let waiters: Vec<_> = waiters.into_iter().flatten().collect();
        let added = appender.add(&records, !waiters.is_empty());
        let answer = added.map_err(|error| failure.error.get_or_init(|| failed(&failure.name, error)).clone());
        for waiter in waiters {
            // a task that was cancelled does not wait any more
            let _ = waiter.send(answer.clone());
        }
        // those that are waiting get the failure for their answer when the queue is dropped
        answer?;
    }
    appender.close().map_err(|error| failed(&failure.name, error))
}
