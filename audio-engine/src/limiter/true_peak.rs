//! Peaks between the samples, found by four times oversampling.

use core::f64::consts::PI;

use crate::smooth::QUANTUM_FRAMES;

/// Taps of each phase of the interpolating filter.
pub(super) const TAPS: usize = 24;

/// Positions between two samples at which the signal is interpolated, in quarters.
const PHASES: usize = 3;

/// A polyphase interpolator: a windowed sinc at 1/4, 1/2 and 3/4 between the two middle samples of its taps.
#[derive(Debug)]
pub(super) struct TruePeak {
    phases: [[f32; TAPS]; PHASES],
    largest_gain: f32,
}

impl TruePeak {
    /// Computes the filter: `sinc(t) * (0.54 + 0.46 cos(pi t / 12))` (a Hamming window over the taps), scaled to unit gain
    /// at zero frequency.
    pub(super) fn new() -> Self {
        let phases = core::array::from_fn(|phase| {
            let centre = (TAPS / 2 - 1) as f64 + (phase + 1) as f64 / (PHASES + 1) as f64;
            let taps: [f64; TAPS] = core::array::from_fn(|tap| {
                let t = tap as f64 - centre;
                libm::sin(PI * t) / (PI * t) * (0.54 + 0.46 * libm::cos(PI * t / (TAPS / 2) as f64))
            });
            let sum: f64 = taps.iter().sum();
            taps.map(|tap| (tap / sum) as f32)
        });
        let gain = |taps: &[f32; TAPS]| taps.iter().map(|tap| tap.abs()).sum::<f32>();
        let largest_gain = phases.iter().map(gain).fold(1.0, f32::max);
        Self { phases, largest_gain }
    }

    /// How much an interpolated value may exceed the largest of the samples that it is made from.
    pub(super) fn largest_gain(&self) -> f32 {
        self.largest_gain
    }

    /// Raises each of `peaks` to the largest magnitude at and after the middle sample of the [`TAPS`] samples that end at
    /// its frame; `samples` starts `TAPS - 1` frames before `peaks`.
    pub(super) fn raise(&self, peaks: &mut [f32], samples: &[f32]) {
        let frames = peaks.len();
        for (peak, sample) in peaks.iter_mut().zip(&samples[TAPS / 2 - 1..]) {
            *peak = peak.max(sample.abs());
        }
        for taps in &self.phases {
            let mut sums = [0.0f32; QUANTUM_FRAMES];
            for (tap, weight) in taps.iter().enumerate() {
                for (sum, sample) in sums[..frames].iter_mut().zip(&samples[tap..]) {
                    *sum += sample * weight;
                }
            }
            for (peak, sum) in peaks.iter_mut().zip(&sums) {
                *peak = peak.max(sum.abs());
            }
        }
    }
}
