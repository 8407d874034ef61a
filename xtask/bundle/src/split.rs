//! A module in two parts: what a visitor waits for, and what comes behind the first picture.
//!
//! The interface marks one function as the way into its later part (`ui/app/src/later`). What only that function reaches moves to
//! a module of its own; all else stays. Both are one program: the later part is given the first part's memory, table and shared
//! functions when it is instantiated, by `later.js`.

use std::path::Path;

use anyhow::{Context, anyhow, bail, ensure};
use wasm_split_cli_support::{Options, transform};

/// The script that the first part asks for the later one; the function in it is named by the mark.
const LINK_SCRIPT: &str = "./later.js";

/// The two parts, not yet bound to a browser.
pub(crate) struct Split {
    pub(crate) first: Vec<u8>,
    pub(crate) later: Vec<u8>,
}

/// The first part calls the script by the name that it was compiled with, and a browser loads it by its published one: only the
/// latter is to be replaced when files are named.
///
/// # Errors
/// When the bindings do not hand the script to the module.
pub(crate) fn keep_link_name(bindings: &str) -> anyhow::Result<String> {
    let handed = format!("\"{LINK_SCRIPT}\":");
    ensure!(bindings.contains(&handed), "the interface's bindings do not mention {LINK_SCRIPT}");
    let (stem, extension) = LINK_SCRIPT.rsplit_once('.').unwrap_or((LINK_SCRIPT, ""));
    Ok(bindings.replace(&handed, &format!("[\"{stem}\" + \".{extension}\"]:")))
}

/// Splits a module that was linked with its relocations.
///
/// # Errors
/// When they are missing, or the module is not made of two parts.
pub(crate) fn split(module: &[u8]) -> anyhow::Result<Split> {
    let folder = std::env::temp_dir().join(format!("offbeat-split-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let split = split_in(&folder, module);
    std::fs::remove_dir_all(&folder).ok();
    split
}

fn split_in(folder: &Path, module: &[u8]) -> anyhow::Result<Split> {
    let first = folder.join("first.wasm");
    let mut options = Options::new(module);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.link_name = LINK_SCRIPT;
    options.emit_dwarf = false;
    let parts = transform(options).map_err(|error| anyhow!("cannot split the interface: {error:#}"))?;
    let [later] = &parts.split_modules[..] else {
        bail!("the interface is to have two parts, and has {}", parts.split_modules.len() + 1);
    };
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    Ok(Split { first: read(&first)?, later: read(later)? })
}
