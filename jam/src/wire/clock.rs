//! What replicas say about clocks.

use score::{LocalTime, PlayerKey, SharedTime};
use serde::{Deserialize, Serialize};

use super::bounded;
use crate::limits::MAX_CLOCK_HOPS;
use crate::shared::Line;

/// What clocks read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    /// What does your clock read? The answer carries the same number.
    Ask(u32),
    /// It read this when the question came, and the answer went so much later.
    Answer {
        /// The question's number.
        number: u32,
        /// Nanoseconds of the sender's own clock, from any origin.
        came: LocalTime,
        /// How long the question waited for its answer, by the same clock.
        held_nanos: u32,
    },
    /// What shared time is by the sender's clock.
    Shared(Box<SharedClockState>),
}

/// Shared time as one replica has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedClockState {
    /// Tells apart shared times that were begun separately: drawn at random.
    pub epoch: u64,
    /// Whose clock is followed.
    pub root: Root,
    /// The players from the root to the sender, both included, so that nobody follows themself.
    #[serde(deserialize_with = "bounded::list::<MAX_CLOCK_HOPS, _, _>")]
    pub path: Vec<PlayerKey>,
    /// What it is by the sender's clock.
    pub line: Line,
    /// How far off that may be (one standard deviation), in microseconds, but for what lopsided paths add.
    pub uncertainty_micros: u32,
    /// How many players the sender knows to share it.
    pub players: u16,
}

/// A player whose clock is followed. The smaller one is: who has been it for longest, then the smaller key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Root {
    /// Since when.
    pub since: SharedTime,
    /// Who it is.
    pub key: PlayerKey,
}
