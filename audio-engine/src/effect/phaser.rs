//! The phaser: six all-pass stages whose corner sweeps, mixed with what came in, so that three notches move.
//!
//! The last three stages work on one frame while the first three are at the next, so the whole comes a frame later, and neither half
//! waits for the other.

use wide::f32x4;

use super::lanes::{BIAS, Block, Desk, Dial, Line, others};
use super::lfo::Lfo;
use super::slot::Effect;
use super::{Knob, Quantum, Settings};
use crate::dsp::curves::{exp2, prewarped};

/// Stages of either half.
const STAGES: usize = 3;

/// Middle of the sweep in octaves of 1 Hz: 700 Hz.
const MIDDLE_OCTAVE: f32 = 9.45;

/// Half the width of the sweep at full depth, octaves.
const SWEEP_OCTAVES: f32 = 2.5;

/// The phaser.
#[derive(Debug)]
pub(super) struct Phaser {
    knobs: [Knob; 5],
    lfos: [Lfo; 2],
    sweep: Dial,
    feedback: Dial,
    /// The all-pass coefficients at the end of the last quantum.
    coefficients: f32x4,
    halves: [Half; 2],
    /// The frame before, as it came in.
    dry: f32x4,
}

impl Phaser {
    pub(super) fn new() -> Self {
        let ids = ["phaser.on", "phaser.rate", "phaser.depth", "phaser.feedback", "phaser.wet"];
        Self {
            knobs: ids.map(Knob::named),
            lfos: [Lfo::default(); 2],
            sweep: Dial::at(0.0),
            feedback: Dial::at(0.0),
            coefficients: coefficient(f32x4::splat(MIDDLE_OCTAVE)),
            halves: [Half::default(); 2],
            dry: f32x4::ZERO,
        }
    }
}

/// Three stages, each `y = c x + s` and `s' = x - c y`.
#[derive(Clone, Copy, Debug, Default)]
struct Half {
    states: [f32x4; STAGES],
    /// What it put out last.
    last: f32x4,
}

impl Half {
    /// The next frame waits for the last stage alone, so what that puts out is written as a sum of which all but one product is known
    /// beforehand.
    #[inline]
    fn step(&mut self, c: f32x4, x: f32x4) {
        let [first, second, third] = self.states;
        let square = c * c;
        self.last = (square * c) * x + ((square * first + c * second) + third);
        let one = c * x + first;
        let two = c * one + second;
        self.states = [x - c * one, one - c * two, two - c * self.last];
    }
}

/// The coefficients `(g - 1) / (g + 1)` of first-order all-passes with their corners so many octaves above 1 Hz.
fn coefficient(octaves: f32x4) -> f32x4 {
    let g = prewarped(exp2(octaves));
    (g - f32x4::ONE) / (g + f32x4::ONE)
}

impl Effect for Phaser {
    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let [on, rate, depth, feedback, wet] = self.knobs.map(|knob| settings.get(knob));
        self.lfos[strip].set_rate(rate);
        self.sweep.go(strip, depth * SWEEP_OCTAVES, at_once);
        self.feedback.go(strip, feedback, at_once);
        on * wet
    }

    fn render(
        &mut self,
        input: &Block,
        wet: &mut Block,
        _: &mut Desk,
        Quantum { frames, strips, .. }: Quantum,
    ) {
        let (sweep, feedback) = (self.sweep.advance(strips).to, self.feedback.advance(strips));
        for (lfo, _) in self.lfos.iter_mut().zip(strips).filter(|(_, is_on)| *is_on) {
            lfo.advance(frames);
        }
        // The right is a quarter ahead.
        let [a, b] = self.lfos;
        let sines = f32x4::new([a.sine(0), a.sine(1), b.sine(0), b.sine(1)]);
        let to = coefficient(f32x4::splat(MIDDLE_OCTAVE) + sweep * sines);
        let mut coefficients = Line { from: self.coefficients, to }.over(frames);
        self.coefficients = to;
        let mut feedback = feedback.over(frames);
        let (half, [mut first, mut second], mut dry) = (f32x4::splat(0.5), self.halves, self.dry);
        for (x, wet) in input[..frames].iter().zip(wet) {
            let (c, back) = (coefficients.step(), second.last * feedback.step());
            second.step(c, first.last);
            first.step(c, (*x + BIAS) + back);
            let before = core::mem::replace(&mut dry, *x);
            *wet = half * (before + second.last);
        }
        (self.halves, self.dry) = ([first, second], dry);
    }

    fn clear(&mut self, strip: usize) {
        let lanes = others(strip);
        for half in &mut self.halves {
            half.states = half.states.map(|state| state & lanes);
            half.last &= lanes;
        }
        self.dry &= lanes;
        self.lfos[strip].restart();
        let middle = coefficient(f32x4::splat(MIDDLE_OCTAVE));
        self.coefficients = lanes.bitselect(self.coefficients, middle);
    }
}
