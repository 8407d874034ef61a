//! Patterns as text: one line each, to be typed, read aloud, and pasted into a chat.
//!
//! ```
//! use score::notation::{read_pattern, write_pattern};
//! let pattern = read_pattern("X...x... | X..o.._. {5: pitch=3, chance=50}").unwrap();
//! assert_eq!(pattern.length, 16);
//! assert_eq!(write_pattern(&pattern), "X...x...X..o.._.{5:pitch=3,chance=50}");
//! ```
//!
//! A cell is a step: `X` plays at velocity 1.0, `x` at the default of 0.7, `o` at 0.4, `_` is a tied step, `.` is off. Blanks
//! and `|` between cells are ignored. What a cell cannot say follows in braces, by step number from 1. `docs/notation.md` is
//! the full grammar. [`read_pattern`] gives back what [`write_pattern`] wrote, but for steps kept past the pattern's length,
//! which a line of cells has no place for.

mod error;
mod locks;
mod read;
mod tracks;
mod write;

pub use error::NotationError;
pub use read::read_pattern;
pub use tracks::{NamedPattern, TracksError, read_tracks, write_scene, write_tracks};
pub use write::write_pattern;

/// The longest line that is read, in bytes: room for 128 steps with every lock and full chords.
pub const MAX_LINE_BYTES: usize = 2 * 1024 * 1024;
/// The longest text of several lines that is read, in bytes.
pub const MAX_TEXT_BYTES: usize = 25 * 1024 * 1024;

/// The velocity of `X`.
const ACCENT: f32 = 1.0;
/// The velocity of `o`.
const GHOST: f32 = 0.4;
/// The key of a chord's notes.
const NOTES: &str = "notes";

#[cfg(test)]
mod tests;
