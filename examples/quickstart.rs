//! One reset against the sandbox tenant, through the C ABI: what changes, what is kept, and the same in PowerShell.
//!
//! `cargo run --example quickstart`
#![allow(unsafe_code, clippy::print_stdout)]

use guest_redemption::ffi;
use guest_redemption::sandbox::{Sandbox, Settings};
use serde_json::{Value, json};
use std::ffi::{CStr, CString, c_char};
use std::path::{Path, PathBuf};
use std::process::Command;

const ALICE: &str = "10000000-0000-4000-8000-000000000001";
const NEW_ADDRESS: &str = "alice@adatum.com";

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let sandbox = Sandbox::start(Settings::default())?;
    println!("A sandbox tenant runs at {}. Nothing leaves this machine.\n", sandbox.url());

    let plan = call(&json!({
        "op": "reset.plan", "user_id": ALICE, "email": NEW_ADDRESS, "environment": environment(&sandbox),
    }))?;
    print_plan(&plan["result"]["plan"]);

    let options = json!({"verify": "full", "environment": environment(&sandbox)});
    let report = reset(ALICE, NEW_ADDRESS, &options)?;
    println!("\nReset: {}\n", report["outcome"].as_str().unwrap_or("?"));
    print_table(&report);

    println!("\nThe same in PowerShell, against your own tenant:\n");
    println!("    Import-Module ./powershell/GuestRedemption");
    println!("    Connect-GuestRedemption -TenantId <tenant> -ClientId <application> -ClientSecret <secret>");
    println!("    Test-GuestRedemption  alice@fabrikam.com {NEW_ADDRESS}");
    println!("    Reset-GuestRedemption alice@fabrikam.com {NEW_ADDRESS}");
    script_of_2021(&sandbox)
}

/// What leads a client to the sandbox, as its application.
fn environment(sandbox: &Sandbox) -> Value {
    json!({
        "GUEST_REDEMPTION_GRAPH_URL": sandbox.url(),
        "GUEST_REDEMPTION_LOGIN_URL": sandbox.url(),
        "GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP": "1",
        "GUEST_REDEMPTION_ACCESS_TOKEN": sandbox.connection().access_token,
    })
}

fn reset(user: &str, email: &str, options: &Value) -> Result<Value> {
    let (user, email, options) = (CString::new(user)?, CString::new(email)?, CString::new(options.to_string())?);
    // SAFETY: three NUL-terminated strings that live until the call returns
    let result = unsafe { ffi::reset_redemption(user.as_ptr(), email.as_ptr(), options.as_ptr()) };
    Ok(take(result)?["result"].clone())
}

fn call(request: &Value) -> Result<Value> {
    let request = CString::new(request.to_string())?;
    // SAFETY: a NUL-terminated string that lives until the call returns
    take(unsafe { ffi::redemption_call(request.as_ptr()) })
}

/// Reads a result and frees it, as every C program does.
fn take(result: *mut ffi::redemption_result) -> Result<Value> {
    let text = |pointer: *const c_char| {
        // SAFETY: the texts of a result end with NUL and live as long as it
        unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
    };
    // SAFETY: a result that was not freed; NULL for a length that is not asked for
    let json = text(unsafe { ffi::redemption_result_json(result, std::ptr::null_mut()) });
    // SAFETY: as above
    let message = text(unsafe { ffi::redemption_result_message(result, std::ptr::null_mut()) });
    // SAFETY: used no more
    unsafe { ffi::redemption_result_free(result) };
    if message.is_empty() { Ok(serde_json::from_str(&json)?) } else { Err(message.into()) }
}

fn print_plan(plan: &Value) {
    println!("The plan:");
    for step in plan["steps"].as_array().into_iter().flatten() {
        println!("  {:8} {}", step["step"].as_str().unwrap_or(""), step["action"].as_str().unwrap_or(""));
    }
    for obstacle in plan["obstacles"].as_array().into_iter().flatten() {
        println!("  {}: {}", obstacle["effect"].as_str().unwrap_or(""), obstacle["message"].as_str().unwrap_or(""));
    }
}

fn print_table(report: &Value) {
    let (before, after, kept) = (&report["guest_before"], &report["guest_after"], &report["kept"]);
    row("", "before", "after", "");
    let properties = [
        ("object id", "id"),
        ("UPN", "user_principal_name"),
        ("mail", "mail"),
        ("otherMails", "other_mails"),
        ("state", "external_user_state"),
        ("state changed", "external_user_state_change_date_time"),
    ];
    for (title, name) in properties {
        let note = if before[name] == after[name] { "kept" } else { "changed" };
        row(title, &show(&before[name]), &show(&after[name]), note);
    }
    for (title, name) in [("groups", "groups"), ("app assignments", "app_assignments")] {
        let count = |when: &str| kept[name][when].as_array().map_or(0, Vec::len).to_string();
        let lost = kept[name]["lost"].as_array().map_or(0, Vec::len);
        row(title, &count("before"), &count("after"), if lost == 0 { "kept" } else { "LOST" });
    }
}

fn row(title: &str, before: &str, after: &str, note: &str) {
    println!("  {title:16} {before:52} {after:52} {note}");
}

fn show(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "(none)".into(),
        other => other.to_string(),
    }
}

/// Where PowerShell 7 is at hand: a script in the manner of 2021, unchanged, for another guest.
fn script_of_2021(sandbox: &Sandbox) -> Result<()> {
    if Command::new("pwsh").args(["-NoProfile", "-Command", "exit"]).output().is_err() {
        println!("\n(With PowerShell 7 on the PATH, a script of 2021 would run here too.)");
        return Ok(());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    println!("\nA script in the manner of 2021, unchanged (examples/scripts/reset-2021.ps1):\n");
    let command = format!(
        "Import-Module '{}'; & '{}' -Guest 'bob.brandt@gmail.com' -NewAddress 'bob.brandt@gmail.com'",
        root.join("powershell/GuestRedemption.AzureADPreview").display(),
        root.join("examples/scripts/reset-2021.ps1").display(),
    );
    let mut pwsh = Command::new("pwsh");
    pwsh.args(["-NoProfile", "-NonInteractive", "-Command", &command]);
    for (name, value) in environment(sandbox).as_object().into_iter().flatten() {
        pwsh.env(name, value.as_str().unwrap_or(""));
    }
    // the library that was built together with this example
    pwsh.env("GUEST_REDEMPTION_LIBRARY", library()?);
    let status = pwsh.status()?;
    if status.success() { Ok(()) } else { Err(format!("pwsh ended with {status}").into()) }
}

fn library() -> Result<PathBuf> {
    let name = format!("{}guest_redemption{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let example = std::env::current_exe()?;
    let profile = example.parent().and_then(Path::parent).ok_or("the example stands in no build folder")?;
    Ok(profile.join("deps").join(name))
}
