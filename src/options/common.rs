//! Options that every call takes.

use super::{Environment, Object, read};
use crate::call::Call;
use crate::error::{Error, Result};
use crate::http::budget::Budget;
use crate::http::cancel::Cancel;
use crate::http::network::Network;
use crate::http::{cancel, retry};
use crate::status::Status;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

/// How to sign in.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(tag = "grant", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum AuthOption {
    /// A token that the caller has already.
    AccessToken {
        /// The token, without `Bearer`.
        #[cfg_attr(feature = "schemas", schemars(with = "String"))]
        access_token: SecretString,
        /// The tenant it is for, where the token itself does not tell.
        tenant_id: Option<String>,
    },
    /// An application with a client secret (client credentials).
    ClientSecret {
        /// Tenant id or domain.
        tenant_id: String,
        /// The application's client id.
        client_id: String,
        /// The client secret's value, not its id.
        #[cfg_attr(feature = "schemas", schemars(with = "String"))]
        client_secret: SecretString,
    },
    /// An application with a certificate.
    Certificate {
        /// Tenant id or domain.
        tenant_id: String,
        /// The application's client id.
        client_id: String,
        /// A PEM file with certificate and unencrypted private key, or a PFX file.
        certificate_path: PathBuf,
        /// The PFX file's password.
        #[cfg_attr(feature = "schemas", schemars(with = "Option<String>"))]
        certificate_password: Option<SecretString>,
    },
    /// An application that another party vouches for, by a token in a file, such as Kubernetes writes it.
    FederatedToken {
        /// Tenant id or domain.
        tenant_id: String,
        /// The application's client id.
        client_id: String,
        /// The file, which is read anew each time.
        token_file: PathBuf,
    },
    /// An application that GitHub Actions vouches for; its two variables are read from the environment.
    GithubActions {
        /// Tenant id or domain.
        tenant_id: String,
        /// The application's client id.
        client_id: String,
    },
    /// The identity that Azure gives to this machine or app; the ids choose one of several.
    ManagedIdentity {
        /// Client id of a user-assigned identity.
        client_id: Option<String>,
        /// Object id of a user-assigned identity.
        object_id: Option<String>,
        /// Resource id of a user-assigned identity.
        resource_id: Option<String>,
    },
    /// Whoever has signed in with `az login`.
    AzureCli {
        /// Tenant id or domain, where it is not the default one.
        tenant_id: Option<String>,
    },
    /// A person, by a refresh token of an earlier sign-in.
    RefreshToken {
        /// Tenant id or domain.
        tenant_id: String,
        /// The client id that it was issued to.
        client_id: Option<String>,
        /// The refresh token.
        #[cfg_attr(feature = "schemas", schemars(with = "String"))]
        refresh_token: SecretString,
    },
    /// A person with a browser on this machine; for `session.begin`.
    Browser {
        /// Tenant id or domain; a guest of a tenant has to name it.
        tenant_id: Option<String>,
        /// A public client of one's own. Default: Microsoft Graph Command Line Tools.
        client_id: Option<String>,
        /// The account to suggest.
        login_hint: Option<String>,
    },
    /// A person with a browser anywhere, who types a code; for `session.begin`. Many tenants block it.
    DeviceCode {
        /// Tenant id or domain; a guest of a tenant has to name it.
        tenant_id: Option<String>,
        /// A public client of one's own. Default: Microsoft Graph Command Line Tools.
        client_id: Option<String>,
    },
    /// The first that works of: the environment, a managed identity, Azure CLI.
    Default {},
    /// A token, a client secret, a certificate or a federated token from the environment variables.
    Environment {},
    /// A session of `session.begin`.
    Session {
        /// Its id.
        session: String,
    },
}

/// The options of every call.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CommonMembers {
    /// How to sign in; absent, the environment decides.
    auth: Option<AuthOption>,
    /// `global` (default), `us_gov`, `us_gov_dod` or `china`.
    #[cfg_attr(feature = "schemas", schemars(extend("enum" = [null, "global", "us_gov", "us_gov_dod", "china"])))]
    cloud: Option<String>,
    /// Total time limit in milliseconds, 100 to 3,600,000. Default 100,000.
    #[cfg_attr(feature = "schemas", schemars(range(min = 100, max = 3_600_000)))]
    timeout_ms: Option<u64>,
    /// An id of `redemption_cancel_new`.
    cancel_id: Option<u64>,
    /// How long an invitation in flight may go on after a cancellation, in milliseconds, 0 to 60,000. Default 2,000.
    #[cfg_attr(feature = "schemas", schemars(range(max = 60_000)))]
    cancel_grace_ms: Option<u64>,
    /// Bounds of the repetition of failed requests.
    retry: Option<RetryMembers>,
    /// Address of an HTTP proxy, with name and password where it wants them (Basic).
    /// Default: `HTTPS_PROXY` and its kin, or the system's settings.
    #[cfg_attr(feature = "schemas", schemars(with = "Option<String>"))]
    proxy: Option<String>,
    /// A PEM file of roots to trust beside the system's.
    ca_file: Option<PathBuf>,
    /// Stands in for the process's environment variables.
    environment: Option<BTreeMap<String, String>>,
}

/// Bounds of the repetition of failed requests.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
struct RetryMembers {
    /// How often a request is sent at most, 1 to 10. Default 4.
    #[cfg_attr(feature = "schemas", schemars(range(min = 1, max = 10)))]
    max_attempts: Option<u64>,
    /// Upper bound of the first pause in milliseconds, 1 to 60,000; it doubles each time. Default 500.
    #[cfg_attr(feature = "schemas", schemars(range(min = 1, max = 60_000)))]
    base_delay_ms: Option<u64>,
    /// Upper bound of every pause that the service has not asked for, in milliseconds, 1 to 180,000. Default 30,000.
    #[cfg_attr(feature = "schemas", schemars(range(min = 1, max = 180_000)))]
    max_delay_ms: Option<u64>,
}

/// The options of every call, checked.
pub(crate) struct Common {
    pub(crate) auth: AuthOption,
    /// The credential as it was given, for telling whether two calls were given the same.
    pub(crate) auth_text: Zeroizing<String>,
    pub(crate) cloud: Option<String>,
    pub(crate) environment: Environment,
    network: Network,
    budget: Budget,
    retry: retry::Policy,
}

const KEYS: [&str; 9] =
    ["auth", "cloud", "timeout_ms", "cancel_id", "cancel_grace_ms", "retry", "proxy", "ca_file", "environment"];

impl Common {
    /// Takes the common options out of the object; what remains belongs to the operation.
    pub(crate) fn take(object: &mut Object, what: &str) -> Result<Self> {
        let auth_text = Zeroizing::new(object.get("auth").map_or_else(String::new, Value::to_string));
        let taken = KEYS.iter().filter_map(|key| object.remove_entry(*key)).collect();
        let members: CommonMembers = read(taken, what)?;
        let milliseconds = |value: Option<u64>, default, range, name| {
            within(value, default, range, name, what).map(Duration::from_millis)
        };
        let limit = milliseconds(members.timeout_ms, 100_000, 100..=3_600_000, "timeout_ms")?;
        let grace = milliseconds(members.cancel_grace_ms, 2_000, 0..=60_000, "cancel_grace_ms")?;
        let retry = members.retry.unwrap_or_default();
        let attempts = within(retry.max_attempts, 4, 1..=10, "retry.max_attempts", what)?;
        let environment = members.environment.map_or_else(Environment::default, Environment::given);
        Ok(Self {
            auth_text,
            auth: members.auth.unwrap_or(AuthOption::Environment {}),
            cloud: members.cloud,
            network: Network::choose(members.proxy, members.ca_file, &environment)?,
            environment,
            budget: Budget::new(limit, grace, members.cancel_id.map(cancel::get).transpose()?),
            retry: retry::Policy {
                max_attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
                base_delay: milliseconds(retry.base_delay_ms, 500, 1..=60_000, "retry.base_delay_ms")?,
                max_delay: milliseconds(retry.max_delay_ms, 30_000, 1..=180_000, "retry.max_delay_ms")?,
            },
        })
    }
}

impl Common {
    /// The call that these options describe.
    pub(crate) fn call(&self) -> Call {
        Call::new(self.budget.clone(), self.retry, self.network.clone())
    }

    /// One of many such calls, whose time begins now, and which end together.
    pub(crate) fn call_of_many(&self, cancel: &Cancel) -> Call {
        Call::new(self.budget.anew(cancel.clone()), self.retry, self.network.clone())
    }

    /// Whether an option names what cancels the call.
    pub(crate) fn names_cancel(&self) -> bool {
        self.budget.cancel.is_some()
    }
}

/// The value, or the default, if it is within its range.
pub(super) fn within(
    value: Option<u64>,
    default: u64,
    range: RangeInclusive<u64>,
    name: &str,
    what: &str,
) -> Result<u64> {
    let value = value.unwrap_or(default);
    if range.contains(&value) {
        return Ok(value);
    }
    let (low, high) = range.into_inner();
    Err(Error::new(Status::OutOfRange, format!("{what}: {name}: expected a number from {low} to {high}")))
}
