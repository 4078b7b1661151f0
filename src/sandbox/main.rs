//! The sandbox tenant as a program: prints how to connect as one line of JSON, then serves until its standard input
//! ends, so that it dies with the process that started it.

use std::io::{self, Write};
use std::process::ExitCode;

use guest_redemption::sandbox::{Sandbox, Settings};

const USAGE: &str = "Usage: guest-redemption-sandbox [--port N] [--replication-delay-ms N] [--stale-read-ms N] \
                     [--users N] [--no-limits] [--no-stdin]";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(io::stderr(), "guest-redemption-sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut settings = Settings::default();
    let mut reads_stdin = true;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--port" => settings.port = number(&argument, arguments.next())?,
            "--replication-delay-ms" => settings.replication_delay_ms = number(&argument, arguments.next())?,
            "--stale-read-ms" => settings.stale_read_ms = number(&argument, arguments.next())?,
            "--users" => settings.users = number(&argument, arguments.next())?,
            "--no-limits" => settings.limits = false,
            "--no-stdin" => reads_stdin = false,
            "--help" | "-h" => return say(USAGE),
            other => return Err(format!("unknown argument '{other}'\n{USAGE}")),
        }
    }
    let sandbox = Sandbox::start(settings).map_err(|e| e.to_string())?;
    say(&serde_json::to_string(&sandbox.connection()).map_err(|e| e.to_string())?)?;
    if reads_stdin {
        outlive_interrupts().map_err(|e| e.to_string())?;
        io::copy(&mut io::stdin(), &mut io::sink()).map_err(|e| e.to_string())?;
        return Ok(());
    }
    loop {
        std::thread::park();
    }
}

/// Ctrl+C in a terminal is meant for whoever started this program, which ends it by closing its standard input.
fn outlive_interrupts() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || runtime.block_on(async { while tokio::signal::ctrl_c().await.is_ok() {} }));
    Ok(())
}

fn say(line: &str) -> Result<(), String> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).map_err(|e| e.to_string())
}

fn number<N: std::str::FromStr>(option: &str, value: Option<String>) -> Result<N, String> {
    value.and_then(|v| v.parse().ok()).ok_or_else(|| format!("{option} needs a number"))
}
