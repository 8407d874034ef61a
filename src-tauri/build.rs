//! Embeds the interface, or where it has not been built a page that says how.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

const INTERFACE: &str = "../ui/dist/desktop";

const PLACEHOLDER: &str = "<!doctype html><title>Offbeat</title><p>The interface is not built: run \
    <code>cargo xtask web</code>, then build the desktop app again.";

fn main() -> io::Result<()> {
    let folder = Path::new(INTERFACE);
    let page = folder.join("index.html");
    if !page.exists() {
        fs::create_dir_all(folder)?;
        fs::write(page, PLACEHOLDER)?;
    }
    writeln!(io::stdout(), "cargo:rerun-if-changed={INTERFACE}")?;
    tauri_build::build();
    Ok(())
}
