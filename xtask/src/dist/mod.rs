//! `cargo xtask dist <what>`: things to publish, each in a folder of its own below `dist` in the target's folder.

mod deb;

use std::path::Path;

use clap::Subcommand;

use crate::metadata;
use crate::process;

/// What can be made.
#[derive(Subcommand, Clone, Copy)]
pub(crate) enum What {
    /// The listening page: every instrument with a player and a spectrogram, in one folder that needs no network.
    Sounds,
    /// The Debian package of the desktop app and the terminal program.
    Deb,
}

/// Makes it.
///
/// # Errors
/// When the program that does the work cannot be built, or fails.
pub(crate) fn dist(root: &Path, what: What) -> anyhow::Result<()> {
    match what {
        What::Sounds => sounds(root),
        What::Deb => deb::deb(root),
    }
}

/// The page is made by the crate `listening`: xtask itself never knows the product.
fn sounds(root: &Path) -> anyhow::Result<()> {
    let folder = metadata::target_folder(root)?.join("dist").join("sounds");
    let mut page = process::cargo(root);
    page.args(["run", "--release", "--quiet", "--package", "listening", "--"]).arg(folder);
    process::run(page)
}
