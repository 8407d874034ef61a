//! Where Offbeat's programs are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// Set where whoever runs the tests has compiled the programs already: `cargo xtask test`.
const ARE_BUILT: &str = "OFFBEAT_PROGRAMS_ARE_BUILT";

/// The command line.
///
/// # Panics
/// When it cannot be compiled.
pub fn offbeat() -> PathBuf {
    program("cli", "offbeat")
}

/// The server.
///
/// # Panics
/// When it cannot be compiled.
pub(crate) fn server() -> PathBuf {
    program("signal-server", "offbeat-server")
}

/// The desktop app.
///
/// # Panics
/// When it cannot be compiled.
pub(crate) fn desktop() -> PathBuf {
    program("src-tauri", "offbeat-desktop")
}

/// A program of the same build as this test, compiled first where a run of this package alone left it out.
fn program(package: &'static str, name: &str) -> PathBuf {
    static BUILT: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().expect("a program that does not compile ends the test");
    built.entry(package).or_insert_with(|| build(package, name)).clone()
}

fn build(package: &str, name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    // target/<profile>/deps/<test>
    let profile = test.ancestors().nth(2).expect("tests lie in target/<profile>/deps");
    let program = profile.join(name);
    if std::env::var_os(ARE_BUILT).is_none() || !program.exists() {
        compile(package, name, profile);
    }
    program
}

fn compile(package: &str, name: &str, profile: &Path) {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--package", package, "--bin", name]);
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    cargo.arg("--target-dir").arg(profile.parent().expect("a profile lies in the target folder"));
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo.status().expect("cargo runs");
    assert!(status.success(), "{name} does not compile");
}
