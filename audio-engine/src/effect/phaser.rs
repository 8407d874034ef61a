//! The phaser: six all-pass stages whose corner sweeps, mixed with what came in, so that three notches move.

use super::lfo::Lfo;
use super::slot::Effect;
use super::{Knob, Moment, Settings};
use crate::dsp::math::{exp2, flushed, prewarped};
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
    states: [[f32; 2]; STAGES],
    last: [f32; 2],
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
            states: [[0.0; 2]; STAGES],
            last: [0.0; 2],
        }
    }
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
        let step: [f32; 2] = core::array::from_fn(|side| (targets[side] - from[side]) / frames as f32);
        let slope = feedback.slope(frames);
        for (start, (left, right)) in
            (0..).step_by(FLUSH_FRAMES).zip(left.chunks_mut(FLUSH_FRAMES).zip(right.chunks_mut(FLUSH_FRAMES)))
        {
            for (i, (l, r)) in left.iter_mut().zip(right).enumerate() {
                let at = (start + i + 1) as f32;
                let feedback = feedback.from + slope * at;
                let c = [from[0] + step[0] * at, from[1] + step[1] * at];
                let dry = [*l, *r];
                let mut x = [dry[0] + feedback * self.last[0], dry[1] + feedback * self.last[1]];
                for state in &mut self.states {
                    for side in 0..2 {
                        let y = c[side] * x[side] + state[side];
                        state[side] = x[side] - c[side] * y;
                        x[side] = y;
                    }
                }
                self.last = x;
                (*l, *r) = (0.5 * (dry[0] + x[0]), 0.5 * (dry[1] + x[1]));
            }
            self.states = self.states.map(|state| state.map(flushed));
            self.last = self.last.map(flushed);
        }
    }

    fn clear(&mut self) {
        self.states = [[0.0; 2]; STAGES];
        self.last = [0.0; 2];
        self.lfo.restart();
        self.coefficients = [coefficient(MIDDLE_OCTAVE); 2];
    }
}
