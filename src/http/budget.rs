//! How long a call may still take, and whether somebody wants it to stop.

use super::cancel::Cancel;
use crate::error::{Error, Result};
use crate::status::Status;
use std::time::{Duration, Instant};

/// The longest that one attempt of one request may take.
const ATTEMPT: Duration = Duration::from_secs(30);

/// The total time limit of a call and its cancellation.
#[derive(Clone)]
pub(crate) struct Budget {
    deadline: Instant,
    limit: Duration,
    /// How long an invitation in flight may go on after a cancellation.
    pub(crate) grace: Duration,
    pub(crate) cancel: Option<Cancel>,
}

impl Budget {
    pub(crate) fn new(limit: Duration, grace: Duration, cancel: Option<Cancel>) -> Self {
        Self { deadline: Instant::now() + limit, limit, grace, cancel }
    }

    /// The same limits, from now on.
    pub(crate) fn anew(&self, cancel: Cancel) -> Self {
        Self::new(self.limit, self.grace, Some(cancel))
    }

    /// The same with less time.
    pub(crate) fn shorter(&self, limit: Duration) -> Self {
        let limit = limit.min(self.remaining());
        Self { deadline: Instant::now() + limit, limit, ..self.clone() }
    }

    /// What is left of the time limit.
    pub(crate) fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// A quarter of the time limit, for what has to be done after a failure.
    pub(crate) fn reserve(&self) -> Duration {
        self.limit / 4
    }

    /// When an attempt that starts now must have ended.
    pub(crate) fn attempt_deadline(&self) -> Instant {
        self.deadline.min(Instant::now() + ATTEMPT)
    }

    /// The same for an invitation: a quarter of the time left stays for finding out whether a lost one took effect.
    pub(crate) fn invitation_deadline(&self) -> Instant {
        Instant::now() + ATTEMPT.min(self.remaining() * 3 / 4)
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_cancelled)
    }

    /// An error once the time is over or the caller has cancelled.
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            return Err(Self::cancellation());
        }
        if self.remaining().is_zero() {
            return Err(self.time_is_over());
        }
        Ok(())
    }

    /// Ends when the caller cancels, if it ever does.
    pub(crate) async fn cancelled(&self) {
        match &self.cancel {
            Some(cancel) => cancel.cancelled().await,
            None => std::future::pending().await,
        }
    }

    /// Waits; an error when cancelled meanwhile.
    pub(crate) async fn sleep(&self, time: Duration) -> Result<()> {
        tokio::select! {
            biased;
            () = self.cancelled() => Err(Self::cancellation()),
            () = tokio::time::sleep(time) => Ok(()),
        }
    }

    /// Waits for something else; an error when the time is over or the call is cancelled before it is there.
    pub(crate) async fn wait_for<T>(&self, something: impl Future<Output = T>) -> Result<T> {
        tokio::select! {
            biased;
            () = self.cancelled() => Err(Self::cancellation()),
            it = something => Ok(it),
            () = tokio::time::sleep_until(self.deadline.into()) => Err(self.time_is_over()),
        }
    }

    fn cancellation() -> Error {
        Error::new(Status::Cancelled, "the call was cancelled")
    }

    pub(crate) fn time_is_over(&self) -> Error {
        Error::new(Status::TimeLimit, format!("the time limit of {} ms was reached", self.limit.as_millis()))
            .hint("allow more time with timeout_ms")
    }
}
