//! A headless browser that shows a page and tells what stands in it afterwards.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::installed::installed;

/// Chromium as the packages of Debian and Ubuntu install it.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Keeps the browser to the page it was given: no sandbox (tests run as root), no calls home.
pub(crate) const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// Loads a page, runs its scripts, and returns the document as it is then.
///
/// # Errors
/// When no browser is installed (`cargo xtask test` installs one), or it fails.
pub fn dom_after_loading(page: &str) -> anyhow::Result<String> {
    let folder = tempfile::Builder::new().prefix("offbeat-browser").tempdir()?;
    let file = folder.path().join("page.html");
    std::fs::write(&file, page)?;
    let output = Command::new(chromium()?)
        .args(FLAGS)
        .arg("--dump-dom")
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::null())
        .output()
        .context("the browser starts")?;
    ensure!(output.status.success(), "the browser failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).context("a document is text")
}

/// Where Chromium is.
pub(crate) fn chromium() -> anyhow::Result<PathBuf> {
    let found = PROGRAMS.iter().find_map(|program| installed(program, "chromium").ok());
    found.map_or_else(|| installed(PROGRAMS[0], "chromium"), Ok)
}
