//! The cycle of a program: what is played before everything begins anew.
//!
//! Tracks of different lengths come round together after the least common multiple of their lengths. That can be hours of
//! music, so a cycle has a cap. Conditions and chance reach further than a cycle; it says how they fall the first time
//! round.

use core::ops::Range;

use crate::program::Program;
use crate::time::{Beats, STEP};

/// The longest cycle, in bars.
pub const MAX_CYCLE_BARS: u32 = 64;

/// A stretch of music that may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The step at which it starts, counted from the start of the song: the loop region's first, else 0.
    pub first: i64,
    /// How many steps it has, at least 1.
    pub steps: i64,
    /// Whether the tracks would come round together later than at its end only: it was cut at [`MAX_CYCLE_BARS`].
    pub is_cut: bool,
}

impl Cycle {
    /// The first time round: the loop region; else the least common multiple of the lengths of all tracks that are heard;
    /// else, where nothing is heard, one bar.
    pub fn of(program: &Program) -> Self {
        if let Some(region) = program.loop_region {
            return Self { first: region.first().into(), steps: region.steps().into(), is_cut: false };
        }
        let bar = (program.meter.bar().0 / STEP.0).max(1);
        let cap = bar * i64::from(MAX_CYCLE_BARS);
        let heard = program.tracks.iter().filter(|track| {
            let steps = program.steps.get(track.steps.indices()).unwrap_or_default();
            !track.mute && steps.iter().any(|step| step.on)
        });
        let together =
            heard.map(|track| i64::from(track.steps.count).max(1)).try_fold(None, |before, length| {
                let together = before.map_or(length, |before| least_common_multiple(before, length));
                (together <= cap).then_some(Some(together))
            });
        match together {
            Some(steps) => Self { first: 0, steps: steps.unwrap_or(bar), is_cut: false },
            None => Self { first: 0, steps: cap, is_cut: true },
        }
    }

    /// From its first step to the one after its last.
    pub fn beats(self) -> Range<Beats> {
        Beats::from_steps(self.first)..Beats::from_steps(self.first + self.steps)
    }
}

/// Of two positive numbers, each small enough that their product fits.
fn least_common_multiple(a: i64, b: i64) -> i64 {
    a / greatest_common_divisor(a, b) * b
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TrackId;
    use crate::lower::lower_first_scene;
    use crate::meter::LoopRegion;
    use crate::{Pattern, Score, Step, Track};

    fn score_of(lengths: &[u16]) -> Score {
        let mut score = Score::default();
        let scene = score.first_scene();
        for (number, &length) in lengths.iter().enumerate() {
            let pattern = Pattern { length, steps: [(0, Step::active())].into() };
            let track = Track { patterns: [(scene, pattern)].into(), ..Track::default() };
            score.tracks.insert(TrackId::from_random(number as u64), track);
        }
        score
    }

    fn cycle(score: &Score) -> Cycle {
        Cycle::of(&lower_first_scene(score))
    }

    #[test]
    fn tracks_come_round_after_their_least_common_multiple() {
        let expected = Cycle { first: 0, steps: 240, is_cut: false };
        assert_eq!(cycle(&score_of(&[16, 12, 10])), expected);
        assert_eq!(cycle(&score_of(&[])).steps, 16);
        let mut score = score_of(&[16, 7]);
        score.tracks.values_mut().last().unwrap().mute = true;
        assert!([7, 16].contains(&cycle(&score).steps), "a muted track is not waited for");
    }

    #[test]
    fn a_cycle_is_cut_at_its_cap() {
        let expected = Cycle { first: 0, steps: 1_024, is_cut: true };
        assert_eq!(cycle(&score_of(&[127, 113, 109, 107, 103, 101, 97, 89])), expected);
        assert_eq!(cycle(&score_of(&[128, 127])), expected);
    }

    #[test]
    fn a_loop_region_is_the_cycle() {
        let score = Score { loop_region: LoopRegion::from_steps(4, 19), ..score_of(&[16, 7]) };
        assert_eq!(cycle(&score), Cycle { first: 4, steps: 16, is_cut: false });
        assert_eq!(cycle(&score).beats(), Beats::from_beats(1)..Beats::from_beats(5));
    }
}
