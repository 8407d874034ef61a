//! The web build: what runs in a browser, as one folder that a server serves.
//!
//! The modules are compiled with whichever WebAssembly toolchain the machine has ([`toolchain`]), and put together by
//! `web-bundle`, which is built for this task alone: it knows WebAssembly's format, and `xtask` builds in seconds.

mod toolchain;

use std::path::Path;

use crate::{metadata, process};
use toolchain::{TARGET, Toolchain};

/// The modules by profile: the engine is to be fast, the interface and the session are to be small.
const FINISHED: &[(&str, &[&str])] =
    &[("web", &["ui-worklet"]), ("web-small", &["ui-app", "ui-worker", "ui-export"])];

/// The engine's profile, and what it is compiled with: four frames in one instruction, which every browser knows since 2023. The
/// bits are the same.
const ENGINE_PROFILE: &str = "web";
const LANES: (&str, &str) = ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-C target-feature=+simd128");

/// The same for development, in one go.
const DEVELOPMENT: &[(&str, &[&str])] = &[("web-dev", &["ui-worklet", "ui-app", "ui-worker", "ui-export"])];

/// Builds `ui/dist`; quick when nothing has changed.
///
/// The modules themselves stay as `wasm32-unknown-unknown/<profile>/*.wasm` below the target's folder. A `dev` build takes a
/// fraction of the time and is held to no budget.
///
/// # Errors
/// When there is no toolchain for it, a module does not compile, or a part has outgrown its budget.
pub(crate) fn build(root: &Path, dev: bool) -> anyhow::Result<()> {
    let toolchain = Toolchain::find(root)?;
    let target = metadata::target_folder(root)?.join(TARGET);
    let interface = root.join("ui");
    let mut bundle = process::cargo(root);
    bundle.args(["run", "--quiet", "--package", "web-bundle", "--"]);
    for (profile, packages) in if dev { DEVELOPMENT } else { FINISHED } {
        let mut cargo = toolchain.cargo(root);
        cargo.args(["build", "--profile", profile, "--target", TARGET]);
        if *profile == ENGINE_PROFILE {
            cargo.env(LANES.0, LANES.1);
        }
        cargo.args(packages.iter().flat_map(|package| ["--package", package]));
        process::run(cargo)?;
        for package in *packages {
            bundle
                .arg("--module")
                .arg(target.join(profile).join(format!("{}.wasm", package.replace('-', "_"))));
        }
    }
    bundle.arg("--sources").arg(&interface).arg("--to").arg(interface.join("dist"));
    bundle.args(dev.then_some("--dev"));
    process::run(bundle)
}
