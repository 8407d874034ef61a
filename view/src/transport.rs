//! Where the music of a session is.

use score::{Beats, LocalTime, PlayerKey, Tempo};
use serde::{Deserialize, Serialize};

/// From asking for music that is heard on one machine alone to its first beat, in nanoseconds: longer than it takes an engine to hear
/// of it.
pub const ALONE_AHEAD_NANOS: i64 = 50_000_000;

/// Whether a session plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Playing {
    /// It is at the start.
    #[default]
    Stopped,
    /// It stands somewhere.
    Paused,
    /// It plays, or is about to.
    Playing,
}

/// What an interface shows of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Whether the session plays, for everybody.
    pub playing: Playing,
    /// Who made it so; `None` before anybody did.
    pub by: Option<PlayerKey>,
}

/// Where the music is, by the clock of the machine that is told: for whoever renders it.
///
/// Each one stands for all before it. While the music plays they follow each other, for shared time is steered a little
/// all the time; the beat is continuous from one to the next, to a millionth of a beat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transport {
    /// Whether the session plays.
    pub playing: Playing,
    /// At least one, by ascending `from`; the first holds for all that came before it as well.
    pub segments: Vec<Segment>,
}

/// A stretch of even tempo, or of silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// From when on this holds, by the machine's clock; it may lie ahead.
    pub from: LocalTime,
    /// The beat at `from`.
    pub beat: Beats,
    /// The tempo that was asked for; `None` where the music stands.
    pub tempo: Option<Tempo>,
    /// Micro-beats in 2^40 nanoseconds of the machine's clock: what the tempo comes to there. 0 where the music stands.
    pub pace: i64,
}

/// The nanoseconds that [`Segment::pace`] counts for.
pub const PACE_NANOS: i64 = 1 << 40;

/// Nanoseconds in a minute.
const MINUTE_NANOS: i128 = 60_000_000_000;

/// What a tempo comes to by a clock that runs as it should, as [`Segment::pace`] counts it.
pub fn pace(tempo: Tempo) -> i64 {
    // A tempo is in thousandths of a beat, a pace in millionths.
    (i128::from(tempo.milli_bpm()) * 1_000 * i128::from(PACE_NANOS) / MINUTE_NANOS) as i64
}

impl Transport {
    /// Where nobody ever played.
    pub fn stopped() -> Self {
        let segment = Segment { from: LocalTime(i64::MIN), beat: Beats::ZERO, tempo: None, pace: 0 };
        Self { playing: Playing::Stopped, segments: vec![segment] }
    }

    /// Music that a machine plays by itself: from `beat` at `from` on, before which it stands there.
    pub fn alone(tempo: Tempo, beat: Beats, from: LocalTime) -> Self {
        let standing = Segment { from: LocalTime(i64::MIN), beat, tempo: None, pace: 0 };
        let playing = Segment { from, beat, tempo: Some(tempo), pace: pace(tempo) };
        Self { playing: Playing::Playing, segments: vec![standing, playing] }
    }

    /// Music that a machine plays apart from this one, at a tempo of its own from a moment on: from where this is then, or from
    /// `start` where this stands.
    #[must_use]
    pub fn apart(&self, tempo: Tempo, start: Beats, from: LocalTime) -> Self {
        let is_playing = self.segment_at(from).is_some_and(|segment| segment.tempo.is_some());
        Self::alone(tempo, if is_playing { self.beat_at(from) } else { start }, from)
    }

    /// The same by a clock that reads `nanos` more.
    #[must_use]
    pub fn by_clock_ahead(&self, nanos: i64) -> Self {
        let segments = self.segments.iter().map(|&segment| {
            // What has always held has no beginning by any clock.
            let has_beginning = segment.from.0 != i64::MIN;
            let from = if has_beginning { segment.from.plus_nanos(nanos) } else { segment.from };
            Segment { from, ..segment }
        });
        Self { playing: self.playing, segments: segments.collect() }
    }

    /// What holds at a moment of the machine's clock.
    pub fn segment_at(&self, at: LocalTime) -> Option<&Segment> {
        let begun = self.segments.iter().rev().find(|segment| segment.from <= at);
        begun.or(self.segments.first())
    }

    /// The beat at a moment of the machine's clock.
    pub fn beat_at(&self, at: LocalTime) -> Beats {
        self.segment_at(at).map_or(Beats::ZERO, |segment| segment.beat_at(at))
    }
}

impl Segment {
    /// The beat at a moment of the machine's clock, as if this segment had no end and no beginning.
    pub fn beat_at(&self, at: LocalTime) -> Beats {
        let micros = (i128::from(at.nanos_since(self.from)) * i128::from(self.pace))
            .div_euclid(i128::from(PACE_NANOS));
        self.beat + Beats(micros.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_holds_until_the_next_begins() {
        let segment = |from, beat, bpm: u32| {
            let tempo = Tempo::from_milli_bpm(bpm * 1_000).unwrap();
            Segment {
                from: LocalTime(from),
                beat: Beats::from_beats(beat),
                tempo: Some(tempo),
                pace: pace(tempo),
            }
        };
        let transport = Transport {
            playing: Playing::Playing,
            segments: vec![segment(0, 0, 120), segment(10_000_000_000, 20, 60)],
        };
        let beat = |seconds: i64| transport.beat_at(LocalTime(seconds * 1_000_000_000));
        let off = |seconds, beats| (beat(seconds) - Beats::from_beats(beats)).0.abs();
        for (seconds, beats) in [(-1, -2), (0, 0), (9, 18), (10, 20), (11, 21)] {
            assert!(off(seconds, beats) <= 1, "{:?} at {seconds} s", beat(seconds));
        }
    }

    #[test]
    fn what_is_played_apart_begins_where_the_music_is_and_keeps_its_own_tempo() {
        let second = |seconds: i64| LocalTime(seconds * 1_000_000_000);
        let slow = Tempo::from_milli_bpm(60_000).unwrap();
        let shared = Transport::alone(Tempo::default(), Beats::ZERO, LocalTime(0));
        let apart = shared.apart(slow, Beats(5), second(2));
        assert!((apart.beat_at(second(3)) - Beats::from_beats(5)).0.abs() <= 2);
        let apart = Transport::stopped().apart(slow, Beats(5), second(2));
        assert_eq!(apart.beat_at(second(2)), Beats(5));
    }

    #[test]
    fn by_another_clock_the_music_is_at_the_same_beats() {
        let here = Transport::alone(Tempo::default(), Beats(7), LocalTime(1_000_000_000));
        for ahead in [-5_000_000_000, 0, 1_760_000_000_000_000_000] {
            let there = here.by_clock_ahead(ahead);
            for at in [0, 1_500_000_000] {
                assert_eq!(there.beat_at(LocalTime(at + ahead)), here.beat_at(LocalTime(at)));
            }
            assert_eq!(there.segments[0].from, LocalTime(i64::MIN));
        }
    }

    #[test]
    fn a_machine_alone_stands_until_it_begins() {
        let transport = Transport::alone(Tempo::default(), Beats(7), LocalTime(1_000_000_000));
        let beats = [0, 999_999_999, 1_500_000_000].map(|at| transport.beat_at(LocalTime(at)));
        assert_eq!(beats, [Beats(7), Beats(7), Beats(1_000_006)]);
    }
}
