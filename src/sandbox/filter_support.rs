//! Which filters the service takes, and which of them only as advanced queries.
//!
//! Source: the table of filters on directory objects in the page on advanced queries (microsoft-graph-docs-contrib,
//! `includes/filter-directory-objects.md`), and issue 12688 of microsoft-graph-docs on `gt` and `lt`.

use serde_json::Value;

use super::filter::{Filter, Operator, Path};

/// What an entity type supports; names with spaces between.
pub(super) struct Support {
    /// The entity type in messages.
    pub(super) resource: &'static str,
    /// Properties in the search index alone, which only advanced queries use.
    pub(super) index_only: &'static str,
    /// Properties in no index at all.
    pub(super) unfilterable: &'static str,
}

/// The properties that may be searched from behind.
const FROM_BEHIND: &str = "mail otherMails proxyAddresses userPrincipalName";

impl Support {
    /// What the service says against a filter.
    pub(super) fn objection(&self, filter: &Filter, is_advanced: bool) -> Option<String> {
        Check { support: self, is_advanced }.objection(filter, "")
    }
}

struct Check<'a> {
    support: &'a Support,
    is_advanced: bool,
}

impl Check<'_> {
    /// `collection` is the one whose items the filter is about, if it is.
    fn objection(&self, filter: &Filter, collection: &str) -> Option<String> {
        let named = |path: &Path| path.property().unwrap_or(collection).to_owned();
        match filter {
            Filter::Or(parts) | Filter::And(parts) => parts.iter().find_map(|part| self.objection(part, collection)),
            Filter::Not(inner) => self.operator("not").or_else(|| self.objection(inner, collection)),
            Filter::Any(path, inner) => {
                let collection = named(path);
                self.property(&collection).or_else(|| self.objection(inner, &collection))
            }
            Filter::Compare(path, Operator::Gt | Operator::Lt, _) => Some(self.clause(&named(path))),
            Filter::Compare(path, operator, literal) => {
                let negated = (*operator == Operator::Ne).then(|| self.operator("ne")).flatten();
                let of_null = (*literal == Value::Null && !self.is_advanced).then(|| self.clause(&named(path)));
                negated.or(of_null).or_else(|| self.property(&named(path)))
            }
            Filter::In(path, _) | Filter::StartsWith(path, _) => self.property(&named(path)),
            Filter::EndsWith(path, _) if !one_of(FROM_BEHIND, &named(path)) => Some(self.clause(&named(path))),
            Filter::EndsWith(..) => self.operator("endsWith"),
        }
    }

    fn operator(&self, name: &str) -> Option<String> {
        (!self.is_advanced).then(|| {
            format!(
                "Operator '{name}' is not supported because the required parameters might be missing. Try adding \
                 $count=true query parameter and ConsistencyLevel:eventual header."
            )
        })
    }

    fn property(&self, name: &str) -> Option<String> {
        let missing = !self.is_advanced && one_of(self.support.index_only, name);
        (missing || one_of(self.support.unfilterable, name)).then(|| self.clause(name))
    }

    fn clause(&self, name: &str) -> String {
        let resource = self.support.resource;
        format!("Unsupported or invalid query filter clause specified for property '{name}' of resource '{resource}'.")
    }
}

fn one_of(names: &str, name: &str) -> bool {
    names.split(' ').any(|n| n == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUPPORT: Support =
        Support { resource: "User", index_only: "companyName", unfilterable: "securityIdentifier" };
    const KNOWN: &str = "mail otherMails companyName createdDateTime securityIdentifier userType";

    fn objection(filter: &str, is_advanced: bool) -> Option<String> {
        SUPPORT.objection(&Filter::parse(filter, KNOWN).unwrap(), is_advanced)
    }

    #[test]
    fn what_every_query_may_ask() {
        for filter in [
            "mail eq 'a' or startsWith(mail,'b') and userType in ('Guest')",
            "otherMails/any(x:x eq 'a' or startsWith(x,'b'))",
            "createdDateTime ge 2024-01-01T00:00:00Z and createdDateTime le 2025-01-01T00:00:00Z",
        ] {
            assert_eq!(objection(filter, false), None, "{filter}");
            assert_eq!(objection(filter, true), None, "{filter}");
        }
    }

    #[test]
    fn what_advanced_queries_alone_may_ask() {
        for (filter, word) in [
            ("mail ne 'a'", "'ne'"),
            ("not (mail eq 'a')", "'not'"),
            ("endsWith(mail,'a')", "'endsWith'"),
            ("otherMails/any(x:endsWith(x,'a'))", "'endsWith'"),
            ("userType eq 'Guest' and mail eq null", "'mail'"),
            ("companyName eq 'a'", "'companyName'"),
        ] {
            assert!(objection(filter, false).unwrap().contains(word), "{filter}");
            assert_eq!(objection(filter, true), None, "{filter}");
        }
    }

    #[test]
    fn what_no_query_may_ask() {
        for filter in [
            "createdDateTime gt 2024-01-01T00:00:00Z",
            "not (createdDateTime lt 2024-01-01T00:00:00Z)",
            "endsWith(userType,'a')",
            "securityIdentifier eq 'a'",
        ] {
            assert!(objection(filter, true).is_some(), "{filter}");
        }
    }
}
