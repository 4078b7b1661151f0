//! Credentials from environment variables: ours first, then Azure's own.

use super::Grant;
use super::certificate::CertificateFile;
use super::federation::Source;
use crate::error::{Error, Result};
use crate::options::Environment;
use crate::status::Status;

/// The first complete credential, or what is missing.
pub(super) fn grant(environment: &Environment) -> Result<Grant> {
    let get = |name| environment.get(name);
    let tenant_id = get("AZURE_TENANT_ID");
    if let Some(token) = get("GUEST_REDEMPTION_ACCESS_TOKEN") {
        return Ok(Grant::AccessToken { token: token.into(), tenant_id });
    }
    let credential = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"];
    match (tenant_id, get("AZURE_CLIENT_ID"), credential.map(get)) {
        (Some(tenant_id), Some(client_id), [Some(secret), ..]) => {
            Ok(Grant::ClientSecret { tenant_id, client_id, secret: secret.into() })
        }
        (Some(tenant_id), Some(client_id), [_, Some(path), _]) => {
            let password = get("AZURE_CLIENT_CERTIFICATE_PASSWORD").map(Into::into);
            Ok(Grant::Certificate { tenant_id, client_id, file: CertificateFile { path: path.into(), password } })
        }
        (Some(tenant_id), Some(client_id), [.., Some(file)]) => {
            Ok(Grant::Federated { tenant_id, client_id, source: Source::File(file.into()) })
        }
        (tenant_id, client_id, credential) => {
            Err(missing(tenant_id.is_some(), client_id.is_some(), credential.iter().any(Option::is_some)))
        }
    }
}

fn missing(tenant: bool, client: bool, credential: bool) -> Error {
    let names = [
        (tenant, "AZURE_TENANT_ID"),
        (client, "AZURE_CLIENT_ID"),
        (credential, "AZURE_CLIENT_SECRET (or a certificate's path, or a federated token's file)"),
    ];
    let missing: Vec<_> = names.iter().filter(|(set, _)| !set).map(|(_, name)| *name).collect();
    let what = match missing.len() {
        3 => "no credential was given, and the environment holds none".to_owned(),
        _ => format!("the credential in the environment is incomplete: {} not set", missing.join(" and ")),
    };
    Error::new(Status::NotSignedIn, what).hint(
        "sign in with Connect-GuestRedemption, give the option auth, or set GUEST_REDEMPTION_ACCESS_TOKEN, or \
         AZURE_TENANT_ID with AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
    )
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
        let federated = [azure[0], azure[1], ("AZURE_FEDERATED_TOKEN_FILE", "/token")];
        assert!(matches!(of(&federated), Ok(Grant::Federated { .. })));
        let error = of(&azure[..2]).unwrap_err();
        assert!(error.message.contains("AZURE_CLIENT_SECRET"), "{error}");
        assert_eq!(of(&[]).unwrap_err().status, Status::NotSignedIn);
        assert_eq!(of(&[("GUEST_REDEMPTION_ACCESS_TOKEN", "")]).unwrap_err().status, Status::NotSignedIn);
    }
}
