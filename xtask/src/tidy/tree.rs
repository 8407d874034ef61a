//! What the rules look at: the project's text files and its packages.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context;

use super::rust_source::RustSource;
use crate::metadata::Metadata;

/// The project as it stands, with files that git does not know yet but would not ignore.
#[derive(Default)]
pub(super) struct Tree {
    /// Every file's path, text or not, in order.
    pub(super) paths: Vec<String>,
    /// In the order of their paths.
    pub(super) files: Vec<File>,
    /// The workspace's own packages.
    pub(super) workspace: Metadata,
    /// All packages that the product is built from, the workspace's own among them.
    pub(super) all_packages: Metadata,
}

/// One text file.
pub(super) struct File {
    /// From the workspace's folder, with `/` between names.
    pub(super) path: String,
    pub(super) text: String,
    /// Its tokens, when it is Rust; `Err` says why it is none.
    pub(super) rust: Option<Result<RustSource, String>>,
}

impl File {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let rust = has_extension(path, "rs").then(|| RustSource::parse(text));
        Self { path: path.to_owned(), text: text.to_owned(), rust }
    }

    /// The folder at the workspace's root that the file stands in: for most files, their crate.
    pub(super) fn crate_folder(&self) -> &str {
        self.path.split_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether the whole file is a test, a bench or an example, not a part of what is shipped.
    pub(super) fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        let stem = parts.next_back().unwrap_or_default().trim_end_matches(".rs");
        stem == "tests"
            || stem.ends_with("_tests")
            || parts.any(|part| ["tests", "benches", "examples"].contains(&part))
    }
}

pub(super) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

impl Tree {
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let mut paths = match listed_by_git(root) {
            Some(paths) => paths,
            // A source archive, or a checkout that git refuses because another user owns it.
            None => found_on_disk(root)?,
        };
        paths.sort();
        // Those deleted without telling git are still in its list.
        paths.retain(|path| root.join(path).is_file());
        let mut files = Vec::new();
        for path in &paths {
            let bytes = fs::read(root.join(path)).with_context(|| format!("cannot read {path}"))?;
            // Sounds and pictures are not text; what is checked of them is their names.
            files.extend(String::from_utf8(bytes).ok().map(|text| File::new(path, &text)));
        }
        let workspace = Metadata::of_workspace(root)?;
        Ok(Self { paths, files, workspace, all_packages: Metadata::with_dependencies(root)? })
    }

    /// The Rust files that could be read as Rust; the compiler speaks for the others.
    pub(super) fn rust_files(&self) -> impl Iterator<Item = (&File, &RustSource)> {
        self.files.iter().filter_map(|file| Some((file, file.rust.as_ref()?.as_ref().ok()?)))
    }
}

fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let listing = output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())?;
    Some(listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn found_on_disk(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list {}", folder.display()))?;
            let kind =
                entry.file_type().with_context(|| format!("cannot look at {}", entry.path().display()))?;
            if kind.is_dir() && entry.file_name() != ".git" && entry.file_name() != "target" {
                folders.push(entry.path());
            } else if kind.is_file() {
                let path = entry.path();
                found.push(path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_known_by_their_place() {
        for path in
            ["jam/tests/simulator.rs", "tests/src/lib.rs", "score/src/beat/tests.rs", "a/benches/b.rs"]
        {
            assert!(File::new(path, "").is_test(), "{path}");
        }
        for path in ["jam/src/session.rs", "xtask/src/test.rs", "score/src/contests.rs"] {
            assert!(!File::new(path, "").is_test(), "{path}");
        }
    }

    #[test]
    fn a_folder_without_git_is_walked() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = found_on_disk(root).unwrap();
        assert!(found.contains(&"src/tidy/tree.rs".to_owned()), "{found:?}");
        assert!(found.contains(&"Cargo.toml".to_owned()), "{found:?}");
    }
}
