//! A batch as a C program has it.
#![allow(unsafe_code)]

use super::{Outcome, Tenant};
use guest_redemption::{Answer, Status, ffi};
use serde_json::Value;
use std::collections::HashMap;
use std::ffi::{CStr, CString};
use std::ptr::{null, null_mut};

/// A batch; freed when it is dropped.
pub(crate) struct Batch(pub(crate) *mut ffi::redemption_batch);

// SAFETY: any thread may use a batch
unsafe impl Send for Batch {}
// SAFETY: several threads may
unsafe impl Sync for Batch {}

pub(crate) fn c(text: &str) -> CString {
    CString::new(text).unwrap()
}

pub(crate) fn status(code: i32) -> Status {
    Status::from_code(code).unwrap()
}

fn read(result: *mut ffi::redemption_result) -> Outcome {
    // SAFETY: the result is one of the library's
    let status = status(unsafe { ffi::redemption_result_status(result) });
    // SAFETY: as above; a NULL length is not written
    let json = unsafe { ffi::redemption_result_json(result, null_mut()) };
    // SAFETY: the text lives as long as the result
    let json = unsafe { CStr::from_ptr(json) }.to_str().unwrap().to_owned();
    // SAFETY: as above
    let message = unsafe { ffi::redemption_result_message(result, null_mut()) };
    // SAFETY: as above
    let message = unsafe { CStr::from_ptr(message) }.to_str().unwrap().to_owned();
    // SAFETY: nobody uses it any more
    unsafe { ffi::redemption_result_free(result) };
    Outcome::of(Answer { status, message, json })
}

impl Batch {
    pub(crate) fn start(tenant: &Tenant, members: Value) -> Self {
        Self::try_start(&tenant.options(members)).unwrap_or_else(|why| unreachable!("{why:?}"))
    }

    pub(crate) fn try_start(options: &Value) -> Result<Self, Outcome> {
        let (mut batch, mut why) = (null_mut(), null_mut());
        let mut options = options.clone();
        // these tenants have no limits, so the library need not keep to any
        options["environment"]["GUEST_REDEMPTION_LIFT_LOOPBACK_LIMITS"] = "1".into();
        let options = c(&options.to_string());
        // SAFETY: the text is NUL-terminated, and both may be written
        let code = unsafe { ffi::redemption_batch_start(options.as_ptr(), &raw mut batch, &raw mut why) };
        if why.is_null() {
            assert_eq!(status(code), Status::Ok);
            return Ok(Self(batch));
        }
        assert!(batch.is_null());
        let why = read(why);
        assert_eq!(why.status, status(code));
        Err(why)
    }

    pub(crate) fn add(
        &self,
        tag: u64,
        user: &str,
        email: Option<&str>,
        options: Option<Value>,
        timeout_ms: u32,
    ) -> Status {
        let (user, email) = (c(user), email.map(c));
        let options = options.map(|options| c(&options.to_string()));
        let pointer = |text: &Option<CString>| text.as_ref().map_or(null(), |text| text.as_ptr());
        let (email, options) = (pointer(&email), pointer(&options));
        // SAFETY: the texts are NUL-terminated or NULL
        status(unsafe { ffi::redemption_batch_add(self.0, tag, user.as_ptr(), email, options, timeout_ms) })
    }

    pub(crate) fn finish(&self) {
        // SAFETY: the batch is not freed
        assert_eq!(status(unsafe { ffi::redemption_batch_finish(self.0) }), Status::Ok);
    }

    pub(crate) fn cancel(&self) {
        // SAFETY: the batch is not freed
        unsafe { ffi::redemption_batch_cancel(self.0) };
    }

    pub(crate) fn next(&self, timeout_ms: u32) -> Result<(u64, Outcome), Status> {
        let (mut tag, mut result) = (0, null_mut());
        // SAFETY: the batch is not freed, and both may be written
        match status(unsafe { ffi::redemption_batch_next(self.0, timeout_ms, &raw mut tag, &raw mut result) }) {
            Status::Ok => Ok((tag, read(result))),
            other => {
                assert!(result.is_null());
                Err(other)
            }
        }
    }

    /// All results by their tags.
    pub(crate) fn results(&self) -> HashMap<u64, Outcome> {
        let mut all = HashMap::new();
        loop {
            match self.next(30_000) {
                Ok((tag, outcome)) => assert!(all.insert(tag, outcome).is_none(), "{tag} came twice"),
                Err(Status::BatchDone) => return all,
                Err(other) => unreachable!("{other:?}"),
            }
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // SAFETY: nobody uses it any more
        unsafe { ffi::redemption_batch_free(self.0) };
    }
}
