//! The packages that give a crate its purpose are named by that crate alone.
//!
//! When a second crate talks to Automerge, iroh or a sound device by itself, the first has stopped being the
//! place where that is decided. The others use the owner's own types. Packages that are not listed here may
//! be used anywhere.

use super::Finding;
use super::tree::Tree;

/// A package, or a family of them, and the crates that may depend on it.
struct Owned {
    /// The package's name; `iroh` also stands for `iroh-…`.
    package: &'static str,
    crates: &'static [&'static str],
    why: &'static str,
}

const OWNED: &[Owned] = &[
    Owned {
        package: "automerge",
        crates: &["crdt-model"],
        why: "the document's format is crdt-model's secret",
    },
    Owned {
        package: "iroh",
        crates: &["peer", "signal-server"],
        why: "jam and the model are tested without a network",
    },
    Owned { package: "cpal", crates: &["peer"], why: "the engine renders the same without a device" },
    Owned { package: "midir", crates: &["peer"], why: "devices belong to the shell around a jam" },
    Owned {
        package: "tauri",
        crates: &["src-tauri"],
        why: "one interface, two hosts: only one of them is a desktop",
    },
    Owned { package: "web-sys", crates: &["ui-app", "ui-worker"], why: "the rest runs outside browsers too" },
    Owned {
        package: "tokio",
        // A program's `main` and whole-product tests start the runtime.
        crates: &["peer", "signal-server", "src-tauri", "cli", "tests"],
        why: "below the shells everything is a state machine without I/O",
    },
    Owned {
        package: "ed25519-dalek",
        crates: &["crdt-model", "signal-server"],
        why: "what a signature covers is decided in one place",
    },
    Owned {
        package: "serde",
        crates: &[
            "score",
            "view",
            "crdt-model",
            "jam",
            "peer",
            "signal-server",
            "src-tauri",
            "ui-app",
            "ui-worker",
            "cli",
            "tests",
            "xtask",
        ],
        why: "the engine reads a program's byte image, not a format",
    },
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.workspace.packages {
        for dependency in &package.dependencies {
            let owned = OWNED.iter().find(|owned| is_of_family(&dependency.name, owned.package));
            if let Some(owned) = owned.filter(|owned| !owned.crates.contains(&package.name.as_str())) {
                findings.push(Finding {
                    path: format!("{}/Cargo.toml", package.name),
                    line: 0,
                    message: format!(
                        "{} belongs to {}: {}",
                        dependency.name,
                        owned.crates.join(", "),
                        owned.why
                    ),
                });
            }
        }
    }
    findings
}

fn is_of_family(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::{Dependency, Metadata, Package};

    fn findings(name: &str, dependency: &str) -> Vec<Finding> {
        let dependencies = vec![Dependency { name: dependency.to_owned() }];
        let package = Package { name: name.to_owned(), dependencies, ..Package::default() };
        check(&Tree { workspace: Metadata { packages: vec![package] }, ..Tree::default() })
    }

    #[test]
    fn the_owner_may_and_nobody_else() {
        assert!(findings("crdt-model", "automerge").is_empty());
        let found = findings("jam", "automerge");
        assert_eq!(found[0].path, "jam/Cargo.toml");
        assert!(found[0].message.starts_with("automerge belongs to crdt-model"), "{found:?}");
    }

    #[test]
    fn a_family_is_owned_as_a_whole() {
        assert_eq!(findings("cli", "iroh-mdns-address-lookup").len(), 1);
        assert!(findings("cli", "iroher").is_empty());
        assert!(findings("jam", "postcard").is_empty());
    }
}
