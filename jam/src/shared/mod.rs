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
mod disagree;
mod line;
mod root;
mod steer;

pub(crate) use announce::ToldShared;
pub use line::Line;
pub(crate) use steer::{Correction, Steered};

use score::{LocalTime, PlayerKey, SharedTime};

use crate::event::LinkId;
use crate::limits::SECOND;
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
    /// Since when this epoch counts here.
    pub(crate) joined: LocalTime,
    /// What an interface was last shown, and when.
    shown: Option<(LocalTime, view::SharedClock)>,
}

impl SharedClock {
    /// Of an epoch that was begun, or taken over, at `now`.
    fn new(epoch: u64, root: Root, target: Line, now: LocalTime) -> Self {
        Self {
            epoch,
            root,
            parent: None,
            target,
            steered: Steered::at(target),
            uncertainty_micros: 0,
            joined: now,
            shown: None,
        }
    }

    /// What an interface shows of it: at most once a second something else.
    pub(crate) fn shown(&self) -> Option<view::SharedClock> {
        self.shown.map(|(_, shown)| shown)
    }

    /// What shared time is here, as it is followed over a number of links from a key.
    fn note_shown(&mut self, now: LocalTime, follows: Option<PlayerKey>, hops: usize) {
        if self.shown.is_some_and(|(at, _)| now.nanos_since(at) < SECOND) {
            return;
        }
        let bound = |value: i64| value.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        let shown = view::SharedClock {
            follows,
            hops: u8::try_from(hops).unwrap_or(u8::MAX),
            uncertainty_micros: self.uncertainty_micros,
            behind_micros: bound(self.steered.behind(&self.target, now) / 1_000),
            rate_ppb: bound(self.target.rate_ppt / 1_000),
        };
        self.shown = Some((now, shown));
    }

    pub(crate) fn now(&self, now: LocalTime) -> SharedTime {
        self.steered.now(now)
    }
}
