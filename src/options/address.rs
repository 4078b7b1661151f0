//! An e-mail address that looks like one.

use crate::error::{Error, Result};
use crate::status::Status;

/// An e-mail address as the caller wrote it; two that differ in case alone are the same.
#[derive(Clone, Debug, Hash)]
pub(crate) struct Address(String);

impl Address {
    /// Checks the form only. Characters that the service's documents forbid but its mailboxes may hold (`+`, `'`)
    /// are left to the service: what it really does with them is not documented.
    pub(crate) fn parse(text: &str, what: &str) -> Result<Self> {
        if text.trim().is_empty() {
            return Err(Error::new(Status::EmptyAddress, format!("{what} is empty"))
                .hint("give the address, or NULL (no address) to keep the guest's own"));
        }
        match fault(text) {
            None => Ok(Self(text.to_owned())),
            Some(why) => Err(Error::new(Status::MalformedAddress, format!("{what} is not an e-mail address: {why}"))
                .hint("write it as name@example.com")),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is(&self, other: &str) -> bool {
        same_address(&self.0, other)
    }
}

/// Addresses are compared without regard to case, also outside ASCII.
pub(crate) fn same_address(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || one.to_lowercase() == other.to_lowercase()
}

fn fault(text: &str) -> Option<&'static str> {
    let Some((local, domain)) = text.split_once('@') else { return Some("there is no @ in it") };
    let label_is_bad = |label: &str| {
        label.is_empty()
            || label.len() > 63
            || label.starts_with('-')
            || label.ends_with('-')
            || !label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    if text.chars().count() > 254 {
        Some("it has more than 254 characters")
    } else if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Some("there is white space or a control character in it")
    } else if domain.contains('@') {
        Some("there is more than one @ in it")
    } else if local.is_empty() || local.len() > 64 {
        Some("the part before the @ is empty or too long")
    } else if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        Some("a dot stands first, last or twice in the part before the @")
    } else if local.contains(['"', '(', ')', ',', ':', ';', '<', '>', '[', '\\', ']']) {
        Some("the part before the @ holds a character that no mailbox has")
    } else if !domain.contains('.') || domain.split('.').any(label_is_bad) {
        Some("the part after the @ is not a domain name")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        let status = |text| Address::parse(text, "email").err().map(|error| error.status);
        for good in ["a@b.co", "a+tag@b.co", "d.o'brien@fabrikam.com", "A_b-c@x-y.example.com", "é@münchen.example"] {
            assert_eq!(status(good), None, "{good}");
        }
        for empty in ["", "  ", "\t"] {
            assert_eq!(status(empty), Some(Status::EmptyAddress));
        }
        for bad in [
            "a",
            "a@",
            "@b.co",
            "a@b",
            "a@b..co",
            "a b@c.de",
            " a@b.co",
            "a@b.co ",
            "a@b@c.de",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.de",
            "a@-b.co",
            "a@b_c.co",
            "<a@b.co>",
            "a,b@c.de",
            "a@b.co\n",
            "a\u{0}@b.co",
            "a@b.co;c@d.ef",
        ] {
            assert_eq!(status(bad), Some(Status::MalformedAddress), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in ".*") {
            let _ = Address::parse(&text, "email");
        }

        #[test]
        fn ordinary_addresses_pass(text in "[a-z0-9]{1,20}([._-][a-z0-9]{1,9}){0,3}@[a-z0-9]{1,20}\\.[a-z]{2,6}") {
            prop_assert!(Address::parse(&text, "email").is_ok());
        }
    }
}
