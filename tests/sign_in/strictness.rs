//! That the token service of these tests really checks what it receives: without it they would prove nothing.

use crate::browser::{get, send, sign_in};
use crate::certificates::{Made, can_be_made};
use crate::entra::Entra;
use guest_redemption::sandbox::SignInRecord;
use serde_json::json;

type Fields = Vec<(String, String)>;

fn encoded(fields: &Fields) -> String {
    let pair = |(name, value): &(String, String)| {
        let value = value.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        format!("{name}={value}")
    };
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Posts the form to the tenant's token endpoint; the answer in one text.
fn post(entra: &Entra, fields: &Fields) -> String {
    let url = format!("{}/{}/oauth2/v2.0/token", entra.connection.url, entra.connection.tenant_id);
    let (path, form) = (url.splitn(4, '/').nth(3).unwrap(), encoded(fields));
    let head = format!(
        "POST /{path} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        form.len()
    );
    send(&url, &(head + &form))
}

fn with(fields: &Fields, name: &str, value: &str) -> Fields {
    let mut fields = fields.clone();
    match fields.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => value.clone_into(old),
        None => fields.push((name.to_owned(), value.to_owned())),
    }
    fields
}

fn without(fields: &Fields, name: &str) -> Fields {
    fields.iter().filter(|(known, _)| known != name).cloned().collect()
}

fn refused(answer: &str, with: &str) {
    assert!(answer.contains(with) && !answer.contains("access_token\":\""), "{with}: {answer}");
}

#[test]
fn forms_have_exactly_their_fields() {
    let entra = Entra::start();
    entra.signs_in_and_resets(entra.secret_grant(), json!({}));
    let good = entra.last_sign_in().fields;
    assert!(post(&entra, &good).contains("access_token"));
    refused(&post(&entra, &with(&good, "resource", "x")), "invalid_request");
    refused(&post(&entra, &[good.clone(), good.clone()].concat()), "invalid_request");
    for (name, _) in &good {
        refused(&post(&entra, &without(&good, name)), "AADSTS900144");
    }
    refused(&post(&entra, &with(&good, "scope", "https://vault.azure.net/.default")), "invalid_resource");
    refused(&post(&entra, &with(&good, "grant_type", "password")), "unsupported_grant_type");
    refused(&post(&entra, &with(&good, "claims", "no JSON")), "invalid_request");
}

#[test]
fn assertions_are_good_once_and_unchanged() {
    if !can_be_made() {
        return;
    }
    let entra = Entra::start();
    let made = Made::new();
    entra.control(json!({"certificate": made.certificate}));
    let auth = json!({
        "grant": "certificate", "tenant_id": entra.connection.tenant_id, "client_id": entra.connection.client_id,
        "certificate_path": made.file("a.pem", &[&made.certificate, &made.key]),
    });
    entra.signs_in_and_resets(auth, json!({}));
    let sent = entra.last_sign_in().fields;
    refused(&post(&entra, &sent), "AADSTS50027");
    let assertion = sent.iter().find(|(name, _)| name == "client_assertion").unwrap().1.clone();
    let parts: Vec<_> = assertion.split('.').collect();
    let swapped = format!("{}.{}.{}", parts[0], parts[1], parts[2].chars().rev().collect::<String>());
    refused(&post(&entra, &with(&sent, "client_assertion", &swapped)), "AADSTS50012");
    // the domain is another audience than the id
    let elsewhere = with(&sent, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer");
    refused(&post(&entra, &elsewhere), "invalid_request");
    let by_domain = format!("{}/{}/oauth2/v2.0/token", entra.connection.url, entra.connection.tenant_domain);
    let form = encoded(&sent);
    let path = by_domain.splitn(4, '/').nth(3).unwrap();
    let head = "Host: sandbox\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded";
    let text = format!("POST /{path} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{form}", form.len());
    refused(&send(&by_domain, &text), "AADSTS700023");
}

/// A code of a sign-in page, with the form that would redeem it.
fn code(entra: &Entra, redirect: &str) -> Fields {
    let (_, prompt) = entra.begin(json!({"grant": "browser"}), json!({}));
    let location = sign_in(&prompt);
    let code = location.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let redirect = if redirect.is_empty() { location.split("/?").next().unwrap() } else { redirect };
    let client = entra.control(json!({}))["public_client_id"].as_str().unwrap().to_owned();
    let verifier = "a-verifier-that-is-not-the-one-of-the-challenge-";
    [
        ("grant_type", "authorization_code"),
        ("client_id", &client),
        ("code", &code),
        ("redirect_uri", redirect),
        ("code_verifier", verifier),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

#[test]
fn codes_belong_to_their_verifier_and_redirect() {
    let entra = Entra::start();
    let form = code(&entra, "");
    refused(&post(&entra, &form), "AADSTS501481");
    refused(&post(&entra, &form), "AADSTS54005");
    refused(&post(&entra, &code(&entra, "http://localhost:1")), "AADSTS500112");
    refused(&post(&entra, &with(&code(&entra, ""), "code_verifier", "sh0rt-verifier")), "AADSTS501481");

    let (session, prompt) = entra.begin(json!({"grant": "browser"}), json!({}));
    let url = prompt["url"].as_str().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| get(&sign_in(&prompt)));
        entra.resets(&session);
    });
    let SignInRecord { fields, .. } = entra.last_sign_in();
    refused(&post(&entra, &fields), "AADSTS54005");
    for (from, to, expected) in [
        ("code_challenge_method=S256", "code_challenge_method=plain", "invalid_request"),
        ("response_mode=query", "response_mode=fragment", "invalid_request"),
        ("redirect_uri=http%3A%2F%2Flocalhost", "redirect_uri=http%3A%2F%2F127.0.0.1", "AADSTS50011"),
        ("redirect_uri=http%3A", "redirect_uri=https%3A", "AADSTS50011"),
        ("&nonce=", "&nonce2=", "invalid_request"),
        ("&state=", "&state=&x=", "invalid_request"),
        ("&code_challenge=", "&code_challenge=x", "AADSTS501491"),
    ] {
        assert!(url.contains(from), "{url}");
        refused(&get(&url.replace(from, to)), expected);
    }
}

#[test]
fn machines_and_github_are_asked_with_their_headers() {
    let entra = Entra::start();
    let url = &entra.connection.url;
    let machine = format!("{url}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={url}");
    refused(&get(&machine), "metadata header");
    refused(&get(&format!("{url}/msi/token?api-version=2019-08-01&resource={url}")), "X-IDENTITY-HEADER");
    refused(&get(&format!("{url}/github/token?audience=api://AzureADTokenExchange")), "401");
    let with_header = |path: &str| {
        send(url, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nMetadata: true\r\nConnection: close\r\n\r\n"))
    };
    let path = machine.strip_prefix(url.as_str()).unwrap();
    assert!(with_header(path).contains("access_token"));
    for (from, to) in
        [("2018-02-01", "2017-09-01"), ("&resource=", "&resource=x"), ("&resource=", "&principal_id=a&resource=")]
    {
        refused(&with_header(&path.replace(from, to)), "invalid_request");
    }
}

#[test]
fn challenged_tokens_need_exactly_their_claims() {
    let entra = Entra::start();
    entra.control(json!({"challenge": r#"{"access_token":{}}"#}));
    let token = &entra.connection.access_token;
    let request =
        format!("GET /v1.0/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    let answer = send(&entra.connection.url, &request);
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("insufficient_claims"), "{answer}");
    assert!(answer.contains("claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\""), "{answer}");
    entra.control(json!({"challenge": ""}));
    assert!(!send(&entra.connection.url, &request).starts_with("HTTP/1.1 401"));
}
