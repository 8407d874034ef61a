//! The web build: what runs in a browser, as one folder that a server serves.
//!
//! The modules are compiled with whichever WebAssembly toolchain the machine has ([`toolchain`]), and put together by
//! `web-bundle`, which is built for this task alone: it knows WebAssembly's format, and `xtask` builds in seconds.

mod toolchain;

use std::path::Path;

use crate::{metadata, process};
use toolchain::{TARGET, Toolchain};

/// The modules: the engine, the interface, and the session.
const PACKAGES: &[&str] = &["ui-worklet", "ui-app", "ui-worker"];

/// Builds `ui/dist`; quick when nothing has changed.
///
/// The modules themselves stay as `wasm32-unknown-unknown/<profile>/*.wasm` below the target's folder. A `dev` build takes a
/// fraction of the time and is held to no budget.
///
/// # Errors
/// When there is no toolchain for it, a module does not compile, or a part has outgrown its budget.
pub(crate) fn build(root: &Path, dev: bool) -> anyhow::Result<()> {
    let profile = if dev { "web-dev" } else { "web" };
    let mut cargo = Toolchain::find(root)?.cargo(root);
    cargo.args(["build", "--profile", profile, "--target", TARGET]);
    cargo.args(PACKAGES.iter().flat_map(|package| ["--package", package]));
    process::run(cargo)?;
    let modules = metadata::target_folder(root)?.join(TARGET).join(profile);
    let interface = root.join("ui");
    let mut bundle = process::cargo(root);
    bundle.args(["run", "--quiet", "--package", "web-bundle", "--"]);
    bundle.arg("--modules").arg(modules).arg("--sources").arg(&interface);
    bundle.arg("--to").arg(interface.join("dist"));
    bundle.args(dev.then_some("--dev"));
    process::run(bundle)
}
