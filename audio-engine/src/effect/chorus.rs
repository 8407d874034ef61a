//! The chorus: a delayed copy whose delay sways, the other way on the other side.

use super::delay_line::DelayLine;
use super::lanes::{Block, Dial, apart, together};
use super::lfo::Lfo;
use super::slot::Effect;
use super::{Knob, Quantum, Settings};
use crate::smooth::{QUANTUM_FRAMES, Ramp};

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
    lfos: [Lfo; 2],
    sway: Dial,
    /// Left and right of either strip.
    lines: [[DelayLine; 2]; 2],
}

impl Chorus {
    pub(super) fn new() -> Self {
        let line = || DelayLine::new((MIDDLE + SWAY) as usize + QUANTUM_FRAMES);
        Self {
            knobs: ["chorus.on", "chorus.rate", "chorus.depth", "chorus.wet"].map(Knob::named),
            lfos: [Lfo::default(); 2],
            sway: Dial::at(0.0),
            lines: [(); 2].map(|()| [line(), line()]),
        }
    }
}

/// Adds to a channel what it was, by this ramp of delays.
fn double(line: &mut DelayLine, delay: Ramp, channel: &mut [f32; QUANTUM_FRAMES], frames: usize) {
    line.write(channel, frames);
    // The whole block is in the line before it is read, so earlier frames reach back further.
    let slope = delay.slope(frames) - 1.0;
    let mut taps = [0.0; QUANTUM_FRAMES];
    line.taps(delay.from + frames as f32, slope, &mut taps[..frames]);
    for (sample, tap) in channel.iter_mut().zip(taps) {
        *sample = (*sample + tap) * HALF_POWER;
    }
}

impl Effect for Chorus {
    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let [on, rate, depth, wet] = self.knobs.map(|knob| settings.get(knob));
        self.lfos[strip].set_rate(rate);
        self.sway.go(strip, SWAY * depth * (FULL_RATE / rate.max(FULL_RATE)), at_once);
        on * wet
    }

    fn render(&mut self, block: &mut Block, Quantum { frames, strips, .. }: Quantum) {
        let mut channels = [[0.0; QUANTUM_FRAMES]; 4];
        apart(block, &mut channels);
        let sways = self.sway.ramps(strips);
        for strip in (0..2).filter(|&strip| strips[strip]) {
            let (sway, lfo) = (sways[strip], &mut self.lfos[strip]);
            let before = lfo.sine(0);
            lfo.advance(frames);
            let after = lfo.sine(0);
            for (side, line) in self.lines[strip].iter_mut().enumerate() {
                let sign = [1.0, -1.0][side];
                let delay =
                    Ramp { from: MIDDLE + sign * sway.from * before, to: MIDDLE + sign * sway.to * after };
                double(line, delay, &mut channels[2 * strip + side], frames);
            }
        }
        together(channels.each_ref(), block);
    }

    fn clear(&mut self, strip: usize) {
        self.lines[strip].iter_mut().for_each(DelayLine::clear);
        self.lfos[strip].restart();
    }

    fn memory_frames(&self, _strip: usize) -> usize {
        (MIDDLE + SWAY) as usize
    }
}
