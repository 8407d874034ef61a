//! The tables that recordings are interpolated with: windowed sincs, one set for every two semitones of pitching up.
//!
//! Reading a recording faster moves its spectrum up, and what passes 24 kHz would come back as aliases. So the sinc's cutoff
//! falls as the rate rises, and the window is stretched to match. See J. O. Smith, "Digital Audio Resampling" (CCRMA), for the
//! method, and Kaiser's `I0` window.

use std::sync::LazyLock;

use core::f64::consts::PI;

/// Positions between two frames for which there is a row; in between, rows are blended. The error of blending 128 rows is
/// below -80 dB.
const PHASES: usize = 128;

/// Frames that a kernel spans at unpitched rates.
const TAPS: usize = 32;

/// Most frames that a kernel spans: what bounds the work of a frame. Two octaves up is the highest rate with the full quality.
pub(super) const MAX_TAPS: usize = 128;

/// Frames that are multiplied side by side; every kernel spans a multiple.
const LANES: usize = 8;

/// Sets of rows per octave: what a set cuts off more than it must is less than two semitones wide.
const BANDS_PER_OCTAVE: usize = 6;

/// Highest pitch above the recording's own, in semitones. Past it a note plays at this pitch.
pub(super) const MAX_SEMITONES: f32 = 36.0;

/// The sets: one for unpitched and lowered notes, and one for every two semitones of the three octaves above.
const BANDS: usize = 3 * BANDS_PER_OCTAVE + 1;

/// Shape of the Kaiser window: side lobes 80 dB down.
const BETA: f64 = 8.0;

static BANK: LazyLock<Vec<Kernel>> = LazyLock::new(|| (0..BANDS).map(Kernel::of_band).collect());

/// Computes the tables, unless they are there. From then on the audio thread may read them.
pub(super) fn prepare() {
    LazyLock::force(&BANK);
}

/// The kernel for notes so many semitones above a recording's own pitch.
pub(super) fn kernel(semitones: f32) -> &'static Kernel {
    let width = 12.0 / BANDS_PER_OCTAVE as f32;
    let below = (semitones.clamp(0.0, MAX_SEMITONES) / width) as usize;
    let is_above = below as f32 * width < semitones;
    &BANK[(below + usize::from(is_above)).min(BANDS - 1)]
}

/// One set of rows.
#[derive(Debug)]
pub(super) struct Kernel {
    taps: usize,
    /// `PHASES + 1` rows of `taps` weights, each row adding up to one.
    rows: Box<[f32]>,
}

impl Kernel {
    fn of_band(band: usize) -> Self {
        let rise = libm::exp2(band as f64 / BANDS_PER_OCTAVE as f64);
        let taps = ((TAPS as f64 * rise) as usize).next_multiple_of(LANES).min(MAX_TAPS);
        let rows = (0..=PHASES).flat_map(|phase| row(taps, 1.0 / rise, phase as f64 / PHASES as f64));
        Self { taps, rows: rows.collect() }
    }

    /// Frames that it spans.
    pub(super) fn taps(&self) -> usize {
        self.taps
    }

    /// The weights for a place a share of the way (in units of 2^-32) past the frame at `taps / 2 - 1`.
    pub(super) fn weights(&self, share: u32) -> Weights<'_> {
        let phase = (share >> 25) as usize;
        let blend = (share << 7) as f32 * (1.0 / 4_294_967_296.0);
        let row = |phase: usize| self.rows[phase * self.taps..][..self.taps].as_chunks::<LANES>().0;
        Weights { here: row(phase), next: row(phase + 1), blend }
    }
}

/// The weights of one place between two frames.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weights<'a> {
    here: &'a [[f32; LANES]],
    next: &'a [[f32; LANES]],
    blend: f32,
}

impl Weights<'_> {
    /// The value of a channel, from the frames that the kernel spans.
    pub(super) fn sum(self, frames: &[f32]) -> f32 {
        let mut lanes = [0.0_f32; LANES];
        let frames = frames.as_chunks::<LANES>().0;
        for ((frames, here), next) in frames.iter().zip(self.here).zip(self.next) {
            for lane in 0..LANES {
                let weight = here[lane] + (next[lane] - here[lane]) * self.blend;
                lanes[lane] += weight * frames[lane];
            }
        }
        added(lanes)
    }

    /// The values of two channels.
    pub(super) fn sums(self, left: &[f32], right: &[f32]) -> [f32; 2] {
        let mut sums = [[0.0_f32; LANES]; 2];
        let (left, right) = (left.as_chunks::<LANES>().0, right.as_chunks::<LANES>().0);
        for (((left, right), here), next) in left.iter().zip(right).zip(self.here).zip(self.next) {
            for lane in 0..LANES {
                let weight = here[lane] + (next[lane] - here[lane]) * self.blend;
                sums[0][lane] += weight * left[lane];
                sums[1][lane] += weight * right[lane];
            }
        }
        sums.map(added)
    }
}

fn added(lanes: [f32; LANES]) -> f32 {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// Weights for a place `share` of the way past the middle, adding up to one so that a constant stays what it is.
fn row(taps: usize, cutoff: f64, share: f64) -> Vec<f32> {
    let half = taps as f64 / 2.0;
    let weight = |tap: usize| {
        let distance = tap as f64 - (half - 1.0) - share;
        sinc(cutoff * distance) * kaiser(distance / half)
    };
    let weights: Vec<f64> = (0..taps).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| (weight / sum) as f32).collect()
}

/// `sin(pi x) / (pi x)`, exactly zero at whole numbers.
fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if libm::trunc(x).to_bits() == x.to_bits() {
        0.0
    } else {
        libm::sin(PI * x) / (PI * x)
    }
}

/// Kaiser's window at `x` from -1 to 1.
fn kaiser(x: f64) -> f64 {
    bessel_i0(BETA * libm::sqrt((1.0 - x * x).max(0.0))) / bessel_i0(BETA)
}

/// The modified Bessel function of the first kind and order zero, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..40 {
        term *= quarter / f64::from(k * k);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_a_frame_the_unpitched_kernel_gives_that_frame() {
        let frames: Vec<f32> = (0..32).map(|i| i as f32 * 0.01).collect();
        let value = kernel(0.0).weights(0).sum(&frames);
        assert_eq!(value.to_bits(), frames[15].to_bits());
    }

    #[test]
    fn kernels_widen_with_the_pitch_up_to_their_bound() {
        let taps = |semitones| kernel(semitones).taps();
        let pitches = [-12.0, 0.0, 0.1, 2.0, 12.0, 24.0, 36.0, 96.0];
        assert_eq!(pitches.map(taps), [32, 32, 40, 40, 64, 128, 128, 128]);
    }

    #[test]
    fn a_constant_stays_what_it_is_at_every_place_and_pitch() {
        for semitones in [0.0, 7.0, 19.0, 36.0] {
            for share in (0..=u32::MAX).step_by(0x1234_5677) {
                let kernel = kernel(semitones);
                let value = kernel.weights(share).sum(&vec![0.5; kernel.taps()]);
                assert!((value - 0.5).abs() < 1e-6, "{value} at {semitones}");
            }
        }
    }
}
