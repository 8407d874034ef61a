//! A crate depends only on crates of the floors below its own.
//!
//! So the musical facts stay free of networks, the engine of documents, and the interface of Automerge; and a
//! change high up never rebuilds what is below. It holds for dev and build dependencies as well: a test that
//! reaches up belongs up there.

use super::Finding;
use super::tree::Tree;

/// Every crate of the workspace, by floor from the ground.
const FLOORS: &[&[&str]] = &[
    // xtask and its bundler stand on the ground so that they can depend on nothing of the product.
    &["score", "web-bundle", "xtask"],
    &["crdt-model", "audio-engine", "view"],
    &["export", "jam"],
    &["peer"],
    &["cli", "listening", "signal-server", "src-tauri", "ui-app", "ui-export", "ui-worker", "ui-worklet"],
    // Whole-product tests may use everything.
    &["tests"],
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let packages = &tree.workspace.packages;
    let mut findings = Vec::new();
    for package in packages {
        let mut report = |message| {
            findings.push(Finding { path: format!("{}/Cargo.toml", package.name), line: 0, message });
        };
        let Some(own) = floor(&package.name) else {
            report("this crate stands on no floor; give it one in xtask/src/tidy/floors.rs".to_owned());
            continue;
        };
        let names = package.dependencies.iter().map(|dependency| dependency.name.as_str());
        for name in names.filter(|name| packages.iter().any(|member| member.name == *name)) {
            // One without a floor is reported at its own place.
            if let Some(theirs) = floor(name).filter(|theirs| *theirs >= own) {
                report(format!(
                    "depends on {name} of floor {theirs}; a crate of floor {own} may only use the floors below"
                ));
            }
        }
    }
    findings
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|crates| crates.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::{Dependency, Metadata, Package};

    fn findings(packages: &[(&str, &[&str])]) -> Vec<String> {
        let packages = packages.iter().map(|(name, dependencies)| Package {
            name: (*name).to_owned(),
            dependencies: dependencies.iter().map(|name| Dependency { name: (*name).to_owned() }).collect(),
            ..Package::default()
        });
        let tree = Tree { workspace: Metadata { packages: packages.collect() }, ..Tree::default() };
        check(&tree).into_iter().map(|finding| format!("{}: {}", finding.path, finding.message)).collect()
    }

    #[test]
    fn looking_down_is_allowed() {
        assert!(
            findings(&[("score", &["serde"]), ("jam", &["score"]), ("tests", &["jam", "score"])]).is_empty()
        );
    }

    #[test]
    fn looking_up_or_sideways_is_not() {
        let found =
            findings(&[("score", &["jam"]), ("jam", &[]), ("view", &["crdt-model"]), ("crdt-model", &[])]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("score/Cargo.toml: depends on jam of floor 2"), "{found:?}");
        assert!(found[1].starts_with("view/Cargo.toml: depends on crdt-model of floor 1"), "{found:?}");
    }

    #[test]
    fn a_crate_without_a_floor_is_reported() {
        assert!(findings(&[("attic", &[])])[0].contains("stands on no floor"));
    }
}
