//! Libraries do not print.
//!
//! Standard output belongs to the program: scripts read it, `--json` promises its shape, the demo draws on
//! it, and a page has none. A library returns what it has to say, or hands it to `tracing`.

use super::Finding;
use super::forbidden::{Forbidden, Part};
use super::tree::Tree;

const LIBRARIES: &[&str] = &["score", "crdt-model", "audio-engine", "view", "jam", "peer", "ui"];

const EXEMPT: &[(&str, &str)] = &[];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let advice = "a library does not print; return it, or use tracing";
    let patterns = ["print !", "println !", "eprint !", "eprintln !", "dbg !"]
        .map(|pattern| (pattern.to_owned(), advice.to_owned()))
        .to_vec();
    Forbidden { crates: LIBRARIES, part: Part::Shipped, patterns, exempt: EXEMPT }.check(tree)
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::lines_found;
    use super::check;

    #[test]
    fn printing_from_a_library_is_found() {
        let code = "fn f() {\n    println!(\"a\");\n    eprintln!(\"b\");\n}\n";
        assert_eq!(lines_found(check, "peer/src/actor.rs", code), [2, 3]);
    }

    #[test]
    fn programs_tests_and_other_macros_may() {
        let code = "fn f() { println!(\"a\"); }";
        assert!(lines_found(check, "cli/src/main.rs", code).is_empty());
        assert!(lines_found(check, "jam/tests/simulator.rs", code).is_empty());
        assert!(lines_found(check, "jam/src/lib.rs", "fn f() { writeln!(out, \"a\"); }").is_empty());
    }
}
