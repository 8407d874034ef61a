//! The filters of voices: state-variable filters of four channels side by side in four lanes, one after the other for 24 dB an octave.
//!
//! A voice's corner moves all the time, so that little may be computed per corner.

use wide::f32x4;

use super::curves::prewarped;
use super::integrators::{Integrators, Step};

/// Coefficients for a corner in each lane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Corner {
    step: Step,
    damping: f32x4,
}

impl Corner {
    /// `damping` is 1/Q: 2 is gentle, 1.41 flat, 0.05 rings.
    #[inline]
    pub(crate) fn new(hertz: f32x4, damping: f32x4) -> Self {
        let (one, two) = (f32x4::ONE, f32x4::splat(2.0));
        let g = prewarped(hertz);
        let damping = damping.fast_max(f32x4::splat(0.02)).fast_min(f32x4::splat(4.0));
        let share = two / (one + g * (g + damping));
        let across = g * share;
        Self { step: Step { stay: share - one, across, rise: g * across }, damping }
    }
}

/// What the filter of one channel holds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stage {
    first: f32,
    second: f32,
}

/// The filters of four channels, each in a lane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stages(Integrators);

impl Stages {
    /// Takes up to four; the other lanes are at rest.
    #[inline]
    pub(crate) fn joined<'a>(stages: impl Iterator<Item = &'a Stage>) -> Self {
        let (mut first, mut second) = ([0.0; 4], [0.0; 4]);
        for (lane, stage) in stages.take(4).enumerate() {
            (first[lane], second[lane]) = (stage.first, stage.second);
        }
        Self(Integrators { first: f32x4::new(first), second: f32x4::new(second) })
    }

    /// What each holds, without what is too small to matter.
    #[inline]
    pub(crate) fn parted(self) -> [Stage; 4] {
        let Integrators { first, second } = self.0.flushed();
        let (first, second) = (first.to_array(), second.to_array());
        core::array::from_fn(|lane| Stage { first: first[lane], second: second[lane] })
    }

    /// The low-pass or the high-pass of the next frame.
    #[inline]
    pub(crate) fn next<const HIGH: bool>(&mut self, corner: &Corner, x: f32x4) -> f32x4 {
        let before = self.0;
        self.0 = before.after(&corner.step, x);
        let half = f32x4::splat(0.5);
        let low = half * (before.second + self.0.second);
        if HIGH { (x - half * (corner.damping * (before.first + self.0.first))) - low } else { low }
    }
}

#[cfg(test)]
mod tests {
    use super::super::integrators::by_the_paper;
    use super::super::math;
    use super::*;
    use crate::dsp::noise::Noise;

    #[test]
    fn every_lane_is_the_filter_of_the_paper() {
        let mut noise = Noise::seeded(3);
        let input: Vec<f32> = (0..300).flat_map(|_| noise.block()).collect();
        let (hertz, dampings) = ([30.0, 440.0, 5_000.0, 18_000.0], [1.41, 0.05, 0.3, 2.0]);
        for high in [false, true] {
            let corner = Corner::new(f32x4::new(hertz), f32x4::new(dampings));
            let mut stages = Stages::joined(std::iter::empty());
            let mut output = Vec::new();
            for x in input.iter().map(|x| f32x4::splat(*x)) {
                let y = if high { stages.next::<true>(&corner, x) } else { stages.next::<false>(&corner, x) };
                output.push(y.to_array());
            }
            for (lane, (hertz, damping)) in hertz.into_iter().zip(dampings).enumerate() {
                let mix = if high { [1.0, -damping, -1.0] } else { [0.0, 0.0, 1.0] };
                let expected = by_the_paper(math::prewarped(hertz), damping, mix, &input);
                let peak = expected.iter().fold(1.0_f64, |peak, y| peak.max(y.abs()));
                for (n, y) in expected.iter().enumerate() {
                    let off = (f64::from(output[n][lane]) - y).abs();
                    assert!(off < 1e-4 * peak, "{hertz} Hz, high {high}, frame {n}: off by {off}");
                }
            }
        }
    }
}
