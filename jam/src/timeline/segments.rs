//! What the music did and is going to do, by shared time.

use score::{Beats, SharedTime, Tempo};

use super::{State, Timeline};
use crate::limits::{MAX_SEGMENTS, SECOND};
use crate::shared::Line;

/// Nanoseconds in a minute times thousandths in one: beats are counted in millionths, tempo in thousandths of a beat a minute.
const NANOS_PER_MINUTE: i128 = 60 * SECOND as i128;

/// A stretch of even tempo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    /// From when on it counts.
    from: SharedTime,
    /// A moment, and the beat at that moment.
    at: SharedTime,
    beat: Beats,
    /// `None` where the music stands.
    tempo: Option<Tempo>,
}

/// Stretches of even tempo: those that were written count until the next one begins.
#[derive(Debug, Default)]
pub(crate) struct Segments(Vec<Stretch>);

impl Stretch {
    fn beat_at(&self, at: SharedTime) -> Beats {
        let Some(tempo) = self.tempo else { return self.beat };
        // Millionths of a beat for each thousandth of a beat a minute and nanosecond.
        let micros = (i128::from(at.nanos_since(self.at)) * i128::from(tempo.milli_bpm()) * 1_000)
            .div_euclid(NANOS_PER_MINUTE);
        self.beat + Beats(micros.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// Micro-beats in [`view::PACE_NANOS`] of a clock by which shared time is `line`.
    fn pace(&self, line: &Line) -> i64 {
        let Some(tempo) = self.tempo else { return 0 };
        let part = 1_000_000_000_000;
        (i128::from(view::transport::pace(tempo)) * (part + i128::from(line.rate_ppt)) / part) as i64
    }
}

impl Segments {
    /// Takes in what was written: it counts from its origin on, and until then what counted before; at once where the music is
    /// to stand.
    pub(crate) fn write(&mut self, timeline: &Timeline) {
        let Timeline { state, beat_origin: beat, time_origin: at, .. } = *timeline;
        let first = |tempo| Stretch { from: SharedTime(i64::MIN), at, beat, tempo };
        let State::Playing { tempo, before } = state else {
            self.0 = vec![first(None)];
            return;
        };
        self.0.retain(|stretch| stretch.from < at);
        if self.0.is_empty() {
            self.0.push(first(before));
        }
        self.0.push(Stretch { from: at, at, beat, tempo: Some(tempo) });
        if self.0.len() > MAX_SEGMENTS {
            self.0.remove(0);
        }
    }

    /// Forgets what is over.
    pub(crate) fn prune(&mut self, now: SharedTime) {
        while self.0.get(1).is_some_and(|next| now.nanos_since(next.from) > SECOND) {
            self.0.remove(0);
        }
    }

    /// Everything, moved in time.
    pub(crate) fn moved(&mut self, nanos: i64) {
        for stretch in &mut self.0 {
            (stretch.from, stretch.at) = (stretch.from.plus_nanos(nanos), stretch.at.plus_nanos(nanos));
        }
    }

    pub(crate) fn beat_at(&self, at: SharedTime) -> Beats {
        let started = self.0.iter().rev().find(|stretch| stretch.from <= at);
        started.or(self.0.first()).map_or(Beats::ZERO, |stretch| stretch.beat_at(at))
    }

    /// The tempo at a moment; `None` while the music stands.
    pub(crate) fn tempo_at(&self, at: SharedTime) -> Option<Tempo> {
        self.0.iter().rev().find(|stretch| stretch.from <= at).or(self.0.first())?.tempo
    }

    /// When the last of what was written begins.
    pub(crate) fn last_origin(&self) -> Option<SharedTime> {
        self.0.last().map(|stretch| stretch.at)
    }

    /// The same by the clock of a machine. What began already is given from the line's own origin on, for what the line was
    /// before that is over.
    pub(crate) fn by_clock(&self, line: &Line) -> Vec<view::Segment> {
        let by_clock = |stretch: &Stretch| {
            let at = stretch.from.max(line.shared);
            let from = if stretch.from <= line.shared { line.local } else { line.local_at(stretch.from) };
            view::Segment { from, beat: stretch.beat_at(at), tempo: stretch.tempo, pace: stretch.pace(line) }
        };
        let current = self.0.iter().rposition(|stretch| stretch.from <= line.shared).unwrap_or(0);
        self.0[current.min(self.0.len())..].iter().map(by_clock).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn playing(tempo: u32, beat: Beats, at: i64) -> Timeline {
        let state = State::Playing { tempo: Tempo::from_milli_bpm(tempo).unwrap(), before: None };
        Timeline { epoch: 0, state, beat_origin: beat, time_origin: SharedTime(at) }
    }

    #[test]
    fn what_was_written_counts_until_the_next_begins() {
        let mut segments = Segments::default();
        segments.write(&playing(120_000, Beats::ZERO, SECOND));
        assert_eq!(segments.beat_at(SharedTime(0)), Beats::ZERO, "it stands before it starts");
        let join = SharedTime(11 * SECOND);
        segments.write(&playing(60_000, segments.beat_at(join), join.0));
        assert_eq!(segments.beat_at(SharedTime(10 * SECOND)), Beats::from_beats(18));
        assert_eq!(segments.beat_at(SharedTime(12 * SECOND)), Beats::from_beats(21));
    }

    #[test]
    fn a_machines_clock_gives_the_same_beats() {
        let mut segments = Segments::default();
        segments.write(&playing(174_321, Beats(123), 5 * SECOND));
        segments.write(&playing(90_000, segments.beat_at(SharedTime(9 * SECOND)), 9 * SECOND));
        let line = Line {
            local: score::LocalTime(1_000 * SECOND),
            shared: SharedTime(6 * SECOND),
            rate_ppt: 150_000_000,
        };
        let transport =
            view::Transport { playing: view::Playing::Playing, segments: segments.by_clock(&line) };
        for tenth in 0..600 {
            let local = line.local.plus_nanos(tenth * SECOND / 10);
            let off = (transport.beat_at(local) - segments.beat_at(line.shared_at(local))).0;
            assert!(off.abs() <= 2, "{off} millionths of a beat at {local:?}");
        }
    }
}
