//! The raw call: one invitation as the caller composes it.

use super::request::WHAT;
use super::{Ended, split, with_graph};
use crate::call::NoWitness;
use crate::error::{Error, Result};
use crate::graph::{BETA, Graph, NoAnswer, VERSION};
use crate::options::{Common, Object, read};
use crate::status::Status;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    invitation: Invitation,
    #[serde(default)]
    api: Api,
}

/// The version of Graph.
#[derive(Clone, Copy, Default, Deserialize)]
enum Api {
    #[default]
    #[serde(rename = "v1.0")]
    Current,
    #[serde(rename = "beta")]
    Beta,
}

/// Graph's invitation with our spelling of its members. What is not given is not sent.
#[derive(Deserialize, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub(crate) struct Invitation {
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_user_display_name: Option<String>,
    invited_user_email_address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    send_invitation_message: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_user_message_info: Option<MessageInfo>,
    invite_redirect_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_user_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_user: Option<InvitedUser>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reset_redemption: Option<bool>,
}

/// About the mail.
#[derive(Deserialize, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
struct MessageInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    message_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cc_recipients: Option<Vec<Recipient>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customized_message_body: Option<String>,
}

/// One more recipient.
#[derive(Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Recipient {
    name: Option<String>,
    address: Option<String>,
}

/// Graph nests it once more.
impl Serialize for Recipient {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({"emailAddress": {"name": self.name, "address": self.address}}).serialize(serializer)
    }
}

/// Only the id: the service ignores the rest.
#[derive(Deserialize, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct InvitedUser {
    id: String,
}

/// `invitation.create`: one POST, repeated only where the service certainly did not accept.
pub(super) fn create(mut members: Object) -> Ended {
    let taken = Common::take(&mut members, WHAT).and_then(|common| Ok((common, read::<Members>(members, WHAT)?)));
    match taken {
        Ok((common, members)) => with_graph(common, async move |graph| split(post(graph, &members).await)),
        Err(error) => Ended::failed(error),
    }
}

async fn post(graph: &Graph<'_>, members: &Members) -> Result<Value> {
    let version = match members.api {
        Api::Current => VERSION,
        Api::Beta => BETA,
    };
    match graph.invite(version, &members.invitation, &NoWitness, "the invitation").await? {
        Ok(accepted) => Ok(json!({"invitation": accepted.answer, "invite_redeem_url": accepted.redeem_url})),
        Err(NoAnswer(cause)) => {
            let what = format!("whether the invitation was accepted is not known ({})", cause.message);
            let mut error = Error::new(Status::OutcomeUnknown, what)
                .hint("look at the guest before repeating it: a second mail may go out");
            error.service = cause.service;
            Err(error)
        }
    }
}
