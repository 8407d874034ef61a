//! The filter of a voice: two state-variable stages of two channels, side by side in four lanes. The channels may be those of two voices.
//!
//! A voice's corner moves with every chunk, so that little may be computed per corner; and of the four filters none waits for another:
//! the second stage hears the first as it was [`LAG`] frames ago, and so sounds that much later.

use wide::f32x4;

use super::math::{prewarped_lanes, still};
use super::{Block, CHUNK};

/// What of the stages is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slope {
    /// The low-pass of the first stage.
    Low12,
    /// That of the second, after the first.
    Low24,
    /// The high-pass of the first.
    High12,
}

/// Frames for which a corner stays.
const HALF: usize = CHUNK / 2;

/// Frames by which the second stage comes after the first: 0.08 ms.
#[cfg(test)]
const LAG: usize = 4;

/// Coefficients for one corner: what the trapezoidal equations (after Simper's paper) make of the states and the input in one frame,
/// `first' = stay first - across second + into x` and `second' = across first + keep second + rise x`, and in two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Corner {
    stay: f32x4,
    across: f32x4,
    keep: f32x4,
    into: f32x4,
    rise: f32x4,
    /// The states' part over two frames, in the same order.
    twice: [f32x4; 3],
    /// What the first of two frames leaves in either state.
    earlier: [f32x4; 2],
    damping: f32x4,
}

impl Corner {
    /// Corners of two channels at `hertz`. `dampings` are 1/Q of both stages of each: 2 is gentle, 1.41 flat, 0.05 rings.
    #[inline]
    pub(crate) fn new([left, right]: [f32; 2], [of_left, of_right]: [[f32; 2]; 2]) -> Self {
        let (one, two) = (f32x4::ONE, f32x4::splat(2.0));
        let g = prewarped_lanes(f32x4::new([left, right, left, right]));
        let damping = f32x4::new([of_left[0], of_right[0], of_left[1], of_right[1]]);
        let damping = damping.fast_max(f32x4::splat(0.02)).fast_min(f32x4::splat(4.0));
        let share = one / (one + g * (g + damping));
        let across = two * (g * share);
        let (stay, rise) = (two * share - one, g * across);
        let keep = one - rise;
        // The first stage puts out twice its low-pass, which is halved here.
        let heard = f32x4::new([1.0, 1.0, 0.5, 0.5]);
        let (into, risen) = (heard * across, heard * rise);
        let square = across * across;
        Self {
            stay,
            across,
            keep,
            into,
            rise: risen,
            twice: [stay * stay - square, across * (stay + keep), keep * keep - square],
            earlier: [stay * into - across * risen, across * into + keep * risen],
            damping,
        }
    }
}

/// The memories of one channel: of both stages, and twice the low-pass of the first in the last four frames.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cascade {
    first: [f32; 2],
    second: [f32; 2],
    last: [f32; 4],
}

impl Cascade {
    /// Filters a chunk of two channels in place, each half with a corner of its own.
    #[inline]
    pub(crate) fn run(
        of: [&mut Self; 2],
        slope: Slope,
        corners: &[Corner; 2],
        [left, right]: [&mut Block; 2],
    ) {
        let mut pair = Pair::joined(&of);
        let (left, right) = (left.as_chunks_mut::<HALF>().0, right.as_chunks_mut::<HALF>().0);
        for ((left, right), corner) in left.iter_mut().zip(right).zip(corners) {
            match slope {
                Slope::Low12 => pair.filter::<false, 0>(corner, left, right),
                Slope::Low24 => pair.filter::<false, 2>(corner, left, right),
                Slope::High12 => pair.filter::<true, 0>(corner, left, right),
            }
        }
        pair.part(of);
    }
}

/// The memories of two channels. Lanes: both channels' first stages, both channels' second stages.
#[derive(Debug, Clone, Copy)]
struct Pair {
    first: f32x4,
    second: f32x4,
    last: [f32x4; 2],
}

impl Pair {
    #[inline]
    fn joined([left, right]: &[&mut Cascade; 2]) -> Self {
        let lanes = |[a, c]: [f32; 2], [b, d]: [f32; 2]| f32x4::new([a, b, c, d]);
        Self {
            first: lanes(left.first, right.first),
            second: lanes(left.second, right.second),
            last: [left.last, right.last].map(f32x4::new),
        }
    }

    /// Gives back what they hold, without what is too small to matter.
    #[inline]
    fn part(self, [left, right]: [&mut Cascade; 2]) {
        let [[a, b, c, d], [e, f, g, h]] = [self.first, self.second].map(|lanes| still(lanes).to_array());
        let [l, r] = self.last.map(|last| still(last).to_array());
        *left = Cascade { first: [a, c], second: [e, g], last: l };
        *right = Cascade { first: [b, d], second: [f, h], last: r };
    }

    /// The lanes from `LANE` on are heard.
    #[inline]
    fn filter<const HIGH: bool, const LANE: usize>(
        &mut self,
        corner: &Corner,
        left: &mut [f32; HALF],
        right: &mut [f32; HALF],
    ) {
        let (c, half) = (*corner, f32x4::splat(0.5));
        let Self { first: mut p, second: mut q, mut last } = *self;
        for (l, r) in left.as_chunks_mut::<4>().0.iter_mut().zip(right.as_chunks_mut::<4>().0) {
            // Frame by frame what either stage hears on either side.
            let entering = f32x4::transpose([f32x4::new(*l), f32x4::new(*r), last[0], last[1]]);
            let (mut low, mut heard) = ([f32x4::ZERO; 4], [f32x4::ZERO; 4]);
            for at in [0, 2] {
                let (x, y) = (entering[at], entering[at + 1]);
                let middle = (c.across * p + c.keep * q) + c.rise * x;
                let first = (c.twice[0] * p - c.twice[1] * q) + (c.earlier[0] * x + c.into * y);
                let second = (c.twice[1] * p + c.twice[2] * q) + (c.earlier[1] * x + c.rise * y);
                (low[at], low[at + 1]) = (q + middle, middle + second);
                if HIGH {
                    let between = (c.stay * p - c.across * q) + c.into * x;
                    heard[at] = (x + x - c.damping * (p + between)) - low[at];
                    heard[at + 1] = (y + y - c.damping * (between + first)) - low[at + 1];
                }
                (p, q) = (first, second);
            }
            let low = f32x4::transpose(low);
            let lanes = if HIGH { f32x4::transpose(heard) } else { low };
            (*l, *r) = ((half * lanes[LANE]).to_array(), (half * lanes[LANE + 1]).to_array());
            last = [low[0], low[1]];
        }
        *self = Self { first: p, second: q, last };
    }
}

#[cfg(test)]
mod tests {
    use super::super::math::prewarped;
    use super::*;
    use crate::dsp::noise::Noise;

    /// Stages of the filter as its paper has it, frame by frame in double precision.
    fn plain(hertz: f32, dampings: &[f32], high: bool, input: &[f32]) -> Vec<f64> {
        let g = f64::from(prewarped(hertz));
        let mut signal: Vec<f64> = input.iter().map(|x| f64::from(*x)).collect();
        for damping in dampings {
            let k = f64::from(*damping);
            let (mut first, mut second) = (0.0, 0.0);
            for x in &mut signal {
                let band = (g * (*x - second) + first) / (1.0 + g * (g + k));
                let low = second + g * band;
                (first, second) = (2.0 * band - first, 2.0 * low - second);
                *x = if high { *x - k * band - low } else { low };
            }
        }
        signal
    }

    #[test]
    fn every_lane_is_the_filter_of_the_paper() {
        let mut noise = Noise::seeded(3);
        let input: Vec<f32> = (0..300).flat_map(|_| noise.block()).collect();
        for (slope, stages) in [(Slope::Low12, 1), (Slope::Low24, 2), (Slope::High12, 1)] {
            for (hertz, damping) in [(30.0, 1.41), (440.0, 0.05), (5_000.0, 0.3), (18_000.0, 2.0)] {
                let dampings = [damping, 1.3];
                let expected = plain(hertz, &dampings[..stages], slope == Slope::High12, &input);
                let corner = Corner::new([hertz; 2], [dampings; 2]);
                let (mut filters, mut left) = ([Cascade::default(); 2], input.clone());
                let mut right: Vec<f32> = input.iter().map(|x| -x).collect();
                for (l, r) in left.as_chunks_mut::<CHUNK>().0.iter_mut().zip(right.as_chunks_mut().0) {
                    Cascade::run(filters.each_mut(), slope, &[corner; 2], [l, r]);
                }
                let peak = expected.iter().fold(1.0_f64, |peak, y| peak.max(y.abs()));
                let late = (stages - 1) * LAG;
                for (n, y) in expected[..expected.len() - late].iter().enumerate() {
                    let (l, r) = (f64::from(left[n + late]), f64::from(right[n + late]));
                    assert!((l - y).abs() < 1e-4 * peak, "{slope:?} at {hertz} Hz, frame {n}: {l}, {y}");
                    assert!((l + r).abs() < 1e-6 * peak, "{slope:?} at {hertz} Hz, frame {n}");
                }
            }
        }
    }
}
