//! What depends on the process's own environment: these tests run again in a child with another PATH.

use crate::entra::Entra;
use guest_redemption::Status;
use serde_json::{Value, json};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// In the child: the folder that PATH begins with.
const FOLDER: &str = "SIGN_IN_TEST_FOLDER";

/// In the child, the folder that programs are looked for in. Otherwise runs this test again in a child, and gives none.
fn in_child(test: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Some(folder.into());
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--include-ignored", "--nocapture"]);
    command.env(FOLDER, folder.path()).env("PATH", folder.path());
    let done = command.output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&said));
    assert!(String::from_utf8_lossy(&said).contains("1 passed"));
    None
}

/// Puts a program `az` there that writes this and ends with this status. It notes its arguments.
fn az(folder: &Path, says: &str, status: u8, more: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(folder.join("answer"), says).unwrap();
    let folder_name = folder.display();
    let program = format!(
        "#!/bin/sh\nPATH=/usr/bin:/bin\nprintf '%s\\n' \"$@\" > '{folder_name}/arguments'\n{more}\n\
         echo 'WARNING: of no interest' >&2\ncat '{folder_name}/answer'\nexit {status}\n"
    );
    // written beside and moved: a program that is open for writing cannot be run
    fs::write(folder.join("new"), program).unwrap();
    fs::set_permissions(folder.join("new"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(folder.join("new"), folder.join("az")).unwrap();
}

fn cli_token(entra: &Entra) -> Value {
    let token = entra.sandbox.control("token", json!({"kind": "user", "expires_in": 3_600}))["access_token"].clone();
    json!({"accessToken": token, "expiresOn": "2030-01-01 00:00:00.000000", "expires_on": 1_893_456_000, "tokenType": "Bearer"})
}

#[test]
fn azure_cli() {
    let Some(folder) = in_child("child::azure_cli") else { return };
    let entra = Entra::start();
    let grant = json!({"grant": "azure_cli"});
    let failed = entra.cannot_sign_in(grant.clone(), json!({}));
    assert_eq!(failed.status, Status::GrantUnavailable, "{failed:?}");
    assert!(failed.message.contains("not installed"), "{failed:?}");

    az(&folder, &cli_token(&entra).to_string(), 0, "");
    let (_, context) = entra.signs_in_and_resets(grant.clone(), json!({}));
    assert_eq!(context["account_type"], "user");
    let scope = format!("{}/.default", entra.connection.url);
    let arguments = fs::read_to_string(folder.join("arguments")).unwrap();
    let plain = ["account", "get-access-token", "--output", "json", "--scope", &scope];
    assert_eq!(arguments.lines().collect::<Vec<_>>(), plain);
    let of_tenant = json!({"grant": "azure_cli", "tenant_id": entra.connection.tenant_id});
    entra.signs_in_and_resets(of_tenant, json!({}));
    let arguments = fs::read_to_string(folder.join("arguments")).unwrap();
    let with_tenant = [plain.as_slice(), &["--tenant", &entra.connection.tenant_id]].concat();
    assert_eq!(arguments.lines().collect::<Vec<_>>(), with_tenant);

    for (says, status) in [("", 1), ("<html>", 0), ("{}", 0), (r#"{"accessToken":null}"#, 0)] {
        az(&folder, says, status, "");
        let failed = entra.cannot_sign_in(grant.clone(), json!({}));
        assert_eq!(failed.status, Status::GrantUnavailable, "{says}: {failed:?}");
        assert!(failed.json["error"]["hint"].as_str().unwrap().contains("az login"), "{failed:?}");
    }

    az(&folder, "", 0, "exec sleep 30");
    let (session, _) = entra.begin(grant, json!({}));
    entra.wait_is_cancelled(&session);
}

/// A lifetime that no clock can hold, this time from Azure CLI.
#[test]
fn azure_cli_with_a_lifetime_beyond_all_measure() {
    let Some(folder) = in_child("child::azure_cli_with_a_lifetime_beyond_all_measure") else { return };
    let entra = Entra::start();
    let mut token = cli_token(&entra);
    token["expires_on"] = json!(u64::MAX);
    az(&folder, &token.to_string(), 0, "");
    entra.signs_in_and_resets(json!({"grant": "azure_cli"}), json!({}));
}

#[test]
fn the_default_chain() {
    let Some(folder) = in_child("child::the_default_chain") else { return };
    let entra = Entra::start();
    let default = json!({"grant": "default"});
    let no_machine = |mut variables: Value| {
        variables["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = "http://127.0.0.1:9".into();
        variables
    };
    // nothing works: it says what was tried, and why each failed
    let half = no_machine(json!({"AZURE_TENANT_ID": entra.connection.tenant_id, "AZURE_CLIENT_ID": "c"}));
    let failed = entra.cannot_sign_in(default.clone(), half);
    assert_eq!(failed.status, Status::NotSignedIn, "{failed:?}");
    for said in [
        "environment: ",
        "AZURE_CLIENT_SECRET",
        "managed identity: ",
        "no managed identity endpoint",
        "Azure CLI: ",
        "not installed",
    ] {
        assert!(failed.message.contains(said), "{said}: {failed:?}");
    }
    assert!(failed.json["error"]["hint"].is_string());

    // a wrong secret is told, and the next is tried
    az(&folder, &cli_token(&entra).to_string(), 0, "");
    entra.secret("Wrong-secret-of-the-chain");
    let wrong = no_machine(json!({
        "AZURE_TENANT_ID": entra.connection.tenant_id, "AZURE_CLIENT_ID": entra.connection.client_id,
        "AZURE_CLIENT_SECRET": "Wrong-secret-of-the-chain",
    }));
    let (_, context) = entra.signs_in_and_resets(default.clone(), wrong.clone());
    assert_eq!(context["account_type"], "user", "Azure CLI's");
    az(&folder, "", 1, "");
    let failed = entra.cannot_sign_in(default.clone(), wrong);
    assert!(failed.message.contains("client secret") && failed.message.contains("is wrong"), "{failed:?}");

    let machine = json!({"AZURE_POD_IDENTITY_AUTHORITY_HOST": entra.connection.url});
    let (session, context) = entra.signs_in_and_resets(default.clone(), machine.clone());
    assert_eq!(context["account_type"], "app", "the machine's");
    // the session stays the machine's, also when that fails and another way would work
    az(&folder, &cli_token(&entra).to_string(), 0, "");
    entra.faults("/metadata/", 9, json!({"respond": {"status": 400, "headers": {}, "body": ""}}));
    entra.refuse_token_once();
    assert_eq!(entra.reset(&session).status, Status::GrantUnavailable);
    entra.sandbox.control("reset", json!({}));
    let (_, context) = entra.signs_in_and_resets(default, {
        let mut all = machine;
        all["GUEST_REDEMPTION_ACCESS_TOKEN"] = entra.connection.user_access_token.clone().into();
        all
    });
    assert_eq!(context["account_type"], "user", "the environment's");
}

/// On a machine that is not Azure's, packets to the metadata address often vanish. The chain then waits for
/// ten seconds to connect, or thirty for an answer, and does so once for each attempt, before it tries Azure CLI.
#[test]
fn the_default_chain_does_not_wait_for_a_silent_machine() {
    let Some(folder) = in_child("child::the_default_chain_does_not_wait_for_a_silent_machine") else { return };
    let entra = Entra::start();
    az(&folder, &cli_token(&entra).to_string(), 0, "");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let machine = json!({"AZURE_POD_IDENTITY_AUTHORITY_HOST": format!("http://{}", silent.local_addr().unwrap())});
    let start = Instant::now();
    let (session, _) = entra.begin(json!({"grant": "default"}), machine);
    let waited = entra.wait(&session);
    assert_eq!(waited.status, Status::Ok, "{waited:?}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}
