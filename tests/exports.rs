//! The shared library exports exactly the functions that the header declares.

#[allow(dead_code)]
#[path = "support/header.rs"]
mod header;
#[allow(dead_code)]
#[path = "support/toolchain.rs"]
mod toolchain;

use std::process::Command;

#[test]
fn exports_are_those_of_the_header() {
    if !cfg!(target_os = "linux") {
        return toolchain::say("SKIPPED: exports are compared on Linux only");
    }
    if !toolchain::has("nm") {
        return;
    }
    let output = Command::new("nm").args(["-D", "--defined-only"]).arg(toolchain::library()).output().unwrap();
    assert!(output.status.success(), "nm: {}", output.status);
    // "0000000000012340 T redemption_call"; symbols without a type of code are counted too
    let text = String::from_utf8(output.stdout).unwrap();
    let mut exports: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
    exports.sort_unstable();
    let declared = header::functions();
    assert!(declared.contains(&"reset_redemption".to_owned()), "{declared:?}");
    assert_eq!(exports, declared);
}
