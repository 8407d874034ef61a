//! A one-pole low-pass of several channels, four frames at a time.

use wide::f32x4;

use crate::dsp::math::flushed;

/// `y = y + (x - y) * share`, written out for four frames: what comes in over one frame, two, three and four, each weighted by its
/// age, and what was there before. While one channel waits for what it held, the others work.
#[derive(Clone, Copy, Debug)]
pub(super) struct LowPass {
    share: f32,
    keep: f32,
    /// The answers to each of the four frames, and to what was held.
    answers: [f32x4; 4],
    held: f32x4,
}

impl LowPass {
    /// A low-pass that goes this share of the way to its input in a frame, 0..=1.
    pub(super) fn new(share: f32) -> Self {
        let keep = 1.0 - share;
        let (second, third) = (keep * keep, keep * keep * keep);
        let (one, two, three) = (share * keep, share * second, share * third);
        Self {
            share,
            keep,
            answers: [
                f32x4::new([share, one, two, three]),
                f32x4::new([0.0, share, one, two]),
                f32x4::new([0.0, 0.0, share, one]),
                f32x4::new([0.0, 0.0, 0.0, share]),
            ],
            held: f32x4::new([keep, second, third, second * second]),
        }
    }

    /// Filters channels of one length in place; `low` is what each held.
    pub(super) fn run<const N: usize>(&self, channels: [&mut [f32]; N], low: &mut [f32; N]) {
        let mut parts = channels.map(|channel| channel.as_chunks_mut::<4>());
        let fours = parts.iter().map(|(fours, _)| fours.len()).min().unwrap_or(0);
        for at in 0..fours {
            for ((fours, _), low) in parts.iter_mut().zip(low.iter_mut()) {
                fours[at] = self.four(fours[at], *low);
                *low = flushed(fours[at][3]);
            }
        }
        for ((_, rest), low) in parts.iter_mut().zip(low) {
            for x in rest.iter_mut() {
                *low = flushed(self.keep * *low + self.share * *x);
                *x = *low;
            }
        }
    }

    #[inline]
    fn four(&self, x: [f32; 4], low: f32) -> [f32; 4] {
        let [a, b, c, d] = self.answers;
        let driven = (a * f32x4::splat(x[0]) + b * f32x4::splat(x[1]))
            + (c * f32x4::splat(x[2]) + d * f32x4::splat(x[3]));
        (driven + self.held * f32x4::splat(low)).to_array()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_frames_at_once_are_one_after_the_other() {
        let input: Vec<f32> = (0..103_u32).map(|n| ((n * 7_919) % 200) as f32 / 100.0 - 1.0).collect();
        for share in [0.01, 0.3, 1.0] {
            let (mut left, mut right) = (input.clone(), input.iter().map(|x| -x).collect::<Vec<f32>>());
            let mut low = [0.0; 2];
            LowPass::new(share).run([&mut left, &mut right], &mut low);
            let mut expected = 0.0_f64;
            for (n, x) in input.iter().enumerate() {
                expected += (f64::from(*x) - expected) * f64::from(share);
                assert!((f64::from(left[n]) - expected).abs() < 1e-5, "frame {n}");
                assert!((f64::from(right[n]) + expected).abs() < 1e-5, "frame {n}");
            }
        }
    }
}
