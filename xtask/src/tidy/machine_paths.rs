//! No file names a folder of somebody's machine.
//!
//! Such a path works for one person, and tells the others what that person's disk looks like.

use super::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(path) = machine_path(line) {
                let message = format!(
                    "`{path}` exists on one machine; use a path from the project's folder or from $HOME"
                );
                findings.push(Finding { path: file.path.clone(), line: index + 1, message });
            }
        }
    }
    findings
}

/// The first such folder in a line, when it begins an absolute path.
fn machine_path(line: &str) -> Option<&'static str> {
    // Put together here so that this file does not break its own rule.
    const FOLDERS: [&str; 5] = [
        concat!("/", "work/"),
        concat!("/", "root/"),
        concat!("/", "home/"),
        concat!("/", "Users/"),
        concat!("C:", "\\Users\\"),
    ];
    let begins_path = |position: usize| {
        let before = line[..position].chars().next_back();
        before.is_none_or(|character| !character.is_alphanumeric() && !"/.-_~}>)".contains(character))
    };
    // A folder without a name behind it, as in a description of what stands below it, is nobody's.
    let goes_on = |end: usize| line[end..].starts_with(|next: char| next.is_alphanumeric() || next == '.');
    FOLDERS.into_iter().find(|folder| {
        line.match_indices(folder).any(|(at, _)| begins_path(at) && goes_on(at + folder.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::lines_found;
    use super::check;

    #[test]
    fn absolute_paths_are_found_in_any_file() {
        for folder in ["work", "root", "home", "Users"] {
            let text = format!("first\nsee `/{folder}/ada/offbeat`\n");
            assert_eq!(lines_found(check, "docs/a.md", &text), [2], "{folder}");
        }
    }

    #[test]
    fn addresses_relative_paths_and_placeholders_are_left_alone() {
        // Put together, so that this file names none itself.
        let inside = |before: &str, folder: &str| [before, folder, "a"].join("/");
        let (relative, deeper) = (inside("..", "work"), inside("/etc", "root"));
        let text =
            format!("https://example.org/home/ada\n{relative}\n$HOME/.cache\n/home/<you>/music\n{deeper}\n");
        assert!(lines_found(check, "docs/a.md", &text).is_empty());
    }
}
