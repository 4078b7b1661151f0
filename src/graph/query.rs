//! Paths and `$filter` texts, quoted so that no name or address changes their meaning.

use crate::http::url::{encode, encode_but};

/// A string literal of OData: quotes doubled.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `/users/{id}`. A name that begins with `$` goes in parentheses, or it would be read as a system word.
pub(crate) fn user_path(id_or_name: &str) -> String {
    match id_or_name.starts_with('$') {
        true => ["/users(", &encode(&literal(id_or_name)), ")"].concat(),
        false => ["/users/", &encode(id_or_name)].concat(),
    }
}

/// The users that an address leads to, by name or by any of their addresses.
pub(super) fn user_filter(address: &str) -> String {
    let name = literal(address);
    format!("userPrincipalName eq {name} or otherMails/any(x:x eq {name}) or {}", mail_filter(address))
}

/// The objects that hold an address in `mail` or `proxyAddresses`; the prefix tells a primary address from others.
pub(super) fn mail_filter(address: &str) -> String {
    let proxy = |prefix: &str| format!("proxyAddresses/any(x:x eq {})", literal(&format!("{prefix}:{address}")));
    format!("mail eq {} or {} or {}", literal(address), proxy("smtp"), proxy("SMTP"))
}

/// Half of what makes a query an advanced one; the header `ConsistencyLevel` is the other.
pub(super) const COUNT: (&str, &str) = ("$count", "true");

/// Whether this URL asks for an advanced query. The service may have encoded the links it gives.
pub(super) fn is_advanced(url: &str) -> bool {
    url.contains("$count=true") || url.contains("%24count=true")
}

/// A query string of these parts. Commas stay: a list of properties is then its own encoding.
pub(super) fn query(parts: &[(&str, &str)]) -> String {
    let mut query = String::with_capacity(256);
    for (index, (name, value)) in parts.iter().enumerate() {
        query.push(if index == 0 { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        encode_but(value, ",", &mut query);
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_stay_names() {
        assert_eq!(user_path("a_b.co#EXT#@c.de"), "/users/a_b.co%23EXT%23%40c.de");
        assert_eq!(user_path("$x@y.z"), "/users(%27%24x%40y.z%27)");
        assert_eq!(user_path("a/../b@c.de"), "/users/a%2F..%2Fb%40c.de");
        assert!(user_filter("d.o'brien@f.com").starts_with("userPrincipalName eq 'd.o''brien@f.com' or "));
        assert_eq!(query(&[("$top", "5"), ("$filter", "a eq 'b&c'")]), "?$top=5&$filter=a%20eq%20%27b%26c%27");
    }

    #[test]
    fn no_text_in_a_filter_makes_a_query_advanced() {
        assert!(is_advanced(&query(&[("$top", "5"), COUNT])));
        assert!(is_advanced("https://x/users?%24skiptoken=1&%24count=true"));
        assert!(!is_advanced(&query(&[("$filter", "a eq '$count=true'")])));
    }
}
