//! What an invitation says to Graph.

use crate::graph::{Graph, Guest};
use crate::options::{Address, ResetOptions};
use serde::Serialize;
use serde_json::json;
use std::borrow::Cow;

/// The body of an invitation. What is not wished for is not sent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    invited_user_email_address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_user_display_name: Option<&'a str>,
    send_invitation_message: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_user_message_info: Option<MessageInfo<'a>>,
    invite_redirect_url: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_user: Option<InvitedUser<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reset_redemption: Option<bool>,
}

#[derive(Serialize)]
struct InvitedUser<'a> {
    id: &'a str,
}

/// About the mail.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageInfo<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    customized_message_body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cc_recipients: Option<serde_json::Value>,
}

impl<'a> Body<'a> {
    /// An invitation that resets the guest's redemption.
    pub(super) fn reset(graph: &Graph<'_>, options: &'a ResetOptions, guest: &'a Guest, target: &'a Address) -> Self {
        Self {
            invited_user: Some(InvitedUser { id: &guest.id }),
            reset_redemption: Some(true),
            ..Self::plain(graph, options, target, options.send_invitation_message)
        }
    }

    /// An invitation that is no reset: for a pending guest, another mail.
    pub(super) fn reminder(graph: &Graph<'_>, options: &'a ResetOptions, target: &'a Address) -> Self {
        Self::plain(graph, options, target, true)
    }

    fn plain(graph: &Graph<'_>, options: &'a ResetOptions, target: &'a Address, mail: bool) -> Self {
        Self {
            invited_user_email_address: target.as_str(),
            invited_user_display_name: options.invited_user_display_name.as_deref(),
            send_invitation_message: mail,
            invited_user_message_info: MessageInfo::of(options),
            invite_redirect_url: redirect_url(graph, options),
            invited_user: None,
            reset_redemption: None,
        }
    }
}

impl<'a> MessageInfo<'a> {
    fn of(options: &'a ResetOptions) -> Option<Self> {
        let cc = options.cc_recipient.as_ref();
        let info = Self {
            customized_message_body: options.customized_message_body.as_deref(),
            message_language: options.message_language.as_deref(),
            cc_recipients: cc.map(|address| json!([{"emailAddress": {"address": address.as_str()}}])),
        };
        let is_empty =
            info.customized_message_body.is_none() && info.message_language.is_none() && info.cc_recipients.is_none();
        (!is_empty).then_some(info)
    }
}

fn redirect_url<'a>(graph: &Graph<'_>, options: &'a ResetOptions) -> Cow<'a, str> {
    if let Some(url) = &options.invite_redirect_url {
        return url.into();
    }
    match graph.session.tenant_id() {
        Some(id) => ["https://myapps.microsoft.com?tenantid=", &id].concat().into(),
        None => "https://myapps.microsoft.com".into(),
    }
}
