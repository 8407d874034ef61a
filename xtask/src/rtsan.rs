//! `cargo xtask rtsan`: the engine's audio half under LLVM's `RealtimeSanitizer`.
//!
//! The sanitizer is a library that takes the place of every call that may wait (the allocator's, locks', files'), and
//! stops the program where one is made in a context that was declared real-time. The test `rtsan` of `audio-engine`
//! declares the processor's. It is compiled with `--cfg rtsan` into a target folder of its own, so that other builds
//! neither need the library nor are built anew.
//!
//! The library comes from the system's package; `RTSAN_LIB_PATH` names another.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::metadata;
use crate::process;
use crate::setup::{self, Purpose, SANITIZERS};

/// Where the crate `rtsan-standalone-sys` looks for the library.
const LIBRARY: &str = "RTSAN_LIB_PATH";

/// Installs the library where it is missing and runs the test.
///
/// # Errors
/// When there is no library for this machine, or the sanitizer stops the test.
pub(crate) fn rtsan(root: &Path) -> anyhow::Result<()> {
    let library = match std::env::var_os(LIBRARY) {
        Some(path) => PathBuf::from(path),
        None => installed()?,
    };
    let target = metadata::target_folder(root)?.join("rtsan");
    let mut test = process::cargo(root);
    test.args(["test", "--package", "audio-engine", "--test", "rtsan", "--target-dir"])
        .arg(target)
        .env("RUSTFLAGS", "--cfg rtsan")
        .env("RTSAN_ENABLE", "1")
        .env(LIBRARY, library);
    process::run(test)
}

/// The library of the system's package.
fn installed() -> anyhow::Result<PathBuf> {
    setup::set_up(Purpose::Sanitize)?;
    let mut listing = Command::new("dpkg-query");
    listing.args(["--listfiles", SANITIZERS]);
    let elsewhere = || {
        format!(
            "no RealtimeSanitizer here; install LLVM's runtime libraries and name the static one in {LIBRARY}"
        )
    };
    let files = process::read(listing).with_context(elsewhere)?;
    library_among(&files, std::env::consts::ARCH).with_context(elsewhere)
}

fn library_among(files: &str, architecture: &str) -> Option<PathBuf> {
    let name = format!("/libclang_rt.rtsan-{architecture}.a");
    files.lines().find(|file| file.ends_with(&name)).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_the_one_of_this_machines_architecture() {
        let files = "/usr/lib/llvm/lib/linux\n\
                     /usr/lib/llvm/lib/linux/libclang_rt.rtsan-i386.a\n\
                     /usr/lib/llvm/lib/linux/libclang_rt.rtsan-x86_64.a\n\
                     /usr/lib/llvm/lib/linux/libclang_rt.rtsan-x86_64.a.syms";
        let found = library_among(files, "x86_64").unwrap();
        assert!(found.ends_with("libclang_rt.rtsan-x86_64.a"));
        assert_eq!(library_among(files, "riscv64"), None);
    }
}
