//! The people in a session.

use score::{PlayerKey, SceneId, TrackId};
use serde::{Deserialize, Serialize};

/// What a player may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Edits and plays.
    #[default]
    Editor,
    /// Reads and plays.
    Listener,
    /// Keeps a copy for everyone, and is no person.
    Archive,
}

/// Where a player is pointing, and what is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The scene that the player looks at.
    pub scene: SceneId,
    /// The track under the cursor.
    pub track: TrackId,
    /// The step under the cursor, from 0.
    pub step: u16,
    /// What is selected, wherever the cursor is.
    pub selected: Option<Selected>,
}

/// A rectangle of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selected {
    /// Its uppermost track.
    pub track: TrackId,
    /// Its first step, from 0.
    pub step: u16,
    /// How many steps it is wide, at least 1.
    pub steps: u16,
    /// How many tracks it is high in the players' order, at least 1.
    pub tracks: u16,
}

/// Someone who is in the session at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Player {
    /// Who it is.
    pub key: PlayerKey,
    /// The chosen name, at most 32 characters; empty for the default.
    pub name: String,
    /// What the player may do.
    pub role: Role,
    /// Where the player is pointing.
    pub cursor: Option<Cursor>,
    /// Whether this is the player at this machine.
    pub me: bool,
}
