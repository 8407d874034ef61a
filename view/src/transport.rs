//! Where the music of a session is.

use score::{Beats, LocalTime, PlayerKey};
use serde::{Deserialize, Serialize};

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
    /// Micro-beats in 2^40 nanoseconds of the machine's clock; 0 where the music stands.
    pub pace: i64,
}

/// The nanoseconds that [`Segment::pace`] counts for.
pub const PACE_NANOS: i64 = 1 << 40;

impl Transport {
    /// The beat at a moment of the machine's clock.
    pub fn beat_at(&self, at: LocalTime) -> Beats {
        let started = self.segments.iter().rev().find(|segment| segment.from <= at);
        started.or(self.segments.first()).map_or(Beats::ZERO, |segment| segment.beat_at(at))
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
        // 2 beats a second, then 1.
        let pace = |beats_a_second: i64| beats_a_second * PACE_NANOS / 1_000;
        let segment =
            |from, beat, pace| Segment { from: LocalTime(from), beat: Beats::from_beats(beat), pace };
        let transport = Transport {
            playing: Playing::Playing,
            segments: vec![segment(0, 0, pace(2)), segment(10_000_000_000, 20, pace(1))],
        };
        let beat = |seconds: i64| transport.beat_at(LocalTime(seconds * 1_000_000_000));
        let off = |seconds, beats| (beat(seconds) - Beats::from_beats(beats)).0.abs();
        for (seconds, beats) in [(-1, -2), (0, 0), (9, 18), (10, 20), (11, 21)] {
            assert!(off(seconds, beats) <= 1, "{:?} at {seconds} s", beat(seconds));
        }
    }
}
