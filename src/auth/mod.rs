//! Who calls: grants, sessions and the tokens they hold.

mod azure_cli;
mod browser;
mod certificate;
mod claims;
mod device_code;
mod environment;
mod federation;
mod grant;
mod managed_identity;
mod rights;
mod session;
mod store;
mod token_endpoint;

pub(crate) use claims::{AccountType, Claims};
pub(crate) use rights::{Write, rights};
pub(crate) use session::Session;
pub(crate) use store::{begin, end, find, of_call};

use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::http::Bearer;
use crate::status::Status;
use grant::Grant;
use secrecy::SecretString;
use std::time::{Duration, SystemTime};

/// A token and what it tells about itself.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) bearer: Bearer,
    pub(crate) claims: Claims,
    pub(crate) expires: Option<SystemTime>,
    /// When another is asked for: early enough that none ends on its way.
    renew: Option<SystemTime>,
}

/// A token is renewed this long before it ends, or at four fifths of a short life.
const EARLY: Duration = Duration::from_secs(300);

impl Token {
    fn new(secret: &SecretString, lifetime: Option<Duration>) -> Self {
        let claims = Claims::of(secret);
        let now = SystemTime::now();
        let expires = lifetime.map(|lifetime| now + lifetime).or(claims.expires);
        let renew = lifetime.map(|lifetime| now + lifetime - EARLY.min(lifetime / 5));
        Self { bearer: Bearer::new(secret), claims, expires, renew }
    }

    #[cfg(feature = "sandbox")]
    fn aged(&self, by: Duration) -> Self {
        let earlier = |time: Option<SystemTime>| time.and_then(|time| time.checked_sub(by));
        let (expires, renew) = (earlier(self.expires), earlier(self.renew));
        Self { bearer: self.bearer.clone(), claims: self.claims.clone(), expires, renew }
    }

    fn is_due(&self) -> bool {
        self.renew.is_some_and(|time| time <= SystemTime::now())
    }

    /// Refuses a token that this cloud's Graph would not take, before it is sent anywhere.
    fn check(&self, cloud: &Cloud) -> Result<()> {
        if let Some(audience) = self.claims.audience.as_deref().filter(|audience| !cloud.is_audience(audience)) {
            let what = format!("the access token is for {audience}, not for {}", cloud.graph_url);
            return Err(Error::new(Status::WrongAudience, what)
                .hint(format!("ask for a token with the scope {}", cloud.scope())));
        }
        if self.expires.is_some_and(|time| time <= SystemTime::now()) {
            return Err(Error::new(Status::TokenExpired, "the access token has expired").hint("sign in again"));
        }
        Ok(())
    }
}
