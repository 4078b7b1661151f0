//! The service's answer to an invitation. Nobody here reads most of it, so it stays the text that it was.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// An invitation that the service has accepted.
pub(crate) struct Invitation {
    /// The answer without the redeem link.
    pub(crate) answer: Box<RawValue>,
    /// A secret, which has a place of its own.
    pub(crate) redeem_url: Option<String>,
}

/// As deep as serde_json reads by itself, and more than any answer has.
const DEEPEST: usize = 100;

impl Invitation {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        // a text that is kept may be nested as deep as it likes, but not every reader of our results survives that
        let opened = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
        if opened > DEEPEST {
            serde_json::from_str::<Value>(text).ok()?;
        }
        let Members { rest, redeem_url } = serde_json::from_str(text).ok()?;
        Some(Self { answer: RawValue::from_string(rest).ok()?, redeem_url })
    }

    /// The object id of whom the service has invited.
    pub(crate) fn invited_user(&self) -> Option<String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            invited_user: User,
        }
        #[derive(Deserialize)]
        struct User {
            id: String,
        }
        serde_json::from_str::<Answer>(self.answer.get()).ok().map(|answer| answer.invited_user.id)
    }
}

struct Members {
    /// An object of all but the redeem link.
    rest: String,
    redeem_url: Option<String>,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an invitation")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        /// Read rather than compared, as a name can be spelt with escapes.
        #[derive(Deserialize)]
        #[serde(field_identifier)]
        enum Name {
            #[serde(rename = "inviteRedeemUrl")]
            RedeemUrl,
            #[serde(other)]
            Other,
        }
        let (mut rest, mut redeem_url) = (String::with_capacity(1000), None);
        while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            if let Ok(Name::RedeemUrl) = serde_json::from_str(name.get()) {
                redeem_url = serde_json::from_str(value.get()).unwrap_or_default();
            } else {
                rest.push(if rest.is_empty() { '{' } else { ',' });
                rest.extend([name.get(), ":", value.get()]);
            }
        }
        rest.push_str(if rest.is_empty() { "{}" } else { "}" });
        Ok(Members { rest, redeem_url })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_is_taken_out_however_it_is_spelt() {
        for (text, answer, url) in [
            (r#"{"inviteRedeemUrl":"https://x/1","id":"1"}"#, r#"{"id":"1"}"#, Some("https://x/1")),
            (
                r#"{"id":"1", "invite\u0052edeemUrl":"https:\/\/x/1", "a":[{}]}"#,
                r#"{"id":"1","a":[{}]}"#,
                Some("https://x/1"),
            ),
            (r#"{"inviteRedeemUrl":null}"#, "{}", None),
            (r#"{"inviteRedeemUrl":7,"\"":"\u0000"}"#, r#"{"\"":"\u0000"}"#, None),
        ] {
            let read = Invitation::read(text.as_bytes()).unwrap();
            assert_eq!((read.answer.get(), read.redeem_url.as_deref()), (answer, url), "{text}");
        }
    }

    #[test]
    fn what_is_no_object_or_too_deep_is_not_read() {
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
        for text in ["", "[]", "1", "{", r#"{"a":}"#, r#"{"a":1} x"#, "{\"a\":\"\u{0}\"}", deep.as_str()] {
            assert!(Invitation::read(text.as_bytes()).is_none(), "{text:.40}");
        }
        assert!(Invitation::read(b"{\"a\":\"\xff\"}").is_none());
        let long = format!(r#"{{"invitedUserMessageInfo":"{}"}}"#, "[".repeat(10_000));
        assert_eq!(Invitation::read(long.as_bytes()).unwrap().answer.get(), long);
    }

    #[test]
    fn it_tells_who_was_invited() {
        let invited = |text: &str| Invitation::read(text.as_bytes()).unwrap().invited_user();
        assert_eq!(invited(r#"{"invitedUser":{"id":"1","x":2}}"#).as_deref(), Some("1"));
        assert_eq!(invited(r#"{"invitedUser":null}"#), None);
    }
}
