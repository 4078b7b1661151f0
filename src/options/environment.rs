//! Environment variables: the process's own, or those that the caller hands over.

use secrecy::zeroize::Zeroize;
use std::collections::BTreeMap;

/// A host's own environment may not reach the process's (`$env:` in PowerShell on Linux changes .NET's copy alone),
/// so a caller may hand over the variables; then the process's are not read.
#[derive(Clone, Default)]
pub(crate) struct Environment(Option<BTreeMap<String, String>>);

impl Environment {
    pub(crate) fn given(variables: BTreeMap<String, String>) -> Self {
        Self(Some(variables))
    }

    /// Whether the caller handed them over.
    pub(crate) fn is_given(&self) -> bool {
        self.0.is_some()
    }

    /// The variable's value; an empty one counts as not set.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let value = match &self.0 {
            Some(given) => given.get(name).cloned(),
            None => std::env::var(name).ok(),
        };
        value.filter(|value| !value.is_empty())
    }

    /// Whether plain http may go to this machine, for the sandbox.
    pub(crate) fn allows_loopback_http(&self) -> bool {
        self.get("GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP").as_deref() == Some("1")
    }

    /// Whether requests to this machine may exceed Graph's limits, for benchmarks.
    pub(crate) fn lifts_loopback_limits(&self) -> bool {
        self.get("GUEST_REDEMPTION_LIFT_LOOPBACK_LIMITS").as_deref() == Some("1")
    }

    #[cfg(test)]
    pub(crate) fn of(variables: &[(&str, &str)]) -> Self {
        Self::given(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

/// Values may be secrets.
impl Drop for Environment {
    fn drop(&mut self) {
        self.0.iter_mut().flat_map(BTreeMap::values_mut).for_each(Zeroize::zeroize);
    }
}

/// Values may be secrets.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Environment(given)" } else { "Environment(of the process)" })
    }
}
