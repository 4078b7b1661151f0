//! The clouds of Entra, whose hosts belong together, and where else tokens may go.
//!
//! Source: Graph's and the identity platform's pages on national clouds.

use crate::error::{Error, Result};
use crate::http::url;
use crate::options::Environment;
use crate::status::Status;

/// Where to sign in and which Graph to call; always chosen together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cloud {
    /// The word of the option `cloud`, or `custom`.
    pub(crate) name: &'static str,
    /// How people call it; for hosts of the caller's own this names the host.
    pub(crate) title: String,
    /// Root of the token service, without a slash at the end.
    pub(crate) login_url: String,
    /// Root of Graph, without version and slash.
    pub(crate) graph_url: String,
    /// Whether requests keep to Graph's documented limits.
    pub(crate) limited: bool,
}

const KNOWN: [(&str, &str, &str, &str); 4] = [
    ("global", "Global", "https://login.microsoftonline.com", "https://graph.microsoft.com"),
    ("us_gov", "US Government L4", "https://login.microsoftonline.us", "https://graph.microsoft.us"),
    ("us_gov_dod", "US Government L5 (DoD)", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
    ("china", "China", "https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn"),
];

impl Cloud {
    /// The cloud of the option, unless the environment names hosts of its own.
    pub(crate) fn choose(option: Option<&str>, environment: &Environment) -> Result<Self> {
        let graph = environment.get("GUEST_REDEMPTION_GRAPH_URL");
        let login = environment.get("GUEST_REDEMPTION_LOGIN_URL");
        match (graph, login, option) {
            (None, None, Some(name)) => Self::known(name),
            (None, None, None) => Self::of_authority(environment),
            (Some(graph), Some(login), None) => Self::custom(&graph, &login, environment),
            (Some(_), Some(_), Some(_)) => Err(Error::new(
                Status::ConflictingOptions,
                "the option cloud and the variables GUEST_REDEMPTION_GRAPH_URL and GUEST_REDEMPTION_LOGIN_URL contradict each other",
            )
            .hint("leave out the one or clear the others")),
            _ => Err(Error::new(
                Status::ConflictingOptions,
                "GUEST_REDEMPTION_GRAPH_URL and GUEST_REDEMPTION_LOGIN_URL go together, but only one is set",
            )
            .hint("set both or none: a token of one cloud must not be sent to another")),
        }
    }

    fn known(name: &str) -> Result<Self> {
        let found = KNOWN.iter().find(|(known, ..)| *known == name);
        let Some(&(name, title, login_url, graph_url)) = found else {
            return Err(Error::new(Status::OutOfRange, format!("cloud: {name:?} is not a known cloud"))
                .hint("use global, us_gov, us_gov_dod or china"));
        };
        Ok(Self { name, title: title.into(), login_url: login_url.into(), graph_url: graph_url.into(), limited: true })
    }

    /// `AZURE_AUTHORITY_HOST` picks the cloud as it does for Azure's own tools; L4 where two share a host.
    fn of_authority(environment: &Environment) -> Result<Self> {
        let Some(host) = environment.get("AZURE_AUTHORITY_HOST") else { return Self::known("global") };
        let root = if host.contains("://") { host } else { format!("https://{host}") };
        let root = root.trim_end_matches('/');
        match KNOWN.iter().find(|(_, _, login, _)| *login == root) {
            Some((name, ..)) => Self::known(name),
            None => Err(Error::new(
                Status::OutOfRange,
                format!("AZURE_AUTHORITY_HOST names a host of no known cloud: {}", url::host_and_port(root)),
            )
            .hint("set GUEST_REDEMPTION_LOGIN_URL and GUEST_REDEMPTION_GRAPH_URL for hosts of your own")),
        }
    }

    fn custom(graph: &str, login: &str, environment: &Environment) -> Result<Self> {
        let allow = environment.allows_loopback_http();
        let graph_url = url::root(graph, "GUEST_REDEMPTION_GRAPH_URL", allow)?;
        let login_url = url::root(login, "GUEST_REDEMPTION_LOGIN_URL", allow)?;
        let local = url::on_this_machine(&graph_url);
        let kind = if local { "sandbox" } else { "custom" };
        let title = format!("{kind} {}", url::host_and_port(&graph_url));
        let limited = !(local && environment.lifts_loopback_limits());
        Ok(Self { name: "custom", title, login_url, graph_url, limited })
    }

    /// What a client-credentials token is asked for.
    pub(crate) fn scope(&self) -> String {
        format!("{}/.default", self.graph_url)
    }

    /// Whether a token's `aud` means this cloud's Graph, by its address or its application id.
    pub(crate) fn is_audience(&self, audience: &str) -> bool {
        audience.trim_end_matches('/') == self.graph_url || audience == "00000003-0000-0000-c000-000000000000"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(option: Option<&str>, variables: &[(&str, &str)]) -> Result<Cloud, Status> {
        let environment = Environment::of(variables);
        Cloud::choose(option, &environment).map_err(|error| error.status)
    }

    #[test]
    fn hosts_belong_together() {
        assert_eq!(choose(None, &[]).unwrap().graph_url, "https://graph.microsoft.com");
        assert_eq!(choose(Some("us_gov_dod"), &[]).unwrap().login_url, "https://login.microsoftonline.us");
        let china = choose(None, &[("AZURE_AUTHORITY_HOST", "https://login.partner.microsoftonline.cn/")]).unwrap();
        assert_eq!(china.graph_url, "https://microsoftgraph.chinacloudapi.cn");
        assert_eq!(choose(Some("mars"), &[]), Err(Status::OutOfRange));
        assert_eq!(choose(None, &[("AZURE_AUTHORITY_HOST", "login.example.com")]), Err(Status::OutOfRange));
        let half = [("GUEST_REDEMPTION_GRAPH_URL", "https://graph.example.com")];
        assert_eq!(choose(None, &half), Err(Status::ConflictingOptions));
    }

    #[test]
    fn own_hosts_are_named() {
        let both = |graph, login| [("GUEST_REDEMPTION_GRAPH_URL", graph), ("GUEST_REDEMPTION_LOGIN_URL", login)];
        let own = choose(None, &both("https://graph.example.com", "https://login.example.com/")).unwrap();
        assert_eq!((own.name, own.title.as_str()), ("custom", "custom graph.example.com"));
        assert_eq!(choose(None, &both("http://127.0.0.1:1", "http://127.0.0.1:1")), Err(Status::InsecureUrl));
        let two = both("https://graph.example.com", "https://login.example.com/");
        assert_eq!(choose(Some("global"), &two), Err(Status::ConflictingOptions));
        assert!(own.limited);
    }

    #[test]
    fn limits_are_lifted_on_this_machine_alone() {
        let limited = |host, lift| {
            let variables = [
                ("GUEST_REDEMPTION_GRAPH_URL", host),
                ("GUEST_REDEMPTION_LOGIN_URL", host),
                ("GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP", "1"),
                ("GUEST_REDEMPTION_LIFT_LOOPBACK_LIMITS", lift),
            ];
            choose(None, &variables).unwrap().limited
        };
        assert!(limited("http://127.0.0.1:1", ""));
        assert!(!limited("http://127.0.0.1:1", "1"));
        assert!(limited("https://graph.example.com", "1"));
    }
}
