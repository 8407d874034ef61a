//! What is known of a session without loading its history.

use crdt_model::Checkpoint;
use score::Score;
use score::id::SessionId;

use crate::home::Home;
use crate::store::read_checkpoint;

/// A session as its checkpoint shows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    pub(crate) score: Score,
    /// Whether loading the history would give exactly this score.
    pub(crate) is_exact: bool,
}

/// Reads a session's checkpoint, if there is a whole one. Takes some milliseconds at most, however long the history.
pub(crate) fn picture(home: &Home, session: SessionId) -> Option<Picture> {
    let stored = read_checkpoint(&*home.disk(), &home.session_folder(session), &session.to_string())?;
    let checkpoint = Checkpoint::read(&stored.body).ok()?;
    let is_exact = stored.is_current && checkpoint.is_whole;
    (checkpoint.origin.id() == session).then_some(Picture { score: checkpoint.score, is_exact })
}
