//! What a request costs, by Graph's page on service-specific throttling limits (identity and access, invitation
//! manager). The answer's `x-ms-resource-unit` corrects it.

use crate::http::Method;

/// What a request uses up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) units: u32,
    pub(super) writes: u32,
    pub(super) invitations: u32,
}

/// Paths of users that cost as much as a list.
const LISTS: [&str; 2] = ["memberOf", "transitiveMemberOf"];

impl Cost {
    pub(super) fn of(method: Method, target: &str) -> Self {
        let (target, query) = target.split_once('?').unwrap_or((target, ""));
        let path = target.splitn(5, '/').nth(4).unwrap_or_default();
        match method {
            Method::Get => Self { units: units_of_read(path, query), writes: 0, invitations: 0 },
            // a service of its own, which does not count as a write to the directory
            Method::Post if path == "invitations" => Self { units: 1, writes: 0, invitations: 1 },
            Method::Post | Method::Patch => Self { units: 1, writes: 1, invitations: 0 },
        }
    }
}

fn units_of_read(path: &str, query: &str) -> u32 {
    let option = |name| query.split('&').find_map(|pair| value(pair, name));
    let is_list = path == "users" || LISTS.iter().any(|list| path.ends_with(list));
    let few = option("top").is_some_and(|top| top.parse::<u32>().is_ok_and(|top| top < 20));
    let more = 1 + u32::from(is_list) + u32::from(option("expand").is_some());
    let less = u32::from(option("select").is_some()) + u32::from(few);
    more.saturating_sub(less).max(1)
}

/// The option's value, if this is it. Links of the service may have the dollar sign encoded.
fn value<'a>(pair: &'a str, name: &str) -> Option<&'a str> {
    let (key, value) = pair.split_once('=')?;
    (key.strip_prefix('$').or(key.strip_prefix("%24"))? == name).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_cost_what_the_page_says() {
        let units = |path: &str| Cost::of(Method::Get, &format!("https://graph.microsoft.com/v1.0{path}")).units;
        for (path, cost) in [
            ("/users", 2),
            ("/users?$top=999", 2),
            ("/users?$top=999&$select=id", 1),
            ("/users?%24top=19", 1),
            ("/users?$top=19&$select=id", 1),
            ("/users?$top=19&$select=id&$expand=manager", 1),
            ("/users?$expand=manager", 3),
            ("/users/7", 1),
            ("/users/7?$select=id", 1),
            ("/users/7?$expand=manager", 2),
            ("/users/7/memberOf", 2),
            ("/users/7/transitiveMemberOf?$top=999&$select=id", 1),
            ("/groups", 1),
            ("/organization", 1),
            ("", 1),
        ] {
            assert_eq!(units(path), cost, "{path}");
        }
    }

    #[test]
    fn invitations_are_no_writes_to_users() {
        let cost = |method, path: &str| {
            let cost = Cost::of(method, &format!("http://127.0.0.1:8080/{path}"));
            (cost.units, cost.writes, cost.invitations)
        };
        assert_eq!(cost(Method::Post, "v1.0/invitations"), (1, 0, 1));
        assert_eq!(cost(Method::Post, "beta/invitations"), (1, 0, 1));
        assert_eq!(cost(Method::Patch, "v1.0/users/7"), (1, 1, 0));
        assert_eq!(cost(Method::Get, "v1.0/users/invitations"), (1, 0, 0));
    }
}
