//! No hash tables where their order could reach the sound or a merge.
//!
//! Their order differs from run to run. Whether an iteration over one matters cannot be seen from its line,
//! so the types stay out altogether; the ordered ones cost little at this size. Tests may count with them.

use super::Finding;
use super::forbidden::{DETERMINISTIC, Forbidden, Part};
use super::tree::Tree;

const EXEMPT: &[(&str, &str)] = &[];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let pairs = [("HashMap", "BTreeMap"), ("HashSet", "BTreeSet")];
    let patterns = pairs
        .map(|(hashed, ordered)| {
            (hashed.to_owned(), format!("its order differs from run to run; use {ordered}"))
        })
        .to_vec();
    Forbidden { crates: DETERMINISTIC, part: Part::Shipped, patterns, exempt: EXEMPT }.check(tree)
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::lines_found;
    use super::check;

    #[test]
    fn a_hash_table_is_found_wherever_it_is_named() {
        let code = "use std::collections::HashMap;\nstruct S { a: std::collections::HashSet<u8>, b: HashMap<u8, u8> }\n";
        assert_eq!(lines_found(check, "score/src/edit.rs", code), [1, 2, 2]);
    }

    #[test]
    fn ordered_tables_tests_and_other_crates_are_left_alone() {
        assert!(lines_found(check, "score/src/edit.rs", "use std::collections::BTreeMap;").is_empty());
        assert!(lines_found(check, "score/tests/edits.rs", "use std::collections::HashSet;").is_empty());
        assert!(lines_found(check, "peer/src/links.rs", "use std::collections::HashMap;").is_empty());
    }
}
