//! Many guests with one set of options: handed in one by one, results taken as they come.

use super::guard::shielded;
use super::{arguments, host, redemption_result, redemption_status, result};
use crate::error::Result;
use crate::operation::batch::{ResetBatch, Taken, refused};
use crate::status::Status;
use std::ffi::c_char;
use std::time::Duration;

/// A batch of resets. Opaque; owned by the caller.
#[allow(non_camel_case_types)]
pub struct redemption_batch {
    batch: ResetBatch,
}

/// Starts a batch of resets. Nothing is sent yet, but for the sign-in where `journal` names a file, since a journal
/// belongs to a tenant. With `journal`, what is about to be sent is on disk before it is; an error of the disk keeps
/// all later guests from being begun, and `redemption_batch_next` tells it at the end.
///
/// Parameters:
///   `opts_json`: one JSON object, described by `batch-options.schema.json`: the options of every reset of the batch,
///   of every call, and `max_in_flight`. NULL means defaults. NUL-terminated UTF-8 of at most 1 MiB, read during the
///   call only.
///   `out`: receives the batch, or NULL when it was not started. Not NULL.
///   `why`: receives NULL, or a result that tells why it was not started. NULL when that is of no interest.
///
/// Returns: `REDEMPTION_OK`, or why it was not started.
///
/// Ownership: free the batch with `redemption_batch_free`, and the result with `redemption_result_free`.
///
/// Threads: any thread.
///
/// Since: 0.1.0
///
/// # Safety
///
/// `opts_json` is NULL or points to a NUL-terminated string that does not change during the call; `out` and `why` are
/// NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_batch_start(
    opts_json: *const c_char,
    out: *mut *mut redemption_batch,
    why: *mut *mut redemption_result,
) -> redemption_status {
    // SAFETY: the caller keeps to this function's contract
    let out = unsafe { out.as_mut() };
    // SAFETY: as above
    let why = unsafe { why.as_mut() };
    let Some(out) = out else { return Status::NullArgument.code() };
    let started = shielded(|| {
        // SAFETY: as above
        let options = unsafe { arguments::optional(opts_json, "opts_json") }?;
        ResetBatch::start(options)
    });
    let (status, batch, reason) = match started {
        Ok(batch) => (Status::Ok, Box::into_raw(Box::new(redemption_batch { batch })), std::ptr::null_mut()),
        Err(error) => (error.status, std::ptr::null_mut(), result::give(refused(error))),
    };
    *out = batch;
    match why {
        Some(why) => *why = reason,
        // SAFETY: NULL, or just given and known to nobody else
        None => unsafe { result::take_back(reason) },
    }
    status.code()
}

/// Hands a guest in, to be reset as soon as there is room.
///
/// What is wrong with the guest or its address is told by its result, so that one bad row does not end a batch. The
/// same guest twice is a conflict, also told by the second's result, unless the same is wished for it again: that one's
/// outcome is `repeated`, and nothing is done for it. No two guests get one new address: the second is refused.
///
/// Parameters:
///   `batch`: a batch that has not been freed, or NULL.
///   `tag`: any number of the caller's, which comes back with the result.
///   `user_id`, `email`: as for `reset_redemption`.
///   `item_opts_json`: options of a reset that stand over those of the batch. NULL means those of the batch.
///   Texts are NUL-terminated UTF-8 of at most 1 MiB each, and are read during the call only.
///   `timeout_ms`: how long to wait for room; 0 means not at all.
///
/// Returns: `REDEMPTION_OK` when it was taken; `REDEMPTION_BATCH_FULL` when there was no room in time: take results
/// and hand it in again; `REDEMPTION_BATCH_CLOSED` after the batch was finished or cancelled.
///
/// Threads: any thread, also several at once.
///
/// Since: 0.1.0
///
/// # Safety
///
/// `batch` is NULL or a batch that has not been freed; each text is NULL or points to a NUL-terminated string that does
/// not change during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_batch_add(
    batch: *mut redemption_batch,
    tag: u64,
    user_id: *const c_char,
    email: *const c_char,
    item_opts_json: *const c_char,
    timeout_ms: u32,
) -> redemption_status {
    // SAFETY: the caller keeps to this function's contract
    let Some(batch) = (unsafe { batch.as_ref() }) else { return Status::NullArgument.code() };
    let added = shielded(|| {
        let timeout = Duration::from_millis(timeout_ms.into());
        let texts = || {
            // SAFETY: as above
            let user_id = unsafe { arguments::required(user_id, "user_id") }?;
            // SAFETY: as above
            let email = unsafe { arguments::optional(email, "email") }?;
            // SAFETY: as above
            let options = unsafe { arguments::optional(item_opts_json, "item_opts_json") }?;
            Ok((user_id, email, options))
        };
        Ok(match texts() {
            Ok((user_id, email, options)) => batch.batch.add(tag, user_id, email, options, timeout),
            Err(why) => batch.batch.add_unreadable(tag, why, timeout),
        })
    });
    code(added)
}

/// Says that no more guests come.
///
/// Parameters: `batch`: a batch that has not been freed, or NULL.
///
/// Returns: `REDEMPTION_OK`; `REDEMPTION_NULL_ARGUMENT` for NULL.
///
/// Threads: any thread.
///
/// Since: 0.1.0
///
/// # Safety
///
/// The argument is NULL or a batch that has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_batch_finish(batch: *mut redemption_batch) -> redemption_status {
    // SAFETY: the caller keeps to this function's contract
    let Some(batch) = (unsafe { batch.as_ref() }) else { return Status::NullArgument.code() };
    code(shielded(|| {
        batch.batch.finish();
        Ok(Status::Ok)
    }))
}

/// Takes a result, in the order in which guests are done. Every guest that was taken gets exactly one.
///
/// Parameters:
///   `batch`: a batch that has not been freed, or NULL.
///   `timeout_ms`: how long to wait for a result; 0 means not at all.
///   `tag`: receives the guest's tag when there is a result, or NULL.
///   `out`: receives the result, or NULL when there is none. Not NULL.
///
/// Returns: `REDEMPTION_OK` when there is a result, whatever that result's own status; `REDEMPTION_BATCH_PENDING` when
/// there was none in time; `REDEMPTION_BATCH_DONE` when the batch is finished or cancelled and all results were taken;
/// another status when the batch itself has failed.
///
/// Ownership: free the result with `redemption_result_free`.
///
/// Threads: any thread, also several at once.
///
/// Since: 0.1.0
///
/// # Safety
///
/// `batch` is NULL or a batch that has not been freed; `tag` and `out` are NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_batch_next(
    batch: *mut redemption_batch,
    timeout_ms: u32,
    tag: *mut u64,
    out: *mut *mut redemption_result,
) -> redemption_status {
    // SAFETY: the caller keeps to this function's contract
    let batch = unsafe { batch.as_ref() };
    // SAFETY: as above
    let tag = unsafe { tag.as_mut() };
    // SAFETY: as above
    let out = unsafe { out.as_mut() };
    let (Some(batch), Some(out)) = (batch, out) else { return Status::NullArgument.code() };
    *out = std::ptr::null_mut();
    code(shielded(|| match batch.batch.next(Duration::from_millis(timeout_ms.into()))? {
        Taken::Answer(number, answer) => {
            *out = result::give(answer);
            if let Some(tag) = tag {
                *tag = number;
            }
            Ok(Status::Ok)
        }
        Taken::Nothing(status) => Ok(status),
    }))
}

/// Cancels a batch: guests under way end as a cancelled `reset_redemption` does, those that wait end with
/// `REDEMPTION_CANCELLED` and nothing is sent for them. The results are still there to be taken.
///
/// Parameters: `batch`: a batch that has not been freed, or NULL.
///
/// Threads: any thread, at any time.
///
/// Since: 0.1.0
///
/// # Safety
///
/// The argument is NULL or a batch that has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_batch_cancel(batch: *mut redemption_batch) {
    // SAFETY: the caller keeps to this function's contract
    if let Some(batch) = unsafe { batch.as_ref() } {
        code(shielded(|| {
            batch.batch.cancel();
            Ok(Status::Ok)
        }));
    }
}

/// Frees a batch. One that is not done is cancelled, and its results are lost; the call does not wait for them.
///
/// Parameters: `batch`: a batch that has not been freed, or NULL.
///
/// Threads: any thread, once, when no other thread uses the batch any more.
///
/// Since: 0.1.0
///
/// # Safety
///
/// The argument is NULL or a batch that has not been freed, and no other call uses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redemption_batch_free(batch: *mut redemption_batch) {
    // in a forked child its locks may be held by threads that are not there
    if !batch.is_null() && !host::is_forked() {
        // SAFETY: not NULL; the caller keeps to this function's contract
        let batch = unsafe { Box::from_raw(batch) };
        code(shielded(|| {
            drop(batch);
            Ok(Status::Ok)
        }));
    }
}

fn code(outcome: Result<Status>) -> redemption_status {
    outcome.unwrap_or_else(|error| error.status).code()
}
