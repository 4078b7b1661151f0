//! The library of this build, and the C tools of this machine.
#![allow(clippy::unwrap_used, clippy::panic)]

use guest_redemption::sandbox::Sandbox;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The tests build this library with them, cargo puts it beside their programs.
pub(crate) fn library() -> PathBuf {
    let name = format!("{}guest_redemption{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let places = [deps.join(&name), deps.parent().unwrap().join(&name)];
    places.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("cargo did not build {name}"))
}

/// Leads a program to this library and to the sandbox, signed in with the application's secret.
pub(crate) fn lead<'a>(program: &'a mut Command, sandbox: &Sandbox) -> &'a mut Command {
    let connection = sandbox.connection();
    program
        .env("GUEST_REDEMPTION_LIBRARY", library())
        .env("GUEST_REDEMPTION_GRAPH_URL", sandbox.url())
        .env("GUEST_REDEMPTION_LOGIN_URL", sandbox.url())
        .env("GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP", "1")
        .env("AZURE_TENANT_ID", connection.tenant_id)
        .env("AZURE_CLIENT_ID", connection.client_id)
        .env("AZURE_CLIENT_SECRET", connection.client_secret)
        .env_remove("GUEST_REDEMPTION_ACCESS_TOKEN")
}

/// Whether this machine has the tool. Without it a test is skipped, and says so; CI must have it.
pub(crate) fn has(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        missing(tool);
    }
    found
}

/// What [`has`] does when it finds nothing.
pub(crate) fn missing(tool: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{tool} not found");
    say(&format!("SKIPPED: {tool} not found"));
}

/// Prints a line that the test harness does not swallow when the test passes.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Builds a C# project under `tests` with dotnet; gives the folder of its program.
pub(crate) fn csharp_build(project: &str) -> PathBuf {
    let artifacts = Path::new(env!("CARGO_TARGET_TMPDIR")).join(project);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(project);
    succeed(Command::new("dotnet").arg("build").arg(&source).arg("--artifacts-path").arg(&artifacts));
    artifacts.join("bin").join(project).join("debug")
}

/// A compiler with the language standard it is to follow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compiler {
    pub(crate) command: &'static str,
    pub(crate) standard: &'static str,
}

pub(crate) const GCC: Compiler = Compiler { command: "gcc", standard: "c11" };

/// Every compiler and standard that the header promises.
pub(crate) const COMPILERS: [Compiler; 8] = [
    Compiler { command: "gcc", standard: "c99" },
    GCC,
    Compiler { command: "gcc", standard: "c17" },
    Compiler { command: "g++", standard: "c++17" },
    Compiler { command: "clang", standard: "c99" },
    Compiler { command: "clang", standard: "c11" },
    Compiler { command: "clang", standard: "c17" },
    Compiler { command: "clang++", standard: "c++17" },
];

impl Compiler {
    /// Turns a source, named from the root of the repository, into an object file. Every warning is an error.
    pub(crate) fn object(self, source: &str, flags: &[&str]) -> PathBuf {
        let object = scratch(&format!("{source}-{}-{}{}.o", self.command, self.standard, flags.concat()));
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(self.command);
        command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g"]).arg(format!("-std={}", self.standard));
        if self.standard.starts_with("c++") {
            command.args(["-x", "c++"]);
        }
        command.args(flags).arg("-I").arg(root.join("include")).arg("-c").arg(root.join(source)).arg("-o").arg(&object);
        succeed(&mut command);
        object
    }

    /// Links objects with the library.
    pub(crate) fn link(self, objects: &[PathBuf], flags: &[&str]) -> PathBuf {
        let program = objects[0].with_extension("program");
        let library = library();
        let mut command = Command::new(self.command);
        command.args(flags).args(objects).arg(&library).args(["-pthread", "-ldl"]);
        command.arg(format!("-Wl,-rpath,{}", library.parent().unwrap().display())).arg("-o").arg(&program);
        succeed(&mut command);
        program
    }

    /// A program of one source.
    pub(crate) fn program(self, source: &str, flags: &[&str]) -> PathBuf {
        self.link(&[self.object(source, flags)], flags)
    }
}

/// A file of this name for this test program alone, in the folder that cargo has for tests.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name.replace('/', "-"))
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&said));
}
