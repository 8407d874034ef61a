//! The folder that is published.

use std::fs;
use std::path::Path;

use crate::assets::{Named, PAGE, SERVICE_WORKER};
use crate::compress;
use crate::parts::Part;
use crate::report::Sizes;

/// Says what a finished folder was made of.
const MARK: &str = ".made-of";

/// Names everything that the folder is made of, this program included.
pub(crate) fn digest(parts: &[Part], dev: bool) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[u8::from(dev)]);
    if let Ok(program) = std::env::current_exe().and_then(fs::read) {
        hasher.update(blake3::hash(&program).as_bytes());
    }
    for Part { name, bytes } in parts {
        hasher.update(blake3::hash(name.as_bytes()).as_bytes());
        hasher.update(blake3::hash(bytes).as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Whether the folder was made of just this, and finished.
pub(crate) fn is_current(folder: &Path, digest: &str) -> bool {
    fs::read_to_string(folder.join(MARK)).is_ok_and(|mark| mark == digest)
}

/// Marks the folder as finished.
pub(crate) fn mark_current(folder: &Path, digest: &str) -> anyhow::Result<()> {
    Ok(fs::write(folder.join(MARK), digest)?)
}

/// Puts a finished folder in the place of the one before it, so that nobody finds half of one.
pub(crate) fn replace(made: &Path, folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::rename(made, folder)?)
}

/// Writes a folder and tells each file's sizes.
pub(crate) fn write(folder: &Path, files: &[Named], dev: bool) -> anyhow::Result<Vec<Sizes>> {
    let (assets, desktop) = (folder.join("assets"), folder.join("desktop"));
    fs::create_dir_all(&assets)?;
    fs::create_dir_all(desktop.join("assets"))?;
    let mut sizes = Vec::new();
    for Named { plain, published, bytes } in files {
        let brotli = compress::brotli(bytes, dev)?;
        let gzip = compress::gzip(bytes)?;
        let (plain_size, gzip_size, brotli_size) = (bytes.len(), gzip.len(), brotli.len());
        if plain == PAGE {
            // A server fills it in, and compresses it then.
            fs::write(folder.join(PAGE), bytes)?;
            fs::write(desktop.join(PAGE), for_desktop(bytes))?;
        } else if plain == SERVICE_WORKER {
            fs::write(folder.join(SERVICE_WORKER), bytes)?;
        } else {
            fs::write(assets.join(published), bytes)?;
            fs::write(assets.join(format!("{published}.br")), brotli)?;
            fs::write(assets.join(format!("{published}.gz")), gzip)?;
            if !is_in_desktop_process(plain) {
                fs::write(desktop.join("assets").join(published), bytes)?;
            }
        }
        sizes.push(Sizes { name: plain.clone(), plain: plain_size, gzip: gzip_size, brotli: brotli_size });
    }
    sizes.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sizes)
}

/// What the desktop app's own process does in the place of a script, or the system in the place of a browser.
fn is_in_desktop_process(name: &str) -> bool {
    let scripts = [
        "worker.js",
        "jam.js",
        "jam_bg.wasm",
        "worklet.js",
        "engine.wasm",
        "export.js",
        "exporter.js",
        "exporter_bg.wasm",
    ];
    scripts.contains(&name) || name == "manifest.webmanifest" || name.starts_with("icon-")
}

/// The page without the lines that name what is not there.
fn for_desktop(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page);
    page.lines()
        .filter(|line| !line.contains("name=\"offbeat-") && !line.contains("rel=\"manifest\""))
        .filter(|line| line.trim() != "<!--ready-->")
        .flat_map(|line| [line, "\n"])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desktops_page_names_no_worker() {
        let page =
            "<head>\n<meta name=\"offbeat-worker\" content=\"/assets/worker.js\">\n<!--ready-->\n</head>\n";
        assert_eq!(for_desktop(page.as_bytes()), "<head>\n</head>\n");
    }

    #[test]
    fn a_file_more_or_another_text_is_another_bundle() {
        let part = |name: &str, text: &str| Part { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let one = digest(&[part("a", "b")], false);
        assert_eq!(one, digest(&[part("a", "b")], false));
        assert_ne!(one, digest(&[part("a", "b")], true));
        assert_ne!(one, digest(&[part("ab", "")], false));
        assert_ne!(one, digest(&[part("a", "b"), part("c", "")], false));
    }
}
