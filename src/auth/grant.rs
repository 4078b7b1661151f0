//! How a session gets its tokens: one variant a grant, each carried out by its own file.

use super::certificate::{Certificate, CertificateFile};
use super::federation::Source;
use super::managed_identity::ManagedIdentity;
use super::token_endpoint::{Asker, Grantable, token};
use super::{Token, azure_cli};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::status::Status;
use secrecy::{ExposeSecret, SecretString};
use std::sync::OnceLock;
use std::time::Duration;

/// Microsoft Graph Command Line Tools: a public client that every tenant knows.
pub(super) const PUBLIC_CLIENT: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
/// Any work or school account; a guest of a tenant has to name the tenant.
pub(super) const ANY_TENANT: &str = "organizations";

/// How long the default chain waits for a managed identity that may not be there.
const GUESS: Duration = Duration::from_secs(1);

/// How a session gets its tokens.
#[derive(Debug)]
pub(crate) enum Grant {
    /// A token that the caller has got elsewhere.
    AccessToken { token: SecretString, tenant_id: Option<String> },
    /// An application with a client secret.
    ClientSecret { tenant_id: String, client_id: String, secret: SecretString },
    /// An application with a certificate.
    Certificate { tenant_id: String, client_id: String, file: CertificateFile },
    /// An application that another party vouches for.
    Federated { tenant_id: String, client_id: String, source: Source },
    /// The identity of this machine or app.
    ManagedIdentity(ManagedIdentity),
    /// Whoever has signed in with Azure CLI.
    AzureCli { tenant_id: Option<String> },
    /// A person who signs in once and is remembered by refresh tokens.
    Person { tenant_id: String, client_id: String, how: Interaction },
    /// The first of these that works, and from then on that one.
    FirstOf { grants: Vec<(&'static str, Result<Grant>)>, chosen: OnceLock<usize> },
}

/// How a person signs in the first time.
#[derive(Debug)]
pub(crate) enum Interaction {
    Browser {
        login_hint: Option<String>,
    },
    DeviceCode,
    /// Has done so elsewhere.
    RefreshToken(SecretString),
}

/// A token, and what gets the next one.
pub(super) struct Acquired {
    pub(super) token: Token,
    pub(super) refresh_token: Option<SecretString>,
}

impl From<Token> for Acquired {
    fn from(token: Token) -> Self {
        Self { token, refresh_token: None }
    }
}

impl From<Grantable> for Acquired {
    fn from(grantable: Grantable) -> Self {
        Self { token: grantable.token(), refresh_token: grantable.refresh_token }
    }
}

/// What a person's tokens are for; `offline_access` asks for the refresh token.
pub(super) fn scope_of_person(cloud: &Cloud) -> String {
    format!("{} openid profile offline_access", cloud.scope())
}

/// What an application asks with: proof of who it is, and the claims that a policy asks for.
struct Proof<'a> {
    name: &'static str,
    value: &'a str,
    claims: Option<&'a str>,
}

impl Grant {
    /// Gets a token without a person. `claims` are those of a claims challenge.
    pub(super) async fn acquire(&self, call: &Call, cloud: &Cloud, claims: Option<&str>) -> Result<Acquired> {
        match self {
            Self::AccessToken { token, .. } => Ok(Token::new(token, None).into()),
            Self::ClientSecret { tenant_id, client_id, secret } => {
                let proof = Proof { name: "client_secret", value: secret.expose_secret(), claims };
                of_application(call, cloud, Asker { tenant_id, client_id }, &proof).await
            }
            Self::Certificate { tenant_id, client_id, file } => {
                let audience = format!("{}/{tenant_id}/oauth2/v2.0/token", cloud.login_url);
                let assertion = Certificate::read(file)?.assertion(client_id, &audience)?;
                let proof = Proof { name: "client_assertion", value: assertion.expose_secret(), claims };
                of_application(call, cloud, Asker { tenant_id, client_id }, &proof).await
            }
            Self::Federated { tenant_id, client_id, source } => {
                let assertion = source.assertion(call).await?;
                let proof = Proof { name: "client_assertion", value: assertion.expose_secret(), claims };
                of_application(call, cloud, Asker { tenant_id, client_id }, &proof).await
            }
            Self::ManagedIdentity(identity) => identity.token(call, cloud).await.map(Acquired::from),
            Self::AzureCli { tenant_id } => {
                azure_cli::token(call, cloud, tenant_id.as_deref()).await.map(Acquired::from)
            }
            Self::Person { tenant_id, client_id, how: Interaction::RefreshToken(refresh) } => {
                refreshed(call, cloud, Asker { tenant_id, client_id }, refresh, claims).await
            }
            Self::Person { .. } => Err(Error::new(Status::InteractionRequired, "nobody has signed in yet")
                .hint("begin a session with this grant, show its prompt, and wait for it")),
            Self::FirstOf { grants, chosen } => Box::pin(first_of(call, cloud, grants, chosen, claims)).await,
        }
    }

    /// The person who signs in, if it is one.
    pub(super) fn person(&self) -> Option<Asker<'_>> {
        match self {
            Self::Person { tenant_id, client_id, .. } => Some(Asker { tenant_id, client_id }),
            _ => None,
        }
    }

    /// Whether another token can be had once this one has ended.
    pub(super) fn is_renewable(&self) -> bool {
        !matches!(self, Self::AccessToken { .. })
    }

    /// The tenant as the caller gave it.
    pub(super) fn tenant_id(&self) -> Option<&str> {
        match self {
            Self::AccessToken { tenant_id, .. } | Self::AzureCli { tenant_id } => tenant_id.as_deref(),
            Self::ClientSecret { tenant_id, .. }
            | Self::Certificate { tenant_id, .. }
            | Self::Federated { tenant_id, .. }
            | Self::Person { tenant_id, .. } => Some(tenant_id).filter(|id| *id != ANY_TENANT).map(String::as_str),
            Self::ManagedIdentity(_) | Self::FirstOf { .. } => None,
        }
    }
}

async fn of_application(call: &Call, cloud: &Cloud, asker: Asker<'_>, proof: &Proof<'_>) -> Result<Acquired> {
    let scope = cloud.scope();
    let mut form = vec![("grant_type", "client_credentials"), ("client_id", asker.client_id), ("scope", &scope)];
    if proof.name == "client_assertion" {
        form.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    }
    form.push((proof.name, proof.value));
    form.extend(proof.claims.map(|claims| ("claims", claims)));
    token(call, cloud, asker, &form).await.map(Acquired::from)
}

/// Another token for a person who has signed in before.
pub(super) async fn refreshed(
    call: &Call,
    cloud: &Cloud,
    asker: Asker<'_>,
    refresh: &SecretString,
    claims: Option<&str>,
) -> Result<Acquired> {
    let scope = scope_of_person(cloud);
    let mut form = vec![
        ("grant_type", "refresh_token"),
        ("client_id", asker.client_id),
        ("scope", &scope),
        ("refresh_token", refresh.expose_secret()),
    ];
    form.extend(claims.map(|claims| ("claims", claims)));
    token(call, cloud, asker, &form).await.map(Acquired::from)
}

async fn first_of(
    call: &Call,
    cloud: &Cloud,
    grants: &[(&'static str, Result<Grant>)],
    chosen: &OnceLock<usize>,
    claims: Option<&str>,
) -> Result<Acquired> {
    // a session does not become somebody else's when it renews its token
    if let Some((_, Ok(grant))) = chosen.get().and_then(|number| grants.get(*number)) {
        return grant.acquire(call, cloud, claims).await;
    }
    let mut tried = Vec::new();
    for (number, (name, grant)) in grants.iter().enumerate() {
        let outcome = match grant {
            // off Azure the metadata address often answers nothing at all
            Ok(grant @ Grant::ManagedIdentity(identity)) if identity.is_a_guess() => {
                grant.acquire(&call.shorter(GUESS), cloud, claims).await
            }
            Ok(grant) => grant.acquire(call, cloud, claims).await,
            Err(error) => Err(error.clone()),
        };
        match outcome {
            Ok(acquired) => {
                let _ = chosen.set(number);
                return Ok(acquired);
            }
            Err(error) if call.budget.check().is_err() => return Err(error),
            Err(error) => tried.push(format!("{name}: {error}")),
        }
    }
    Err(Error::new(Status::NotSignedIn, format!("no way to sign in worked ({})", tried.join("; ")))
        .hint("sign in with Connect-GuestRedemption, or give the option auth"))
}
