//! A certificate with its private key, and the assertion that it signs.
//!
//! Source: the identity platform's page on certificate credentials: PS256 with the SHA-256 thumbprint.

use crate::error::{Error, Result};
use crate::status::Status;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p12_keystore::Pkcs12Archive;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PSS_SHA256;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::zeroize::{Zeroize, Zeroizing};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use x509_parser::parse_x509_certificate;

/// How long an assertion is good for; the page asks for 5 to 10 minutes.
const LIFETIME: Duration = Duration::from_secs(600);

/// Where a certificate is. It is read for each token, so that a renewed one is found.
#[derive(Debug)]
pub(crate) struct CertificateFile {
    pub(crate) path: PathBuf,
    /// Of a PFX file.
    pub(crate) password: Option<SecretString>,
}

/// A certificate that can sign.
pub(super) struct Certificate {
    /// base64url of the SHA-256 of the DER.
    thumbprint: String,
    key: KeyPair,
    not_after: SystemTime,
}

impl Certificate {
    /// Reads a PEM file with certificate and key, or a PFX (PKCS#12) file.
    pub(super) fn read(file: &CertificateFile) -> Result<Self> {
        let path = file.path.as_path();
        let bytes = std::fs::read(path)
            .map(Zeroizing::new)
            .map_err(|error| failed(path, &format!("cannot be read: {error}"), "check the path and its rights"))?;
        let is_pem = bytes.windows(11).any(|window| window == b"-----BEGIN ");
        let (certificates, mut key) =
            if is_pem { pem(path, &bytes)? } else { pfx(path, &bytes, file.password.as_ref())? };
        let pair = key_pair(path, &key);
        key.zeroize();
        let key = pair?;
        for der in &certificates {
            let Ok((_, parsed)) = parse_x509_certificate(der) else { continue };
            if *parsed.public_key().subject_public_key.data == *key.public().as_ref() {
                let seconds = u64::try_from(parsed.validity().not_after.timestamp()).unwrap_or_default();
                return Ok(Self {
                    thumbprint: URL_SAFE_NO_PAD.encode(digest(&SHA256, der)),
                    not_after: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
                    key,
                });
            }
        }
        Err(failed(path, "holds no certificate that belongs to its private key", "put both into one file"))
    }

    /// A client assertion for this endpoint.
    pub(super) fn assertion(&self, client_id: &str, audience: &str) -> Result<SecretString> {
        let now = SystemTime::now();
        if self.not_after <= now {
            return Err(Error::new(
                Status::CertificateUnusable,
                format!("the certificate of the application {client_id} has expired"),
            )
            .hint("register a new certificate for the application"));
        }
        let seconds = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint});
        let claims = json!({
            "aud": audience, "iss": client_id, "sub": client_id, "jti": uuid::Uuid::new_v4().to_string(),
            "iat": seconds(now), "nbf": seconds(now), "exp": seconds(now + LIFETIME),
        });
        let encode = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(&RSA_PSS_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| Error::new(Status::CertificateUnusable, "the certificate's key could not sign"))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)).into())
    }
}

/// Certificates as DER, and a private key.
type Parts = (Vec<Vec<u8>>, PrivateKeyDer<'static>);

fn pem(path: &Path, bytes: &[u8]) -> Result<Parts> {
    let certificates = CertificateDer::pem_slice_iter(bytes).flatten().map(|der| der.to_vec()).collect();
    let key = PrivateKeyDer::from_pem_slice(bytes).map_err(|_| {
        let hint = "the file must hold an unencrypted private key (BEGIN PRIVATE KEY); with a password use a PFX file";
        failed(path, "holds no private key that can be read", hint)
    })?;
    Ok((certificates, key))
}

fn pfx(path: &Path, bytes: &[u8], password: Option<&SecretString>) -> Result<Parts> {
    let password = password.map_or("", |password| password.expose_secret());
    let archive = Pkcs12Archive::from_pkcs12(bytes, password).map_err(|_| {
        failed(path, "is neither PEM nor a PFX file that this password opens", "check the file and its password")
    })?;
    let key = archive
        .keys
        .first()
        .ok_or_else(|| failed(path, "holds no private key", "export the certificate together with its key"))?;
    let certificates = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect();
    Ok((certificates, PrivateKeyDer::Pkcs8(key.key.as_der().to_vec().into())))
}

fn key_pair(path: &Path, key: &PrivateKeyDer<'_>) -> Result<KeyPair> {
    let pair = match key {
        PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => KeyPair::from_der(der.secret_pkcs1_der()),
        _ => return Err(failed(path, "holds a key that is not RSA", "Entra takes RSA keys of 2048 bits or more")),
    };
    pair.map_err(|_| failed(path, "holds a private key that is not RSA of 2048 bits or more", "use such a key"))
}

fn failed(path: &Path, why: &str, hint: &str) -> Error {
    Error::new(Status::CertificateUnusable, format!("the certificate file {} {why}", path.display())).hint(hint)
}
