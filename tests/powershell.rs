//! The tests of the PowerShell modules: every `tests/powershell/*.tests.ps1` in a pwsh of its own, against a sandbox
//! tenant of its own and the library of this build.

use guest_redemption::sandbox::{Sandbox, Settings};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn powershell_tests() {
    if Command::new("pwsh").args(["-NoProfile", "-Command", "exit 0"]).output().is_err() {
        assert!(env::var_os("CI").is_none(), "pwsh not found");
        println!("SKIPPED: pwsh not found");
        return;
    }
    let failed: Vec<String> = test_files().iter().filter_map(|file| run(file).err()).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn test_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/powershell");
    let is_test = |path: &PathBuf| path.to_string_lossy().ends_with(".tests.ps1");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(is_test).collect();
    files.sort();
    files
}

fn run(file: &Path) -> Result<(), String> {
    let sandbox = Sandbox::start(Settings::default()).unwrap();
    let output = pwsh(file, &sandbox).output().unwrap();
    let shown = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{}\n{shown}", file.display());
    if output.status.success() { Ok(()) } else { Err(format!("{} ended with {}", file.display(), output.status)) }
}

fn pwsh(file: &Path, sandbox: &Sandbox) -> Command {
    let connection = sandbox.connection();
    let mut command = Command::new("pwsh");
    let script = format!("& '{}'; exit $LASTEXITCODE", file.display());
    command
        .args(["-NoProfile", "-Command", &script])
        .env("GUEST_REDEMPTION_LIBRARY", library())
        .env("GUEST_REDEMPTION_GRAPH_URL", sandbox.url())
        .env("GUEST_REDEMPTION_LOGIN_URL", sandbox.url())
        .env("GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP", "1")
        .env("AZURE_TENANT_ID", connection.tenant_id)
        .env("AZURE_CLIENT_ID", connection.client_id)
        .env("AZURE_CLIENT_SECRET", connection.client_secret)
        .env_remove("GUEST_REDEMPTION_ACCESS_TOKEN");
    if library().with_file_name(PROGRAM).exists() || library().parent().unwrap().with_file_name(PROGRAM).exists() {
        command.env("GUEST_REDEMPTION_TEST_SANDBOX", "1");
    }
    command
}

/// Cargo leaves the library it has built for the tests beside them in `deps`, or one folder above.
fn library() -> PathBuf {
    let name = format!("{}guest_redemption{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let deps = env::current_exe().unwrap().parent().unwrap().to_owned();
    let places = [deps.join(&name), deps.parent().unwrap().join(&name)];
    places.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{name} was not built"))
}
