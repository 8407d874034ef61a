//! The chorus: a delayed copy whose delay sways, the other way on the other side.

use core::array::from_fn;

use wide::f32x4;

use super::delay_line::DelayLine;
use super::lanes::{Block, Channels, Desk, Dial, SILENCE, apart, together};
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

impl Chorus {
    /// Puts the sound into the lines.
    fn keep(&mut self, block: &Block, spare: &mut Channels, strips: [bool; 2], frames: usize) {
        let mut next = spare.each_mut();
        let lines = self.lines.iter_mut().flatten().enumerate();
        for (channel, line) in lines.filter(|(channel, _)| strips[channel / 2]) {
            next[channel] = line.next();
        }
        apart(block, next);
        for (lines, _) in self.lines.iter_mut().zip(strips).filter(|(_, is_on)| *is_on) {
            for line in lines {
                line.advance(frames);
            }
        }
    }
}

impl Effect for Chorus {
    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let [on, rate, depth, wet] = self.knobs.map(|knob| settings.get(knob));
        self.lfos[strip].set_rate(rate);
        self.sway.go(strip, SWAY * depth * (FULL_RATE / rate.max(FULL_RATE)), at_once);
        on * wet
    }

    fn render(
        &mut self,
        dry: &Block,
        wet: &mut Block,
        desk: &mut Desk,
        Quantum { frames, strips, .. }: Quantum,
    ) {
        self.keep(dry, &mut desk.spare, strips, frames);
        let sways = self.sway.ramps(strips);
        for strip in (0..2).filter(|&strip| strips[strip]) {
            let (sway, lfo) = (sways[strip], &mut self.lfos[strip]);
            let before = lfo.sine(0);
            lfo.advance(frames);
            let after = lfo.sine(0);
            for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
                let ends = [sway.from * before, sway.to * after].map(|sway| MIDDLE + sign * sway);
                let delay = Ramp { from: ends[0], to: ends[1] };
                self.lines[strip][side].taps(delay, frames, &mut desk.channels[2 * strip + side]);
            }
        }
        let taps = from_fn(|channel| if strips[channel / 2] { &desk.channels[channel] } else { &SILENCE });
        together(taps, wet);
        for (x, wet) in dry.iter().zip(wet) {
            *wet = (*x + *wet) * f32x4::splat(HALF_POWER);
        }
    }

    fn clear(&mut self, strip: usize) {
        self.lines[strip].iter_mut().for_each(DelayLine::clear);
        self.lfos[strip].restart();
    }

    fn memory_frames(&self, _strip: usize) -> usize {
        (MIDDLE + SWAY) as usize
    }
}
