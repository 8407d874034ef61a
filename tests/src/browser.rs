//! A headless browser that shows a page and tells what stands in it afterwards.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

/// Chromium as the packages of Debian and Ubuntu install it.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Keeps the browser to the page it was given: no sandbox (tests run as root), no calls home.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--dump-dom",
];

/// Loads a page, runs its scripts, and returns the document as it is then.
///
/// # Errors
/// When no browser is installed (`cargo xtask test` installs one), or it fails.
pub fn dom_after_loading(page: &str) -> anyhow::Result<String> {
    let folder = tempfile::Builder::new().prefix("offbeat-browser").tempdir()?;
    let file = folder.path().join("page.html");
    std::fs::write(&file, page)?;
    let output = browser()?
        .args(FLAGS)
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::null())
        .output()
        .context("the browser starts")?;
    ensure!(output.status.success(), "the browser failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).context("a document is text")
}

fn browser() -> anyhow::Result<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |program: &&&str| {
        std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).exists())
    };
    let program =
        PROGRAMS.iter().find(is_there).context("no Chromium here; `cargo xtask test` installs it")?;
    Ok(Command::new(program))
}
