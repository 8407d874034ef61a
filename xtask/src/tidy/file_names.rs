//! No file is named after nothing in particular.
//!
//! What lands in `utils` or `manager` has no name of its own and is found by nobody. A file is called after
//! the concept it holds.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

/// Words that say nothing about what is inside, alone or as a part of a name.
const EMPTY_WORDS: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for path in &tree.paths {
        let mut start = 0;
        for part in path.split('/') {
            let end = start + part.len();
            let word = empty_word(part);
            start = end + 1;
            // A folder is reported once, not with every file in it.
            if let Some(word) = word.filter(|_| seen.insert(&path[..end])) {
                let message =
                    format!("`{word}` says nothing about what is inside; name it after its concept");
                findings.push(Finding { path: path[..end].to_owned(), line: 0, message });
            }
        }
    }
    findings
}

fn empty_word(name: &str) -> Option<&str> {
    let stem = name.split('.').next().unwrap_or(name);
    stem.split(['_', '-']).find(|word| EMPTY_WORDS.contains(&word.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::tree_of;
    use super::*;

    fn found(paths: &[&str]) -> Vec<String> {
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, "")).collect();
        check(&tree_of(&files)).into_iter().map(|finding| finding.path).collect()
    }

    #[test]
    fn empty_words_are_found_in_files_and_once_in_folders() {
        let paths =
            ["jam/src/utils.rs", "peer/src/link_manager.rs", "tests/common/a.rs", "tests/common/b.rs"];
        assert_eq!(found(&paths), ["jam/src/utils.rs", "peer/src/link_manager.rs", "tests/common"]);
    }

    #[test]
    fn words_that_only_contain_one_are_left_alone() {
        assert!(
            found(&["score/src/uncommon.rs", "score/src/miscount.rs", "README.md", ".ci/run"]).is_empty()
        );
    }
}
