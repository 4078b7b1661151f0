//! Applications: a secret, a certificate in every kind of file, another party's word.

use crate::certificates::{Made, can_be_made, certificate_of, openssl};
use crate::entra::{Entra, names};
use guest_redemption::Status;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const NONE: fn() -> Value = || json!({});

#[test]
fn a_client_secret() {
    let entra = Entra::start();
    let (session, context) = entra.signs_in_and_resets(entra.secret_grant(), NONE());
    assert_eq!((&context["account_type"], &context["client_id"]), (&json!("app"), &json!(entra.connection.client_id)));
    assert_eq!(names(&entra.last_sign_in()), ["grant_type", "client_id", "scope", "client_secret"]);
    entra.resets(&session);
    assert_eq!(entra.sign_ins().len(), 1, "one token is enough");
}

#[test]
fn a_secret_that_is_wrong_or_of_nobody() {
    let entra = Entra::start();
    for (name, value, expected) in [
        ("client_secret", "Wr0ng-secret&x=ä", Status::CredentialRejected),
        ("client_id", "10000000-0000-4000-8000-00000000dead", Status::AppNotFound),
        ("tenant_id", "10000000-0000-4000-8000-00000000dead", Status::WrongTenant),
    ] {
        let mut auth = entra.secret_grant();
        auth[name] = value.into();
        entra.secret("Wr0ng-secret&x=ä");
        let failed = entra.cannot_sign_in(auth, NONE());
        assert_eq!(failed.status, expected, "{failed:?}");
        assert!(failed.json["error"]["hint"].is_string(), "{failed:?}");
    }
    assert_eq!(entra.graph_requests(), 0);
}

fn certificate_grant(entra: &Entra, path: &Path, password: Option<&str>) -> Value {
    json!({
        "grant": "certificate", "tenant_id": entra.connection.tenant_id, "client_id": entra.connection.client_id,
        "certificate_path": path, "certificate_password": password,
    })
}

#[test]
fn a_certificate_in_every_kind_of_file() {
    if !can_be_made() {
        return;
    }
    let entra = Entra::start();
    let (made, other) = (Made::new(), Made::new());
    let password = "Pfx \"pässword\" of the test";
    [made.part_of_key(), password].iter().for_each(|secret| entra.secret(secret));
    entra.control(json!({"certificate": made.certificate}));
    let pkcs1 = made.key_as_pkcs1();
    let with_returns = [made.key.as_str(), &made.certificate].concat().replace('\n', "\r\n");
    let chain = ["-certfile", "other"];
    made.file("other", &[&other.certificate]);
    let files = [
        (made.file("pkcs8.pem", &[&made.certificate, &made.key]), None),
        (made.file("pkcs1.pem", &[&pkcs1, &made.certificate]), None),
        (made.file("returns.pem", &[&with_returns]), None),
        (made.file("chain.pem", &["Bag Attributes\n", &other.certificate, &made.certificate, &made.key]), None),
        (made.pfx("modern.pfx", password, &[]), Some(password)),
        (made.pfx("chain.pfx", password, &chain), Some(password)),
        (made.pfx("legacy.pfx", password, &["-legacy"]), Some(password)),
        (made.pfx("without.pfx", "", &[]), None),
    ];
    for (path, password) in files {
        entra.signs_in_and_resets(certificate_grant(&entra, &path, password), NONE());
        let sent = entra.last_sign_in();
        let expected = ["grant_type", "client_id", "scope", "client_assertion_type", "client_assertion"];
        assert_eq!(names(&sent), expected, "{}", path.display());
    }
}

#[test]
fn a_tenant_by_its_domain_and_a_certificate_from_the_environment() {
    if !can_be_made() {
        return;
    }
    let entra = Entra::start();
    let made = Made::new();
    entra.secret(made.part_of_key());
    entra.secret("pw-of-environment");
    entra.control(json!({"certificate": made.certificate}));
    let variables = json!({
        "AZURE_TENANT_ID": entra.connection.tenant_domain, "AZURE_CLIENT_ID": entra.connection.client_id,
        "AZURE_CLIENT_CERTIFICATE_PATH": made.pfx("a.pfx", "pw-of-environment", &[]),
        "AZURE_CLIENT_CERTIFICATE_PASSWORD": "pw-of-environment",
    });
    entra.signs_in_and_resets(json!({"grant": "environment"}), variables);
}

#[test]
fn certificates_that_cannot_be_used() {
    if !can_be_made() {
        return;
    }
    let entra = Entra::start();
    let (made, other, expired) = (Made::new(), Made::new(), Made::until(2021));
    for one in [&made, &other, &expired] {
        entra.secret(one.part_of_key());
    }
    entra.control(json!({"certificate": made.certificate}));
    entra.control(json!({"certificate": expired.certificate}));
    let folder = made.folder.path();
    openssl(folder, &["pkcs8", "-topk8", "-in", "key", "-passout", "pass:of-the-key", "-out", "encrypted"]);
    openssl(folder, &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "curve"]);
    openssl(folder, &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", "short"]);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (encrypted, curve, short) = (read("encrypted"), read("curve"), read("short"));
    let (of_curve, password) = (certificate_of(&curve, 2120), "Right-pfx-password");
    ["of-the-key", password, "Wrong-pfx-password"].iter().for_each(|secret| entra.secret(secret));
    let pfx = made.pfx("good.pfx", password, &[]);
    let mut broken = fs::read(&pfx).unwrap();
    broken.truncate(broken.len() / 2);
    fs::write(folder.join("broken.pfx"), broken).unwrap();
    let cases = [
        (expired.file("expired.pem", &[&expired.certificate, &expired.key]), None, "expired"),
        (made.file("no-key.pem", &[&made.certificate]), None, "no private key"),
        (made.pfx("no-key.pfx", password, &["-nokeys"]), Some(password), "no private key"),
        (made.file("only-key.pem", &[&made.key]), None, "no certificate"),
        (made.file("mixed.pem", &[&other.certificate, &made.key]), None, "no certificate that belongs"),
        (made.file("encrypted.pem", &[&made.certificate, &encrypted]), None, "no private key that can be read"),
        (made.file("curve.pem", &[&of_curve, &curve]), None, "not RSA"),
        (made.file("short.pem", &[&made.certificate, &short]), None, "2048"),
        (made.file("empty.pem", &[]), None, "neither"),
        (pfx.clone(), Some("Wrong-pfx-password"), "password"),
        (pfx, None, "password"),
        (folder.join("broken.pfx"), Some(password), "neither"),
        (folder.join("not-there.pem"), None, "cannot be read"),
        (folder.to_owned(), None, "cannot be read"),
    ];
    for (path, password, said) in cases {
        let failed = entra.cannot_sign_in(certificate_grant(&entra, &path, password), NONE());
        assert_eq!(failed.status, Status::CertificateUnusable, "{failed:?}");
        assert!(failed.message.contains(said), "{said}: {failed:?}");
        assert!(failed.json["error"]["hint"].is_string(), "{failed:?}");
    }
    assert_eq!(entra.sign_ins().len(), 0, "nothing was sent");
}

#[test]
fn a_certificate_that_is_not_registered() {
    if !can_be_made() {
        return;
    }
    let entra = Entra::start();
    let (registered, of_another) = (Made::new(), Made::new());
    entra.secret(of_another.part_of_key());
    entra.control(json!({"certificate": registered.certificate}));
    let path = of_another.file("another.pem", &[&of_another.certificate, &of_another.key]);
    let failed = entra.cannot_sign_in(certificate_grant(&entra, &path, None), NONE());
    assert_eq!(failed.status, Status::CredentialRejected, "{failed:?}");
    assert_eq!(failed.json["error"]["service"]["code"], "AADSTS700027");
}

#[test]
fn clocks_that_differ() {
    if !can_be_made() {
        return;
    }
    let entra = Entra::start();
    let made = Made::new();
    entra.control(json!({"certificate": made.certificate}));
    let auth = certificate_grant(&entra, &made.file("a.pem", &[&made.certificate, &made.key]), None);
    for seconds in [-240, 240] {
        entra.control(json!({"clock_offset_s": seconds}));
        entra.signs_in_and_resets(auth.clone(), NONE());
    }
    for seconds in [-3_600, 3_600] {
        entra.control(json!({"clock_offset_s": seconds}));
        let failed = entra.cannot_sign_in(auth.clone(), NONE());
        assert_eq!(failed.status, Status::CredentialRejected, "{failed:?}");
        assert!(failed.json["error"]["hint"].as_str().unwrap().contains("clock"), "{failed:?}");
        // a secret's token is good whatever this machine's clock says
        entra.signs_in_and_resets(entra.secret_grant(), NONE());
    }
}

#[test]
fn a_federated_token_is_read_anew_each_time() {
    let entra = Entra::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let (first, second) = ("eyJmaXJzdCI6MX0.federated-one.sig", "eyJzZWNvbmQiOjJ9.federated-two.sig");
    for token in [first, second] {
        entra.secret(token);
        entra.control(json!({"federated_token": token}));
    }
    let auth = json!({
        "grant": "federated_token", "tenant_id": entra.connection.tenant_id, "client_id": entra.connection.client_id,
        "token_file": file,
    });
    let missing = entra.cannot_sign_in(auth.clone(), NONE());
    assert_eq!(missing.status, Status::GrantUnavailable, "{missing:?}");
    fs::write(&file, format!("{first}\n")).unwrap();
    let (session, _) = entra.signs_in_and_resets(auth.clone(), NONE());
    assert_eq!(entra.last_sign_in().field("client_assertion"), Some(first));
    fs::write(&file, second).unwrap();
    entra.refuse_token_once();
    entra.resets(&session);
    assert_eq!(entra.last_sign_in().field("client_assertion"), Some(second));
    let expected = ["grant_type", "client_id", "scope", "client_assertion_type", "client_assertion"];
    assert_eq!(names(&entra.last_sign_in()), expected);

    let variables = json!({
        "AZURE_TENANT_ID": entra.connection.tenant_id, "AZURE_CLIENT_ID": entra.connection.client_id,
        "AZURE_FEDERATED_TOKEN_FILE": file,
    });
    entra.signs_in_and_resets(json!({"grant": "environment"}), variables);
    fs::write(&file, "eyJ0aGlyZCI6M30.of-nobody.sig").unwrap();
    entra.secret("eyJ0aGlyZCI6M30.of-nobody.sig");
    let failed = entra.cannot_sign_in(auth, NONE());
    assert_eq!(failed.status, Status::CredentialRejected, "{failed:?}");
}

#[test]
fn github_actions() {
    let entra = Entra::start();
    let auth = json!({
        "grant": "github_actions", "tenant_id": entra.connection.tenant_id, "client_id": entra.connection.client_id,
    });
    let variables = |url: &str, token: &Value| json!({"ACTIONS_ID_TOKEN_REQUEST_URL": url, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": token});
    let token = entra.control(json!({}))["github_token"].clone();
    let url = format!("{}/github/token", entra.connection.url);
    let (session, _) = entra.signs_in_and_resets(auth.clone(), variables(&url, &token));
    entra.signs_in_and_resets(auth.clone(), variables(&format!("{url}?api-version=2.0"), &token));
    let before = entra.sign_ins().len();
    entra.refuse_token_once();
    entra.resets(&session);
    let after = entra.sign_ins();
    assert_eq!(after[before].path, "/github/token", "each token is asked for with a new assertion");
    assert_eq!(after.len(), before + 2);

    entra.secret("wrong-request-token");
    let failed = entra.cannot_sign_in(auth.clone(), variables(&url, &json!("wrong-request-token")));
    assert_eq!(failed.status, Status::GrantUnavailable, "{failed:?}");
    let elsewhere = entra.cannot_sign_in(auth.clone(), variables("http://example.com/token", &token));
    assert_eq!(elsewhere.status, Status::InsecureUrl, "{elsewhere:?}");
    let absent = entra.cannot_sign_in(auth, NONE());
    assert_eq!(absent.status, Status::GrantUnavailable, "{absent:?}");
}
