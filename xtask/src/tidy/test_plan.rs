//! Every test that `TEST-PLAN.md` names exists.
//!
//! A plan that names tests which were renamed or removed promises what nobody checks.

use super::Finding;
use super::tree::Tree;

/// The plan's path.
const PLAN: &str = "TEST-PLAN.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(plan) = tree.files.iter().find(|file| file.path == PLAN) else { return Vec::new() };
    let mut findings = Vec::new();
    for (index, line) in plan.text.lines().enumerate() {
        for named in line.split('`').skip(1).step_by(2).filter(|named| named.contains(".rs")) {
            if !exists(tree, named) {
                let message = format!("`{named}` is no test of the project; name the one that holds this");
                findings.push(Finding { path: PLAN.to_owned(), line: index + 1, message });
            }
        }
    }
    findings
}

/// Whether `file.rs::name` is a function of that file, or `file.rs` a file.
fn exists(tree: &Tree, named: &str) -> bool {
    let (path, name) = named.split_once("::").map_or((named, None), |(path, name)| (path, Some(name)));
    let file = tree.files.iter().find(|file| file.path == path);
    file.is_some_and(|file| name.is_none_or(|name| file.text.contains(&format!("fn {name}("))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::forbidden::tree_of;

    fn findings(plan: &str) -> Vec<Finding> {
        check(&tree_of(&[(PLAN, plan), ("a/tests/b.rs", "#[test]\nfn it_works() {}\n")]))
    }

    #[test]
    fn tests_that_exist_are_fine() {
        assert_eq!(findings("| 1 | works | `a/tests/b.rs::it_works`, `a/tests/b.rs` |"), []);
    }

    #[test]
    fn tests_that_do_not_exist_are_named_with_their_line() {
        let found = findings("# Plan\n| 1 | works | `a/tests/b.rs::it_flies`, `a/tests/c.rs` |");
        assert_eq!(found.len(), 2);
        assert!(found[0].line == 2 && found[0].message.contains("it_flies"));
    }
}
