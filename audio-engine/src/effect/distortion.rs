//! Distortion: a soft clip without aliasing to speak of, and a tone control for what it adds.
//!
//! The clip is antialiased by its antiderivative, `(F(x1) - F(x0)) / (x1 - x0)` (J. Parker, V. Zavalishin, E. Le Bivic, "Reducing the
//! Aliasing of Nonlinear Waveshaping Using Continuous-Time Convolution", `DAFx` 2016), in double precision, because the
//! difference cancels.

use super::one_pole::LowPass;
use super::slot::Effect;
use super::{Knob, Moment, Settings};
use crate::dsp::math::{exp2, prewarped};
use crate::smooth::{QUANTUM_FRAMES, Smooth};

/// Below this difference the quotient is replaced by the clip at the middle.
const CLOSE: f64 = 1.0e-5;

/// Drive at full amount, in octaves of gain: 32 dB.
const DRIVE_OCTAVES: f32 = 5.3;

/// Level that keeps its loudness whatever the drive: -12 dBFS, where one track peaks.
const REFERENCE: f32 = 0.25;

/// The clip: `1.5 x - 0.5 x^3`, flat from 1 on.
fn clip(x: f64) -> f64 {
    let x = x.clamp(-1.0, 1.0);
    1.5 * x - 0.5 * x * x * x
}

/// Its antiderivative.
fn clip_integral(x: f64) -> f64 {
    let (size, square) = (x.abs(), x * x);
    let (inside, outside) = (0.75 * square - 0.125 * square * square, size - 0.375);
    if size < 1.0 { inside } else { outside }
}

/// One channel: its last frame into the clip, and the integral there.
#[derive(Clone, Copy, Debug, Default)]
struct Channel {
    last: f64,
    integral: f64,
}

impl Channel {
    /// Clips in place.
    fn run(&mut self, block: &mut [f32]) {
        let frames = block.len();
        let (mut x, mut integral) = ([0.0; QUANTUM_FRAMES + 1], [0.0; QUANTUM_FRAMES + 1]);
        (x[0], integral[0]) = (self.last, self.integral);
        for (i, sample) in block.iter().enumerate() {
            x[i + 1] = f64::from(*sample);
        }
        for i in 1..=frames {
            integral[i] = clip_integral(x[i]);
        }
        for (i, sample) in block.iter_mut().enumerate() {
            let difference = x[i + 1] - x[i];
            let is_close = difference.abs() <= CLOSE;
            let middle = clip(0.5 * (x[i + 1] + x[i]));
            let mean = (integral[i + 1] - integral[i]) / if is_close { 1.0 } else { difference };
            *sample = if is_close { middle } else { mean } as f32;
        }
        (self.last, self.integral) = (x[frames], integral[frames]);
    }
}

/// The distortion.
#[derive(Debug)]
pub(super) struct Distortion {
    knobs: [Knob; 4],
    drive: Smooth,
    makeup: Smooth,
    tone: Smooth,
    channels: [Channel; 2],
    low: [f32; 2],
}

impl Distortion {
    pub(super) fn new() -> Self {
        let ids = ["distortion.on", "distortion.amount", "distortion.tone", "distortion.wet"];
        Self {
            knobs: ids.map(Knob::named),
            drive: Smooth::at(1.0),
            makeup: Smooth::at(1.0),
            tone: Smooth::at(1.0),
            channels: [Channel::default(); 2],
            low: [0.0; 2],
        }
    }
}

impl Effect for Distortion {
    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32 {
        let [on, amount, tone, wet] = self.knobs.map(|knob| settings.get(knob));
        let drive = exp2(amount * DRIVE_OCTAVES);
        let makeup = REFERENCE / clip(f64::from(drive * REFERENCE)) as f32;
        // One-pole low-pass from 800 Hz to 19 kHz, evenly in pitch.
        let g = prewarped(800.0 * exp2(tone * 4.57));
        self.drive.go(drive, at_once);
        self.makeup.go(makeup, at_once);
        self.tone.go((2.0 * g / (1.0 + g)).min(1.0), at_once);
        on * wet
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32], _: Moment) {
        let (drive, makeup, tone) = (self.drive.advance(), self.makeup.advance(), self.tone.advance());
        for (channel, block) in self.channels.iter_mut().zip([&mut *left, &mut *right]) {
            drive.scale(block);
            channel.run(block);
        }
        LowPass::new(tone.to).run([&mut *left, &mut *right], &mut self.low);
        makeup.scale(left);
        makeup.scale(right);
    }

    fn clear(&mut self) {
        self.channels = [Channel::default(); 2];
        self.low = [0.0; 2];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_antiderivative_is_that_of_the_clip() {
        for i in -300..300 {
            let x = f64::from(i) * 0.01;
            let slope = (clip_integral(x + 1e-6) - clip_integral(x - 1e-6)) / 2e-6;
            assert!((slope - clip(x)).abs() < 1e-6, "at {x}");
        }
    }
}
