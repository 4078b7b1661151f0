//! C and C++ programs use the library of this build: `examples/c` and `tests/c`. Unix only.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;
#[allow(dead_code)]
#[path = "support/toolchain.rs"]
mod toolchain;

use guest_redemption::sandbox::Settings;
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use support::Tenant;
use toolchain::{COMPILERS, Compiler, GCC, has, library};

/// A program that finds the tenant through its environment variables.
fn command(program: impl AsRef<OsStr>, environment: &Value) -> Command {
    let mut command = Command::new(program);
    // cargo puts the folder of the shipped library's last build into it, ahead of the one that was linked
    command.env_remove("LD_LIBRARY_PATH");
    for (name, value) in environment.as_object().unwrap() {
        command.env(name, value.as_str().unwrap());
    }
    command
}

/// The program succeeds, and the library prints nothing.
fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{:?}: {}\n{stderr}", command.get_program(), output.status);
    output
}

/// Runs a program of `tests/c` in a tenant of its own.
fn run(name: &str, settings: Settings, prepare: impl FnOnce(&Tenant)) -> Option<Tenant> {
    if !has(GCC.command) {
        return None;
    }
    let tenant = Tenant::with(settings);
    prepare(&tenant);
    let program = GCC.program(&format!("tests/c/{name}.c"), &[]);
    succeeds(&mut command(program, &tenant.environment()));
    Some(tenant)
}

#[test]
fn the_example_resets_a_guest_with_every_compiler() {
    for compiler in COMPILERS.into_iter().filter(|compiler| has(compiler.command)) {
        let tenant = Tenant::start();
        let program = compiler.program("examples/c/reset.c", &[]);
        let run = |arguments: &[&str]| command(&program, &tenant.environment()).args(arguments).output().unwrap();

        let reset = run(&["alice@fabrikam.com", "alice@litware.com"]);
        assert_eq!(String::from_utf8_lossy(&reset.stdout), "status: OK\noutcome: done\n", "{compiler:?}");
        assert!(reset.status.success() && reset.stderr.is_empty(), "{compiler:?}: {reset:?}");
        let state = tenant.sandbox.state();
        let invitation = state.requests.iter().find(|one| one.method == "POST").and_then(|one| one.body.as_ref());
        let invitation: Value = serde_json::from_str(invitation.unwrap()).unwrap();
        assert_eq!(invitation["invitedUserEmailAddress"], "alice@litware.com");
        assert_eq!(invitation["invitedUser"]["id"], support::id(1));
        assert_eq!(invitation["resetRedemption"], true);
        assert_eq!((state.invitations_accepted, state.mails.len()), (1, 0));
        let alice = tenant.guest(1);
        assert_eq!(alice["externalUserState"], "PendingAcceptance");
        assert_eq!(alice["mail"], "alice@litware.com");

        let failed = run(&["nobody@fabrikam.com"]);
        assert_eq!(failed.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&failed.stdout).contains("\nmessage: "), "{failed:?}");
    }
}

#[test]
fn bad_arguments_are_told_apart_and_write_nothing() {
    let Some(tenant) = run("bad_arguments", Settings::default(), |_| {}) else { return };
    assert_eq!(tenant.sandbox.state().writes, 0);
    assert_eq!(tenant.requests("POST", ""), 0);
    assert_eq!(tenant.requests("PATCH", ""), 0);
}

#[test]
fn two_units_with_the_header_link() {
    let cpp = Compiler { command: "g++", standard: "c++17" };
    if !has(GCC.command) || !has(cpp.command) {
        return;
    }
    for (a, b, linker) in [(GCC, GCC, GCC), (cpp, cpp, cpp), (GCC, cpp, cpp), (cpp, GCC, cpp)] {
        let objects = [a.object("tests/c/unit_a.c", &[]), b.object("tests/c/unit_b.c", &[])];
        succeeds(&mut command(linker.link(&objects, &[]), &json!({})));
    }
}

#[test]
fn threads_reset_guests_side_by_side_and_one_call_is_cancelled() {
    let slow = "20000000-0000-4000-8000-000000000009";
    let prepare = |tenant: &Tenant| tenant.fault("GET", slow, json!({"delay_ms": 600_000}));
    let Some(tenant) = run("threads", Settings { users: 9, ..Settings::default() }, prepare) else { return };
    assert_eq!(tenant.sandbox.state().invitations_accepted, 8);
    let invitations: Vec<_> = tenant
        .sandbox
        .state()
        .requests
        .into_iter()
        .filter(|one| one.method == "POST")
        .filter_map(|one| one.body)
        .collect();
    for number in 1..=8 {
        let guest = format!("20000000-0000-4000-8000-{number:012}");
        assert_eq!(invitations.iter().filter(|body| body.contains(&guest)).count(), 1, "{guest}");
    }
}

#[test]
fn a_forked_child_is_refused_and_its_parent_goes_on() {
    run("fork", Settings { limits: false, ..Settings::default() }, |_| {});
}

#[test]
fn a_panic_is_a_status_and_nothing_is_printed() {
    run("panic", Settings::default(), |_| {});
}

#[test]
fn the_hosts_signals_stay_with_the_host() {
    run("signals", Settings::default(), |_| {});
}

#[test]
fn the_library_can_be_closed_and_loaded_again() {
    if !has(GCC.command) {
        return;
    }
    let object = GCC.object("tests/c/load.c", &[]);
    let program = object.with_extension("program");
    succeeds(Command::new(GCC.command).arg(&object).args(["-ldl", "-o"]).arg(&program));
    succeeds(command(&program, &Tenant::start().environment()).arg(library()));
}

/// What valgrind calls possibly lost or still reachable belongs to the library's one thread, which lives as long as
/// the process: its thread-local storage, its runtime, its two HTTP clients, and the connections that they keep open.
/// Hash tables, reference counts and TLS blocks are held by pointers into their middle, hence "possibly".
#[test]
fn valgrind_finds_no_error_and_no_definite_leak() {
    if !has(GCC.command) || !has("valgrind") {
        return;
    }
    let program = GCC.program("tests/c/everything.c", &["-O1"]);
    let tenant = Tenant::start();
    let valgrind = ["-q", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"];
    let mut command = command("valgrind", &tenant.environment());
    succeeds(command.args(valgrind).arg("--error-exitcode=1").arg(program).arg("alice@litware.com"));
    assert_eq!(
        tenant.sandbox.state().invitations_accepted,
        3,
        "one by itself, one in a batch that names it twice, one with a journal"
    );
}

#[test]
fn address_sanitizer_finds_the_fault_on_purpose_and_no_other() {
    if !has(GCC.command) {
        return;
    }
    if !Path::new(&gcc_file("libasan.so")).is_absolute() {
        return toolchain::missing("gcc's AddressSanitizer");
    }
    let tenant = Tenant::start();
    let start = |source: &str| {
        let mut command = command(GCC.program(source, &["-fsanitize=address"]), &tenant.environment());
        // leaks are valgrind's part: the sanitizer looks for them with ptrace, which containers often forbid
        command.env("ASAN_OPTIONS", "detect_leaks=0");
        command
    };
    succeeds(start("tests/c/everything.c").arg("alice@litware.com"));

    let faulty = start("tests/c/use_after_free.c").output().unwrap();
    let report = String::from_utf8_lossy(&faulty.stderr);
    assert!(!faulty.status.success() && report.contains("heap-use-after-free"), "{report}");
}

/// The file's path, or its bare name if gcc does not have it.
fn gcc_file(name: &str) -> String {
    let output = Command::new(GCC.command).arg(format!("-print-file-name={name}")).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn reset_connections_do_no_harm_to_a_host_with_default_sigpipe() {
    if !has(GCC.command) {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // ends with this process
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let _ = answer_and_reset(stream.unwrap(), number % 2 == 0);
        }
    });
    let environment = json!({
        "GUEST_REDEMPTION_GRAPH_URL": url, "GUEST_REDEMPTION_LOGIN_URL": url,
        "GUEST_REDEMPTION_ALLOW_LOOPBACK_HTTP": "1", "GUEST_REDEMPTION_ACCESS_TOKEN": "opaque",
    });
    succeeds(&mut command(GCC.program("tests/c/broken_connections.c", &[]), &environment));
}

/// Answers the first request and keeps the connection. Then resets it: at once, or in the middle of the next request,
/// after an end of its own answers; what the client still writes to such a connection can raise SIGPIPE.
fn answer_and_reset(mut stream: TcpStream, at_once: bool) -> std::io::Result<()> {
    const ANSWER: &[u8] =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"id\": \"one\"}";
    let mut some = [0; 16];
    // a close with bytes unread, here the rest of the request, is a reset
    stream.read_exact(&mut some)?;
    if !at_once {
        read_head(&mut stream)?;
    }
    stream.write_all(ANSWER)?;
    if !at_once {
        stream.read_exact(&mut some)?;
        stream.shutdown(Shutdown::Write)?;
    }
    Ok(())
}

/// To the empty line: all of a GET.
fn read_head(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut last = [0; 4];
    while &last != b"\r\n\r\n" {
        last.rotate_left(1);
        stream.read_exact(&mut last[3..])?;
    }
    Ok(())
}
