//! Distortion: a soft clip without aliasing to speak of, and a tone control for what it adds.
//!
//! The clip is antialiased by its antiderivative, `(F(x1) - F(x0)) / (x1 - x0)` (J. Parker, V. Zavalishin, E. Le Bivic, "Reducing the
//! Aliasing of Nonlinear Waveshaping Using Continuous-Time Convolution", `DAFx` 2016): the clip's mean on the way from one frame to the
//! next. It is reckoned as the mean on the way between the ends of the slope, of which the difference is divided out, and what lies
//! beyond them, so that nothing cancels.

use wide::f32x4;

use super::lanes::{BIAS, Block, Desk, Dial, others};
use super::slot::Effect;
use super::{Knob, Quantum, Settings};
use crate::dsp::math::{exp2, prewarped};

/// Drive at full amount, in octaves of gain: 32 dB.
const DRIVE_OCTAVES: f32 = 5.3;

/// Level that keeps its loudness whatever the drive: -12 dBFS, where one track peaks.
const REFERENCE: f32 = 0.25;

/// The clip: `1.5 x - 0.5 x^3`, flat from 1 on.
fn clip(x: f32) -> f32 {
    let x = x.clamp(-1.0, 1.0);
    1.5 * x - 0.5 * x * x * x
}

/// Where the input stands on the clip.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    input: f32x4,
    /// Within the ends of the slope.
    inner: f32x4,
    square: f32x4,
    /// What lies beyond them, times the end: the clip is flat there.
    beyond: f32x4,
}

impl Place {
    #[inline]
    fn of(input: f32x4) -> Self {
        let inner = input.fast_max(-f32x4::ONE).fast_min(f32x4::ONE);
        Self { input, inner, square: inner * inner, beyond: (input - inner) * inner }
    }

    /// The clip's mean on the way to another place.
    #[inline]
    fn mean(self, to: Self) -> f32x4 {
        // On the slope: `(F(b) - F(a)) / (b - a)`, divided out.
        let squares = f32x4::splat(0.75) - f32x4::splat(0.125) * (self.square + to.square);
        let slope = (self.inner + to.inner) * squares;
        let all = (to.inner - self.inner) * slope + (to.beyond - self.beyond);
        // Where the whole way lies past one end, the mean is that end, as the slope says, too.
        to.inner.simd_eq(self.inner).bitselect(slope, all / (to.input - self.input))
    }
}

/// The distortion.
#[derive(Debug)]
pub(super) struct Distortion {
    knobs: [Knob; 4],
    drive: Dial,
    makeup: Dial,
    tone: Dial,
    /// The last frame into the clip.
    last: Place,
    low: f32x4,
}

impl Distortion {
    pub(super) fn new() -> Self {
        let ids = ["distortion.on", "distortion.amount", "distortion.tone", "distortion.wet"];
        let rest = Dial::at(1.0);
        let (last, low) = (Place::default(), f32x4::ZERO);
        Self { knobs: ids.map(Knob::named), drive: rest, makeup: rest, tone: rest, last, low }
    }
}

impl Effect for Distortion {
    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let [on, amount, tone, wet] = self.knobs.map(|knob| settings.get(knob));
        let drive = exp2(amount * DRIVE_OCTAVES);
        let makeup = REFERENCE / clip(drive * REFERENCE);
        // One-pole low-pass from 800 Hz to 19 kHz, evenly in pitch.
        let g = prewarped(800.0 * exp2(tone * 4.57));
        self.drive.go(strip, drive, at_once);
        self.makeup.go(strip, makeup, at_once);
        self.tone.go(strip, (2.0 * g / (1.0 + g)).min(1.0), at_once);
        on * wet
    }

    fn render(
        &mut self,
        dry: &Block,
        wet: &mut Block,
        _: &mut Desk,
        Quantum { frames, strips, .. }: Quantum,
    ) {
        let [mut drive, mut makeup] =
            [&mut self.drive, &mut self.makeup].map(|dial| dial.advance(strips).over(frames));
        let share = self.tone.advance(strips).to;
        let keep = f32x4::ONE - share;
        let (mut last, mut low) = (self.last, self.low);
        for (x, wet) in dry[..frames].iter().zip(wet) {
            let from = core::mem::replace(&mut last, Place::of(*x * drive.step()));
            low = keep * low + (share * from.mean(last) + BIAS);
            *wet = low * makeup.step();
        }
        (self.last, self.low) = (last, low);
    }

    fn clear(&mut self, strip: usize) {
        let lanes = others(strip);
        self.last = Place::of(self.last.input & lanes);
        self.low &= lanes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The clip's antiderivative, in double precision.
    fn integral(x: f64) -> f64 {
        if x.abs() < 1.0 { 0.75 * x * x - 0.125 * x.powi(4) } else { x.abs() - 0.375 }
    }

    #[test]
    fn the_mean_is_the_difference_of_the_antiderivatives_over_that_of_the_inputs() {
        let inputs: Vec<f32> =
            (-60..60).map(|i| i as f32 * 0.051).chain([1.0, -1.0, 30.0, 1.000_001]).collect();
        for (&from, &to) in inputs.iter().flat_map(|from| inputs.iter().map(move |to| (from, to))) {
            let got = Place::of(f32x4::splat(from)).mean(Place::of(f32x4::splat(to))).to_array()[0];
            let (x0, x1) = (f64::from(from), f64::from(to));
            let truth = if (x1 - x0).abs() < 1e-4 {
                f64::from(clip(0.5 * (from + to)))
            } else {
                (integral(x1) - integral(x0)) / (x1 - x0)
            };
            assert!((f64::from(got) - truth).abs() < 1e-5, "from {from} to {to}: {got}, {truth}");
        }
    }
}
