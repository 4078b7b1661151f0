//! Faults that are asked for: what goes wrong with which request.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::http::Request;

/// A fault in wait for its request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    /// Any method if absent.
    method: Option<String>,
    /// A part of path and query, decoded.
    #[serde(default)]
    path: String,
    /// How often it strikes.
    #[serde(default = "once")]
    times: u32,
    /// How many matching requests it lets pass before.
    #[serde(default)]
    skip: u32,
    action: Action,
}

fn once() -> u32 {
    1
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    /// Answers this instead of doing anything.
    Respond(Canned),
    /// Closes the connection without an answer.
    Drop(Moment),
    /// Waits, then goes on as usual.
    DelayMs(u64),
    /// Does it, but sends only so many bytes of the body and closes.
    Truncate(usize),
    /// Answers with a redirect to this URL.
    Redirect(String),
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Moment {
    Before,
    After,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(super) struct Canned {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) body: String,
}

/// The action of the first fault that strikes this request.
pub(super) fn strike(faults: &mut Vec<Fault>, request: &Request) -> Option<Action> {
    if faults.is_empty() {
        return None;
    }
    let query = request.query.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>();
    let target = format!("/{}?{}", request.path.join("/"), query.join("&"));
    let fits = |fault: &Fault| {
        fault.method.as_ref().is_none_or(|m| m.eq_ignore_ascii_case(&request.method)) && target.contains(&fault.path)
    };
    let mut action = None;
    for fault in faults.iter_mut().filter(|f| fits(f)) {
        if fault.skip > 0 {
            fault.skip -= 1;
        } else if fault.times > 0 {
            fault.times -= 1;
            action = Some(fault.action.clone());
            break;
        }
    }
    faults.retain(|f| f.times > 0);
    action
}
