//! The record of what was done, step by step.

use crate::call::Call;
use crate::error::Result;
use crate::report::{StepReport, StepState};
use std::time::Instant;

/// Collects the steps of one reset.
pub(super) struct Steps<'a> {
    call: &'a Call,
    taken: Vec<StepReport>,
}

impl<'a> Steps<'a> {
    pub(super) fn new(call: &'a Call) -> Self {
        Self { call, taken: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<StepReport> {
        self.taken
    }

    /// Runs a step that either works or fails.
    pub(super) fn run<T>(
        &mut self,
        step: &'static str,
        work: impl Future<Output = Result<T>>,
        detail: impl FnOnce(&T) -> String,
    ) -> impl Future<Output = Result<T>> {
        self.record(step, work, |result| match result {
            Ok(value) => (StepState::Done, detail(value)),
            Err(error) => (StepState::Failed, error.message.clone()),
        })
    }

    pub(super) fn skip(&mut self, step: &'static str, why: &str) {
        self.taken.push(StepReport {
            step,
            state: StepState::Skipped,
            detail: why.into(),
            request_ids: Vec::new(),
            elapsed_ms: 0,
        });
    }

    /// Runs a step and lets the result say how it ended.
    pub(super) fn record<T>(
        &mut self,
        step: &'static str,
        work: impl Future<Output = T>,
        ended: impl FnOnce(&T) -> (StepState, String),
    ) -> impl Future<Output = T> {
        // boxed, as it is large: an async function would hold it twice, and with it each function that awaits this one
        let work = Box::pin(work);
        async move {
            let (first, start) = (self.call.requests(), Instant::now());
            let result = work.await;
            let (state, detail) = ended(&result);
            self.taken.push(StepReport {
                step,
                state,
                detail,
                request_ids: self.call.request_ids_since(first),
                elapsed_ms: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            });
            result
        }
    }
}
