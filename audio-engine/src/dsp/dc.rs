//! Keeps a constant offset out of the sound.

use wide::f32x4;

use super::Block;
use super::math::{flushed, still};

/// A one-pole high-pass at 8 Hz: what asymmetric waves and bends leave behind does not reach the loudspeaker.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DcBlocker {
    input: f32,
    output: f32,
}

/// The pole, `1 - 2 pi 8 / 48000`.
const POLE: f32 = 0.998_953;

/// The pole's powers: what of the output before four frames is left after each of them.
const POWERS: [f32; 4] = [POLE, POLE * POLE, POLE * POLE * POLE, POLE * POLE * POLE * POLE];

impl DcBlocker {
    /// Filters a chunk in place, four frames at a time.
    #[inline]
    pub(crate) fn run(&mut self, block: &mut Block) {
        let (mut input, mut output) = (self.input, self.output);
        for four in block.as_chunks_mut::<4>().0 {
            let x = *four;
            let step = [x[0] - input, x[1] - x[0], x[2] - x[1], x[3] - x[2]];
            // The steps so far, each by as many powers as it is old: first over two frames, then over four.
            let two = [step[0], step[1] + POLE * step[0], step[2] + POLE * step[1], step[3] + POLE * step[2]];
            let sums = [two[0], two[1], two[2] + POWERS[1] * two[0], two[3] + POWERS[1] * two[1]];
            for ((y, sum), power) in four.iter_mut().zip(sums).zip(POWERS) {
                *y = sum + power * output;
            }
            (input, output) = (x[3], four[3]);
        }
        (self.input, self.output) = (flushed(input), flushed(output));
    }
}

/// Four of them, each in a lane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DcBlockers {
    input: f32x4,
    output: f32x4,
}

impl DcBlockers {
    /// Takes up to four.
    pub(crate) fn joined<'a>(blockers: impl Iterator<Item = &'a DcBlocker>) -> Self {
        let (mut input, mut output) = ([0.0; 4], [0.0; 4]);
        for (lane, blocker) in blockers.take(4).enumerate() {
            (input[lane], output[lane]) = (blocker.input, blocker.output);
        }
        Self { input: f32x4::new(input), output: f32x4::new(output) }
    }

    /// The next frame of each.
    #[inline]
    pub(crate) fn next(&mut self, x: f32x4) -> f32x4 {
        self.output = (x - self.input) + f32x4::splat(POLE) * self.output;
        self.input = x;
        self.output
    }

    /// What each holds.
    pub(crate) fn parted(self) -> [DcBlocker; 4] {
        let (input, output) = (still(self.input).to_array(), still(self.output).to_array());
        core::array::from_fn(|lane| DcBlocker { input: input[lane], output: output[lane] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::noise::Noise;

    #[test]
    fn it_is_the_recursion_frame_by_frame() {
        let (mut noise, mut blocker) = (Noise::seeded(5), DcBlocker::default());
        let (mut input, mut output) = (0.0_f64, 0.0_f64);
        for _ in 0..500 {
            let plain = noise.block();
            let mut block = plain;
            blocker.run(&mut block);
            for (x, y) in plain.iter().zip(block) {
                output = f64::from(*x) - input + f64::from(POLE) * output;
                input = f64::from(*x);
                assert!((f64::from(y) - output).abs() < 1e-5);
            }
        }
    }
}
