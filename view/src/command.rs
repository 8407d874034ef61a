//! What an interface may ask of a session.

use score::{Beats, Edit, LocalTime, PlayerKey, Score, SessionId};
use serde::{Deserialize, Serialize};

use crate::history::{ChangeMark, Past};
use crate::player::Cursor;

/// Names one movement of a player's hand: a dragged fader, a painted stroke. Its edits are undone together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Gesture(pub u32);

/// A request of a player.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Makes an edit.
    Edit(Edit),
    /// Makes an edit that belongs to a longer movement.
    Continue(Gesture, Edit),
    /// Takes back this player's last act.
    Undo,
    /// Makes again what this player took back last.
    Redo,
    /// Returns the session to a state that it was in, as an edit that can be undone.
    Restore(Past),
    /// Takes back what a player changed from this change on, where it still holds, as an edit that can be undone.
    TakeBack {
        /// Whose.
        player: PlayerKey,
        /// The first change that counts.
        since: ChangeMark,
    },
    /// Brings the session's music to that of a score, as an edit that can be undone.
    Replace(Box<Score>),
    /// Starts the music, for everyone who listens; where it plays already, nothing changes.
    Play,
    /// Makes what this player hears alone the session's music: at a moment of the machine's clock it is at `beat`. Where the
    /// session plays already, nothing changes.
    PlayOn {
        /// Where the music is.
        beat: Beats,
        /// When it is there.
        at: LocalTime,
    },
    /// Holds it where it is.
    Pause,
    /// Ends it, and returns to the start, or to the start of the loop.
    Stop,
    /// Goes on from another beat, 0 or later.
    Seek(Beats),
    /// Tells the others where this player's cursor is; `None` when it is nowhere.
    Point(Option<Cursor>),
    /// Tells the others what this player is called (empty for the default).
    Rename(String),
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandError {
    /// Which session refused.
    pub session: SessionId,
    /// What was wrong, the value, what is allowed and what to do, for a player to read.
    pub message: String,
}
