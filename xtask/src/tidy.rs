//! `cargo xtask tidy`: the conventions that neither the compiler nor clippy can check.
//!
//! Each rule is one file below this one: it says what it forbids and why, and its tests prove that it can
//! fail. A rule sees only a [`Tree`](tree::Tree), so tests hand it files that never stood on a disk. Where a
//! place must break a rule, the rule's own `EXEMPT` list names the file and the reason, and a line of that
//! list that nothing needs is itself reported.

mod file_length;
mod file_names;
mod floors;
mod forbidden;
mod hash_order;
mod licences;
mod machine_paths;
mod markdown_links;
mod named_packages;
mod platform_math;
mod printing;
mod rust_source;
mod sleeping_tests;
mod test_plan;
mod tree;
mod wall_clock;

use std::path::Path;

use anyhow::bail;

use tree::Tree;

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// From the workspace's folder.
    path: String,
    /// From 1; 0 when the whole file is meant.
    line: usize,
    /// What is wrong there and what to do instead.
    message: String,
}

/// One convention: its name and what looks for places that break it.
type Rule = (&'static str, fn(&Tree) -> Vec<Finding>);

const RULES: &[Rule] = &[
    ("floors", floors::check),
    ("named packages", named_packages::check),
    ("licences", licences::check),
    ("file length", file_length::check),
    ("file names", file_names::check),
    ("wall clock", wall_clock::check),
    ("hash order", hash_order::check),
    ("platform math", platform_math::check),
    ("printing", printing::check),
    ("sleeping tests", sleeping_tests::check),
    ("machine paths", machine_paths::check),
    ("markdown links", markdown_links::check),
    ("test plan", test_plan::check),
];

/// Checks the workspace in `root` against every rule and prints what breaks one.
///
/// # Errors
/// When something breaks a rule, or the workspace cannot be read.
pub(crate) fn tidy(root: &Path) -> anyhow::Result<()> {
    let tree = Tree::read(root)?;
    let mut count = 0;
    for (name, check) in RULES {
        let mut findings = check(&tree);
        findings.sort();
        findings.dedup();
        for Finding { path, line, message } in &findings {
            eprintln!("{path}:{line}: {name}: {message}");
        }
        count += findings.len();
    }
    if count > 0 {
        bail!("{count} places break a convention");
    }
    println!("tidy: {} files keep {} conventions", tree.paths.len(), RULES.len());
    Ok(())
}
