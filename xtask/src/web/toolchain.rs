//! A compiler that can make WebAssembly, without downloading one.
//!
//! Looked for in this order: the toolchain in use, if it has `wasm32-unknown-unknown`; on Debian and its relatives the
//! packages `rustc-web`, `cargo-web` and `rust-web-src`, with the standard library built once into a private sysroot in the
//! user's cache; otherwise the owner of the machine is told the one command that adds the target.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::process;
use crate::setup::{self, Purpose};

/// The target of everything that runs in a browser.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The host whose standard library proc macros and build scripts link with.
const HOST: &str = "x86_64-unknown-linux-gnu";

/// A way to call a cargo whose compiler knows [`TARGET`].
pub(crate) enum Toolchain {
    /// The one in use.
    Active,
    /// Debian's compiler behind a sysroot of ours; the folder holds `bin/cargo` and `bin/rustc`.
    Private(PathBuf),
}

impl Toolchain {
    /// Finds a toolchain, building the private sysroot when that is what is missing.
    ///
    /// # Errors
    /// When the machine has neither; the message names the command that adds the target.
    pub(crate) fn find(root: &Path) -> anyhow::Result<Self> {
        if active_has_target(root) {
            return Ok(Self::Active);
        }
        let by_hand = format!("no compiler for {TARGET} here; `rustup target add {TARGET}` adds the target");
        setup::set_up(Purpose::Web).context(by_hand.clone())?;
        let Some((version, linker)) = debian_compiler().zip(linker()) else { bail!(by_hand) };
        let folder = cache_folder()?.join(format!("wasm-toolchain-{version}"));
        if !folder.join("bin/cargo").exists() {
            println!("Building the standard library for {TARGET} once, into {} ...", folder.display());
            build_sysroot(&folder, &linker)?;
        }
        Ok(Self::Private(folder))
    }

    /// A `cargo` of this toolchain, in the workspace's folder.
    pub(crate) fn cargo(&self, root: &Path) -> Command {
        match self {
            Self::Active => process::cargo(root),
            Self::Private(folder) => {
                let bin = folder.join("bin");
                let mut command = Command::new(bin.join("cargo"));
                command.current_dir(root).env("RUSTC", bin.join("rustc")).env("RUSTDOC", bin.join("rustdoc"));
                // What rustup's cargo set for us speaks of another compiler.
                command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
                command
            }
        }
    }
}

fn active_has_target(root: &Path) -> bool {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(root).args(["--print", "target-libdir", "--target", TARGET]).stderr(Stdio::null());
    let folder = rustc.output().ok().filter(|output| output.status.success());
    folder.is_some_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

/// The version of Debian's compiler, if it and the standard library's source are installed.
fn debian_compiler() -> Option<String> {
    if !Path::new("/usr/lib/rustlib/src/rust/library").exists() {
        return None;
    }
    let output = Command::new("/usr/bin/rustc").arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(1).map(str::to_owned)
}

/// The newest linker for WebAssembly; the compiler is given it as `rust-lld`.
fn linker() -> Option<PathBuf> {
    let numbered = (14..=30).rev().map(|version| format!("/usr/bin/wasm-ld-{version}"));
    numbered.chain(["/usr/bin/wasm-ld".to_owned()]).map(PathBuf::from).find(|path| path.exists())
}

fn cache_folder() -> anyhow::Result<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    let cache = cache.filter(|path| path.is_absolute()).or_else(home);
    Ok(cache.context("neither XDG_CACHE_HOME nor HOME says where the cache is")?.join("offbeat"))
}

/// Builds beside `folder` and renames, so that an interrupted build leaves nothing that looks finished.
fn build_sysroot(folder: &Path, linker: &Path) -> anyhow::Result<()> {
    let building = folder.with_extension(format!("building-{}", std::process::id()));
    fs::create_dir_all(building.join("empty/src"))?;
    compile_standard_library(&building.join("empty"))?;
    assemble(&building, folder, linker)?;
    fs::remove_dir_all(building.join("empty"))?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::rename(&building, folder).with_context(|| format!("cannot put the sysroot at {}", folder.display()))
}

/// Building any crate with `-Zbuild-std` leaves the standard library's parts in its target folder.
fn compile_standard_library(project: &Path) -> anyhow::Result<()> {
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n\
                    [profile.release]\ncodegen-units = 1\npanic = \"abort\"\n";
    fs::write(project.join("Cargo.toml"), manifest)?;
    fs::write(project.join("src/lib.rs"), "#![no_std]\n")?;
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo.current_dir(project).args(["build", "--quiet", "--release", "-Zbuild-std=std,panic_abort,test"]);
    cargo.args(["--target", TARGET, "--target-dir"]).arg(project.join("target"));
    cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    // Without bitcode the result cannot take part in link-time optimisation.
    cargo.env("RUSTFLAGS", "-C embed-bitcode=yes");
    cargo.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    process::run(cargo)
}

/// Lays out what a compiler expects below its sysroot, the programs calling Debian's with the final `folder` as sysroot.
fn assemble(building: &Path, folder: &Path, linker: &Path) -> anyhow::Result<()> {
    let rustlib = building.join("lib/rustlib");
    let web = rustlib.join(TARGET).join("lib");
    let host = rustlib.join(HOST);
    fs::create_dir_all(&web)?;
    fs::create_dir_all(host.join("bin"))?;
    fs::create_dir_all(building.join("bin"))?;
    for entry in fs::read_dir(building.join("empty/target").join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "rlib") && !name.starts_with("libempty-") {
            fs::copy(&path, web.join(name))?;
        }
    }
    symlink(format!("/usr/lib/rustlib/{HOST}/lib"), host.join("lib"))?;
    symlink(linker, host.join("bin/rust-lld"))?;
    symlink("/usr/bin/cargo", building.join("bin/cargo"))?;
    for program in ["rustc", "rustdoc"] {
        let wrapper = building.join("bin").join(program);
        let sysroot = folder.display();
        fs::write(&wrapper, format!("#!/bin/sh\nexec /usr/bin/{program} --sysroot '{sysroot}' \"$@\"\n"))?;
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
