//! Much work at once: a bounded queue in, tasks on the engine's thread, a bounded queue out. It knows nothing of what
//! the work is.
//!
//! Whoever gives work and takes results may be one thread: when there is no room, it takes results first. Work is begun
//! only while there is room for its result, so memory does not grow with the length of the input.

mod book;
pub(crate) mod journal;

pub(crate) use book::{Book, Entry};

use crate::error::Error;
use crate::http::Failure;
use crate::http::engine;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// What became of work that was handed in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Added {
    Taken,
    /// There was no room in time.
    Full,
    /// No more is taken.
    Closed,
}

/// What came of asking for a result.
pub(crate) enum Next<O> {
    /// A result, or the panic of the work.
    Result(u64, std::thread::Result<O>),
    /// None in time.
    Pending,
    /// All results have been given.
    Done,
    /// All results have been given, but the batch did not end well.
    Failed(Error),
    /// The engine's thread has failed; no more will come.
    Died,
}

/// What does the work, on the engine's thread.
pub(crate) trait Work<I> {
    type Output;

    async fn once(&self, item: I) -> Self::Output;

    /// After the last of it, and before the batch is done.
    async fn end(&self) -> Result<(), Error>;
}

/// Work of type `I` with results of type `O`, told apart by the caller's tags.
pub(crate) struct Batch<I, O>(Arc<Shared<I, O>>);

struct Shared<I, O> {
    state: Mutex<State<I, O>>,
    /// Wakes callers that wait for room or for a result.
    changed: Condvar,
    /// Wakes the driver.
    stirred: Notify,
    most_under_way: usize,
}

struct State<I, O> {
    waiting: VecDeque<(u64, I)>,
    under_way: usize,
    results: VecDeque<(u64, std::thread::Result<O>)>,
    /// No more work is taken.
    closed: bool,
    /// Nobody wants the results.
    abandoned: bool,
    /// How the work ended.
    end: Option<Result<(), Error>>,
    /// The driver has gone.
    gone: bool,
}

impl<I: Send + 'static, O: Send + 'static> Batch<I, O> {
    /// Starts. `make` runs on the engine's thread and gives what does the work there.
    pub(crate) fn start<W: Work<I, Output = O> + 'static>(
        most_under_way: usize,
        make: impl FnOnce() -> W + Send + 'static,
    ) -> Result<Self, Failure> {
        let state = State {
            waiting: VecDeque::new(),
            under_way: 0,
            results: VecDeque::new(),
            closed: false,
            abandoned: false,
            end: None,
            gone: false,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            stirred: Notify::new(),
            most_under_way,
        });
        let driven = Driven(shared.clone());
        engine::start(async move || drive(&driven.0, &Rc::new(make())).await)?;
        Ok(Self(shared))
    }

    /// Hands work in; waits for room for at most this long.
    pub(crate) fn add(&self, tag: u64, work: I, timeout: Duration) -> Added {
        let deadline = Instant::now() + timeout;
        let mut state = self.0.state();
        loop {
            if state.closed || state.gone {
                return Added::Closed;
            }
            if state.waiting.len() < self.0.most_under_way {
                state.waiting.push_back((tag, work));
                drop(state);
                self.0.stirred.notify_one();
                return Added::Taken;
            }
            match self.0.wait(state, deadline) {
                Some(changed) => state = changed,
                None => return Added::Full,
            }
        }
    }

    /// No more work comes.
    pub(crate) fn close(&self) {
        self.0.state().closed = true;
        self.0.changed.notify_all();
        self.0.stirred.notify_one();
    }

    /// Gives a result; waits for one for at most this long.
    pub(crate) fn next(&self, timeout: Duration) -> Next<O> {
        let deadline = Instant::now() + timeout;
        let mut state = self.0.state();
        loop {
            if let Some((tag, result)) = state.results.pop_front() {
                drop(state);
                self.0.stirred.notify_one();
                return Next::Result(tag, result);
            }
            match &state.end {
                Some(Ok(())) => return Next::Done,
                Some(Err(error)) => return Next::Failed(error.clone()),
                None if state.gone => return Next::Died,
                None => {}
            }
            match self.0.wait(state, deadline) {
                Some(changed) => state = changed,
                None => return Next::Pending,
            }
        }
    }
}

/// Nobody takes results any more; what has not begun never will.
impl<I, O> Drop for Batch<I, O> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.closed = true;
        state.abandoned = true;
        let never = (std::mem::take(&mut state.waiting), std::mem::take(&mut state.results));
        drop(state);
        drop(never);
        self.0.stirred.notify_one();
    }
}

impl<I, O> Shared<I, O> {
    fn state(&self) -> MutexGuard<'_, State<I, O>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a change; none when there was none in time.
    fn wait<'a>(
        &'a self,
        state: MutexGuard<'a, State<I, O>>,
        deadline: Instant,
    ) -> Option<MutexGuard<'a, State<I, O>>> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        Some(self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0)
    }

    /// The next work, if there is any and room for it and its result.
    fn begin(&self) -> Option<(u64, I)> {
        let mut state = self.state();
        if state.under_way + state.results.len() >= self.most_under_way {
            return None;
        }
        let work = state.waiting.pop_front()?;
        state.under_way += 1;
        Some(work)
    }

    fn finish(&self, tag: u64, result: std::thread::Result<O>) {
        let mut state = self.state();
        state.under_way -= 1;
        if !state.abandoned {
            state.results.push_back((tag, result));
        }
        drop(state);
        self.stirred.notify_one();
    }
}

impl<I, O> State<I, O> {
    /// Whether all work that comes has been done.
    fn is_over(&self) -> bool {
        self.closed && self.waiting.is_empty() && self.under_way == 0
    }
}

/// Tells callers when the driver goes, whatever the reason.
struct Driven<I, O>(Arc<Shared<I, O>>);

impl<I, O> Drop for Driven<I, O> {
    fn drop(&mut self) {
        self.0.state().gone = true;
        self.0.changed.notify_all();
    }
}

/// Begins work as it comes, until all of it is done.
async fn drive<I: 'static, O: 'static, W: Work<I, Output = O> + 'static>(shared: &Arc<Shared<I, O>>, worker: &Rc<W>) {
    loop {
        while let Some((tag, work)) = shared.begin() {
            let (shared, worker) = (shared.clone(), worker.clone());
            tokio::task::spawn_local(async move {
                let result = engine::caught(async move { worker.once(work).await }).await;
                shared.finish(tag, result);
            });
        }
        // once for all that has changed since the last time, as each wake-up costs a switch between threads
        shared.changed.notify_all();
        if shared.state().is_over() {
            let end = worker.end().await;
            shared.state().end = Some(end);
            return;
        }
        shared.stirred.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    struct Doubler;

    impl Work<u64> for Doubler {
        type Output = u64;

        async fn once(&self, number: u64) -> u64 {
            tokio::time::sleep(Duration::from_millis(number % 3)).await;
            #[allow(clippy::panic)]
            if number == 13 {
                panic!("asked for by a test");
            }
            number * 2
        }

        async fn end(&self) -> Result<(), Error> {
            Ok(())
        }
    }

    struct Never;

    impl Work<()> for Never {
        type Output = ();

        async fn once(&self, (): ()) {
            std::future::pending::<()>().await;
        }

        async fn end(&self) -> Result<(), Error> {
            Ok(())
        }
    }

    fn doubled(most: usize) -> Batch<u64, u64> {
        Batch::start(most, || Doubler).unwrap()
    }

    #[test]
    fn one_thread_gives_and_takes_with_little_room() {
        let batch = doubled(4);
        let (mut taken, mut most_ahead) = (Vec::new(), 0);
        let take = |batch: &Batch<u64, u64>, taken: &mut Vec<u64>| match batch.next(SOON) {
            Next::Result(tag, Ok(result)) => {
                assert_eq!(result, tag * 2);
                taken.push(tag);
                true
            }
            Next::Result(13, Err(_)) => {
                taken.push(13);
                true
            }
            Next::Done => false,
            _ => unreachable!("neither a result nor the end"),
        };
        for number in 0..200 {
            while batch.add(number, number, Duration::ZERO) == Added::Full {
                most_ahead = most_ahead.max(number - taken.len() as u64);
                assert!(take(&batch, &mut taken));
            }
        }
        batch.close();
        while take(&batch, &mut taken) {}
        taken.sort_unstable();
        assert_eq!(taken, (0..200).collect::<Vec<_>>());
        // those that wait, and those under way or done
        assert!(most_ahead <= 8, "{most_ahead}");
        assert_eq!(batch.add(1, 1, Duration::ZERO), Added::Closed);
        assert!(matches!(batch.next(Duration::ZERO), Next::Done));
    }

    #[test]
    fn waiting_ends_in_time() {
        let batch: Batch<(), ()> = Batch::start(1, || Never).unwrap();
        assert!(matches!(batch.next(Duration::from_millis(10)), Next::Pending));
        assert_eq!(batch.add(1, (), SOON), Added::Taken);
        // the first is under way before long, and leaves its place to the second
        assert_eq!(batch.add(2, (), SOON), Added::Taken);
        assert_eq!(batch.add(3, (), Duration::from_millis(10)), Added::Full);
        assert!(matches!(batch.next(Duration::from_millis(10)), Next::Pending));
    }
}
