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
    Ok(Split { first: read(&first)?, later: without_names(&read(later)?)? })
}

/// The module without the names of its functions, which are half of it and which no browser needs. The first part loses its own in
/// being bound.
fn without_names(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    /// The magic number and the version.
    const HEADER_BYTES: usize = 8;
    let (header, mut rest) = module.split_at_checked(HEADER_BYTES).context("a module has a header")?;
    let mut kept = header.to_vec();
    while let [kind, after @ ..] = rest {
        let (bytes, body) = number(after).context("a section says how long it is")?;
        let content = body.get(..bytes).context("a section is as long as it says")?;
        let (section, others) = rest.split_at(rest.len() - body.len() + bytes);
        // A custom section begins with its own name.
        if (*kind, content.get(..5)) != (0, Some(b"\x04name")) {
            kept.extend_from_slice(section);
        }
        rest = others;
    }
    Ok(kept)
}

/// A number as WebAssembly writes it (LEB128), and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let length = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)? + 1;
    let (number, rest) = bytes.split_at(length);
    Some((number.iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_loses_its_names_and_nothing_else() {
        let section =
            |kind: u8, content: &[u8]| [&[kind, content.len() as u8 | 0x80, 0][..], content].concat();
        let (names, other) = (section(0, b"\x04name\x00\x01a"), section(0, b"\x05names"));
        let (code, header) = (section(10, b"\x04name"), b"\0asm\x01\0\0\0".to_vec());
        let module = [&header[..], &names, &other, &code].concat();
        assert_eq!(without_names(&module).unwrap(), [&header[..], &other, &code].concat());
        assert!(without_names(&module[..module.len() - 1]).is_err());
    }
}
