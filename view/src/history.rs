//! What was done in a session, as an interface lists it.

use score::{PlayerKey, TrackId, UnixMillis, VersionId};
use serde::{Deserialize, Serialize};

/// Most acts that are listed, the newest.
pub const MAX_PAST_ACTS: usize = 200;

/// Names a change, and with it the state that it left to its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChangeMark(pub [u8; 32]);

/// Something that a player did: one edit, or a whole movement of the hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastAct {
    /// Its first change.
    pub first: ChangeMark,
    /// Its last change so far.
    pub last: ChangeMark,
    /// Who did it.
    pub by: PlayerKey,
    /// When it began, to the second, by its author's clock; `None` where that did not say.
    pub at: Option<UnixMillis>,
    /// What it is about.
    pub about: About,
    /// Whether its author has taken it back.
    pub is_undone: bool,
}

/// What an act is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// A property of the session, by its name in documents.
    Session(String),
    /// The steps of a track.
    Steps(TrackId),
    /// A property, a setting or the place of a track, by its name in documents.
    Track(TrackId, String),
    /// The tracks: one was added.
    Tracks,
    /// The master's effects.
    Master,
    /// Anything else.
    Other,
}

/// A state that the session was in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Past {
    /// A named version.
    Version(VersionId),
    /// As it was with this change, for its author.
    With(ChangeMark),
}
