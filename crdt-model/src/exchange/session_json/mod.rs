//! Offbeat's own JSON: the shared view of a session, whole, in one canonical spelling.
//!
//! It is what `offbeat show --json` prints, what an export writes, and what an import reads. `docs/json.md` lists every key.

mod form;
mod read;
mod write;

use score::{Score, SessionId};

pub use write::write_session_json;

use super::bounds::{self, BoundsError};

/// Why a file is not a session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionJsonError {
    /// Too large to be read.
    #[error(transparent)]
    Bounds(#[from] BoundsError),
    /// Not JSON, or a key holds something of another kind.
    #[error("this is not the JSON of a session: {0}")]
    Malformed(String),
    /// A value outside its range.
    #[error("{place}: {problem}")]
    Value {
        /// The track and step.
        place: String,
        /// What is wrong, with the value and the range.
        problem: String,
    },
    /// More tracks than any session has.
    #[error("there are {0} tracks; at most {max} are read", max = super::MAX_TRACKS_IN_FILE)]
    TooManyTracks(usize),
}

/// A session as a file holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionFile {
    /// The id of the session that the file was made from, if any.
    pub id: Option<SessionId>,
    /// All else.
    pub score: Score,
}

/// Reads a session from its JSON. Keys that are missing have their defaults, keys that nobody knows are ignored.
///
/// # Errors
/// [`SessionJsonError`] says what is wrong, where, and what is allowed.
pub fn read_session_json(bytes: &[u8]) -> Result<SessionFile, SessionJsonError> {
    bounds::check(bytes)?;
    let form: form::SessionForm =
        serde_json::from_slice(bytes).map_err(|error| SessionJsonError::Malformed(error.to_string()))?;
    let id = form.id;
    Ok(SessionFile { id, score: read::score_of(form)? })
}

#[cfg(test)]
mod tests;
