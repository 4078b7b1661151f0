//! What callers get back, as JSON. Members are only ever added; readers ignore those they do not know.

use crate::error::{Error, ObjectRef, ServiceFault};
use crate::graph::Guest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::Arc;

/// Bumped only for what breaks readers.
pub(crate) const SCHEMA: u32 = 1;

/// The answer to any call.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Envelope<'a> {
    /// Version of this format: 1.
    pub(crate) schema: u32,
    /// `reset`, or the request's `op`.
    pub(crate) operation: &'a str,
    /// Name of the status, such as `GUEST_NOT_FOUND`.
    pub(crate) status: &'static str,
    /// Number of the status.
    pub(crate) status_code: i32,
    /// One sentence; empty when the status is `OK`.
    pub(crate) message: &'a str,
    pub(crate) error: Option<ErrorReport>,
    /// Where and as whom the call was made; null when it did not get that far.
    pub(crate) context: Option<Context<'a>>,
    /// Depends on the operation.
    #[cfg_attr(feature = "schemas", schemars(with = "Option<Value>"))]
    pub(crate) result: Option<OperationResult>,
    /// Every request whose answer was waited for, in order.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What an operation leaves.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum OperationResult {
    Reset(Box<ResetReport>),
    Other(Value),
}

/// Why the status is not `OK`.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct ErrorReport {
    pub(crate) status: String,
    pub(crate) message: String,
    /// What to do next.
    pub(crate) hint: Option<String>,
    /// Objects that stand in the way.
    pub(crate) objects: Vec<ObjectRef>,
    /// What the service said, if it was reached.
    pub(crate) service: Option<ServiceFault>,
}

impl ErrorReport {
    pub(crate) fn of(error: &Error) -> Self {
        Self {
            status: error.status.name().into(),
            message: error.message.clone(),
            hint: error.hint.clone(),
            objects: error.objects.clone(),
            service: error.service.as_deref().cloned(),
        }
    }
}

/// Where and as whom a call was made.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Context<'a> {
    pub(crate) tenant_id: Option<String>,
    /// The word of the option `cloud`, or `custom`.
    pub(crate) cloud: &'a str,
    /// The same for people; names the host where it is not Microsoft's.
    pub(crate) environment: &'a str,
    pub(crate) graph_url: &'a str,
    pub(crate) account: Option<String>,
}

/// One request that was sent. Never holds a token or a body.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Diagnostic {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// Null when no answer came.
    pub(crate) http_status: Option<u16>,
    /// 1 for the first attempt.
    pub(crate) attempt: u32,
    pub(crate) elapsed_ms: u64,
    /// The service's id of the request.
    pub(crate) request_id: Option<String>,
    /// Our id of the request.
    pub(crate) client_request_id: String,
    /// Why no answer came.
    pub(crate) note: Option<String>,
}

/// How a reset ended.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Reset once, and seen in the directory.
    Done,
    /// The service accepted it; the directory has not shown it in time.
    AcceptedUnverified,
    /// It may or may not have been reset.
    Unknown,
    /// The same wish stands earlier in this batch; nothing was done again.
    Repeated,
    /// The journal shows that an earlier run has done it; nothing was sent.
    DoneBefore,
    /// The guest was reminded by another mail.
    Reminded,
    /// The journal shows a mail within the given time; nothing was sent.
    RemindedBefore,
    /// The guest has redeemed, so it was not reminded.
    Redeemed,
    /// Only planned; nothing stands in the way.
    Planned,
    /// An obstacle stands in the way; nothing was changed.
    Refused,
    /// It failed; nothing was changed, unless the step `address` says otherwise.
    #[default]
    Failed,
    /// The address was changed, but the redemption was not reset.
    AddressChangedNotReset,
    /// It failed after the address was changed, and the address was put back.
    Undone,
}

/// What a reset found, planned, did and left.
#[derive(Default, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct ResetReport {
    pub(crate) outcome: Outcome,
    /// The address that the invitation goes to.
    pub(crate) email: Option<String>,
    pub(crate) guest_before: Option<Arc<Guest>>,
    pub(crate) guest_after: Option<Guest>,
    pub(crate) plan: Option<PlanReport>,
    pub(crate) steps: Vec<StepReport>,
    /// The service's answer without the redeem link.
    #[cfg_attr(feature = "schemas", schemars(with = "Option<Value>"))]
    pub(crate) invitation: Option<Box<RawValue>>,
    /// A secret: whoever holds it can redeem the invitation.
    pub(crate) invite_redeem_url: Option<String>,
    /// What puts the address back, when it was changed and the redemption was not reset.
    pub(crate) undo: Option<UndoValues>,
    pub(crate) removed_partly: Option<RemovedPartly>,
    /// What was kept; with `verify` `full`.
    pub(crate) kept: Option<Kept>,
}

/// What would be done, and what stands in the way.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct PlanReport {
    pub(crate) steps: Vec<PlannedStep>,
    pub(crate) obstacles: Vec<Obstacle>,
    /// What could stand in the way and was not looked at.
    pub(crate) not_checked: Vec<NotChecked>,
    /// Addresses whose holders may open the account afterwards.
    pub(crate) opens: Vec<Opener>,
    pub(crate) rights: Vec<Right>,
}

/// An address whose holder may open the account afterwards.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Opener {
    pub(crate) address: String,
    /// Where it stands then; at least one.
    pub(crate) why: Vec<OpenedBy>,
}

/// Why an address may open the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum OpenedBy {
    /// The reset writes it to `mail`.
    NewMail,
    /// It is `mail` and stays.
    Mail,
    /// The reset writes it to `otherMails`.
    NewOtherMail,
    /// It was `mail`, and the reset keeps it in `otherMails`.
    OldMailKept,
    /// It is one of `otherMails` and stays.
    OtherMails,
    /// It is one of `proxyAddresses`, from which Graph cannot take it.
    ProxyAddresses,
    /// It is invited, and stands nowhere on the guest.
    Invitation,
}

/// What the token tells about a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// It shows all that is needed.
    Yes,
    /// It lacks what is needed.
    No,
    /// Roles through groups, through PIM or over administrative units do not show in it.
    CannotTell,
}

/// One step's right.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Right {
    /// `address` or `invite`.
    pub(crate) step: &'static str,
    /// What the token tells.
    pub(crate) answer: Answer,
    /// The least that would do.
    pub(crate) least: &'static str,
}

/// One step of a plan.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct PlannedStep {
    /// `address`, `invite` or `verify`.
    pub(crate) step: &'static str,
    /// What it will do, in one sentence.
    pub(crate) action: String,
}

/// Whether an obstacle ends the reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    Refuses,
    Warns,
}

/// Something in the way.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Obstacle {
    pub(crate) code: &'static str,
    pub(crate) effect: Effect,
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) remedy: String,
    pub(crate) objects: Vec<ObjectRef>,
}

/// Something that was not looked at.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct NotChecked {
    pub(crate) code: &'static str,
    pub(crate) message: Cow<'static, str>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepState {
    Done,
    Skipped,
    Failed,
    /// Its request may or may not have taken effect.
    Unknown,
}

/// One step that was taken.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct StepReport {
    /// `find`, `plan`, `address`, `invite`, `verify` or `undo`.
    pub(crate) step: &'static str,
    pub(crate) state: StepState,
    pub(crate) detail: String,
    pub(crate) request_ids: Vec<String>,
    pub(crate) elapsed_ms: u64,
}

/// What puts the address back.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct UndoValues {
    /// The former `mail`, where it was changed.
    pub(crate) mail: Option<String>,
    /// The former `otherMails`, where they were changed.
    pub(crate) other_mails: Option<Vec<String>>,
}

/// An address that Graph could not remove wholly.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct RemovedPartly {
    pub(crate) address: String,
    /// Properties that still hold it.
    pub(crate) still_in: Vec<&'static str>,
    /// What finishes it.
    pub(crate) finish: String,
}

/// What belonged to the guest before and after.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Kept {
    /// Groups with assigned membership.
    pub(crate) groups: Comparison,
    pub(crate) app_assignments: Comparison,
}

/// A set before and after.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Comparison {
    pub(crate) before: Vec<Item>,
    pub(crate) after: Vec<Item>,
    pub(crate) lost: Vec<Item>,
    pub(crate) gained: Vec<Item>,
}

/// One of its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) display_name: Option<String>,
}
