//! axe-core, which looks for what keeps people out of a page (deque's checker, MPL-2.0). It is for tests alone: `npm` brings it into
//! the user's cache once, and nothing of it goes into the product.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The one version that pages are checked with: another may know other rules.
const VERSION: &str = "4.14.1";

/// axe-core as a script.
///
/// # Errors
/// When it is not in the cache and `npm` cannot bring it there.
pub(crate) fn script() -> Result<String> {
    let folder = cache()?.join(format!("axe-core-{VERSION}"));
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        fetch(&folder)?;
    }
    std::fs::read_to_string(&script).with_context(|| format!("cannot read {}", script.display()))
}

/// Beside the folder and renamed, so that tests that run at once do not find half of it.
fn fetch(folder: &Path) -> Result<()> {
    let making = folder.with_extension(format!("making-{}", std::process::id()));
    std::fs::create_dir_all(&making)?;
    let by_hand =
        "the checks of accessibility need axe-core, which npm brings (on Debian: apt-get install npm)";
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]);
    npm.arg(format!("axe-core@{VERSION}")).arg("--prefix").arg(&making).stdin(Stdio::null());
    let output = npm.output().context(by_hand)?;
    ensure!(output.status.success(), "{by_hand}: {}", String::from_utf8_lossy(&output.stderr));
    if std::fs::rename(&making, folder).is_err() {
        std::fs::remove_dir_all(&making)?;
        // Another test was quicker.
        ensure!(folder.exists(), "cannot keep axe-core in {}", folder.display());
    }
    Ok(())
}

/// The user's cache: what is there outlives a target folder.
fn cache() -> Result<PathBuf> {
    let given = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = given.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let Some(cache) = cache else { bail!("neither XDG_CACHE_HOME nor HOME says where the cache is") };
    Ok(cache.join("offbeat"))
}
