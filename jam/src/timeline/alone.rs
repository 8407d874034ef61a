//! Playing before it is known whether others do.
//!
//! Whoever presses play as they arrive hears the music at once. Whether somebody plays already shows when the first link stands and
//! the clock at its other end has been read; until then the music is this machine's alone. Then it becomes everybody's, or gives
//! way to what everybody hears.

use score::{Beats, LocalTime, Tempo};
use view::Transport;

use super::State;
use crate::jam::Jam;
use crate::limits::ARRIVING_NANOS;

/// Music that this machine plays alone: at a moment of its clock it is at a beat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alone {
    pub(crate) beat: Beats,
    pub(crate) at: LocalTime,
    tempo: Tempo,
    /// Until when others are waited for.
    until: LocalTime,
}

impl Alone {
    pub(crate) fn transport(&self) -> Transport {
        Transport::alone(self.tempo, self.beat, self.at)
    }
}

impl Jam {
    /// Plays at once, and for everybody as soon as it is known that nobody plays yet.
    pub(crate) fn play_alone(&mut self, now: LocalTime, beat: Beats, at: LocalTime) {
        let until = now.plus_nanos(ARRIVING_NANOS);
        let tempo = self.session.score().tempo;
        self.timeline.alone = Some(Alone { beat, at, tempo, until });
        self.keep_alone(now);
    }

    /// When others are no longer waited for.
    pub(crate) fn alone_due(&self) -> Option<LocalTime> {
        self.timeline.alone.map(|alone| alone.until)
    }

    /// Looks whether it is known by now who plays.
    pub(crate) fn keep_alone(&mut self, now: LocalTime) {
        let tempo = self.session.score().tempo;
        let Some(alone) = &mut self.timeline.alone else { return };
        if alone.tempo != tempo {
            let from = alone.at.max(now);
            *alone = Alone { beat: alone.transport().beat_at(from), at: from, tempo, ..*alone };
        }
        let is_over = now >= alone.until;
        if is_over || self.shared.is_some() || !self.is_arriving(now) {
            self.end_alone(now);
        }
    }

    /// What this machine plays alone becomes everybody's; where others play, theirs is heard.
    pub(crate) fn end_alone(&mut self, now: LocalTime) {
        let Some(alone) = self.timeline.alone.take() else { return };
        if self.timeline.is_playing() {
            return;
        }
        self.found_epoch(now);
        let Some(shared) = &self.shared else { return };
        let at = shared.now(alone.at);
        let before = (alone.at < now).then_some(alone.tempo);
        self.write_timeline(State::Playing { tempo: alone.tempo, before }, alone.beat, at);
    }

    /// Whether those who play may not have been heard yet.
    fn is_arriving(&self, now: LocalTime) -> bool {
        let opened = self.opened.unwrap_or(now);
        let is_new = now.nanos_since(opened) < ARRIVING_NANOS;
        if self.links.is_empty() {
            return is_new;
        }
        let is_read = |(_, link): (_, &crate::link::Link)| link.clock.fit().is_some();
        !self.ready_links().any(is_read)
    }
}
