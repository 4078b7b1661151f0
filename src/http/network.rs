//! How this machine reaches the service: proxies, and whom to trust.

use crate::error::{Error, Result};
use crate::options::Environment;
use crate::status::Status;
use secrecy::{ExposeSecret, SecretString};
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

/// What one client of the engine is made for.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Network {
    pub(crate) proxy: Proxy,
    /// A PEM file of further roots, beside the system's.
    pub(crate) ca_file: Option<PathBuf>,
}

/// The way out.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) enum Proxy {
    /// What the system says: its settings, or the process's variables.
    #[default]
    System,
    /// None, as for everything on this machine.
    Direct,
    Explicit(ProxyUrl),
}

/// A proxy's address, which may hold a password, and the hosts that go direct.
#[derive(Clone)]
pub(crate) struct ProxyUrl {
    pub(crate) url: SecretString,
    pub(crate) no_proxy: Option<String>,
}

impl ProxyUrl {
    fn parts(&self) -> (&str, Option<&str>) {
        (self.url.expose_secret(), self.no_proxy.as_deref())
    }
}

impl PartialEq for ProxyUrl {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for ProxyUrl {}

impl Hash for ProxyUrl {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl Network {
    /// The option, or the variables that the caller handed over, or the system.
    pub(crate) fn choose(proxy: Option<String>, ca_file: Option<PathBuf>, environment: &Environment) -> Result<Self> {
        let either = |upper: &str| environment.get(upper).or_else(|| environment.get(&upper.to_ascii_lowercase()));
        let no_proxy = either("NO_PROXY");
        let from_variables = || either("HTTPS_PROXY").or_else(|| either("ALL_PROXY"));
        let proxy = match proxy.or_else(|| environment.is_given().then(from_variables).flatten()) {
            Some(url) => Proxy::Explicit(ProxyUrl { url: checked(url)?, no_proxy }),
            None => Proxy::System,
        };
        Ok(Self { proxy, ca_file })
    }
}

fn checked(url: String) -> Result<SecretString> {
    // the address may hold a password, so it stands in no error
    let refused = |why: &str, hint: &str| Err(Error::new(Status::OutOfRange, format!("proxy: {why}")).hint(hint));
    if url.trim_end_matches('/').to_ascii_lowercase().ends_with(".pac") {
        return refused("proxy auto-configuration (PAC) is not supported", "give the proxy that the script chooses");
    }
    let with_scheme = if url.contains("://") { url } else { format!("http://{url}") };
    match url::Url::parse(&with_scheme) {
        Ok(parsed) if ["http", "https"].contains(&parsed.scheme()) && parsed.has_host() => Ok(with_scheme.into()),
        _ => refused("expected the address of an HTTP proxy", "write it as http://proxy.example.com:8080"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(option: Option<&str>, variables: &[(&str, &str)]) -> Result<Option<String>, Status> {
        let network = Network::choose(option.map(str::to_owned), None, &Environment::of(variables));
        network.map_err(|error| error.status).map(|network| match network.proxy {
            Proxy::System | Proxy::Direct => None,
            Proxy::Explicit(proxy) => Some(proxy.url.expose_secret().to_owned()),
        })
    }

    #[test]
    fn the_option_comes_before_the_variables() {
        let variables = [("https_proxy", "proxy.example.com:8080")];
        assert_eq!(chosen(None, &[]), Ok(None));
        assert_eq!(chosen(None, &variables), Ok(Some("http://proxy.example.com:8080".into())));
        let option = "http://me:secret@other.example.com";
        assert_eq!(chosen(Some(option), &variables), Ok(Some(option.into())));
        for bad in ["http://config.example.com/proxy.pac", "socks5://proxy.example.com", "http://", ""] {
            assert_eq!(chosen(Some(bad), &[]), Err(Status::OutOfRange), "{bad}");
        }
    }
}
