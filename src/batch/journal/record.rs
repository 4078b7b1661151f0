//! What the lines of a journal say. There is no place in any of them for a redeem link, a token or a message.

use crate::cloud::Cloud;
use crate::options::ResetOptions;
use crate::report::{Outcome, UndoValues};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// One line's content.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Record {
    /// What the journal belongs to; the first line.
    Header(Header),
    /// A later run goes on from here.
    Resumed(Resumption),
    Intent(Intent),
    NotAccepted(NotAccepted),
    Outcome(Ended),
    /// Mail is about to be asked for once more. Only what is on disk may be sent.
    Reminder(Reminder),
    /// How that ended.
    Reminded(Ended),
    /// The run has ended in order. It proves that all lines before it were on disk.
    Closed {},
}

/// What binds a journal to one campaign.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Header {
    /// Version of the journal's form.
    pub(super) schema: u32,
    /// The journal's own id; salt of the digests.
    pub(super) id: String,
    /// Version of the library that began it.
    pub(super) library: String,
    #[serde(flatten)]
    pub(super) binding: Binding,
}

/// The library that goes on with a journal.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Resumption {
    /// Its version.
    pub(super) library: String,
    /// What was cut off the journal's end, where the end was torn. Nothing was sent on its account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cut: Option<Cut>,
}

/// The torn end of a journal.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Cut {
    /// The first line that was cut, from 1.
    pub(crate) line: u64,
    pub(crate) bytes: u64,
}

/// A guest is about to be reminded.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Reminder {
    /// The guest's object id.
    pub(crate) user_id: String,
    /// The address that the mail goes to.
    pub(crate) email: String,
    pub(crate) tag: u64,
}

/// What must be the same whenever a journal is used.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Binding {
    tenant_id: String,
    cloud: String,
    graph_url: String,
    /// What is done to each guest, where the guest's row says nothing else. `None` fits all: a reminder has its own.
    options: Option<Map<String, Value>>,
}

/// Members that stand in a header as digests: the one is a message, the other may carry a key.
const WITHHELD: [&str; 2] = ["customized_message_body", "invite_redirect_url"];

impl Binding {
    pub(crate) fn new(tenant_id: &str, cloud: &Cloud, options: &ResetOptions) -> Self {
        let members = json!({
            "address": options.address,
            "old_address": options.old_address,
            "send_invitation_message": options.send_invitation_message,
            "customized_message_body": options.customized_message_body,
            "message_language": options.message_language,
            "cc_recipient": options.cc_recipient.as_ref().map(crate::options::Address::as_str),
            "invited_user_display_name": options.invited_user_display_name,
            "invite_redirect_url": options.invite_redirect_url,
        });
        let given = |(key, value): (String, Value)| (!value.is_null()).then_some((key, value));
        let options = match members {
            Value::Object(members) => members.into_iter().filter_map(given).collect(),
            _ => Map::new(),
        };
        Self { options: Some(options), ..Self::of_tenant(tenant_id, cloud) }
    }

    /// Fits all journals of the tenant.
    pub(crate) fn of_tenant(tenant_id: &str, cloud: &Cloud) -> Self {
        let (cloud, graph_url) = (cloud.name.into(), cloud.graph_url.clone());
        Self { tenant_id: tenant_id.to_ascii_lowercase(), cloud, graph_url, options: None }
    }

    fn withhold(mut self, salt: &str) -> Self {
        for key in WITHHELD {
            if let Some(value) = self.options.as_mut().and_then(|options| options.get_mut(key)) {
                let sum = digest(&SHA256, format!("{salt} {value}").as_bytes());
                let hex: String = sum.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
                *value = format!("sha256:{hex}").into();
            }
        }
        self
    }
}

impl Header {
    pub(super) fn new(binding: Binding) -> Self {
        let id = uuid::Uuid::new_v4().to_string();
        Self { schema: SCHEMA, library: LIBRARY.into(), binding: binding.withhold(&id), id }
    }

    /// What differs between the journal's binding and the present one, for people.
    pub(super) fn differences(&self, now: &Binding) -> Vec<String> {
        let (there, here) = (&self.binding, now.clone().withhold(&self.id));
        let mut found = Vec::new();
        let texts = [
            ("tenant_id", &there.tenant_id, &here.tenant_id),
            ("cloud", &there.cloud, &here.cloud),
            ("graph_url", &there.graph_url, &here.graph_url),
        ];
        for (name, there, here) in texts {
            if there != here {
                found.push(format!("{name} is {there} there and {here} here"));
            }
        }
        let (Some(there), Some(here)) = (&there.options, &here.options) else { return found };
        let own = here.keys().filter(|key| !there.contains_key(*key));
        for key in there.keys().chain(own) {
            let (there, here) = (there.get(key), here.get(key));
            match WITHHELD.contains(&key.as_str()) {
                _ if there == here => {}
                true => found.push(format!("{key} is not the same")),
                false => found.push(format!("{key} is {} there and {} here", shown(there), shown(here))),
            }
        }
        found
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "not given".into(), Value::to_string)
}

/// Bumped only for what breaks readers.
pub(super) const SCHEMA: u32 = 1;

pub(super) const LIBRARY: &str = env!("CARGO_PKG_VERSION");

/// How the row of a guest names it, where that is not object id and target address.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Named {
    pub(crate) user: String,
    /// None means the guest's own address.
    pub(crate) email: Option<String>,
}

/// What is about to be sent.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// The change of the guest's address; the invitation is not sent before another intent.
    Address,
    /// The invitation.
    Invite,
}

/// Something is about to be sent. Only what is on disk may be sent.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Intent {
    /// The guest's object id.
    pub(crate) user_id: String,
    /// The address that the invitation goes to.
    pub(crate) email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) named: Option<Named>,
    pub(crate) tag: u64,
    pub(crate) step: Step,
    /// Whether the service is asked to send a mail.
    pub(crate) mail: bool,
    /// `externalUserState` as it was read before.
    pub(crate) state_before: Option<String>,
    /// `externalUserStateChangeDateTime` as it was read before.
    pub(crate) changed_before: Option<String>,
    /// With the step `address`: what is written, and what puts it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<AddressChange>,
}

/// New values of a guest's addresses, and the former ones. What is `None` is not touched; a list is written as a whole,
/// since Graph replaces it so.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct AddressChange {
    pub(crate) mail: Option<String>,
    pub(crate) other_mails: Option<Vec<String>>,
    pub(crate) undo: UndoValues,
}

/// The service has refused the intended invitation for the time being; another intent precedes the next attempt.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct NotAccepted {
    pub(crate) user_id: String,
    pub(crate) email: String,
    pub(crate) why: String,
}

/// How a guest's reset ended.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Ended {
    /// The guest's object id; none where no guest was found.
    pub(crate) user_id: Option<String>,
    /// The address that the invitation went to, as far as it is known.
    pub(crate) email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) named: Option<Named>,
    pub(crate) tag: u64,
    pub(crate) outcome: Outcome,
    /// Name of the status.
    pub(crate) status: String,
    /// `externalUserStateChangeDateTime` as it was read last.
    pub(crate) state_changed: Option<String>,
    /// The service's ids of the requests that changed something.
    pub(crate) request_ids: Vec<String>,
}
