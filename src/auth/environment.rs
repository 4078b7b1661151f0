//! Credentials from environment variables: ours first, then Azure's own.

use super::Grant;
use crate::error::{Error, Result};
use crate::options::Environment;
use crate::status::Status;

/// The first complete credential, or what is missing.
pub(super) fn grant(environment: &Environment) -> Result<Grant> {
    let get = |name| environment.get(name);
    if let Some(token) = get("GUEST_REDEMPTION_ACCESS_TOKEN") {
        return Ok(Grant::AccessToken { token: token.into(), tenant_id: get("AZURE_TENANT_ID") });
    }
    let names = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"];
    if let [Some(tenant_id), Some(client_id), Some(secret)] = names.map(get) {
        return Ok(Grant::ClientSecret { tenant_id, client_id, secret: secret.into() });
    }
    let missing: Vec<_> = names.into_iter().filter(|name| get(name).is_none()).collect();
    let what = match missing.len() {
        3 => "no credential was given, and the environment holds none".to_owned(),
        _ => format!("the credential in the environment is incomplete: {} not set", missing.join(" and ")),
    };
    Err(Error::new(Status::NotSignedIn, what).hint(
        "sign in with Connect-GuestRedemption, give the option auth, or set GUEST_REDEMPTION_ACCESS_TOKEN, or \
         AZURE_TENANT_ID with AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_come_first_and_half_a_credential_is_named() {
        let of = |variables| grant(&Environment::of(variables));
        let azure = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c"), ("AZURE_CLIENT_SECRET", "s")];
        assert!(matches!(of(&azure), Ok(Grant::ClientSecret { .. })));
        let both = [azure[0], azure[1], azure[2], ("GUEST_REDEMPTION_ACCESS_TOKEN", "x")];
        assert!(matches!(of(&both), Ok(Grant::AccessToken { .. })));
        let error = of(&azure[..2]).unwrap_err();
        assert!(error.message.contains("AZURE_CLIENT_SECRET not set"), "{error}");
        assert_eq!(of(&[]).unwrap_err().status, Status::NotSignedIn);
        assert_eq!(of(&[("GUEST_REDEMPTION_ACCESS_TOKEN", "")]).unwrap_err().status, Status::NotSignedIn);
    }
}
