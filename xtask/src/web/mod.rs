//! The WebAssembly builds: what runs in a browser.

mod toolchain;

use std::path::Path;

use crate::process;
use toolchain::{TARGET, Toolchain};

/// Builds the modules that a browser loads, as `web/*.wasm` below the target's folder.
///
/// # Errors
/// When there is no toolchain for it, or a module does not compile.
pub(crate) fn build(root: &Path) -> anyhow::Result<()> {
    let mut cargo = Toolchain::find(root)?.cargo(root);
    cargo.args(["build", "--profile", "web", "--target", TARGET, "--package", "ui-worklet"]);
    process::run(cargo)
}
