//! The four-pole ladder with a bend at its input: the squelch.

use wide::f32x4;

use super::curves::prewarped;
use super::math::still;

/// What the four stages of one ladder hold.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ladder {
    stages: [f32; 4],
}

/// How each of four ladders is tuned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tuning {
    pole: f32x4,
    rest: f32x4,
    /// What of the first three stages is heard at the fourth.
    held: [f32x4; 3],
    /// What each stage puts out of the bent input.
    shares: [f32x4; 4],
    /// Gains of the input and of the feedback into the bend.
    entering: f32x4,
    returning: f32x4,
}

impl Tuning {
    /// `resonance` 0..1 (self-oscillation lies just above 1), `drive` is the gain into the bend.
    #[inline]
    pub(crate) fn new(hertz: f32x4, resonance: f32x4, drive: f32x4) -> Self {
        let (one, zero) = (f32x4::ONE, f32x4::ZERO);
        let g = prewarped(hertz.fast_min(f32x4::splat(18_000.0)));
        let pole = g / (one + g);
        let rest = one - pole;
        let square = pole * pole;
        let powers = [pole, square, square * pole, square * square];
        let feedback = f32x4::splat(3.95) * resonance.fast_max(zero).fast_min(one);
        let solve = one / (one + feedback * powers[3]);
        let undo = one / drive.fast_max(f32x4::splat(0.05));
        Self {
            pole,
            rest,
            held: [powers[2], powers[1], powers[0]].map(|power| rest * power),
            shares: powers.map(|power| power * undo),
            // Half of what resonance takes from the bass is given back, as the classic box does.
            entering: (one + f32x4::splat(0.5) * feedback) * solve * drive,
            returning: feedback * solve * drive,
        }
    }
}

/// Four ladders, each in a lane: four trapezoidal one-pole stages in a loop, the loop solved without a delay (after Zavalishin, *The Art
/// of VA Filter Design*, chapter 5), the input and feedback bent together as in the transistor pair of the original.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ladders {
    stages: [f32x4; 4],
}

impl Ladders {
    /// Takes up to four ladders; the other lanes are at rest.
    pub(crate) fn joined<'a>(ladders: impl Iterator<Item = &'a Ladder>) -> Self {
        let mut stages = [f32x4::ZERO; 4];
        stages.iter_mut().zip(ladders).for_each(|(lane, ladder)| *lane = f32x4::new(ladder.stages));
        Self { stages: f32x4::transpose(stages) }
    }

    /// The next frame of each. Nothing waits for more than it must: the bend for one sum of what is held, the stages for the bend.
    #[inline]
    pub(crate) fn next(&mut self, tuning: &Tuning, x: f32x4) -> f32x4 {
        let (s, Tuning { pole, rest, .. }) = (self.stages, *tuning);
        // What each stage puts out of what is held alone.
        let first = rest * s[0];
        let second = pole * first + rest * s[1];
        let third = pole * second + rest * s[2];
        let [a, b, c] = tuning.held;
        let fourth = (a * s[0] + b * s[1]) + (c * s[2] + rest * s[3]);
        let u = bend(x * tuning.entering - tuning.returning * fourth);
        let held = [first, second, third, fourth];
        for ((stage, held), share) in self.stages.iter_mut().zip(held).zip(tuning.shares) {
            *stage = (share + share) * u + ((held + held) - *stage);
        }
        tuning.shares[3] * u + fourth
    }

    /// What the stages of each hold, without what is too small to matter.
    pub(crate) fn parted(&self) -> [Ladder; 4] {
        f32x4::transpose(self.stages.map(still)).map(|lane| Ladder { stages: lane.to_array() })
    }
}

/// A cubic bend, flat from 1.5 on: softer to compute than a quotient, inside a loop that waits for it.
#[inline]
fn bend(x: f32x4) -> f32x4 {
    let end = f32x4::splat(1.5);
    let x = x.fast_min(end).fast_max(-end);
    x - x * x * x * f32x4::splat(4.0 / 27.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuned(hertz: [f32; 4]) -> Tuning {
        Tuning::new(f32x4::new(hertz), f32x4::ONE, f32x4::splat(4.0))
    }

    fn at_rest() -> Ladders {
        Ladders::joined(std::iter::empty())
    }

    #[test]
    fn the_ladder_stays_bounded_at_full_resonance_and_any_cutoff() {
        let (tuning, mut ladders) = (tuned([5.0, 100.0, 5_000.0, 30_000.0]), at_rest());
        for n in 0..32_000 {
            let y = ladders.next(&tuning, f32x4::splat(if n / 16 % 7 == 0 { 1.0 } else { -1.0 }));
            assert!(y.to_array().iter().all(|y| y.is_finite() && y.abs() < 20.0), "{y:?}");
        }
    }

    #[test]
    fn a_ladder_is_the_same_in_any_lane_and_in_any_company() {
        let (tuning, mut alone) = (tuned([440.0, 0.0, 0.0, 0.0]), at_rest());
        let (tunings, mut others) = (tuned([90.0, 7_000.0, 440.0, 2_000.0]), at_rest());
        for n in 0..2_000 {
            let x = if n % 50 < 20 { 0.7 } else { -0.3 };
            let company = others.next(&tunings, f32x4::new([-x, 0.1, x, x + x])).to_array()[2];
            assert_eq!(
                alone.next(&tuning, f32x4::new([x, 0.0, 0.0, 0.0])).to_array()[0].to_bits(),
                company.to_bits()
            );
        }
    }
}
