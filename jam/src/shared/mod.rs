//! Shared time: the clock that all players of a session agree on.
//!
//! It is the clock of one of them, the *root*: shared time is a straight line by the root's clock, for ever. Everybody else works
//! out what that line is by their own clock, from what they know of the clocks on the way to the root ([`crate::clock`]), and
//! steers towards it. When the root is gone they go on as before, and the one who has gone on longest is the next root: of a
//! handover nothing is heard.
//!
//! Whoever is alone when shared time is first needed begins an *epoch*. Joiners take over the epoch that they find. Where two meet,
//! the one with more players stays, then that with the smaller id, and the others translate what they play.
//!
//! What a root says is believed: it can make a session hurry or drag by two thousandths, as anyone can who presses stop.

mod announce;
mod line;
mod root;
mod steer;

pub(crate) use announce::ToldShared;
pub use line::Line;
pub(crate) use steer::Steered;

use score::{LocalTime, SharedTime};

use crate::event::LinkId;
use crate::wire::Root;

/// Shared time, once there is any.
#[derive(Debug)]
pub(crate) struct SharedClock {
    /// Tells apart shared times that were begun separately.
    pub(crate) epoch: u64,
    pub(crate) root: Root,
    /// The link towards the root; `None` where we are it.
    pub(crate) parent: Option<LinkId>,
    /// What shared time should be by our clock.
    pub(crate) target: Line,
    /// What it is.
    pub(crate) steered: Steered,
    /// How far off `target` may be, in microseconds.
    pub(crate) uncertainty_micros: u32,
}

impl SharedClock {
    pub(crate) fn now(&self, now: LocalTime) -> SharedTime {
        self.steered.now(now)
    }
}
