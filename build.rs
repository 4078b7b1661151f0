//! Writes the C header into the build's own folder and gives the shared library its name.

use std::{env, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    write_header()?;
    link_arguments();
    Ok(())
}

/// `include/guest_redemption.h` is committed; `tests/header.rs` compares it with this one.
fn write_header() -> Result<(), Box<dyn std::error::Error>> {
    let crate_dir = env::var("CARGO_MANIFEST_DIR")?;
    let out = PathBuf::from(env::var("OUT_DIR")?).join("guest_redemption.h");
    let version = |part: &str| env::var(format!("CARGO_PKG_VERSION_{part}"));
    let (major, minor, patch) = (version("MAJOR")?, version("MINOR")?, version("PATCH")?);
    let mut config = cbindgen::Config::from_root_or_default(&crate_dir);
    config.after_includes = Some(format!(
        "#define REDEMPTION_VERSION_MAJOR {major}\n#define REDEMPTION_VERSION_MINOR {minor}\n#define REDEMPTION_VERSION_PATCH {patch}\n#define REDEMPTION_VERSION \"{major}.{minor}.{patch}\"\n{}",
        config.after_includes.unwrap_or_default()
    ));
    let mut header = Vec::new();
    cbindgen::Builder::new().with_crate(crate_dir).with_config(config).generate()?.write(&mut header);
    // cbindgen can qualify constants by the type's whole name alone; C programs want REDEMPTION_OK
    let header = String::from_utf8(header)?.replace("REDEMPTION_STATUS_CODE_", "REDEMPTION_");
    Ok(std::fs::write(out, header)?)
}

/// The library stays loaded once loaded: its threads outlive every call.
fn link_arguments() {
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "android" | "freebsd") => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libguest_redemption.so");
            println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
        Ok("macos") => println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libguest_redemption.dylib"),
        _ => {}
    }
}
