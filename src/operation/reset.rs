//! The reset and its plan.

use super::request::{WHAT, require_text, take_text};
use super::{Ended, with_graph};
use crate::error::Result;
use crate::options::{Address, Common, Object, ResetOptions, UserKey};
use crate::report::{OperationResult, ResetReport};
use crate::reset::{self, NoLedger, Wish};

/// `reset_redemption`.
pub(super) fn reset(user: &str, email: Option<&str>, object: Object) -> Ended {
    match read(user, email, object, "opts_json") {
        Ok((wish, common)) => with_graph(common, async move |graph| {
            let (report, outcome) = reset::reset(graph, &wish, &NoLedger).await;
            (value(report), outcome)
        }),
        Err(error) => Ended::failed(error),
    }
}

/// `reset.plan`. That something stands in the way is a result, not an error.
pub(super) fn plan(mut object: Object) -> Ended {
    let named = require_text(&mut object, "user_id").and_then(|user| Ok((user, take_text(&mut object, "email")?)));
    let read = named.and_then(|(user, email)| read(&user, email.as_deref(), object, WHAT));
    match read {
        Ok((wish, common)) => with_graph(common, async move |graph| {
            let (report, outcome) = reset::plan(graph, &wish).await;
            let made = report.plan.is_some();
            (value(report), if made { Ok(()) } else { outcome })
        }),
        Err(error) => Ended::failed(error),
    }
}

/// Everything is checked before anything is sent.
fn read(user: &str, email: Option<&str>, mut object: Object, what: &str) -> Result<(Wish, Common)> {
    let user = UserKey::parse(user)?;
    let email = email.map(|text| Address::parse(text, "email")).transpose()?;
    let common = Common::take(&mut object, what)?;
    let options = ResetOptions::read(object, what)?;
    Ok((Wish { user, email, options }, common))
}

pub(super) fn value(report: ResetReport) -> Option<OperationResult> {
    Some(OperationResult::Reset(Box::new(report)))
}
