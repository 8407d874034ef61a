//! The part of `cargo metadata` that the tasks ask about.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::process;

/// A set of packages: the workspace's own, or with everything they depend on.
#[derive(Deserialize, Default)]
pub(crate) struct Metadata {
    /// In cargo's order.
    pub(crate) packages: Vec<Package>,
}

/// One package of the workspace or of a registry.
#[derive(Deserialize, Clone, Default)]
pub(crate) struct Package {
    /// As in its manifest.
    pub(crate) name: String,
    /// As in its manifest.
    #[serde(default)]
    pub(crate) version: String,
    /// An SPDX expression, where the package states one.
    pub(crate) license: Option<String>,
    /// Where it was taken from; none for a folder on this disk.
    pub(crate) source: Option<String>,
    /// What its manifest asks for, of every kind (normal, dev and build) and for every platform.
    #[serde(default)]
    pub(crate) dependencies: Vec<Dependency>,
    /// Libraries, programs, tests, benches and examples.
    #[serde(default)]
    pub(crate) targets: Vec<Target>,
}

/// One entry of a manifest's dependencies.
#[derive(Deserialize, Clone, Default)]
pub(crate) struct Dependency {
    /// The package's own name, also where the manifest renames it.
    pub(crate) name: String,
}

/// One thing that cargo can build from a package.
#[derive(Deserialize, Clone, Default)]
pub(crate) struct Target {
    /// As one names it on cargo's command line.
    pub(crate) name: String,
    /// `lib`, `bin`, `test`, `bench`, `example`, …
    pub(crate) kind: Vec<String>,
}

impl Metadata {
    /// The workspace's own packages. Needs no network.
    pub(crate) fn of_workspace(root: &Path) -> anyhow::Result<Self> {
        Self::read(root, &["--no-deps"])
    }

    /// The workspace's packages and all they depend on when built for this machine.
    ///
    /// Other platforms' packages are left out because cargo would have to download them for nothing else.
    pub(crate) fn with_dependencies(root: &Path) -> anyhow::Result<Self> {
        Self::read(root, &["--filter-platform", &host(root)?])
    }

    fn read(root: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        answer(root, arguments)
    }
}

/// The folder into which cargo puts what it builds.
pub(crate) fn target_folder(root: &Path) -> anyhow::Result<PathBuf> {
    #[derive(Deserialize)]
    struct Folder {
        target_directory: PathBuf,
    }
    Ok(answer::<Folder>(root, &["--no-deps"])?.target_directory)
}

fn answer<T: DeserializeOwned>(root: &Path, arguments: &[&str]) -> anyhow::Result<T> {
    let mut command = process::cargo(root);
    command.args(["metadata", "--quiet", "--format-version", "1"]).args(arguments);
    serde_json::from_str(&process::read(command)?).context("cargo metadata has another shape than expected")
}

/// The target triple of this machine's compiler.
fn host(root: &Path) -> anyhow::Result<String> {
    let mut command = process::cargo(root);
    command.args(["version", "--verbose"]);
    let version = process::read(command)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`cargo version --verbose` names no host")?.to_owned())
}
