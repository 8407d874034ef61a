//! A small picture of a session's state, shown and played while its history loads.

use score::Score;
use serde::{Deserialize, Serialize};

use crate::trust::{ChangeHash, SessionOrigin};

/// The longest checkpoint, in bytes.
pub const MAX_CHECKPOINT_BYTES: usize = 4 << 20;

/// A session's score at known heads: about 2 kB, quick to read whatever the length of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Who founded the session, and with which nonce.
    pub origin: SessionOrigin,
    /// The state that the score shows.
    pub heads: Vec<ChangeHash>,
    /// The session as plain data.
    pub score: Score,
    /// Whether no message had to be left out: the score is then exactly that of the document at these heads.
    pub is_whole: bool,
}

/// Why bytes are not a checkpoint. Nothing is lost with one: the session's history holds everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Longer than any checkpoint.
    #[error("a checkpoint of {0} bytes: at most {MAX_CHECKPOINT_BYTES} are read")]
    TooLong(usize),
    /// Another version's, or damaged.
    #[error("the checkpoint is damaged or another version's")]
    Malformed,
}

/// What every checkpoint of this version begins with. To be raised also when documents come to be read differently: a score
/// that an older program has read is then no longer exactly the document's.
const HEADER: &[u8; 10] = b"offbeat v3";

/// The most chat messages in a checkpoint, the newest ones.
const MAX_MESSAGES: usize = 200;

impl Checkpoint {
    /// The checkpoint of a state. Of its messages it holds the newest 200.
    pub fn new(origin: SessionOrigin, heads: Vec<ChangeHash>, score: &Score) -> Self {
        let mut score = score.clone();
        let mut newest: Vec<_> = score.chat.iter().map(|(&id, message)| (message.at, id)).collect();
        newest.sort_unstable();
        for (_, id) in newest.iter().rev().skip(MAX_MESSAGES) {
            score.chat.remove(id);
        }
        let is_whole = newest.len() <= MAX_MESSAGES;
        Self { origin, heads, score, is_whole }
    }

    /// The checkpoint as bytes. They carry no checksum: that is the store's part.
    #[allow(clippy::missing_panics_doc, reason = "plain data always has an encoding")]
    pub fn write(&self) -> Vec<u8> {
        postcard::to_extend(self, HEADER.to_vec()).expect("plain data has an encoding")
    }

    /// Reads what [`Checkpoint::write`] wrote.
    ///
    /// # Errors
    /// [`CheckpointError`]: load the session without it.
    pub fn read(bytes: &[u8]) -> Result<Self, CheckpointError> {
        if bytes.len() > MAX_CHECKPOINT_BYTES {
            return Err(CheckpointError::TooLong(bytes.len()));
        }
        let body = bytes.strip_prefix(HEADER).ok_or(CheckpointError::Malformed)?;
        postcard::from_bytes(body).map_err(|_| CheckpointError::Malformed)
    }
}
