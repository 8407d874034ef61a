//! What the rules about forbidden words of code have in common: patterns of tokens, the crates they count in,
//! exemptions.

use super::Finding;
use super::tree::{File, Tree};

/// The crates whose output must be the same bits on every machine and in every run.
pub(super) const DETERMINISTIC: &[&str] = &["score", "crdt-model", "audio-engine", "jam"];

/// Which part of a crate's code a rule speaks about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// What is shipped.
    Shipped,
    /// Tests alone.
    Tests,
    /// What is shipped and its tests, but no benches or examples: those measure.
    ShippedAndTests,
}

/// Words that must not stand in some crates.
pub(super) struct Forbidden {
    /// Folders of crates; empty for all.
    pub(super) crates: &'static [&'static str],
    pub(super) part: Part,
    /// Token patterns, words separated by blanks, each with what to write instead.
    pub(super) patterns: Vec<(String, String)>,
    /// Files that may, each with its reason.
    pub(super) exempt: &'static [(&'static str, &'static str)],
}

impl Forbidden {
    pub(super) fn check(&self, tree: &Tree) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut used = Vec::new();
        for (file, source) in tree.rust_files().filter(|(file, _)| self.covers(file)) {
            let hits = self.patterns.iter().flat_map(|(pattern, advice)| {
                source.occurrences(pattern).map(move |token| (token, pattern, advice))
            });
            for (token, pattern, advice) in hits.filter(|(token, ..)| self.counts(file, token.in_test)) {
                if self.exempt.iter().any(|(path, _)| *path == file.path) {
                    used.push(file.path.as_str());
                    continue;
                }
                let message = format!("`{}`: {advice}", pattern.replace(' ', ""));
                findings.push(Finding { path: file.path.clone(), line: token.line, message });
            }
        }
        findings.extend(idle_exemptions(tree, self.exempt, &used));
        findings
    }

    fn covers(&self, file: &File) -> bool {
        self.crates.is_empty() || self.crates.contains(&file.crate_folder())
    }

    fn counts(&self, file: &File, in_test: bool) -> bool {
        let in_test = in_test || file.is_test();
        let measures = file.path.split('/').any(|part| part == "benches" || part == "examples");
        match self.part {
            Part::Shipped => !in_test,
            Part::Tests => in_test && !measures,
            Part::ShippedAndTests => !measures,
        }
    }
}

/// An exemption that nothing needs would quietly allow the next offence: it has to go.
pub(super) fn idle_exemptions(tree: &Tree, exempt: &[(&str, &str)], used: &[&str]) -> Vec<Finding> {
    // Rules are tested on trees of one or two files; an exemption is judged where its crate is there.
    let present = |path: &str| {
        let folder = path.split('/').next().unwrap_or_default();
        tree.workspace.packages.iter().any(|package| package.name == folder)
    };
    exempt
        .iter()
        .filter(|(path, _)| present(path) && !used.contains(path))
        .map(|(path, _)| Finding {
            path: (*path).to_owned(),
            line: 0,
            message: "the rule's EXEMPT list names this file, which does not need it: take the line out"
                .to_owned(),
        })
        .collect()
}

/// A tree of these files and nothing else.
#[cfg(test)]
pub(super) fn tree_of(files: &[(&str, &str)]) -> Tree {
    Tree {
        paths: files.iter().map(|(path, _)| (*path).to_owned()).collect(),
        files: files.iter().map(|(path, text)| File::new(path, text)).collect(),
        ..Tree::default()
    }
}

/// The lines that a rule finds in one file.
#[cfg(test)]
pub(super) fn lines_found(check: fn(&Tree) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
    check(&tree_of(&[(path, text)])).into_iter().map(|finding| finding.line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::{Metadata, Package};

    const ALLOWED: &[(&str, &str)] = &[("jam/src/allowed.rs", "a test of exemptions")];

    fn rule() -> Forbidden {
        let patterns = vec![("bad (".to_owned(), "call good() instead".to_owned())];
        Forbidden { crates: &["jam"], part: Part::Shipped, patterns, exempt: ALLOWED }
    }

    #[test]
    fn an_exempt_file_may_and_another_may_not() {
        let tree = tree_of(&[
            ("jam/src/allowed.rs", "fn f() { bad(); }"),
            ("jam/src/other.rs", "fn f() {\n    bad(); }"),
            ("cli/src/main.rs", "fn f() { bad(); }"),
        ]);
        let findings = rule().check(&tree);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!((findings[0].path.as_str(), findings[0].line), ("jam/src/other.rs", 2));
        assert_eq!(findings[0].message, "`bad(`: call good() instead");
    }

    #[test]
    fn an_exemption_that_nothing_needs_is_reported() {
        let mut tree = tree_of(&[("jam/src/allowed.rs", "fn f() { good(); }")]);
        tree.workspace = Metadata { packages: vec![Package { name: "jam".into(), ..Package::default() }] };
        let findings = rule().check(&tree);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.contains("EXEMPT"), "{findings:?}");
    }
}
