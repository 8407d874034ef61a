//! Cutting the shell's words into edits.

use super::error::WordsError;

/// The edits in a command line's words, each as its own words.
///
/// Three spellings are understood: plain words (`step kick 5 on ';' tempo 128`), one quoted text
/// (`'step kick 5 on; tempo 128'`), and one quoted text an edit (`'step kick 5 on' 'tempo 128'`).
///
/// # Errors
/// [`WordsError::Quote`] for a quote without its partner, [`WordsError::Empty`] when there is no edit.
pub(crate) fn split(arguments: &[String]) -> Result<Vec<Vec<String>>, WordsError> {
    let is_text = arguments.first().is_some_and(|first| first.trim().contains(char::is_whitespace));
    let mut edits = Edits::default();
    for argument in arguments {
        if is_text {
            edits.read(argument)?;
            edits.end_edit();
        } else if argument.is_empty() || argument.trim().contains(char::is_whitespace) {
            // The shell was told that this is one word: a name.
            edits.current.push(argument.clone());
        } else {
            edits.read(argument)?;
        }
    }
    edits.end_edit();
    if edits.done.is_empty() { Err(WordsError::Empty) } else { Ok(edits.done) }
}

/// Edits as far as they were read.
#[derive(Default)]
struct Edits {
    done: Vec<Vec<String>>,
    current: Vec<String>,
}

impl Edits {
    /// Reads words and semicolons. A quote at a word's start holds the word together; whatever stands in braces is notation
    /// and stays as it is; `#` is a track's position, not a comment.
    fn read(&mut self, text: &str) -> Result<(), WordsError> {
        let mut word = String::new();
        let (mut braces, mut rest) = (0_u32, text.chars());
        while let Some(c) = rest.next() {
            match c {
                '\'' | '"' if word.is_empty() && braces == 0 => {
                    let quoted = rest.as_str();
                    let (inside, after) = quoted
                        .split_once(c)
                        .ok_or_else(|| WordsError::Quote(text.chars().take(100).collect()))?;
                    self.current.push(inside.to_owned());
                    rest = after.chars();
                    continue;
                }
                '{' => braces += 1,
                '}' => braces = braces.saturating_sub(1),
                _ if braces > 0 => {}
                ';' => {
                    self.end_word(&mut word);
                    self.end_edit();
                    continue;
                }
                _ if c.is_whitespace() => {
                    self.end_word(&mut word);
                    continue;
                }
                _ => {}
            }
            word.push(c);
        }
        self.end_word(&mut word);
        Ok(())
    }

    fn end_word(&mut self, word: &mut String) {
        if !word.is_empty() {
            self.current.push(std::mem::take(word));
        }
    }

    fn end_edit(&mut self) {
        if !self.current.is_empty() {
            self.done.push(std::mem::take(&mut self.current));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(arguments: &[&str]) -> Vec<String> {
        let owned: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        split(&owned).unwrap().into_iter().map(|words| words.join("|")).collect()
    }

    #[test]
    fn plain_words_are_cut_at_semicolons() {
        assert_eq!(edits(&["step", "kick", "5", "on;", "tempo", "128"]), ["step|kick|5|on", "tempo|128"]);
        assert_eq!(edits(&["undo", ";", "redo", ";"]), ["undo", "redo"]);
    }

    #[test]
    fn one_text_holds_several_edits_and_quoted_names() {
        assert_eq!(edits(&["step 'Acid Bass' 5 on; tempo 128"]), ["step|Acid Bass|5|on", "tempo|128"]);
        assert_eq!(edits(&["step kick 5 on", "undo"]), ["step|kick|5|on", "undo"]);
        assert_eq!(edits(&["say don't stop; mute #2"]), ["say|don't|stop", "mute|#2"]);
    }

    #[test]
    fn a_shell_word_with_blanks_stays_one_word() {
        assert_eq!(edits(&["rename", "kick", "Big; Kick"]), ["rename|kick|Big; Kick"]);
        assert_eq!(edits(&["name", ""]), ["name|"]);
    }

    #[test]
    fn braces_hold_notation_together() {
        assert_eq!(edits(&["pattern", "kick", "X.x.{1:pitch=3;3:chance=50}"]).len(), 1);
        assert_eq!(
            edits(&["pattern kick X. {1: \"odd id\"=3; 2:tie}; undo"]),
            ["pattern|kick|X.|{1: \"odd id\"=3; 2:tie}", "undo"]
        );
    }

    #[test]
    fn an_open_quote_is_refused() {
        assert!(matches!(split(&["name 'x".to_owned()]), Err(WordsError::Quote(_))));
        assert_eq!(split(&[";".to_owned()]), Err(WordsError::Empty));
    }
}
