//! Which files a browser loads, and where they come from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::assets::Asset;
use crate::bindings;
use crate::split::{self, Split};

/// A compiled module.
struct Module {
    /// As cargo calls its file.
    crate_name: &'static str,
    /// As the page's files call it.
    name: &'static str,
    kind: Kind,
}

/// What is made of a module.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It has no imports and is loaded as it is.
    Plain,
    /// `wasm-bindgen` joins it to the browser.
    Bound,
    /// The same, in two parts of which one is loaded later.
    Split,
}

const MODULES: &[Module] = &[
    // Renders sound in real time.
    Module { crate_name: "ui_worklet", name: "engine", kind: Kind::Plain },
    Module { crate_name: "ui_app", name: "app", kind: Kind::Split },
    Module { crate_name: "ui_worker", name: "jam", kind: Kind::Bound },
    Module { crate_name: "ui_export", name: "exporter", kind: Kind::Bound },
];

/// The folders of `ui/` whose files are loaded as they are.
const FOLDERS: &[&str] = &["app", "export", "worker", "worklet"];

/// The style sheet's parts, joined by their names' order: what is narrower or quieter stands last.
const STYLES: &str = "app/style";

/// Those of the interface's later part.
const LATER_STYLES: &str = "app/style/later";

/// What of those folders is for a browser.
const EXTENSIONS: &[&str] = &["html", "css", "js", "svg", "png", "ico", "woff2", "webmanifest"];

/// A file as it was found.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Reads everything that the bundle is made of, in a fixed order.
///
/// # Errors
/// When a file is missing or cannot be read.
pub(crate) fn read(modules: &[PathBuf], sources: &Path) -> anyhow::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for Module { crate_name, .. } in MODULES {
        let path = modules.iter().find(|path| path.file_stem().is_some_and(|stem| stem == *crate_name));
        let path = path.with_context(|| format!("{crate_name} is missing"))?;
        parts.push(Part { name: (*crate_name).to_owned(), bytes: read_file(path)? });
    }
    for folder in FOLDERS {
        for path in files(&sources.join(folder), EXTENSIONS)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            parts.push(Part { name, bytes: read_file(&path)? });
        }
    }
    let first = files(&sources.join(STYLES), &["css"])?;
    let mut later = files(&sources.join(LATER_STYLES), &["css"])?;
    later.extend(first.iter().filter(|path| overrules(path)).cloned());
    for (name, paths) in [("style.css", first), ("later.css", later)] {
        let styles = paths.iter().map(|path| read_file(path)).collect::<anyhow::Result<Vec<_>>>()?;
        parts.push(Part { name: name.to_owned(), bytes: styles.concat() });
    }
    Ok(parts)
}

/// Whether a style sheet has the last word over all others, those that come later included: so it ends both sheets.
fn overrules(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('9'))
}

/// The files of a folder that end in one of these, by name.
fn files(folder: &Path, extensions: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|is| extensions.iter().any(|known| is == *known)));
    paths.sort();
    Ok(paths)
}

fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Makes of the files what a browser loads.
///
/// # Errors
/// When a module cannot be bound.
pub(crate) fn assets(parts: Vec<Part>, dev: bool) -> anyhow::Result<Vec<Asset>> {
    let mut assets = Vec::new();
    for Part { name, bytes } in parts {
        let Some(module) = MODULES.iter().find(|module| module.crate_name == name) else {
            assets.push(Asset { name, bytes });
            continue;
        };
        match module.kind {
            Kind::Plain => {
                let bytes = if dev { bytes } else { bindings::optimise(bytes)? };
                assets.push(Asset { name: format!("{}.wasm", module.name), bytes });
            }
            Kind::Bound => assets.extend(bound(module.name, bytes, false)?),
            Kind::Split => {
                let Split { first, later } = split::split(&bytes)?;
                let [mut script, module_of_first] = bound(module.name, first, true)?;
                script.bytes = split::keep_link_name(&String::from_utf8(script.bytes)?)?.into_bytes();
                assets.extend([script, module_of_first]);
                assets.push(Asset { name: format!("{}_later.wasm", module.name), bytes: later });
            }
        }
    }
    Ok(assets)
}

/// A module that `wasm-bindgen` has joined to the browser, and the script that does it.
fn bound(name: &str, module: Vec<u8>, is_shared: bool) -> anyhow::Result<[Asset; 2]> {
    let bound = bindings::bind(name, module, is_shared)?;
    Ok([
        Asset { name: format!("{name}.js"), bytes: bound.script.into_bytes() },
        Asset { name: format!("{name}_bg.wasm"), bytes: bound.module },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_is_its_parts_in_the_order_of_their_names() {
        let sources = tempfile::tempdir().unwrap();
        for folder in FOLDERS.iter().chain([&STYLES, &LATER_STYLES]) {
            fs::create_dir_all(sources.path().join(folder)).unwrap();
        }
        for (name, text) in
            [("90-last.css", "c"), ("00-first.css", "a\n"), ("notes.md", "no"), ("10-next.css", "b\n")]
        {
            fs::write(sources.path().join(STYLES).join(name), text).unwrap();
        }
        fs::write(sources.path().join(LATER_STYLES).join("50-opened.css"), "o\n").unwrap();
        let modules: Vec<PathBuf> =
            MODULES.iter().map(|module| sources.path().join(format!("{}.wasm", module.crate_name))).collect();
        for module in &modules {
            fs::write(module, "").unwrap();
        }
        let parts = read(&modules, sources.path()).unwrap();
        let sheet = |name: &str| parts.iter().find(|part| part.name == name).unwrap().bytes.clone();
        assert_eq!(sheet("style.css"), b"a\nb\nc");
        assert_eq!(sheet("later.css"), b"o\nc", "what overrules comes behind what is later, too");
    }
}
