//! The phaser: six all-pass stages whose corner sweeps, mixed with what came in, so that three notches move.
//!
//! The last three stages work on one frame while the first three are at the next, so the whole comes a frame later.

use wide::f32x4;

use super::lfo::Lfo;
use super::slot::Effect;
use super::{Knob, Moment, Settings};
use crate::dsp::math::{exp2, flushed, prewarped, still};
use crate::smooth::Smooth;

const STAGES: usize = 6;

/// Middle of the sweep in octaves of 1 Hz: 700 Hz.
const MIDDLE_OCTAVE: f32 = 9.45;

/// Half the width of the sweep at full depth, octaves.
const SWEEP_OCTAVES: f32 = 2.5;

/// Frames after which states too small to matter are made zero: the coefficient stays well away from zero, so that none can
/// become denormal on the way.
const FLUSH_FRAMES: usize = 16;

/// The phaser.
#[derive(Debug)]
pub(super) struct Phaser {
    knobs: [Knob; 5],
    lfo: Lfo,
    sweep: Smooth,
    feedback: Smooth,
    /// The all-pass coefficient of each side at the end of the last quantum.
    coefficients: [f32; 2],
    /// Of three stages each. Lanes: left and right of the first three, left and right of the others, which work on the frame before.
    states: [f32x4; STAGES / 2],
    /// What the lanes put out last.
    last: f32x4,
    /// The frame before, as it came in.
    dry: [f32; 2],
}

impl Phaser {
    pub(super) fn new() -> Self {
        let ids = ["phaser.on", "phaser.rate", "phaser.depth", "phaser.feedback", "phaser.wet"];
        Self {
            knobs: ids.map(Knob::named),
            lfo: Lfo::default(),
            sweep: Smooth::at(0.0),
            feedback: Smooth::at(0.0),
            coefficients: [coefficient(MIDDLE_OCTAVE); 2],
            states: [f32x4::ZERO; STAGES / 2],
            last: f32x4::ZERO,
            dry: [0.0; 2],
        }
    }
}

/// Three stages, each `y = c x + s` and `s' = x - c y`. The next frame waits for the last of them alone, so what that puts out is
/// written as a sum of which all but one product is known beforehand.
#[inline]
fn stepped(states: &mut [f32x4; STAGES / 2], c: f32x4, x: f32x4) -> f32x4 {
    let [first, second, third] = *states;
    let square = c * c;
    let y = (square * c) * x + ((square * first + c * second) + third);
    let one = c * x + first;
    let two = c * one + second;
    *states = [x - c * one, one - c * two, two - c * y];
    y
}

/// The coefficient `(g - 1) / (g + 1)` of a first-order all-pass with its corner this many octaves above 1 Hz.
fn coefficient(octave: f32) -> f32 {
    let g = prewarped(exp2(octave));
    (g - 1.0) / (g + 1.0)
}

impl Effect for Phaser {
    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32 {
        let [on, rate, depth, feedback, wet] = self.knobs.map(|knob| settings.get(knob));
        self.lfo.set_rate(rate);
        self.sweep.go(depth * SWEEP_OCTAVES, at_once);
        self.feedback.go(feedback, at_once);
        on * wet
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32], _: Moment) {
        let frames = left.len();
        let (sweep, feedback) = (self.sweep.advance().to, self.feedback.advance());
        self.lfo.advance(frames);
        let targets = [0, 1].map(|quarter| coefficient(MIDDLE_OCTAVE + sweep * self.lfo.sine(quarter)));
        let from = core::mem::replace(&mut self.coefficients, targets);
        let [from, targets] = [from, targets].map(|[left, right]| f32x4::new([left, right, left, right]));
        let step = (targets - from) / f32x4::splat(frames as f32);
        let slope = feedback.slope(frames);
        for (start, (left, right)) in
            (0..).step_by(FLUSH_FRAMES).zip(left.chunks_mut(FLUSH_FRAMES).zip(right.chunks_mut(FLUSH_FRAMES)))
        {
            // In places of their own, so that no frame waits for memory.
            let Self { mut states, mut last, mut dry, .. } = *self;
            for (i, (l, r)) in left.iter_mut().zip(right).enumerate() {
                let at = (start + i + 1) as f32;
                let feedback = feedback.from + slope * at;
                let c = from + step * f32x4::splat(at);
                // The first half hears what comes in and some of the end, the second half the first.
                let [left, right, wet_left, wet_right] = last.to_array();
                let back = f32x4::new([wet_left, wet_right, left, right]);
                let x = f32x4::new([*l, *r, 0.0, 0.0]) + back * f32x4::new([feedback, feedback, 1.0, 1.0]);
                last = stepped(&mut states, c, x);
                let [_, _, wet_left, wet_right] = last.to_array();
                let before = core::mem::replace(&mut dry, [*l, *r]);
                (*l, *r) = (0.5 * (before[0] + wet_left), 0.5 * (before[1] + wet_right));
            }
            self.states = states.map(still);
            (self.last, self.dry) = (still(last), dry.map(flushed));
        }
    }

    fn clear(&mut self) {
        self.states = [f32x4::ZERO; STAGES / 2];
        (self.last, self.dry) = (f32x4::ZERO, [0.0; 2]);
        self.lfo.restart();
        self.coefficients = [coefficient(MIDDLE_OCTAVE); 2];
    }
}
