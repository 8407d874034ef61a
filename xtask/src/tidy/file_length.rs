//! A file of more than 400 lines holds a second concept: look for it.
//!
//! Tests that stand in a file (`#[cfg(test)]`) are not counted, or good tests would be a reason to tear a
//! concept apart. (The length of functions is clippy's `too_many_lines`, with our limit in clippy.toml.)

use super::Finding;
use super::forbidden::idle_exemptions;
use super::tree::{File, Tree};

/// The longest a Rust file may be.
const MAX_LINES: usize = 400;

/// Long files that are one concept all the same, such as tables of data.
const EXEMPT: &[(&str, &str)] = &[];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut used = Vec::new();
    for file in &tree.files {
        let lines = counted_lines(file);
        if lines <= MAX_LINES {
            continue;
        }
        if EXEMPT.iter().any(|(path, _)| *path == file.path) {
            used.push(file.path.as_str());
            continue;
        }
        let message =
            format!("{lines} lines without its tests, {MAX_LINES} are allowed: find the second concept");
        findings.push(Finding { path: file.path.clone(), line: 0, message });
    }
    findings.extend(idle_exemptions(tree, EXEMPT, &used));
    findings
}

fn counted_lines(file: &File) -> usize {
    match &file.rust {
        None => 0,
        Some(Err(_)) => file.text.lines().count(),
        Some(Ok(source)) => {
            let tests: usize = source.test_items.iter().map(|lines| lines.end() + 1 - lines.start()).sum();
            file.text.lines().count().saturating_sub(tests)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::{lines_found, tree_of};
    use super::*;

    #[test]
    fn the_line_after_the_last_allowed_one_is_too_many() {
        let lines = |count: usize| "const A: u8 = 1;\n".repeat(count);
        assert!(lines_found(check, "score/src/a.rs", &lines(400)).is_empty());
        assert_eq!(lines_found(check, "score/src/a.rs", &lines(401)), [0]);
        let found = check(&tree_of(&[("score/src/a.rs", &lines(401))]));
        assert!(found[0].message.starts_with("401 lines"), "{found:?}");
    }

    #[test]
    fn tests_in_the_file_do_not_count_and_other_kinds_of_text_have_no_limit() {
        let code =
            format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n", "const A: u8 = 1;\n".repeat(500));
        assert!(lines_found(check, "score/src/a.rs", &code).is_empty());
        assert!(lines_found(check, "Cargo.lock", &"line\n".repeat(5_000)).is_empty());
    }
}
