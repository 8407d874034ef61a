//! The drawbar organ with key click, percussion and rotary speaker.

use super::tweaks::{Tweaks, share};
use super::voice::Moment;
use crate::dsp::bend::{Bend, Drive};
use crate::dsp::envelope::{Adsr, Envelope, Strike};
use crate::dsp::math::{exp2, key_frequency, ratio};
use crate::dsp::oscillator::{advance, phase_step, sine, sine_at};
use crate::dsp::{Block, CHUNK, SAMPLE_RATE, SILENCE, ramp};

/// An organ preset.
#[derive(Debug, Clone, Copy)]
pub(super) struct OrganPreset {
    /// The nine drawbars, 0 to 8: 16', 5 1/3', 8', 4', 2 2/3', 2', 1 3/5', 1 1/3', 1'.
    pub(super) drawbars: [u8; 9],
    /// Level of the decaying second harmonic, and of the key's click.
    pub(super) percussion: f32,
    pub(super) click: f32,
    pub(super) drive: f32,
    /// Turns per second and depth of the rotary speaker.
    pub(super) rate: f32,
    pub(super) rotary: f32,
    /// Semitones of vibrato that the speaker's turning adds.
    pub(super) vibrato: f32,
    pub(super) width: f32,
}

/// Frequencies of the drawbars over that of the key.
const FOOTAGES: [f32; 9] = [0.5, 1.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0];

/// An organ note.
#[derive(Debug, Clone)]
pub(super) struct Organ {
    gains: [f32; 9],
    phases: [u32; 9],
    percussion: Strike,
    percussion_phase: u32,
    click: Strike,
    click_phase: u32,
    envelope: Envelope,
    key: f32,
    key_target: f32,
    base_key: f32,
    hertz: f32,
    drive: Drive,
    bend: Bend,
    turn: u64,
    rotary: f32,
    vibrato: f32,
    width: f32,
    before: [f32; 2],
}

impl Organ {
    pub(super) fn new(preset: &OrganPreset, key: f32, pitch: f32, tweaks: &Tweaks) -> Self {
        let drive = share(preset.drive, tweaks.drive());
        let hertz = key_frequency(key);
        let mut gains = [0.0; 9];
        for (at, gain) in gains.iter_mut().enumerate() {
            // Each step of a drawbar is 3 dB.
            let drawn = f32::from(preset.drawbars[at]);
            let tilt = tweaks.tone() * 1.2 * (at as f32 - 2.0);
            let audible = drawn > 0.0 && hertz * FOOTAGES[at] < 10_000.0;
            *gain = if audible { exp2(0.5 * (drawn - 8.0) + 0.5 * tilt) } else { 0.0 };
        }
        let turn = preset.rate * (4_294_967_296.0 / SAMPLE_RATE);
        Self {
            gains,
            phases: [0; 9],
            percussion: struck(share(preset.percussion, tweaks.percussion()), 0.28),
            percussion_phase: 0,
            click: struck(share(preset.click, tweaks.click()) * 0.5, 0.008),
            click_phase: 0,
            envelope: Envelope::started(Adsr {
                attack: 0.002 * tweaks.attack(),
                decay: 0.1,
                sustain: 1.0,
                release: 0.05 * tweaks.release(),
            }),
            key,
            key_target: key,
            base_key: key - pitch,
            hertz,
            drive: Drive { into: 1.0 + 5.0 * drive * drive, out: 1.0 / (1.0 + 2.0 * drive * drive) },
            bend: Bend::default(),
            turn: turn as u64,
            rotary: share(preset.rotary, tweaks.rotary()),
            vibrato: (preset.vibrato + tweaks.vibrato()).max(0.0),
            width: share(preset.width, tweaks.width()),
            before: [1.0; 2],
        }
    }

    pub(super) fn release(&mut self) {
        self.envelope.release();
    }

    pub(super) fn slide(&mut self, pitch: f32) {
        self.key_target = self.base_key + pitch;
    }

    /// Adds a chunk; true when the key is up and silent.
    pub(super) fn chunk(&mut self, moment: Moment, left: &mut Block, right: &mut Block) -> bool {
        // The speaker turns with the song, not with the note: all keys share it.
        let angle = moment.frame.wrapping_add(CHUNK as u64).wrapping_mul(self.turn) as u32;
        self.key += (self.key_target - self.key) * 0.51;
        let before = self.hertz;
        self.hertz = key_frequency(self.key) * ratio(self.vibrato * sine_at(angle.wrapping_add(1 << 30)));
        let mut block = self.drawn(before);
        let levels = self.envelope.block();
        for (x, level) in block.iter_mut().zip(levels) {
            *x *= level;
        }
        self.strikes(before, &mut block);
        if self.drive.is_heard() {
            self.bend.run(self.drive, &mut block);
        }
        self.speak(angle, &block, left, right);
        self.envelope.is_over()
    }

    fn drawn(&mut self, before: f32) -> Block {
        let mut block = SILENCE;
        for ((gain, phase), footage) in self.gains.iter().zip(&mut self.phases).zip(FOOTAGES) {
            if *gain > 0.0 {
                let (from, to) = (phase_step(before * footage), phase_step(self.hertz * footage));
                let wave = sine(&advance(phase, from, to));
                for (x, y) in block.iter_mut().zip(wave) {
                    *x += y * gain * 0.25;
                }
            }
        }
        block
    }

    fn strikes(&mut self, before: f32, block: &mut Block) {
        let strikes = [
            (&mut self.percussion, &mut self.percussion_phase, 2.0),
            (&mut self.click, &mut self.click_phase, 11.3),
        ];
        for (strike, phase, footage) in strikes {
            if strike.is_over() {
                continue;
            }
            let wave = sine(&advance(phase, phase_step(before * footage), phase_step(self.hertz * footage)));
            let (from, to) = strike.step();
            for ((x, y), level) in block.iter_mut().zip(wave).zip(ramp(from, to)) {
                *x += y * level * 0.5;
            }
        }
    }

    /// The horn nears and leaves each side in turn.
    fn speak(&mut self, angle: u32, block: &Block, left: &mut Block, right: &mut Block) {
        let (l, r) = (sine_at(angle), sine_at(angle.wrapping_add(0x6000_0000)));
        let both = 0.5 * (l + r);
        let near = |side: f32| 1.0 - 0.5 * self.rotary * (1.0 - (both + (side - both) * self.width));
        let to = [near(l), near(r)];
        let from = std::mem::replace(&mut self.before, to);
        let (gl, gr) = (ramp(from[0], to[0]), ramp(from[1], to[1]));
        for i in 0..CHUNK {
            left[i] += block[i] * gl[i];
            right[i] += block[i] * gr[i];
        }
    }
}

fn struck(level: f32, decay: f32) -> Strike {
    if level > 0.0 { Strike::new(level, 0.0, decay) } else { Strike::SILENT }
}
