//! The document's tempo is the truth: the timeline follows it.

use score::{LocalTime, PlayerKey};
use view::Role;

use super::State;
use crate::jam::Jam;
use crate::limits::{TEMPO_INTERVAL_NANOS, TEMPO_PATIENCE_NANOS};

impl Jam {
    /// When the timeline's tempo is to be looked at again.
    pub(crate) fn tempo_due(&self) -> Option<LocalTime> {
        let since = self.timeline.tempo_differs?;
        if !self.timeline.tempo_is_ours {
            return Some(since.plus_nanos(TEMPO_PATIENCE_NANOS));
        }
        Some(self.timeline.tempo_written.map_or(since, |at| at.plus_nanos(TEMPO_INTERVAL_NANOS)))
    }

    /// This player perhaps changed the tempo: the timeline follows at once, ten times a second at most.
    pub(crate) fn tempo_edited(&mut self, now: LocalTime) {
        if self.tempo_differs() {
            self.timeline.tempo_is_ours = true;
            self.keep_tempo(now);
        }
    }

    /// Where the timeline goes on at another tempo than the document says, who changed that mends it; or, after a while, the live
    /// player with the smallest key.
    pub(crate) fn keep_tempo(&mut self, now: LocalTime) {
        if !self.tempo_differs() {
            (self.timeline.tempo_differs, self.timeline.tempo_is_ours) = (None, false);
            return;
        }
        self.timeline.tempo_differs.get_or_insert(now);
        let due = self.tempo_due().is_some_and(|due| due <= now);
        if due && (self.timeline.tempo_is_ours || self.is_smallest_editor()) {
            self.follow_tempo(now);
        } else if due {
            self.timeline.tempo_differs = Some(now);
        }
    }

    fn tempo_differs(&self) -> bool {
        let state = self.timeline.register.as_ref().map(|register| register.timeline.state);
        matches!(state, Some(State::Playing { tempo, .. }) if tempo != self.session.score().tempo)
    }

    fn is_smallest_editor(&self) -> bool {
        let me: PlayerKey = self.config.key;
        let players = self.players();
        players.iter().find(|player| player.role == Role::Editor).is_some_and(|first| first.key == me)
    }

    /// Writes the document's tempo into the timeline: from a beat slightly ahead on, so that the beat stays continuous for
    /// everyone who hears of it before.
    fn follow_tempo(&mut self, now: LocalTime) {
        let Some(shared_now) = self.shared_time(now) else { return };
        let ahead = shared_now.plus_nanos(self.lead_nanos());
        let at = self.timeline.segments.last_origin().map_or(ahead, |last| last.max(ahead));
        let (beat, before) = (self.timeline.beat_at(at), self.timeline.segments.tempo_at(at));
        let tempo = self.session.score().tempo;
        self.timeline.tempo_written = Some(now);
        self.timeline.tempo_is_ours = false;
        self.write_timeline(State::Playing { tempo, before }, beat, at);
    }
}
