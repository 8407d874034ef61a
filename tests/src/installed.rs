//! Programs that a test needs and the system's packages bring.

use std::path::PathBuf;

use anyhow::{Context, Result};

/// Where a program is.
///
/// # Errors
/// When it is not installed; the message names the package.
pub(crate) fn installed(program: &str, package: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.exists())
        .with_context(|| format!("`{program}` is not installed; `apt-get install {package}` brings it"))
}
