//! What everybody plays: whether the session plays, at which tempo, and where.
//!
//! The timeline is one register beside the document, in shared time. Whoever presses something writes it anew, with a number above
//! all that they have seen, and signs it; the highest number counts, then the larger key. It is told to all links as it comes,
//! to whoever joins, and again where a heartbeat finds that somebody lacks it. It is never stored: a session that nobody plays
//! has none, so that opening one starts no sound.
//!
//! Joining moves nobody: a joiner takes the shared time and the timeline that are there. Starting and seeking lie so far ahead
//! that all hear of it before; a change of tempo does too, at the beat that the old tempo leads to, so that no step is skipped
//! or comes twice.

mod alone;
mod control;
mod register;
mod segments;
mod tempo;

pub use register::{SignedTimeline, State, Timeline};
pub(crate) use segments::Segments;

use score::{Beats, LocalTime, SharedTime};
use view::{Playing, Transport};

use crate::jam::Jam;

/// The timeline of a session.
#[derive(Debug, Default)]
pub(crate) struct Timelines {
    pub(crate) register: Option<SignedTimeline>,
    pub(crate) segments: Segments,
    /// What is played before it is known whether others do.
    pub(crate) alone: Option<alone::Alone>,
    /// When this player's last change of tempo was written.
    pub(crate) tempo_written: Option<LocalTime>,
    /// Whether this player changed the document's tempo, and the timeline has yet to follow.
    pub(crate) tempo_is_ours: bool,
    /// Since when the document's tempo is another one.
    pub(crate) tempo_differs: Option<LocalTime>,
}

impl Timelines {
    pub(crate) fn is_playing(&self) -> bool {
        self.playing() == Playing::Playing
    }

    pub(crate) fn playing(&self) -> Playing {
        self.register.as_ref().map_or(Playing::Stopped, |register| match register.timeline.state {
            State::Stopped => Playing::Stopped,
            State::Paused => Playing::Paused,
            State::Playing { .. } => Playing::Playing,
        })
    }

    /// The beat at a moment.
    pub(crate) fn beat_at(&self, at: SharedTime) -> Beats {
        self.segments.beat_at(at)
    }
}

impl Jam {
    /// Where the music is by this machine's clock; `None` before anybody played.
    pub fn transport(&self) -> Option<Transport> {
        if let Some(alone) = &self.timeline.alone {
            return Some(alone.transport());
        }
        let (register, shared) = (self.timeline.register.as_ref()?, self.shared.as_ref()?);
        debug_assert_eq!(register.timeline.epoch, shared.epoch, "a register of another epoch is not taken");
        let segments = self.timeline.segments.by_clock(shared.steered.line());
        Some(Transport { playing: self.timeline.playing(), segments })
    }

    /// What an interface shows of it.
    pub(crate) fn shown_timeline(&self) -> view::Timeline {
        if self.timeline.alone.is_some() {
            return view::Timeline { playing: Playing::Playing, by: Some(self.config.key) };
        }
        let by = self.timeline.register.as_ref().map(|register| register.author);
        view::Timeline { playing: self.timeline.playing(), by }
    }
}
