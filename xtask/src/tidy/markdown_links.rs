//! Every link from a page of ours to a file of ours leads somewhere.
//!
//! Addresses on the net are not followed: a check that needs somebody else's server fails for somebody else's
//! reasons.

use super::Finding;
use super::tree::{Tree, has_extension};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in tree.files.iter().filter(|file| has_extension(&file.path, "md")) {
        for (line, target) in links(&page.text) {
            let Some(path) = local_path(&page.path, &target) else { continue };
            let is_there = |known: &String| {
                known.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let leads_somewhere = path.is_empty() || tree.paths.iter().any(is_there);
            if !leads_somewhere {
                let message = format!("the link `{target}` leads to no file of the project");
                findings.push(Finding { path: page.path.clone(), line, message });
            }
        }
    }
    findings
}

/// The targets of `[text](target)`, `![picture](target)` and `[name]: target`, with their lines, outside of
/// code.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            in_code = !in_code;
            continue;
        }
        if in_code {
            continue;
        }
        let prose = without_inline_code(line);
        let inline = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        let targets = inline.map(|(target, _)| target).chain(definition(&prose));
        // A title may follow the target: `(page.md "Title")`.
        let targets = targets.filter_map(|target| target.split_whitespace().next());
        found.extend(targets.map(|target| (index + 1, target.trim_matches(['<', '>']).to_owned())));
    }
    found
}

fn definition(line: &str) -> Option<&str> {
    let (name, target) = line.trim_start().strip_prefix('[')?.split_once("]:")?;
    (!name.starts_with('^') && !name.contains(']')).then_some(target)
}

/// What stands between single backticks is code, not a link.
fn without_inline_code(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    let last = parts.len() - 1;
    let is_code = |index: usize| index % 2 == 1 && index < last;
    parts.iter().enumerate().filter(|(index, _)| !is_code(*index)).map(|(_, part)| *part).collect()
}

/// The target as a path from the workspace's folder: none when it is not ours to check.
///
/// A target outside that folder keeps a `..` at its front, which is no file's name.
fn local_path(page: &str, target: &str) -> Option<String> {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return None;
    }
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> =
        if path.starts_with('/') { "" } else { folder }.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::tree_of;
    use super::*;

    fn broken(path: &str, text: &str) -> Vec<usize> {
        let tree =
            tree_of(&[(path, text), ("docs/json.md", ""), ("README.md", ""), ("docs/grid.png", "\u{fffd}")]);
        check(&tree).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_link_to_a_missing_file_is_found_in_every_form() {
        let text =
            "[a](json.md) [b](gone.md)\n![c](gone.png \"Grid\")\n\n[d]: ../gone.md\n[e](../../outside.md)\n";
        assert_eq!(broken("docs/page.md", text), [1, 2, 4, 5]);
    }

    #[test]
    fn files_folders_pictures_anchors_and_addresses_are_fine() {
        let text = "[a](json.md#fields) [b](../README.md) [c](#here) [d](https://example.org/x) [e](.)\n\
                    ![p](grid.png) [f](../docs) [g]: /docs/json.md\n";
        assert!(broken("docs/page.md", text).is_empty());
    }

    #[test]
    fn code_holds_no_links() {
        assert!(broken("docs/page.md", "`[a](gone.md)`\n```\n[b](gone.md)\n```\n").is_empty());
        assert_eq!(broken("docs/page.md", "`code` [a](gone.md) `code`\n"), [1]);
    }
}
