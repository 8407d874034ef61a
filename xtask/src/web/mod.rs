//! The WebAssembly builds.

mod toolchain;

use std::path::Path;

use crate::process;
use toolchain::{TARGET, Toolchain};

/// The crates that run in a browser as well as natively.
const PORTABLE: &[&str] = &["score", "view", "crdt-model", "audio-engine", "jam"];

/// Builds the crates below the native shells for the browser.
///
/// # Errors
/// When there is no toolchain for it, or a crate does not compile.
pub(crate) fn build(root: &Path) -> anyhow::Result<()> {
    let mut cargo = Toolchain::find(root)?.cargo(root);
    cargo.args(["check", "--target", TARGET]);
    for package in PORTABLE {
        cargo.args(["--package", package]);
    }
    process::run(cargo)
}
