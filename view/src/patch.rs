//! A session as an interface sees it, and what changes in it.

use score::{PlayerKey, Score, ScorePatch, SessionId};
use serde::{Deserialize, Serialize};

use crate::connection::Connection;
use crate::player::Player;
use crate::transport::Timeline;

/// All that an interface shows of a session, but for the playhead and meters, which come from the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Which session.
    pub session: SessionId,
    /// What the music is.
    pub score: Score,
    /// Who is here, by key.
    pub players: Vec<Player>,
    /// How it is connected.
    pub connection: Connection,
    /// Whether this player has something to undo.
    pub can_undo: bool,
    /// Whether this player has something to redo.
    pub can_redo: bool,
    /// Whether the session plays.
    pub timeline: Timeline,
}

/// One change of a view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ViewPatch {
    /// Everything, for an interface that starts.
    Reset(Box<View>),
    /// The music changed.
    Score {
        /// Who did it.
        by: PlayerKey,
        /// What it is afterwards.
        changes: Vec<ScorePatch>,
    },
    /// Who is here.
    Players(Vec<Player>),
    /// How it is connected.
    Connection(Connection),
    /// What this player can undo and redo.
    History {
        /// Whether there is something to undo.
        can_undo: bool,
        /// Whether there is something to redo.
        can_redo: bool,
    },
    /// The session plays, or does not.
    Timeline(Timeline),
    /// Somebody came, or went.
    Passing {
        /// Who.
        key: PlayerKey,
        /// What they are called among those who are here.
        name: String,
        /// Whether they came.
        came: bool,
    },
    /// A line for the player to read: a refusal, a device that is gone.
    Notice(String),
}

impl View {
    /// Brings this copy up to date. Notices and comings and goings change nothing: they are shown and forgotten.
    pub fn apply(&mut self, patch: ViewPatch) {
        match patch {
            ViewPatch::Reset(view) => *self = *view,
            ViewPatch::Score { changes, .. } => {
                for change in changes {
                    self.score.apply(change);
                }
            }
            ViewPatch::Players(players) => self.players = players,
            ViewPatch::Connection(connection) => self.connection = connection,
            ViewPatch::History { can_undo, can_redo } => {
                (self.can_undo, self.can_redo) = (can_undo, can_redo);
            }
            ViewPatch::Timeline(timeline) => self.timeline = timeline,
            ViewPatch::Passing { .. } | ViewPatch::Notice(_) => {}
        }
    }
}
