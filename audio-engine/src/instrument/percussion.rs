//! Percussion: a tuned body, two layers of filtered noise, and metal, each struck by its own envelope.

use super::tweaks::{Tweaks, share};
use super::voice::{Moment, Note};
use crate::dsp::envelope::{Strike, fall_per_chunk};
use crate::dsp::math::{exp2, flushed, ratio, saturate_block};
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::{advance, phase_step, sine, sine_step, square};
use crate::dsp::svf::{Coefficients, Response, Svf};
use crate::dsp::{Block, CHUNK_SECONDS, SAMPLE_RATE, SILENCE, ramp};

/// One mode of the body: a sine at a ratio of the body's pitch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    pub(super) ratio: f32,
    pub(super) gain: f32,
    /// Seconds to fall by 40 dB.
    pub(super) decay: f32,
}

/// The tuned part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body {
    pub(super) hertz: f32,
    /// Semitones above its pitch at which it begins, and the seconds in which that falls (by 40 dB).
    pub(super) sweep: f32,
    pub(super) sweep_decay: f32,
    pub(super) attack: f32,
    pub(super) modes: [Mode; 4],
}

/// A layer of noise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hiss {
    pub(super) gain: f32,
    pub(super) attack: f32,
    pub(super) decay: f32,
    pub(super) response: Response,
    pub(super) hertz: f32,
    /// 1/Q of the filter.
    pub(super) damping: f32,
    /// How often it is struck again, and after how many seconds: claps, shakes, jingles.
    pub(super) bursts: u8,
    pub(super) spacing: f32,
    /// Semitones by which the filter falls as the layer decays.
    pub(super) sweep: f32,
    /// How often a second a grain falls; 0 is smooth noise.
    pub(super) grains: f32,
}

/// Six pulses at inharmonic ratios, filtered: cymbals, hats, bells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Metal {
    pub(super) gain: f32,
    pub(super) hertz: f32,
    pub(super) ratios: [f32; 6],
    pub(super) attack: f32,
    pub(super) decay: f32,
    /// Share of the strike that falls five times faster: the stick.
    pub(super) stick: f32,
    pub(super) response: Response,
    pub(super) cutoff: f32,
    pub(super) damping: f32,
}

/// A percussion preset.
#[derive(Debug, Clone, Copy)]
pub(super) struct PercussionPreset {
    pub(super) body: Body,
    pub(super) hiss: [Hiss; 2],
    pub(super) metal: Metal,
    /// From 0 (clean) to 1 (flattened).
    pub(super) drive: f32,
    /// Corner of the high-pass over everything; it also keeps DC out.
    pub(super) low_cut: f32,
    /// Spread of the noise in the stereo field, 0 to 1.
    pub(super) width: f32,
}

/// Frames of which at most one begins a grain.
const GRAIN_FRAMES: usize = 16;

/// The highest mode that sounds.
const HIGHEST_HERTZ: f32 = 20_000.0;

#[derive(Debug, Clone)]
struct HissVoice {
    strike: Strike,
    noise: [Noise; 2],
    grains: Noise,
    filters: [Svf; 2],
    response: Response,
    hertz: f32,
    damping: f32,
    sweep: f32,
    sweep_level: f32,
    coefficients: Coefficients,
    sweep_fall: f32,
    bursts: u8,
    spacing: u32,
    countdown: u32,
    grain_chance: f32,
}

/// A percussion note.
#[derive(Debug, Clone)]
pub(super) struct Percussion {
    phases: [u32; 4],
    modes: [Strike; 4],
    ratios: [f32; 4],
    hertz: f32,
    tune: f32,
    tune_target: f32,
    tune_offset: f32,
    sweep: f32,
    /// Semitones by which the player bends all layers; it falls as the sweep does.
    bend: f32,
    sweep_fall: f32,
    steps: [u32; 4],
    hiss: [HissVoice; 2],
    metal_phases: [u32; 6],
    metal_steps: [u32; 6],
    metal: [Strike; 2],
    metal_filter: [Svf; 2],
    metal_coefficients: Coefficients,
    drive: f32,
    undrive: f32,
    low_cut: Coefficients,
    low_cut_state: [Svf; 2],
    wide: bool,
    width: f32,
}

impl Percussion {
    pub(super) fn new(preset: &PercussionPreset, note: &Note<'_>, tweaks: &Tweaks) -> Self {
        let tune = note.pitch + tweaks.tune();
        let decay = tweaks.decay();
        let attack = |seconds: f32| (seconds * tweaks.attack()).max((tweaks.attack() - 1.0) * 0.001);
        let bright = brightness(preset.metal.response, note, tweaks);
        let body = &preset.body;
        let struck = |mode: Mode| {
            let gain = mode.gain * exp2(1.5 * tweaks.tone() * libm::log2f(mode.ratio.max(1.0)));
            // A mode that a high key takes past hearing is left out: it could only fold, or stay where it is.
            let is_heard = body.hertz * mode.ratio * ratio(tune) < HIGHEST_HERTZ;
            strike(if is_heard { gain } else { 0.0 }, attack(body.attack), mode.decay * decay)
        };
        let metal = &preset.metal;
        let metal_gain = if metal.gain > 0.0 { moved(metal.gain, tweaks.noise()) } else { 0.0 };
        let metal_step = |r: f32| phase_step(metal.hertz * r * ratio(tune));
        let sweep = body.sweep + if body.sweep > 1.0 { 6.0 * (note.velocity - 0.7) } else { 0.0 };
        // Where there is a body, a harder hit brings out the noise over it.
        let lively = if body.modes[0].gain > 0.0 { exp2(2.0 * (note.velocity - 0.7)) } else { 1.0 };
        let drive = share(preset.drive, tweaks.drive());
        let mut seeds = note.seed;
        let mut hiss = |layer: &Hiss, gain: f32| {
            seeds = seeds.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bright = tune * 0.5 + brightness(layer.response, note, tweaks);
            HissVoice::new(layer, gain, seeds, attack(layer.attack), decay, bright, tweaks)
        };
        let mut percussion = Self {
            phases: [0; 4],
            modes: body.modes.map(struck),
            ratios: body.modes.map(|mode| mode.ratio),
            hertz: body.hertz,
            tune,
            tune_target: tune,
            tune_offset: tweaks.tune(),
            sweep,
            bend: tweaks.pitch_env(),
            sweep_fall: fall_per_chunk(body.sweep_decay * tweaks.pitch_decay()),
            steps: [0; 4],
            hiss: [
                hiss(&preset.hiss[0], lively * moved(preset.hiss[0].gain, tweaks.noise())),
                hiss(&preset.hiss[1], lively * moved(preset.hiss[1].gain, tweaks.click())),
            ],
            metal_phases: [0x1000_0000, 0x5300_0000, 0x9100_0000, 0x2700_0000, 0xd500_0000, 0x7a00_0000],
            metal_steps: metal.ratios.map(metal_step),
            metal: [
                Strike::new(metal_gain * (1.0 - metal.stick), attack(metal.attack), metal.decay * decay),
                Strike::new(metal_gain * metal.stick, attack(metal.attack), metal.decay * decay * 0.2),
            ],
            metal_filter: [Svf::default(); 2],
            metal_coefficients: Coefficients::new(
                metal.response,
                metal.cutoff * ratio(tune * 0.5 + bright),
                (metal.damping * exp2(-2.0 * tweaks.resonance())).max(0.2),
            ),
            drive: 1.0 + 7.0 * drive * drive,
            undrive: 1.0 / (1.0 + 3.0 * drive * drive),
            low_cut: Coefficients::new(Response::Highpass, preset.low_cut, 1.41),
            low_cut_state: [Svf::default(); 2],
            wide: share(preset.width, tweaks.width()) > 0.0
                && preset.hiss.iter().any(|layer| layer.gain > 0.0),
            width: share(preset.width, tweaks.width()),
        };
        percussion.steps = percussion.body_steps();
        percussion
    }

    pub(super) fn slide(&mut self, pitch: f32) {
        self.tune_target = pitch + self.tune_offset;
    }

    fn body_steps(&self) -> [u32; 4] {
        let hertz = self.hertz * ratio((self.tune + self.sweep + self.bend).clamp(-120.0, 120.0));
        self.ratios.map(|r| sine_step(hertz * r))
    }

    /// Adds a chunk; true when nothing of it will sound any more.
    pub(super) fn chunk(&mut self, _: Moment, left: &mut Block, right: &mut Block) -> bool {
        self.sweep = flushed(self.sweep * self.sweep_fall);
        self.bend = flushed(self.bend * self.sweep_fall);
        self.tune += (self.tune_target - self.tune) * 0.19;
        self.body(left);
        self.metal(left);
        *right = *left;
        for layer in &mut self.hiss {
            layer.chunk(left, right, self.wide, self.width, self.bend);
        }
        if self.drive > 1.01 {
            saturate_block(left, self.drive, self.undrive);
            if self.wide {
                saturate_block(right, self.drive, self.undrive);
            }
        }
        self.low_cut_state[0].run(&self.low_cut, left);
        if self.wide {
            self.low_cut_state[1].run(&self.low_cut, right);
        } else {
            *right = *left;
        }
        self.modes.iter().chain(&self.metal).all(Strike::is_over) && self.hiss.iter().all(HissVoice::is_over)
    }

    fn body(&mut self, out: &mut Block) {
        if self.modes.iter().all(Strike::is_over) {
            return;
        }
        let before = self.steps;
        self.steps = self.body_steps();
        let steps = before.iter().zip(&self.steps);
        for ((mode, phase), (from, to)) in self.modes.iter_mut().zip(&mut self.phases).zip(steps) {
            if mode.is_over() {
                continue;
            }
            let (low, high) = mode.step();
            let wave = sine(&advance(phase, *from, *to));
            for ((out, x), level) in out.iter_mut().zip(wave).zip(ramp(low, high)) {
                *out += x * level;
            }
        }
    }

    fn metal(&mut self, out: &mut Block) {
        if self.metal.iter().all(Strike::is_over) {
            return;
        }
        let mut sum = SILENCE;
        let bend = ratio(self.bend);
        for (phase, step) in self.metal_phases.iter_mut().zip(self.metal_steps) {
            let step = ((step as f32 * bend) as u32).min(1 << 30);
            let wave = square(&advance(phase, step, step), step);
            for (sum, x) in sum.iter_mut().zip(wave) {
                *sum += x * 0.25;
            }
        }
        for filter in &mut self.metal_filter {
            filter.run(&self.metal_coefficients, &mut sum);
        }
        let (a, b) = (self.metal[0].step(), self.metal[1].step());
        for ((out, x), level) in out.iter_mut().zip(sum).zip(ramp(a.0 + b.0, a.1 + b.1)) {
            *out += x * level;
        }
    }
}

impl HissVoice {
    fn new(
        layer: &Hiss,
        gain: f32,
        seed: u64,
        attack: f32,
        decay: f32,
        bright: f32,
        tweaks: &Tweaks,
    ) -> Self {
        let hertz = layer.hertz * ratio(bright.clamp(-60.0, 60.0));
        let damping = (layer.damping * exp2(-2.0 * tweaks.resonance())).max(0.04);
        let spacing = (layer.spacing / CHUNK_SECONDS + 0.5) as u32;
        Self {
            strike: strike(gain, attack, layer.decay * decay),
            noise: [Noise::seeded(seed), Noise::seeded(seed ^ 0xa5a5_5a5a_1234_9876)],
            grains: Noise::seeded(!seed),
            filters: [Svf::default(); 2],
            response: layer.response,
            hertz,
            damping,
            coefficients: Coefficients::new(layer.response, hertz, damping),
            sweep: layer.sweep,
            sweep_level: 1.0,
            sweep_fall: fall_per_chunk(layer.decay * decay),
            bursts: layer.bursts,
            spacing,
            countdown: spacing,
            grain_chance: layer.grains * (GRAIN_FRAMES as f32 / SAMPLE_RATE),
        }
    }

    fn is_over(&self) -> bool {
        self.strike.is_over() && self.bursts == 0
    }

    fn chunk(&mut self, left: &mut Block, right: &mut Block, wide: bool, width: f32, bend: f32) {
        if self.is_over() {
            return;
        }
        if self.bursts > 0 {
            self.countdown = self.countdown.saturating_sub(1);
            if self.countdown == 0 {
                self.bursts -= 1;
                self.countdown = self.spacing;
                self.strike.again();
            }
        }
        let (from, to) = self.strike.step();
        let levels = ramp(from, to);
        self.sweep_level = flushed(self.sweep_level * self.sweep_fall);
        if self.sweep != 0.0 || bend.abs() > 0.01 {
            let hertz = self.hertz * ratio(self.sweep * (self.sweep_level - 1.0) + bend);
            self.coefficients = Coefficients::new(self.response, hertz, self.damping);
        }
        let mut mid = self.source(0);
        self.filters[0].run(&self.coefficients, &mut mid);
        if !wide {
            for ((l, x), level) in left.iter_mut().zip(mid).zip(levels) {
                *l += x * level;
            }
            return;
        }
        let mut side = self.source(1);
        self.filters[1].run(&self.coefficients, &mut side);
        for i in 0..mid.len() {
            let (m, s) = (mid[i] * levels[i], side[i] * levels[i] * width);
            left[i] += m + s;
            right[i] += m - s;
        }
    }

    /// White noise, or single grains at random moments.
    fn source(&mut self, channel: usize) -> Block {
        if self.grain_chance == 0.0 {
            return self.noise[channel].block();
        }
        let mut out = SILENCE;
        for stretch in out.as_chunks_mut::<GRAIN_FRAMES>().0 {
            if self.grains.sample().abs() < self.grain_chance {
                let at = (self.grains.sample().abs() * (GRAIN_FRAMES as f32 - 0.01)) as usize;
                stretch[at] = self.noise[channel].sample() * 8.0;
            }
        }
        out
    }
}

/// Semitones by which a layer's filter opens. A harder hit is brighter; through a high-pass, whose corner bars the way to
/// what lies below it, only a little.
fn brightness(response: Response, note: &Note<'_>, tweaks: &Tweaks) -> f32 {
    let felt = if response == Response::Highpass { 6.0 } else { 24.0 };
    12.0 * tweaks.tone() + felt * (note.velocity - 0.7)
}

/// A layer's gain moved by the player: down to nothing, or up, which also wakes a layer that the preset leaves out.
fn moved(gain: f32, offset: f32) -> f32 {
    if offset < 0.0 { gain * (1.0 + offset) } else { gain + 0.6 * offset }
}

fn strike(gain: f32, attack: f32, decay: f32) -> Strike {
    if gain > 0.0 { Strike::new(gain, attack, decay) } else { Strike::SILENT }
}
