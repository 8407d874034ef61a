//! Cutting the shell's words into edits.

use super::error::WordsError;

/// The edits in a command line's words, each as its own words.
///
/// Three spellings are understood: plain words (`step kick 5 on ';' tempo 128`), one quoted text
/// (`'step kick 5 on; tempo 128'`), and one quoted text an edit (`'step kick 5 on' 'tempo 128'`). A semicolon inside braces
/// or quotes belongs to its word.
///
/// # Errors
/// [`WordsError::Quote`] for a quote without its partner, [`WordsError::Empty`] when there is no edit.
pub(crate) fn split(arguments: &[String]) -> Result<Vec<Vec<String>>, WordsError> {
    let is_text = arguments.first().is_some_and(|first| first.trim().contains(char::is_whitespace));
    let mut edits = Vec::new();
    if is_text {
        for text in arguments {
            for part in cut(text) {
                edits.push(shlex::split(&part).ok_or(WordsError::Quote(part))?);
            }
        }
    } else {
        edits = split_words(arguments);
    }
    edits.retain(|words| !words.is_empty());
    if edits.is_empty() { Err(WordsError::Empty) } else { Ok(edits) }
}

fn split_words(words: &[String]) -> Vec<Vec<String>> {
    let mut edits = vec![Vec::new()];
    for word in words {
        let mut parts = cut(word).into_iter();
        let first = parts.next().unwrap_or_default();
        let current = edits.last_mut().expect("there is always a last edit");
        if !first.is_empty() || word.is_empty() {
            current.push(first);
        }
        for part in parts {
            edits.push(if part.is_empty() { Vec::new() } else { vec![part] });
        }
    }
    edits
}

/// Cuts at semicolons that stand outside braces and quotes.
fn cut(text: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut braces, mut quote) = (0u32, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            (None, ';') if braces == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    parts.push(part);
    parts
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
    }

    #[test]
    fn a_shell_word_with_blanks_stays_one_word() {
        assert_eq!(edits(&["rename", "kick", "Big Kick"]), ["rename|kick|Big Kick"]);
    }

    #[test]
    fn semicolons_inside_braces_belong_to_the_pattern() {
        assert_eq!(edits(&["pattern", "kick", "X.x.{1:pitch=3;3:chance=50}"]).len(), 1);
    }

    #[test]
    fn an_open_quote_is_refused() {
        assert!(matches!(split(&["name 'x".to_owned()]), Err(WordsError::Quote(_))));
        assert_eq!(split(&[";".to_owned()]), Err(WordsError::Empty));
    }
}
