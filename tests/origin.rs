//! The scripts of 2021 as they were published: the PowerShell of each page in the folder that
//! `GUEST_REDEMPTION_ORIGIN_PAGES` names, in real PowerShell, against a sandbox tenant.
#![allow(clippy::unwrap_used, clippy::panic)]

use guest_redemption::sandbox::{Sandbox, Settings};
use reqwest::blocking::Client;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGES: &str = "GUEST_REDEMPTION_ORIGIN_PAGES";
const GUEST: &str = "10000000-0000-4000-8000-000000000001";
const NEW_ADDRESS: &str = "alice.alvarez@tailspin.com";
/// The members that the script gives a value; the sample shows more.
const SET_BY_SCRIPT: [&str; 5] =
    ["invitedUserEmailAddress", "sendInvitationMessage", "inviteRedirectUrl", "invitedUser", "resetRedemption"];

#[test]
fn scripts_of_2021_run_as_published() {
    let Some(folder) = env::var_os(PAGES) else {
        return say("SKIPPED: the five scripts of 2021, because GUEST_REDEMPTION_ORIGIN_PAGES names no folder");
    };
    if !has_pwsh() {
        assert!(env::var("CI").as_deref() != Ok("true"), "{PAGES} is set, but there is no pwsh to run its scripts");
        return say("SKIPPED: the five scripts of 2021, because there is no pwsh");
    }
    let pages = pages(Path::new(&folder));
    assert!(!pages.is_empty(), "no page in {}", folder.display());
    for page in &pages {
        run(page);
    }
    say(&format!("{} scripts of 2021 ran as published", pages.len()));
}

/// A line that `cargo test` shows although the test passes.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn has_pwsh() -> bool {
    Command::new("pwsh").args(["-NoProfile", "-Command", "exit 0"]).output().is_ok_and(|run| run.status.success())
}

/// What a page shows: the script and the body of the request that does the same.
struct Page {
    name: String,
    script: String,
    sample: Map<String, Value>,
}

fn pages(folder: &Path) -> Vec<Page> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{PAGES}={}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files.iter().map(|file| Page::read(file)).collect()
}

impl Page {
    fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let sample = block(&text, "json").unwrap_or_else(|| panic!("{name}: no JSON sample"));
        // above the body stand the request line and the headers
        let body = &sample[sample.find('{').unwrap()..];
        Self {
            script: block(&text, "powershell").unwrap_or_else(|| panic!("{name}: no script")).to_owned(),
            sample: serde_json::from_str(body).unwrap_or_else(|error| panic!("{name}: {error}")),
            name,
        }
    }

    /// The script for this guest: without the lines that install the old module, and with the placeholders filled.
    fn script_for(&self, user_principal_name: &str, address: &str) -> String {
        let placeholders = [("UPN of User to Reset", user_principal_name), ("<<external email>>", address)];
        let lines = self.script.split_inclusive('\n').filter(|line| !line.contains("nstall-Module"));
        placeholders.iter().fold(lines.collect(), |script: String, (placeholder, value)| {
            assert_eq!(script.matches(placeholder).count(), 1, "{}: {placeholder}", self.name);
            script.replace(placeholder, value)
        })
    }
}

/// The contents of the first fenced block of this language.
fn block<'a>(text: &'a str, language: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("```{language}"))?;
    let (_, rest) = rest.split_once('\n')?;
    Some(rest.split_once("```")?.0)
}

fn run(page: &Page) {
    let sandbox = Sandbox::start(Settings::default()).unwrap();
    let tenant = Tenant::of(&sandbox);
    tenant.add_address();
    let before = tenant.guest();
    let user_principal_name = before["user"]["userPrincipalName"].as_str().unwrap();

    let output = powershell(&tenant, &page.script_for(user_principal_name, NEW_ADDRESS));

    let report = format!("{}\n{output}", page.name);
    let state = serde_json::to_value(sandbox.state()).unwrap();
    compare_post(&state, &page.sample, &report);
    compare_guest(&before, &tenant.guest(), &report);
    assert_eq!(state["mails"].as_array().unwrap().len(), 1, "{report}");
    assert_eq!(state["mails"][0]["to"], NEW_ADDRESS, "{report}");
}

/// Runs the script as a file, with nothing else than the modules' folder where PowerShell looks for modules.
fn powershell(tenant: &Tenant, script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("reset.ps1");
    fs::write(&file, script).unwrap();
    let run = Command::new("pwsh")
        .args(["-NoProfile", "-NonInteractive", "-File"])
        .arg(&file)
        .env("PSModulePath", Path::new(env!("CARGO_MANIFEST_DIR")).join("powershell"))
        .env("GUEST_REDEMPTION_LIBRARY", library())
        .env("GUEST_REDEMPTION_GRAPH_URL", &tenant.url)
        .env("GUEST_REDEMPTION_LOGIN_URL", &tenant.url)
        .env("GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP", "1")
        .env("GUEST_REDEMPTION_ACCESS_TOKEN", &tenant.token)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let output = text(&run.stdout) + &text(&run.stderr);
    assert!(run.status.success() && run.stderr.is_empty(), "{script}\n{output}");
    output
}

/// The library that cargo has built for this very run, beside the tests.
fn library() -> PathBuf {
    let name = format!("{}guest_redemption{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    env::current_exe().unwrap().with_file_name(name)
}

/// One POST, with the members that the script sets, named and typed as in the sample, and with its fixed values.
fn compare_post(state: &Value, sample: &Map<String, Value>, report: &str) {
    let requests = state["requests"].as_array().unwrap();
    let posts: Vec<_> = requests
        .iter()
        .filter(|request| request["method"] == "POST" && request["path"].as_str().unwrap().ends_with("/invitations"))
        .collect();
    assert_eq!(posts.len(), 1, "{report}");
    assert_eq!(posts[0]["status"], 201, "{report}");
    let post: Value = match &posts[0]["body"] {
        Value::String(text) => serde_json::from_str(text).unwrap(),
        body => body.clone(),
    };
    let post = post.as_object().unwrap();

    let names: BTreeSet<_> = post.keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(SET_BY_SCRIPT), "{report}");
    for (name, value) in post {
        assert_same_form(name, value, &sample[name], report);
    }
    assert_eq!(post["sendInvitationMessage"], sample["sendInvitationMessage"], "{report}");
    assert_eq!(post["resetRedemption"], sample["resetRedemption"], "{report}");
    assert_eq!(post["invitedUser"], json!({ "id": GUEST }), "{report}");
    assert_eq!(post["invitedUserEmailAddress"], NEW_ADDRESS, "{report}");
}

/// The same JSON type, and in an object the same member names.
fn assert_same_form(name: &str, value: &Value, sample: &Value, report: &str) {
    assert_eq!(std::mem::discriminant(value), std::mem::discriminant(sample), "{name}: {report}");
    if let (Value::Object(value), Value::Object(sample)) = (value, sample) {
        assert!(value.keys().eq(sample.keys()), "{name}: {report}");
    }
}

/// Reset, and everything kept.
fn compare_guest(before: &Value, after: &Value, report: &str) {
    assert_eq!(before["user"]["externalUserState"], "Accepted", "{report}");
    assert_eq!(after["user"]["externalUserState"], "PendingAcceptance", "{report}");
    assert_eq!(after["user"]["id"], GUEST, "{report}");
    assert_eq!(after["user"]["userPrincipalName"], before["user"]["userPrincipalName"], "{report}");
    for kept in ["groups", "appRoleAssignments"] {
        assert!(!before[kept].as_array().unwrap().is_empty(), "{kept}: {report}");
        assert_eq!(after[kept], before[kept], "{kept}: {report}");
    }
}

/// The sandbox as its administrator sees it.
struct Tenant {
    url: String,
    token: String,
    http: Client,
}

impl Tenant {
    fn of(sandbox: &Sandbox) -> Self {
        // reqwest wants to know who does TLS, even for plain http
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { token: sandbox.connection().user_access_token, url: sandbox.url().to_owned(), http: Client::new() }
    }

    /// The page asks for it first: the new address must be one of the guest's own.
    fn add_address(&self) {
        let request = self.http.patch(self.of_guest("")).json(&json!({ "mail": NEW_ADDRESS }));
        request.bearer_auth(&self.token).send().unwrap().error_for_status().unwrap();
    }

    fn guest(&self) -> Value {
        let select = "?$select=id,userPrincipalName,mail,externalUserState";
        let groups = self.get("/memberOf")["value"].as_array().unwrap().clone();
        // a dynamic group follows the addresses and is no assignment
        let assigned: Vec<_> = groups.into_iter().filter(|group| !is_dynamic(group)).collect();
        json!({
            "user": self.get(select),
            "groups": assigned,
            "appRoleAssignments": self.get("/appRoleAssignments")["value"],
        })
    }

    fn get(&self, path: &str) -> Value {
        let request = self.http.get(self.of_guest(path)).bearer_auth(&self.token);
        request.send().unwrap().error_for_status().unwrap().json().unwrap()
    }

    fn of_guest(&self, path: &str) -> String {
        format!("{}/v1.0/users/{GUEST}{path}", self.url)
    }
}

fn is_dynamic(group: &Value) -> bool {
    group["groupTypes"].as_array().is_some_and(|types| types.contains(&json!("DynamicMembership")))
}
