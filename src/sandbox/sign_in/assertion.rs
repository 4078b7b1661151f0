//! Client assertions: signed with a registered certificate, or another party's token that is registered as a whole.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::refusal::Refusal;
use crate::sandbox::http::Request;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::tokens::CLIENT_ID;

/// Seconds that clocks may differ.
const SKEW: i64 = 300;
/// The longest life of an assertion, in seconds.
const LONGEST: i64 = 600;

/// A certificate that is registered for the application.
pub(super) struct Certificate {
    /// base64url of the SHA-256 of the DER.
    thumbprint: String,
    public_key: Vec<u8>,
}

impl Certificate {
    pub(super) fn of_pem(pem: &str) -> Result<Self, String> {
        let (_, pem) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).map_err(|e| e.to_string())?;
        let (_, certificate) = X509Certificate::from_der(&pem.contents).map_err(|e| e.to_string())?;
        Ok(Self {
            thumbprint: URL_SAFE_NO_PAD.encode(digest(&SHA256, &pem.contents)),
            public_key: certificate.public_key().subject_public_key.data.to_vec(),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    #[serde(rename = "x5t#S256")]
    thumbprint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    aud: String,
    iss: String,
    sub: String,
    jti: String,
    nbf: i64,
    exp: i64,
    iat: i64,
}

/// Accepts the assertion, once, or says what is wrong with it.
pub(super) fn check(tenant: &mut Tenant, request: &Request, assertion: &str) -> Result<(), Refusal> {
    if tenant.sign_in.federated.contains(assertion) {
        return Ok(());
    }
    let refuse = |number, text: &str| Err(Refusal::new("invalid_client", number, text));
    let parts: Vec<&str> = assertion.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return refuse(50_027, "JWT token is invalid.") };
    let (Some(head), Some(body)) = (part::<Header>(header), part::<Claims>(claims)) else {
        return refuse(700_213, "No matching federated identity record found for presented assertion.");
    };
    if head.alg != "PS256" || head.typ != "JWT" {
        return refuse(50_027, "JWT token is invalid: its header is not that of a PS256 assertion.");
    }
    let known = tenant.sign_in.certificates.iter().find(|known| known.thumbprint == head.thumbprint);
    let Some(certificate) = known else {
        return refuse(700_027, "The certificate used to sign the client assertion is not registered on application.");
    };
    let signed = format!("{header}.{claims}");
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    let key = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, &certificate.public_key);
    if key.verify(signed.as_bytes(), &signature).is_err() {
        return refuse(50_012, "Signature validation failed.");
    }
    let endpoint = format!("{}/{}", tenant.url, request.path.join("/"));
    if body.aud != endpoint {
        return refuse(700_023, "Client assertion audience claim does not match Realm issuer.");
    }
    if body.iss != CLIENT_ID || body.sub != CLIENT_ID {
        return refuse(700_021, "Client assertion application identifier doesn't match 'client_id' parameter.");
    }
    let now = tenant.tokens.now();
    let is_now = body.nbf <= now + SKEW && body.iat <= now + SKEW && now - SKEW < body.exp;
    if !is_now || body.exp <= body.nbf || body.exp - body.nbf > LONGEST {
        return refuse(700_024, "Client assertion is not within its valid time range.");
    }
    if uuid::Uuid::parse_str(&body.jti).is_err() || !tenant.sign_in.used.insert(body.jti) {
        return refuse(50_027, "JWT token is invalid: its id is no GUID, or was used before.");
    }
    Ok(())
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}
