//! Where a player's home is.

use std::env;
use std::path::{Path, PathBuf};

/// The folder given, or `offbeat` in the player's data folder. `None` where neither is there.
pub fn home_folder(wanted: Option<&Path>) -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = match wanted {
        Some(folder) => Some(folder.to_owned()),
        None => usual_folder(&set),
    };
    folder.filter(|folder| !folder.as_os_str().is_empty())
}

/// Each system's own place for what a program keeps for its user.
fn usual_folder(set: &impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let absolute = |name: &str| set(name).filter(|folder| folder.is_absolute());
    let data = if cfg!(windows) {
        absolute("APPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
    };
    data.map(|data| data.join("offbeat"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_given_wins() {
        assert_eq!(home_folder(Some(Path::new("jam"))), Some(PathBuf::from("jam")));
        assert_eq!(home_folder(Some(Path::new(""))), None);
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_usual_folder_follows_the_environment() {
        let with = |data: Option<&str>, home: Option<&str>| {
            usual_folder(&|name: &str| if name == "HOME" { home } else { data }.map(PathBuf::from))
        };
        assert_eq!(with(None, Some("/h")), Some(PathBuf::from("/h/.local/share/offbeat")));
        assert_eq!(with(Some("/d"), Some("/h")), Some(PathBuf::from("/d/offbeat")));
        assert_eq!(with(Some("relative"), None), None);
    }
}
