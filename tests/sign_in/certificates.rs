//! Certificates made for a test: the keys and PFX files by OpenSSL, the certificates by rcgen.

use crate::toolchain::missing;
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A certificate with its key, in a folder of its own.
pub(crate) struct Made {
    pub(crate) folder: TempDir,
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Made {
    /// One that is good from 2020 to the end of that year.
    pub(crate) fn until(year: i32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        openssl(folder.path(), &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "key"]);
        let key = fs::read_to_string(folder.path().join("key")).unwrap();
        let certificate = certificate_of(&key, year);
        fs::write(folder.path().join("certificate"), &certificate).unwrap();
        Self { folder, certificate, key }
    }

    pub(crate) fn new() -> Self {
        Self::until(2120)
    }

    /// Writes a file of these parts.
    pub(crate) fn file(&self, name: &str, parts: &[&str]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, parts.concat()).unwrap();
        path
    }

    /// The key as `BEGIN RSA PRIVATE KEY`.
    pub(crate) fn key_as_pkcs1(&self) -> String {
        openssl(self.folder.path(), &["rsa", "-in", "key", "-traditional", "-out", "key1"]);
        fs::read_to_string(self.folder.path().join("key1")).unwrap()
    }

    /// A PFX file; `more` are options of `openssl pkcs12`.
    pub(crate) fn pfx(&self, name: &str, password: &str, more: &[&str]) -> PathBuf {
        let password = format!("pass:{password}");
        let options = ["pkcs12", "-export", "-in", "certificate", "-inkey", "key", "-out", name, "-passout", &password];
        openssl(self.folder.path(), &[&options, more].concat());
        self.folder.path().join(name)
    }

    /// The middle of the key, for the search of secrets.
    pub(crate) fn part_of_key(&self) -> &str {
        self.key.lines().nth(5).unwrap()
    }
}

/// Whether OpenSSL's program is there; without it a test is skipped, and says so.
pub(crate) fn can_be_made() -> bool {
    let can = Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success());
    if !can {
        missing("openssl");
    }
    can
}

/// A self-signed certificate of the key.
pub(crate) fn certificate_of(key: &str, last_year: i32) -> String {
    let key = KeyPair::from_pem(key).unwrap();
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "resetter");
    parameters.not_before = date_time_ymd(2020, 1, 1);
    parameters.not_after = date_time_ymd(last_year, 12, 31);
    parameters.self_signed(&key).unwrap().pem()
}

pub(crate) fn openssl(folder: &Path, options: &[&str]) {
    let done = Command::new("openssl").args(options).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{options:?}: {}", String::from_utf8_lossy(&done.stderr));
}
