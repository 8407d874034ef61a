//! Several tracks as text: one line each, `kick: X...x...`.

use std::fmt::Write;

use super::read::Cursor;
use super::write::quoted;
use super::{MAX_TEXT_BYTES, NotationError, locks, read_pattern, write_pattern};
use crate::id::SceneId;
use crate::pattern::Pattern;
use crate::score::Score;
use crate::text::{MAX_SHORT_NAME_CHARS, clean_name};

/// Most tracks that one text may hold.
const MAX_LINES: usize = 1_024;

/// A track's name with one of its patterns.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedPattern {
    /// The track's name.
    pub name: String,
    /// Its steps.
    pub pattern: Pattern,
}

/// Why a text is not a list of tracks. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TracksError {
    /// More text than is read.
    #[error("the text has {0} bytes; at most {MAX_TEXT_BYTES} are read")]
    TooLong(usize),
    /// More lines with tracks than are read.
    #[error("there are more than {MAX_LINES} tracks")]
    TooMany,
    /// A line without a name.
    #[error("line {line}: expected a track's name and a colon, as in `kick: X...x...`")]
    Name {
        /// Which line.
        line: usize,
    },
    /// A line whose pattern is wrong; its columns count from after the colon.
    #[error("line {line} (`{name}`), after the colon: {error}")]
    Pattern {
        /// Which line.
        line: usize,
        /// The track's name.
        name: String,
        /// What is wrong.
        error: Box<NotationError>,
    },
}

/// The patterns of a scene, one line per track that is not removed, in the players' order.
pub fn write_scene(score: &Score, scene: SceneId) -> String {
    let tracks = score.tracks_in_order();
    let patterns: Vec<_> = tracks.iter().map(|(_, track)| (&track.name, track.pattern(scene))).collect();
    write_tracks(patterns.iter().map(|(name, pattern)| (name.as_str(), pattern.as_ref())))
}

/// Tracks as text: one line each, the cells below each other.
pub fn write_tracks<'a>(tracks: impl Iterator<Item = (&'a str, &'a Pattern)>) -> String {
    let lines: Vec<(String, &Pattern)> =
        tracks.map(|(name, pattern)| (written_name(name), pattern)).collect();
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, pattern) in lines {
        let gap = " ".repeat(width - name.chars().count() + 1);
        // Writing into a string cannot fail.
        _ = writeln!(text, "{name}:{gap}{}", write_pattern(pattern));
    }
    text
}

/// A name as it stands before the colon: in quotes when bare it would read as something else.
fn written_name(name: &str) -> String {
    let name = clean_name(name, MAX_SHORT_NAME_CHARS);
    let bare = !name.is_empty() && !name.starts_with('#') && !name.contains([':', '"', '\\']);
    if bare { name } else { quoted(&name) }
}

/// Reads tracks from text. Empty lines, and lines that start with `#`, are skipped.
///
/// # Errors
/// [`TracksError`] names the line, and what is wrong in it.
pub fn read_tracks(text: &str) -> Result<Vec<NamedPattern>, TracksError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(TracksError::TooLong(text.len()));
    }
    let mut tracks = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if tracks.len() == MAX_LINES {
            return Err(TracksError::TooMany);
        }
        tracks.push(read_line(trimmed, index + 1)?);
    }
    Ok(tracks)
}

fn read_line(text: &str, line: usize) -> Result<NamedPattern, TracksError> {
    let mut cursor = Cursor { line: text, at: 0 };
    let name = if cursor.peek() == Some('"') {
        let name = locks::read_quoted(&mut cursor).map_err(|_| TracksError::Name { line })?;
        cursor.skip_blanks();
        name
    } else {
        cursor.take_while(|c| c != ':').trim_end().to_owned()
    };
    if !cursor.take(':') {
        return Err(TracksError::Name { line });
    }
    let name = clean_name(&name, MAX_SHORT_NAME_CHARS);
    match read_pattern(cursor.rest()) {
        Ok(pattern) => Ok(NamedPattern { name, pattern }),
        Err(error) => Err(TracksError::Pattern { line, name, error: Box::new(error) }),
    }
}
