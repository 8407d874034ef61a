//! Every package that ends up in the product is free to be used there, and comes from crates.io.
//!
//! The lists are those of `deny.toml`, which cargo-deny reads as well where it is installed. This check needs
//! no tool, so it never goes missing.

use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use super::Finding;
use super::tree::Tree;
use crate::metadata::Package;

const POLICY: &str = "deny.toml";

/// The part of cargo-deny's settings that is understood here.
#[derive(Deserialize)]
struct Policy {
    licenses: Licences,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let finding = |message| Finding { path: POLICY.to_owned(), line: 0, message };
    let policy = tree.files.iter().find(|file| file.path == POLICY).map(|file| read_policy(&file.text));
    let (policy, allowed) = match policy {
        Some(Ok(policy)) => policy,
        Some(Err(error)) => return vec![finding(error)],
        None => return vec![finding("the list of allowed licences is missing".to_owned())],
    };
    let packages = tree.all_packages.packages.iter();
    packages.filter_map(|package| objection(package, &policy, &allowed)).map(finding).collect()
}

fn read_policy(text: &str) -> Result<(Policy, Vec<Licensee>), String> {
    let policy: Policy = toml::from_str(text).map_err(|error| error.to_string())?;
    let names = policy.licenses.allow.iter();
    let allowed = names
        .map(|name| Licensee::parse(name).map_err(|error| format!("`{name}` is no SPDX licence: {error}")))
        .collect::<Result<_, _>>()?;
    Ok((policy, allowed))
}

/// Why the package may not be used; none when it may.
fn objection(package: &Package, policy: &Policy, allowed: &[Licensee]) -> Option<String> {
    let name = format!("{} {}", package.name, package.version);
    if let Some(source) = &package.source {
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        if !policy.sources.allow_registry.iter().any(|allowed| allowed == registry) {
            return Some(format!("{name} comes from {source}, which is not an allowed source"));
        }
    }
    let Some(stated) = &package.license else {
        return Some(format!("{name} states no licence"));
    };
    // Lax: older packages write `MIT/Apache-2.0`.
    let expression = match Expression::parse_mode(stated, ParseMode::LAX) {
        Ok(expression) => expression,
        Err(error) => {
            return Some(format!("{name} states `{stated}`, which is no SPDX expression: {}", error.reason));
        }
    };
    let is_allowed =
        expression.evaluate(|requirement| allowed.iter().any(|licensee| licensee.satisfies(requirement)));
    (!is_allowed).then(|| format!("{name} is licensed as `{stated}`, which the list does not allow"))
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::tree_of;
    use super::*;
    use crate::metadata::Metadata;

    const POLICY_TEXT: &str = "[licenses]\nallow = [\"MIT\", \"Apache-2.0\", \"Apache-2.0 WITH LLVM-exception\"]\n\
                               [sources]\nallow-registry = [\"https://registry\"]\n";

    fn messages(license: Option<&str>, source: &str) -> Vec<String> {
        let package = Package {
            name: "leaf".into(),
            version: "1.0.0".into(),
            license: license.map(str::to_owned),
            source: Some(source.to_owned()),
            ..Package::default()
        };
        let mut tree = tree_of(&[("deny.toml", POLICY_TEXT)]);
        tree.all_packages = Metadata { packages: vec![package] };
        check(&tree).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn an_expression_is_allowed_when_our_list_can_meet_it() {
        for license in
            ["MIT", "GPL-3.0-only OR MIT", "MIT/Apache-2.0", "MIT AND Apache-2.0 WITH LLVM-exception"]
        {
            assert!(messages(Some(license), "registry+https://registry").is_empty(), "{license}");
        }
    }

    #[test]
    fn copyleft_silence_and_nonsense_are_refused() {
        for license in [Some("GPL-3.0-only"), Some("MIT AND LGPL-2.1-or-later"), Some("as you like"), None] {
            let found = messages(license, "registry+https://registry");
            assert_eq!(found.len(), 1, "{license:?}");
            assert!(found[0].starts_with("leaf 1.0.0"), "{found:?}");
        }
    }

    #[test]
    fn another_source_is_refused() {
        let found = messages(Some("MIT"), "git+https://example.org/leaf");
        assert!(found[0].contains("not an allowed source"), "{found:?}");
    }

    #[test]
    fn without_its_list_the_rule_fails() {
        assert_eq!(check(&tree_of(&[])).len(), 1);
        assert_eq!(check(&tree_of(&[("deny.toml", "[licenses]\n")])).len(), 1);
    }
}
