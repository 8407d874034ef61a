//! Time units as types: a function takes the one that it means.
//!
//! Musical time is [`Beats`], a fixed-point count; sound is counted in [`Frames`]; clocks count nanoseconds in
//! [`LocalTime`] (one machine) and [`SharedTime`] (all players). All conversions are integer arithmetic, so that every
//! machine gets the same answer.

use core::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

/// Frames per second at which the engine always runs.
pub const SAMPLE_RATE: u32 = 48_000;

/// Micro-beats in one beat (a quarter note).
pub const MICROS_PER_BEAT: i64 = 1_000_000;

/// A position or duration in musical time, in millionths of a beat (a quarter note).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Beats(pub i64);

/// The length of one step: a sixteenth note, a quarter of a beat.
pub const STEP: Beats = Beats(MICROS_PER_BEAT / 4);

impl Beats {
    /// The start of the song.
    pub const ZERO: Self = Self(0);

    /// The nominal start of a step counted from the start of the song.
    pub const fn from_steps(steps: i64) -> Self {
        Self(steps.saturating_mul(STEP.0))
    }

    /// A whole number of beats.
    pub const fn from_beats(beats: i64) -> Self {
        Self(beats.saturating_mul(MICROS_PER_BEAT))
    }

    /// The step that this position lies in, counted from the start of the song (negative before it).
    pub const fn step(self) -> i64 {
        self.0.div_euclid(STEP.0)
    }
}

impl Add for Beats {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Beats {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Beats {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

/// A count of audio frames at [`SAMPLE_RATE`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Frames(pub u64);

/// A reading of this machine's monotonic clock, in nanoseconds from an arbitrary origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LocalTime(pub i64);

impl LocalTime {
    /// This moment moved by a number of nanoseconds.
    #[must_use]
    pub const fn plus_nanos(self, nanos: i64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    /// Nanoseconds from `earlier` to this moment (negative when it lies before).
    pub const fn nanos_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The clock that all players of a session agree on, in nanoseconds of the session's epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SharedTime(pub i64);

impl SharedTime {
    /// This moment moved by a number of nanoseconds.
    #[must_use]
    pub const fn plus_nanos(self, nanos: i64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    /// Nanoseconds from `earlier` to this moment (negative when it lies before).
    pub const fn nanos_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A moment of the calendar, in milliseconds since 1970; only ever shown, never used to decide anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UnixMillis(pub i64);

/// A tempo in thousandths of a beat per minute, always between [`Tempo::MIN`] and [`Tempo::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Tempo(u32);

impl Tempo {
    /// 20 beats per minute.
    pub const MIN: Self = Self(20_000);
    /// 300 beats per minute.
    pub const MAX: Self = Self(300_000);

    /// A tempo from thousandths of a beat per minute; `None` outside 20-300 BPM.
    pub const fn from_milli_bpm(milli_bpm: u32) -> Option<Self> {
        if milli_bpm >= Self::MIN.0 && milli_bpm <= Self::MAX.0 { Some(Self(milli_bpm)) } else { None }
    }

    /// A tempo from beats per minute, rounded to 0.001; `None` outside 20-300 BPM or when not a number.
    pub fn from_bpm(bpm: f64) -> Option<Self> {
        let milli = libm::round(bpm * 1000.0);
        if (f64::from(Self::MIN.0)..=f64::from(Self::MAX.0)).contains(&milli) {
            Some(Self(milli as u32))
        } else {
            None
        }
    }

    /// Thousandths of a beat per minute.
    pub const fn milli_bpm(self) -> u32 {
        self.0
    }

    /// Beats per minute.
    pub fn bpm(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// Micro-beats that pass in `frames`, rounded down.
    ///
    /// `frames / rate` seconds, times `milli / 60,000` beats per second, times 10^6.
    pub fn beats_in(self, frames: Frames) -> Beats {
        let numerator = i128::from(frames.0) * i128::from(self.0) * i128::from(MICROS_PER_BEAT);
        let beats = numerator / (i128::from(SAMPLE_RATE) * 60_000);
        Beats(i64::try_from(beats).unwrap_or(i64::MAX))
    }

    /// The first frame at or after a distance of `beats` (zero for negative distances): the inverse of
    /// [`Tempo::beats_in`], so that `beats_in(frames_until(b)) >= b`.
    pub fn frames_until(self, beats: Beats) -> Frames {
        if beats.0 <= 0 {
            return Frames(0);
        }
        let numerator = i128::from(beats.0) * i128::from(SAMPLE_RATE) * 60_000;
        let denominator = i128::from(self.0) * i128::from(MICROS_PER_BEAT);
        Frames(u64::try_from((numerator + denominator - 1) / denominator).unwrap_or(u64::MAX))
    }
}

impl Default for Tempo {
    fn default() -> Self {
        Self(120_000)
    }
}

impl TryFrom<u32> for Tempo {
    type Error = &'static str;
    fn try_from(milli_bpm: u32) -> Result<Self, Self::Error> {
        Self::from_milli_bpm(milli_bpm).ok_or("a tempo lies between 20 and 300 BPM")
    }
}

impl From<Tempo> for u32 {
    fn from(tempo: Tempo) -> Self {
        tempo.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bar_at_120_bpm_is_two_seconds() {
        assert_eq!(Tempo::default().frames_until(Beats::from_beats(4)), Frames(96_000));
        assert_eq!(Tempo::default().beats_in(Frames(96_000)), Beats::from_beats(4));
    }

    #[test]
    fn frames_until_is_the_first_frame_at_or_after_a_beat() {
        for milli in [20_000, 66_600, 119_999, 174_321, 300_000] {
            let tempo = Tempo::from_milli_bpm(milli).unwrap();
            for micros in [1, 249_999, 250_000, 7_654_321, 987_654_321_000] {
                let frame = tempo.frames_until(Beats(micros));
                assert!(tempo.beats_in(frame) >= Beats(micros));
                assert!(tempo.beats_in(Frames(frame.0 - 1)) < Beats(micros));
            }
        }
    }

    #[test]
    fn tempo_is_kept_to_a_thousandth_and_within_its_range() {
        assert_eq!(Tempo::from_bpm(123.4567).unwrap().milli_bpm(), 123_457);
        assert_eq!(Tempo::from_bpm(19.9), None);
        assert_eq!(Tempo::from_bpm(f64::NAN), None);
    }

    #[test]
    fn steps_before_the_start_are_negative() {
        assert_eq!(Beats(-1).step(), -1);
        assert_eq!(Beats(249_999).step(), 0);
    }
}
