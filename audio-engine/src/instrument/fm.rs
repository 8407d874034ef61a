//! Four-operator frequency and amplitude modulation.

use std::f32::consts::TAU;

use super::bandwidth::{most_index, reach};
use super::sway::{Sway, Swaying};
use super::tweaks::{Tweaks, shaped};
use super::voice::{Moment, Note};
use crate::dsp::dc::DcBlocker;
use crate::dsp::envelope::{Adsr, Envelope, fall_per_chunk};
use crate::dsp::math::{exp2, key_frequency};
use crate::dsp::oscillator::{Phases, advance, sine_at, sine_modulated, sine_step, turns};
use crate::dsp::{Block, CHUNK, SILENCE};

/// What one unit of the catalogue's `modulation_index` is in radians (or, of an amplitude, in thirds of full depth).
pub(super) const INDEX_UNIT: f32 = 0.3;

/// Where an operator's output goes. Operators modulate those before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    Off,
    Out,
    Phase(usize),
    Amplitude(usize),
}

/// One sine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operator {
    pub(super) route: Route,
    /// Frequency over that of the note.
    pub(super) ratio: f32,
    /// Hertz added.
    pub(super) offset: f32,
    /// Gain of a carrier; peak phase deviation in radians of a modulator.
    pub(super) level: f32,
    pub(super) envelope: Adsr,
    /// Octaves of level between half and full velocity.
    pub(super) velocity: f32,
}

/// An FM preset. Operator 2 is the one that `harmonicity` and `modulation_index` are about.
#[derive(Debug, Clone, Copy)]
pub(super) struct FmPreset {
    pub(super) operators: [Operator; 4],
    /// Radians by which operator 4 modulates itself.
    pub(super) feedback: f32,
    pub(super) glide: f32,
    pub(super) sway: Sway,
}

/// An FM note.
#[derive(Debug, Clone)]
pub(super) struct Fm {
    operators: [Running; 4],
    feedback: f32,
    fed: [f32; 2],
    key: f32,
    key_target: f32,
    base_key: f32,
    glide: f32,
    hertz: f32,
    sway: Swaying,
    dc: DcBlocker,
}

#[derive(Debug, Clone, Copy)]
struct Running {
    route: Route,
    ratio: f32,
    offset: f32,
    level: f32,
    phase: u32,
    envelope: Envelope,
}

impl Fm {
    pub(super) fn new(preset: &FmPreset, key: f32, note: &Note<'_>, tweaks: &Tweaks) -> Self {
        let hertz = key_frequency(key);
        let mut operators = [0, 1, 2, 3].map(|at| Running::new(&preset.operators[at], note, tweaks, at));
        if let Some(harmonicity) = tweaks.harmonicity() {
            operators[1].ratio = operators[0].ratio * harmonicity;
        }
        if let Some(index) = tweaks.modulation_index() {
            operators[1].level = index * INDEX_UNIT;
        }
        let detune = 2.0 * tweaks.detune();
        operators[2].offset += detune;
        operators[0].offset -= detune;
        tame(&mut operators, hertz);
        Self {
            operators,
            feedback: (preset.feedback + 2.0 * tweaks.feedback()).clamp(0.0, 4.0) / TAU,
            fed: [0.0; 2],
            key,
            key_target: key,
            base_key: key - note.pitch,
            glide: fall_per_chunk(preset.glide + tweaks.glide()),
            hertz,
            sway: Swaying::new(preset.sway, tweaks),
            dc: DcBlocker::default(),
        }
    }

    pub(super) fn release(&mut self) {
        for operator in &mut self.operators {
            operator.envelope.release();
        }
    }

    pub(super) fn slide(&mut self, pitch: f32) {
        self.key_target = self.base_key + pitch;
    }

    /// Adds a chunk; true when every carrier has closed.
    pub(super) fn chunk(&mut self, moment: Moment, left: &mut Block, right: &mut Block) -> bool {
        let bend = self.sway.step(moment.frame);
        self.key = self.key_target + (self.key - self.key_target) * self.glide;
        let before = self.hertz;
        self.hertz = key_frequency(self.key + bend);
        let mut phase_input = [SILENCE; 4];
        let mut amplitude_input = [None; 4];
        for at in (0..4).rev() {
            let operator = &mut self.operators[at];
            if operator.route == Route::Off || operator.envelope.is_over() {
                continue;
            }
            let phases = operator.phases(before, self.hertz);
            let levels = operator.envelope.block();
            let mut wave = if at == 3 && self.feedback > 0.0 {
                fed_back(&phases, self.feedback, &mut self.fed)
            } else {
                sine_modulated(&phases, &phase_input[at])
            };
            if let Some(modulation) = amplitude_input[at] {
                modulate_amplitude(&mut wave, &modulation);
            }
            let scale =
                if matches!(operator.route, Route::Phase(_)) { operator.level / TAU } else { operator.level };
            let target = match operator.route {
                Route::Phase(target) => &mut phase_input[target],
                Route::Amplitude(target) => amplitude_input[target].insert(SILENCE),
                Route::Out | Route::Off => &mut *left,
            };
            for i in 0..CHUNK {
                target[i] += wave[i] * levels[i] * scale;
            }
        }
        self.dc.run(left);
        *right = *left;
        self.sway.tremble(left, right);
        self.operators.iter().all(|operator| operator.route != Route::Out || operator.envelope.is_over())
    }
}

impl Running {
    fn new(operator: &Operator, note: &Note<'_>, tweaks: &Tweaks, at: usize) -> Self {
        let modulator = operator.route != Route::Out;
        let bright = if modulator { 2.0 * tweaks.tone() } else { 0.0 };
        let felt = exp2(operator.velocity * 2.0 * (note.velocity - 0.7) + bright);
        let envelope = shaped(operator.envelope, tweaks);
        Self {
            route: operator.route,
            ratio: operator.ratio,
            offset: operator.offset,
            level: operator.level * felt,
            // Modulators begin a little apart, so that a note's first instant is not the steepest one.
            phase: if modulator { turns(0.05 * at as f32) } else { 0 },
            envelope: Envelope::started(envelope),
        }
    }

    fn phases(&mut self, from: f32, to: f32) -> Phases {
        let step = |hertz: f32| sine_step(hertz * self.ratio + self.offset);
        let (from, to) = (step(from), step(to));
        advance(&mut self.phase, from, to)
    }
}

/// Keeps modulators from pushing others, and carriers from lying, so high that they fold.
fn tame(operators: &mut [Running; 4], hertz: f32) {
    let mut reaches = operators.map(|operator| (hertz * operator.ratio + operator.offset).abs());
    // Operators modulate those before them, so that what modulates one has been reckoned when its turn comes.
    for at in (0..operators.len()).rev() {
        let own = reaches[at];
        match operators[at].route {
            Route::Phase(of) => {
                let carrier = (hertz * operators[of].ratio + operators[of].offset).abs();
                let level = operators[at].level.min(most_index(carrier, own));
                operators[at].level = level;
                reaches[of] = reaches[of].max(reach(carrier, own, level));
            }
            Route::Out if hertz * operators[at].ratio > 18_000.0 => operators[at].level = 0.0,
            Route::Amplitude(_) | Route::Out | Route::Off => {}
        }
    }
}

/// A sine that hears the mean of its own last two samples: the mean keeps the loop from hunting.
fn fed_back(phases: &Phases, feedback: f32, fed: &mut [f32; 2]) -> Block {
    let mut out = SILENCE;
    for (out, phase) in out.iter_mut().zip(phases) {
        let heard = 0.5 * (fed[0] + fed[1]) * feedback;
        *out = sine_at(phase.wrapping_add(turns(heard)));
        *fed = [*out, fed[0]];
    }
    out
}

fn modulate_amplitude(wave: &mut Block, modulation: &Block) {
    for (x, m) in wave.iter_mut().zip(modulation) {
        *x *= 0.5 + 0.5 * m;
    }
}
