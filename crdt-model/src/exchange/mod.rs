//! Files: sessions from elsewhere, and sessions to take elsewhere.
//!
//! - [`session_json`] is Offbeat's own JSON, canonical and without loss.
//! - [`keyboardia`] reads the JSON of the web sequencer Keyboardia.
//! - [`midi`] writes and reads standard MIDI files.
//! - Text of one notation line per track is read as a session too.
//!
//! Files are strangers' bytes: their size is bounded before they are parsed, nothing in them makes reading panic, and what
//! cannot be kept is reported, never dropped in silence.
//!
//! ```
//! use crdt_model::exchange::import;
//! let imported = import(b"Kick: X...X...X...X...\nHi-Hat: ..x...x...x...x.").unwrap();
//! assert_eq!(imported.score.playing_tracks().len(), 2);
//! ```

pub mod bounds;
mod format;
pub mod keyboardia;
mod layout;
pub mod midi;
mod number;
mod report;
pub mod session_json;
mod text;

use score::Score;

pub use bounds::{BoundsError, MAX_FILE_BYTES};
pub use format::{FileFormat, detect};
pub use keyboardia::read_keyboardia;
pub use midi::{MidiError, read_midi, write_midi};
pub use report::LeftOut;
pub use session_json::{SessionFile, SessionJsonError, read_session_json, write_session_json};

/// Most tracks that a file may hold. A session plays sixteen; more are parked.
pub const MAX_TRACKS_IN_FILE: usize = 1_024;

/// A session that was read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The session.
    pub score: Score,
    /// What could not be kept as it was.
    pub report: Vec<LeftOut>,
}

/// Why a file was not imported.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// Too large to be read.
    #[error(transparent)]
    Bounds(#[from] BoundsError),
    /// Not JSON.
    #[error("this is not valid JSON: {0}")]
    Malformed(String),
    /// JSON, but of something else.
    #[error("this is not a Keyboardia session: {0}")]
    NotKeyboardia(&'static str),
    /// A MIDI file that cannot be read.
    #[error(transparent)]
    Midi(#[from] MidiError),
    /// A session of Offbeat with something wrong in it.
    #[error(transparent)]
    Session(#[from] SessionJsonError),
    /// Text with something wrong in it.
    #[error("this is neither the JSON of a session nor patterns as text: {0}")]
    Text(#[from] score::notation::TracksError),
    /// Nothing that can be read.
    #[error(
        "this is no session: give the JSON of Offbeat or Keyboardia, a MIDI file, or text such as `kick: X...x...`"
    )]
    Unknown,
}

/// Reads a session from a file of any format that [`detect`] knows.
///
/// # Errors
/// [`ImportError`] says what is wrong, where, and what is allowed.
pub fn import(bytes: &[u8]) -> Result<Imported, ImportError> {
    bounds::check_size(bytes)?;
    // The byte-order mark that some editors put before UTF-8 means nothing.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match detect(bytes) {
        FileFormat::Keyboardia => read_keyboardia(bytes),
        FileFormat::Offbeat => Ok(Imported { score: read_session_json(bytes)?.score, report: Vec::new() }),
        FileFormat::Midi => Ok(read_midi(bytes)?),
        FileFormat::Text => text::read_text(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_changes_nothing() {
        let json = write_session_json(None, &score::starter("Marked", 1));
        for text in [json.as_str(), "kick: X...x..."] {
            let plain = import(text.as_bytes()).unwrap();
            assert_eq!(import(format!("\u{feff}{text}").as_bytes()).unwrap(), plain);
        }
    }
}
