//! Reading cells, and the cursor that all reading goes by.

use super::locks::read_block;
use super::{ACCENT, GHOST, MAX_LINE_BYTES, NotationError};
use crate::pattern::{MAX_STEPS, Pattern};
use crate::step::Step;

/// The most text of a line that an error repeats, in characters.
const MAX_SHOWN_CHARS: usize = 24;

/// Reads a pattern from one line of text. Its length is the number of cells.
///
/// # Errors
/// [`NotationError`] says what is wrong, in which column, and what may stand there.
pub fn read_pattern(line: &str) -> Result<Pattern, NotationError> {
    if line.len() > MAX_LINE_BYTES {
        return Err(NotationError::TooLong(line.len()));
    }
    let mut cursor = Cursor { line, at: 0 };
    let mut pattern = read_cells(&mut cursor)?;
    while cursor.peek().is_some() {
        read_block(&mut cursor, &mut pattern)?;
        cursor.skip_blanks();
    }
    Ok(pattern)
}

/// Reads cells up to the first brace.
fn read_cells(cursor: &mut Cursor<'_>) -> Result<Pattern, NotationError> {
    let mut pattern = Pattern { length: 0, ..Pattern::default() };
    while let Some(found) = cursor.peek().filter(|&c| c != '{') {
        let volume = match found {
            'X' => Some(ACCENT),
            'o' => Some(GHOST),
            'x' | '_' | '.' => None,
            c if c == '|' || c.is_whitespace() => {
                cursor.next();
                continue;
            }
            _ => return Err(NotationError::Cell { column: cursor.column(), found }),
        };
        if pattern.length == MAX_STEPS {
            return Err(NotationError::TooManySteps);
        }
        let cell = Step { on: found != '.', tie: found == '_', volume, ..Step::default() };
        pattern.change_step(pattern.length, |step| *step = cell);
        pattern.length += 1;
        cursor.next();
    }
    if pattern.length == 0 { Err(NotationError::Empty) } else { Ok(pattern) }
}

/// A place in a line.
pub(super) struct Cursor<'a> {
    pub(super) line: &'a str,
    /// In bytes, always between two characters.
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let found = self.peek()?;
        self.at += found.len_utf8();
        Some(found)
    }

    /// The place as a player counts: characters from 1.
    pub(super) fn column(&self) -> usize {
        self.line[..self.at].chars().count() + 1
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|c| c.is_whitespace() || c == '|');
    }

    /// The text up to the first character that does not fit.
    pub(super) fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// Takes a character if it is the one that stands here.
    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn expected(&self, expected: &'static str) -> NotationError {
        let shown: String = self.rest().chars().take(MAX_SHOWN_CHARS).collect();
        let found = if shown.is_empty() { "the end".to_owned() } else { format!("`{shown}`") };
        NotationError::Expected { column: self.column(), found, expected }
    }
}

/// A text as an error repeats it.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(MAX_SHOWN_CHARS).collect()
}
