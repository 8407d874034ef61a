//! The chorus: a delayed copy whose delay sways, the other way on the other side.

use super::delay_line::DelayLine;
use super::lfo::Lfo;
use super::slot::Effect;
use super::{Knob, Moment, Settings};
use crate::smooth::{QUANTUM_FRAMES, Ramp, Smooth};

/// Middle of the sway, frames (8 ms).
const MIDDLE: f32 = 384.0;

/// Half the width of the sway at full depth, frames (5 ms), at rates up to [`FULL_RATE`]; narrower above, so that the bend
/// of the pitch stays the same.
const SWAY: f32 = 240.0;

/// Hertz.
const FULL_RATE: f32 = 1.5;

/// Level of the dry and the delayed copy in the mix.
const HALF_POWER: f32 = core::f32::consts::FRAC_1_SQRT_2;

/// The chorus.
#[derive(Debug)]
pub(super) struct Chorus {
    knobs: [Knob; 4],
    lfo: Lfo,
    sway: Smooth,
    lines: [DelayLine; 2],
}

impl Chorus {
    pub(super) fn new() -> Self {
        Self {
            knobs: ["chorus.on", "chorus.rate", "chorus.depth", "chorus.wet"].map(Knob::named),
            lfo: Lfo::default(),
            sway: Smooth::at(0.0),
            lines: [(); 2].map(|()| DelayLine::new((MIDDLE + SWAY) as usize + QUANTUM_FRAMES)),
        }
    }
}

impl Effect for Chorus {
    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32 {
        let [on, rate, depth, wet] = self.knobs.map(|knob| settings.get(knob));
        self.lfo.set_rate(rate);
        self.sway.go(SWAY * depth * (FULL_RATE / rate.max(FULL_RATE)), at_once);
        on * wet
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32], _: Moment) {
        let frames = left.len();
        let sway = self.sway.advance();
        let before = self.lfo.sine(0);
        self.lfo.advance(frames);
        let after = self.lfo.sine(0);
        let delays = [1.0, -1.0].map(|side| Ramp {
            from: MIDDLE + side * sway.from * before,
            to: MIDDLE + side * sway.to * after,
        });
        for ((line, delay), channel) in self.lines.iter_mut().zip(delays).zip([left, right]) {
            line.write(channel);
            // The whole block is in the line before it is read, so earlier frames reach back further.
            let slope = delay.slope(frames) - 1.0;
            let mut taps = [0.0; QUANTUM_FRAMES];
            line.taps(delay.from + frames as f32, slope, &mut taps[..frames]);
            for (sample, tap) in channel.iter_mut().zip(taps) {
                *sample = (*sample + tap) * HALF_POWER;
            }
        }
    }

    fn clear(&mut self) {
        self.lines.iter_mut().for_each(DelayLine::clear);
        self.lfo.restart();
    }

    fn memory_frames(&self) -> usize {
        (MIDDLE + SWAY) as usize
    }
}
