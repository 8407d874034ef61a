//! Names and messages: bounded, free of control characters, always shown as text.

/// Longest session name, in characters.
pub const MAX_SESSION_NAME_CHARS: usize = 100;
/// Longest name of a track or player, in characters.
pub const MAX_SHORT_NAME_CHARS: usize = 32;
/// Longest name of a sample, scene, version or beat, in characters.
pub const MAX_LABEL_CHARS: usize = 64;
/// Longest chat message, in characters.
pub const MAX_CHAT_CHARS: usize = 500;

/// A name as it may be stored and shown: control characters removed, outer blanks trimmed, cut to `max_chars`.
///
/// Bidirectional controls are kept out as well: they would let a name rearrange the text around it.
pub fn clean_name(name: &str, max_chars: usize) -> String {
    let kept: String = name.trim().chars().filter(|&c| is_shown(c)).take(max_chars).collect();
    kept.trim_end().to_owned()
}

fn is_shown(c: char) -> bool {
    let bidirectional =
        matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !bidirectional
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_bidirectional_characters_are_removed() {
        assert_eq!(clean_name(" a\u{0}b\nc\u{202e}d ", 32), "abcd");
    }

    #[test]
    fn names_are_cut_by_characters_not_bytes() {
        assert_eq!(clean_name("ééééé", 3), "ééé");
        assert_eq!(clean_name("ab cd", 3), "ab");
    }
}
