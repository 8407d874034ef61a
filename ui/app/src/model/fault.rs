//! What is wrong with a line of text, and which stretch of it.

use score::notation::NotationError;

/// Something wrong in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// To read.
    pub(crate) says: String,
    /// Where it begins, in characters.
    pub(crate) from: usize,
    /// How many characters it takes.
    pub(crate) count: usize,
}

/// The fault of a line. A word is wrong as a whole; where something is missing, it is the last character.
pub(crate) fn fault(text: &str, error: &NotationError) -> Fault {
    let says = error.to_string();
    let characters: Vec<char> = text.chars().collect();
    let Some(column) = error.column() else { return Fault { says, from: 0, count: characters.len() } };
    let from = (column - 1).min(characters.len().saturating_sub(1));
    let is_word = |c: &&char| c.is_alphanumeric() || "_.".contains(**c);
    let word = characters[from..].iter().take_while(is_word).count();
    // Before the braces each character is a step of its own.
    let in_locks = characters[..from].contains(&'{');
    Fault { says, from, count: if in_locks { word.max(1) } else { 1 } }
}

#[cfg(test)]
mod tests {
    use score::notation::read_pattern;

    use super::*;

    fn wrong(text: &str) -> (usize, usize) {
        let fault = fault(text, &read_pattern(text).unwrap_err());
        (fault.from, fault.count)
    }

    #[test]
    fn the_wrong_stretch_is_found() {
        assert_eq!(wrong("x..Q"), (3, 1));
        assert_eq!(wrong("x...{1: pitsch=3}"), (8, 6));
        assert_eq!(wrong("x...{9: pitch=3}"), (5, 1));
        assert_eq!(wrong("x...{1: pitch=3"), (14, 1), "where something is missing at the end");
        assert_eq!(wrong(""), (0, 0));
    }
}
