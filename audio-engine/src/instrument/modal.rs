//! Modal synthesis: struck bars, tines, pans and piano strings as a bank of decaying partials.

use super::sway::{Sway, Swaying};
use super::tweaks::{Tweaks, share};
use super::voice::{Moment, Note};
use crate::dsp::bend::{Bend, Drive};
use crate::dsp::envelope::{Strike, fall_per_chunk};
use crate::dsp::math::{exp2, flushed, key_frequency, ratio};
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::{sine_at, sine_step, turns};
use crate::dsp::svf::{Coefficients, Response, Svf};
use crate::dsp::{Block, CHUNK, ramp};

/// One partial.
#[derive(Debug, Clone, Copy)]
pub(super) struct Partial {
    pub(super) ratio: f32,
    pub(super) gain: f32,
    /// Its decay over that of the whole.
    pub(super) decay: f32,
}

/// Where the partials come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Partials {
    /// Listed, as for a bar or a pan.
    Listed(&'static [Partial]),
    /// Those of stiff strings, struck at a point: pairs, slightly apart, one of each pair dying sooner.
    StiffString {
        /// Fletcher's inharmonicity at middle C; it doubles every eight semitones.
        stiffness: f32,
        /// Where the hammer strikes, as a share of the length.
        strike: f32,
        /// Decibels by which each octave of partials is weaker.
        slope: f32,
        /// Semitones between the two strings.
        detune: f32,
    },
}

/// A modal preset.
#[derive(Debug, Clone, Copy)]
pub(super) struct ModalPreset {
    pub(super) partials: Partials,
    /// Seconds for 40 dB at middle C, and the octaves of pitch that halve it.
    pub(super) decay: f32,
    pub(super) octaves_per_half: f32,
    /// Seconds for 40 dB once released.
    pub(super) release: f32,
    /// Level, centre over the note's pitch, and decay of the mallet's noise.
    pub(super) mallet: f32,
    pub(super) mallet_ratio: f32,
    pub(super) mallet_decay: f32,
    /// Decibels per partial number that a soft stroke loses, from full velocity to none.
    pub(super) softness: f32,
    pub(super) drive: f32,
    pub(super) width: f32,
    pub(super) sway: Sway,
}

const LANES: usize = 4;
const GROUPS: usize = 8;
const PARTIALS: usize = LANES * GROUPS;

type Bank = [[f32; LANES]; GROUPS];

/// A modal note: each partial is a point that turns and shrinks.
#[derive(Debug, Clone)]
pub(super) struct Modal {
    x: Bank,
    y: Bank,
    cosine: Bank,
    sine: Bank,
    shrink: Bank,
    ratios: Bank,
    groups: usize,
    damp: f32,
    release: f32,
    mallet: Strike,
    noise: Noise,
    mallet_filter: Svf,
    mallet_coefficients: Coefficients,
    key: f32,
    key_target: f32,
    base_key: f32,
    drive: Drive,
    bends: [Bend; 2],
    width: f32,
    sway: Swaying,
    bend: f32,
}

impl Modal {
    pub(super) fn new(preset: &ModalPreset, key: f32, note: &Note<'_>, tweaks: &Tweaks) -> Self {
        let hertz = key_frequency(key);
        let drive = share(preset.drive, tweaks.drive());
        let mut modal = Self {
            x: [[0.0; LANES]; GROUPS],
            y: [[0.0; LANES]; GROUPS],
            cosine: [[1.0; LANES]; GROUPS],
            sine: [[0.0; LANES]; GROUPS],
            shrink: [[1.0; LANES]; GROUPS],
            ratios: [[0.0; LANES]; GROUPS],
            groups: 0,
            damp: 1.0,
            release: fall_per_chunk(preset.release * tweaks.release()),
            mallet: Strike::new(share(preset.mallet, tweaks.noise()).max(1e-9), 0.0, preset.mallet_decay),
            noise: Noise::seeded(note.seed),
            mallet_filter: Svf::default(),
            mallet_coefficients: Coefficients::new(
                Response::Bandpass,
                (hertz * preset.mallet_ratio).clamp(200.0, 9_000.0) * exp2(tweaks.tone()),
                1.2,
            ),
            key,
            key_target: key,
            base_key: key - note.pitch,
            drive: Drive::past_one(5.0 * drive * drive),
            bends: [Bend::default(); 2],
            width: share(preset.width, tweaks.width()),
            sway: Swaying::new(preset.sway, tweaks),
            bend: 0.0,
        };
        modal.excite(preset, key, hertz, note.velocity, tweaks);
        modal.tune(hertz);
        modal
    }

    /// Gives every audible partial its place, level and decay.
    fn excite(&mut self, preset: &ModalPreset, key: f32, hertz: f32, velocity: f32, tweaks: &Tweaks) {
        let whole = preset.decay * tweaks.decay() * exp2((60.0 - key) / (12.0 * preset.octaves_per_half));
        let softer = preset.softness * (1.0 - velocity) - 3.0 * tweaks.tone();
        let mut at = 0;
        for number in 0..PARTIALS {
            let Some(partial) = partial(&preset.partials, number, key) else { break };
            if hertz * partial.ratio > 18_000.0 {
                continue;
            }
            let (group, lane) = (at / LANES, at % LANES);
            let damped = exp2(-0.5 * tweaks.damping() * libm::log2f(partial.ratio.max(0.1)).max(0.0));
            let seconds = (whole * partial.decay * damped).max(0.01);
            self.ratios[group][lane] = partial.ratio;
            self.shrink[group][lane] = exp2(-6.643_856 / (48_000.0 * seconds));
            self.x[group][lane] =
                partial.gain * exp2(-0.166 * softer * (partial.ratio - 1.0).clamp(0.0, 20.0));
            at += 1;
        }
        self.groups = at.div_ceil(LANES);
    }

    /// Sets how far each partial turns per frame.
    fn tune(&mut self, hertz: f32) {
        for group in 0..self.groups {
            for lane in 0..LANES {
                let step = sine_step(hertz * self.ratios[group][lane]);
                self.sine[group][lane] = sine_at(step) * self.shrink[group][lane];
                self.cosine[group][lane] = sine_at(step.wrapping_add(1 << 30)) * self.shrink[group][lane];
            }
        }
    }

    pub(super) fn release(&mut self) {
        self.damp = self.release;
    }

    pub(super) fn slide(&mut self, pitch: f32) {
        self.key_target = self.base_key + pitch;
    }

    /// Adds a chunk. A note ends when its voice finds it inaudible.
    pub(super) fn chunk(&mut self, moment: Moment, left: &mut Block, right: &mut Block) -> bool {
        let bend = self.sway.step(moment.frame);
        if (self.key_target - self.key).abs() > 0.001 || (bend - self.bend).abs() > 1e-6 {
            self.key += (self.key_target - self.key) * 0.19;
            self.bend = bend;
            self.tune(key_frequency(self.key + bend));
        }
        let mut sides = [[[0.0_f32; LANES]; CHUNK]; 2];
        for group in 0..self.groups {
            self.turn(group, &mut sides[group % 2]);
        }
        let across = 1.0 - self.width;
        for i in 0..CHUNK {
            let (a, b) = (sum(&sides[0][i]), sum(&sides[1][i]));
            left[i] += a + b * across;
            right[i] += b + a * across;
        }
        self.knock(left, right);
        if self.drive.is_heard() {
            Bend::run_pair(self.bends.each_mut(), [self.drive; 2], [left, right]);
        }
        self.sway.tremble(left, right);
        self.groups == 0
    }

    #[inline]
    fn turn(&mut self, group: usize, out: &mut [[f32; LANES]; CHUNK]) {
        let (cosine, sine) = (self.cosine[group], self.sine[group]);
        let (mut x, mut y) = (self.x[group], self.y[group]);
        for frame in out.iter_mut() {
            for lane in 0..LANES {
                let (a, b) = (x[lane], y[lane]);
                x[lane] = a * cosine[lane] - b * sine[lane];
                y[lane] = a * sine[lane] + b * cosine[lane];
                frame[lane] += y[lane];
            }
        }
        self.x[group] = x.map(|a| flushed(a * self.damp));
        self.y[group] = y.map(|b| flushed(b * self.damp));
    }

    fn knock(&mut self, left: &mut Block, right: &mut Block) {
        if self.mallet.is_over() {
            return;
        }
        let mut noise = self.noise.block();
        self.mallet_filter.run(&self.mallet_coefficients, &mut noise);
        let (from, to) = self.mallet.step();
        for ((l, r), (x, level)) in left.iter_mut().zip(right).zip(noise.iter().zip(ramp(from, to))) {
            *l += x * level;
            *r += x * level;
        }
    }
}

#[inline]
fn sum(lanes: &[f32; LANES]) -> f32 {
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}

/// The partial of a number, counted from zero.
fn partial(partials: &Partials, number: usize, key: f32) -> Option<Partial> {
    match *partials {
        Partials::Listed(list) => list.get(number).copied(),
        Partials::StiffString { stiffness, strike, slope, detune } => {
            let n = (number / 2 + 1) as f32;
            let b = stiffness * exp2((key - 60.0) / 8.0);
            let stretched = n * ((1.0 + b * n * n) / (1.0 + b)).sqrt();
            let struck = sine_at(turns(0.5 * n * strike)).abs() + 0.05;
            let gain = struck * exp2(-0.166 * slope * libm::log2f(n));
            let fast = number.is_multiple_of(2);
            let decay = (if fast { 0.35 } else { 1.0 }) / (1.0 + 0.09 * (n - 1.0));
            let apart = ratio(if fast { detune } else { -detune });
            Some(Partial { ratio: stretched * apart, gain: gain * if fast { 0.8 } else { 0.3 }, decay })
        }
    }
}
