//! Every test that `TEST-PLAN.md` names exists, and its rows are counted through.
//!
//! A plan that names tests which were renamed or removed promises what nobody checks; one that gives a number twice cannot be
//! spoken about.

use super::Finding;
use super::tree::Tree;

/// The plan's path.
const PLAN: &str = "TEST-PLAN.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(plan) = tree.files.iter().find(|file| file.path == PLAN) else { return Vec::new() };
    let mut findings = Vec::new();
    let mut place = Place::default();
    for (index, line) in plan.text.lines().enumerate() {
        findings.extend(place.miscounted(line).map(|message| finding(index, message)));
        for named in line.split('`').skip(1).step_by(2).filter(|named| named.contains(".rs")) {
            if !exists(tree, named) {
                let message = format!("`{named}` is no test of the project; name the one that holds this");
                findings.push(finding(index, message));
            }
        }
    }
    findings
}

fn finding(index: usize, message: String) -> Finding {
    Finding { path: PLAN.to_owned(), line: index + 1, message }
}

/// The section and the row that were read last.
#[derive(Default)]
struct Place {
    section: u32,
    row: u32,
}

impl Place {
    /// Goes on to a line. What its number should be, where it is another.
    fn miscounted(&mut self, line: &str) -> Option<String> {
        if let Some((number, _)) = line.strip_prefix("## ").and_then(|title| title.split_once(". ")) {
            *self = Self { section: self.section + 1, row: 0 };
            let wanted = self.section.to_string();
            return (number != wanted).then(|| format!("section {number} stands where {wanted} should"));
        }
        let number = line.strip_prefix("| ")?.split(' ').next()?;
        if !number.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        self.row += 1;
        let wanted = format!("{}.{}", self.section, self.row);
        (number != wanted).then(|| format!("row {number} stands where {wanted} should"))
    }
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
        assert_eq!(findings("## 1. All\n| 1.1 | works | `a/tests/b.rs::it_works`, `a/tests/b.rs` |"), []);
    }

    #[test]
    fn tests_that_do_not_exist_are_named_with_their_line() {
        let found = findings("## 1. All\n| 1.1 | works | `a/tests/b.rs::it_flies`, `a/tests/c.rs` |");
        assert_eq!(found.len(), 2);
        assert!(found[0].line == 2 && found[0].message.contains("it_flies"));
    }

    #[test]
    fn rows_and_sections_that_are_counted_wrongly_are_named() {
        let found = findings("## 1. All\n| # | what |\n| 1.1 | a |\n| 1.1 | b |\n## 3. More\n| 2.1 | c |");
        let lines = found.iter().map(|finding| finding.line).collect::<Vec<_>>();
        assert_eq!(lines, [4, 5]);
    }
}
