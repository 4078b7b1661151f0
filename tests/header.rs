//! `include/` is what this build makes of the sources; `UPDATE_INCLUDE=1 cargo test --test header` writes it anew.

#[allow(dead_code)]
#[path = "support/header.rs"]
mod header;

use guest_redemption::{Status, schemas};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn include_is_up_to_date() {
    let mut files = schemas::all();
    files.push(("guest_redemption.h", header::BUILT.to_owned()));
    let update = std::env::var("UPDATE_INCLUDE").as_deref() == Ok("1");
    let folder = root().join("include");
    for (name, built) in &files {
        let path = folder.join(name);
        if update {
            fs::write(&path, built).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(committed == *built, "include/{name} is out of date: UPDATE_INCLUDE=1 cargo test --test header");
    }
    let known: HashSet<_> = files.iter().map(|(name, _)| PathBuf::from(name)).collect();
    let found: HashSet<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into()).collect();
    assert_eq!(found, known, "files in include/");
}

#[test]
fn every_status_has_its_name_and_a_number_of_its_own() {
    const RANGES: [(i32, i32); 8] =
        [(0, 0), (1, 99), (100, 199), (200, 299), (300, 399), (400, 499), (500, 599), (900, 999)];
    let statuses = header::statuses();
    assert!(statuses.len() > 50, "{statuses:?}");
    let mut numbers = HashSet::new();
    for (name, number) in statuses {
        assert!(numbers.insert(number), "{number} stands for {name} and another status");
        assert!(RANGES.iter().any(|(low, high)| (*low..=*high).contains(&number)), "{name} = {number}");
        assert_eq!(Status::from_code(number).map(Status::name), Some(name.as_str()));
    }
}

#[test]
fn every_function_says_what_a_c_programmer_asks() {
    for function in header::functions() {
        let (manual, _) = header::BUILT.split_once(&format!("{function}(")).unwrap();
        let manual = manual.rsplit("/**").next().unwrap();
        for word in ["Threads: ", "Since: "] {
            assert!(manual.contains(word), "{function} does not tell {word:?}");
        }
    }
}

#[test]
fn one_version_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(header::macro_value("REDEMPTION_VERSION"), format!("{version:?}"));
    for (name, part) in [
        ("REDEMPTION_VERSION_MAJOR", env!("CARGO_PKG_VERSION_MAJOR")),
        ("REDEMPTION_VERSION_MINOR", env!("CARGO_PKG_VERSION_MINOR")),
        ("REDEMPTION_VERSION_PATCH", env!("CARGO_PKG_VERSION_PATCH")),
    ] {
        assert_eq!(header::macro_value(name), part);
    }
    for module in ["GuestRedemption", "GuestRedemption.AzureADPreview"] {
        let manifest = fs::read_to_string(root().join(format!("powershell/{module}/{module}.psd1"))).unwrap();
        let line = manifest.lines().find(|line| line.trim_start().starts_with("ModuleVersion")).unwrap();
        assert!(line.ends_with(&format!("= '{version}'")), "{module}: {line}");
    }
}
