//! Session files to play.

use std::path::{Path, PathBuf};

/// The project's own example sessions, by name.
///
/// # Panics
/// When the folder is not there.
pub fn examples() -> Vec<PathBuf> {
    json_files(&root().join("examples")).expect("the project carries its examples")
}

/// Real users' Keyboardia sessions, which lie beside a checkout and not in it; says so and is empty where they are not.
pub fn shared_sessions() -> Vec<PathBuf> {
    json_files(&root().join("../shared/data/keyboardia-sessions")).unwrap_or_else(|| {
        eprintln!("not run here: the folder of real users' sessions is not beside this checkout");
        Vec::new()
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn json_files(folder: &Path) -> Option<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).ok()?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    Some(files)
}
