//! Names for files, out of names that players have given.

/// A name that every file system takes: what is neither a letter, a digit, a blank, a hyphen nor an underscore is replaced.
pub fn safe_name(name: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || "-_ ".contains(c) { c } else { '_' };
    let name: String = name.chars().map(safe).collect();
    name.trim().to_owned()
}
