//! The web build: what runs in a browser, as one folder that a server serves.
//!
//! The modules are compiled with whichever WebAssembly toolchain the machine has ([`toolchain`]), and put together by
//! `web-bundle`, which is built for this task alone: it knows WebAssembly's format, and `xtask` builds in seconds.

mod toolchain;

use std::path::Path;

use crate::{metadata, process};
use toolchain::{TARGET, Toolchain};

/// Modules that are built together.
struct Build {
    profile: &'static str,
    flags: &'static str,
    packages: &'static [&'static str],
}

/// Four frames in one instruction, which every browser knows since 2023; the bits are the same. What is inlined is what the engine marks
/// and what is small: the compiler's own taste costs six kilobytes more to download.
const ENGINE_FLAGS: &str = "-C target-feature=+simd128 -C llvm-args=-inline-threshold=80";

/// Views by their kind and not each by a type of its own: a tenth less to download.
const ERASED_VIEWS: &str = "--cfg erase_components";

/// The engine is to be fast, the interface and the session are to be small.
const FINISHED: &[Build] = &[
    Build { profile: "web", flags: ENGINE_FLAGS, packages: &["ui-worklet"] },
    Build { profile: "web-small", flags: ERASED_VIEWS, packages: &["ui-app", "ui-worker", "ui-export"] },
];

/// The same for development, in one go.
const DEVELOPMENT: &[Build] = &[Build {
    profile: "web-dev",
    flags: ERASED_VIEWS,
    packages: &["ui-worklet", "ui-app", "ui-worker", "ui-export"],
}];

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
    for Build { profile, flags, packages } in if dev { DEVELOPMENT } else { FINISHED } {
        let mut cargo = toolchain.cargo(root);
        cargo.args(["build", "--profile", profile, "--target", TARGET]);
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
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
