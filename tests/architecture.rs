//! The boundaries of ARCHITECTURE.md, read off the sources.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), extension, &mut found);
    assert!(!found.is_empty(), "no {extension} files in {folder}");
    found
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["bin", "obj", "tests"].contains(&name.as_str()) {
            collect(&path, extension, found);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The code without comments, and without what follows `#[cfg(test)]`, which stands last in our files.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn offenders(files: &[(PathBuf, String)], words: &[&str], allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_string_lossy().replace('\\', "/");
        for word in words.iter().filter(|word| code(text).contains(*word)) {
            if !allowed(&name) {
                found.push(format!("{name}: {word}"));
            }
        }
    }
    found
}

#[test]
fn unsafe_stays_in_ffi() {
    let words = ["unsafe ", "unsafe{", "allow(unsafe_code)"];
    assert_eq!(offenders(&sources("src", "rs"), &words, |name| name.starts_with("src/ffi/")), [""; 0]);
}

#[test]
fn one_file_names_the_http_library() {
    let words = ["reqwest::", "reqwest;"];
    assert_eq!(offenders(&sources("src", "rs"), &words, |name| name == "src/http/engine.rs"), [""; 0]);
}

#[test]
fn nothing_panics_and_nothing_prints() {
    let words = [".unwrap()", ".expect(", "unreachable!(", "todo!(", "println!(", "eprintln!(", "print!(", "dbg!("];
    assert_eq!(offenders(&sources("src", "rs"), &words, |name| name.starts_with("src/sandbox/")), [""; 0]);
    let panics = |name: &str| name.starts_with("src/sandbox/") || name == "src/operation/debug.rs";
    assert_eq!(offenders(&sources("src", "rs"), &["panic!("], panics), [""; 0]);
}

#[test]
fn arrows_point_down() {
    let files = sources("src", "rs");
    let below = |folder: &str, words: &[&str]| {
        let inside: Vec<_> = files
            .iter()
            .filter(|(path, _)| path.to_string_lossy().replace('\\', "/").contains(folder))
            .cloned()
            .collect();
        assert!(!inside.is_empty(), "{folder}");
        assert_eq!(offenders(&inside, words, |_| false), [""; 0], "{folder}");
    };
    below(
        "src/http/",
        &[
            "crate::auth",
            "crate::graph",
            "crate::reset",
            "crate::operation",
            "crate::ffi",
            "crate::call",
            "crate::limits",
        ],
    );
    below(
        "src/limits/",
        &["crate::auth", "crate::graph", "crate::reset", "crate::operation", "crate::ffi", "crate::call"],
    );
    below("src/report.rs", &["crate::auth", "crate::call", "crate::http::engine", "crate::reset", "crate::operation"]);
    below("src/auth/", &["crate::reset", "crate::operation", "crate::ffi"]);
    below("src/graph/", &["crate::reset", "crate::operation", "crate::ffi"]);
    below("src/reset/", &["crate::operation", "crate::ffi"]);
    let work = ["crate::auth", "crate::graph", "crate::call", "crate::reset", "crate::operation", "crate::ffi"];
    below("src/batch/", &work);
    below("src/batch/journal/", &["crate::http"]);
    below("src/operation/", &["crate::ffi"]);
    below(
        "src/sandbox/",
        &["crate::http", "crate::auth", "crate::graph", "crate::reset", "crate::options", "crate::report"],
    );
    let outside: Vec<_> =
        files.iter().filter(|(path, _)| !path.to_string_lossy().contains("sandbox")).cloned().collect();
    assert_eq!(offenders(&outside, &["sandbox::"], |_| false), [""; 0]);
}

#[test]
fn cmdlets_know_neither_urls_nor_native_code() {
    let files = sources("powershell/src", "cs");
    let client = |name: &str| name.starts_with("powershell/src/GuestRedemption/");
    assert_eq!(offenders(&files, &["DllImport"], client), [""; 0]);
    let cmdlets: Vec<_> =
        files.into_iter().filter(|(path, _)| !path.to_string_lossy().contains("src/GuestRedemption/")).collect();
    let words = ["HttpClient", "WebRequest", "/v1.0/", "/beta/", "graph.microsoft.com", "resetRedemption\""];
    assert_eq!(offenders(&cmdlets, &words, |_| false), [""; 0]);
}
