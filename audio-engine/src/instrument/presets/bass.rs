//! Basses. Cutoffs in hertz at middle C, times in seconds.

use super::{Preset, Row};
use crate::dsp::envelope::Adsr;
use crate::instrument::subtractive::Shape::{Pulse, Saw, Sine, Triangle};
use crate::instrument::subtractive::{FilterKind, Oscillator, SubtractivePreset, Wobble};

/// Attack, decay, sustain, release.
pub(super) const fn adsr(attack: f32, decay: f32, sustain: f32, release: f32) -> Adsr {
    Adsr { attack, decay, sustain, release }
}

/// An LFO that does nothing.
pub(super) const CALM: Wobble = Wobble {
    rate: 5.0,
    synced: false,
    square: false,
    cutoff: 0.0,
    width: 0.0,
    vibrato: 0.0,
    tremolo: 0.0,
    delay: 0.0,
};

/// A plain saw through an open filter: what every subtractive row begins from.
pub(super) const PLAIN: SubtractivePreset = SubtractivePreset {
    first: Oscillator { shape: Saw, level: 0.6, semitones: 0.0 },
    second: Oscillator { shape: Saw, level: 0.0, semitones: 0.0 },
    unison: 1,
    detune: 0.0,
    width: 0.0,
    pulse_width: 0.5,
    sub: 0.0,
    ring: 0.0,
    noise: 0.0,
    chord: [0.0; 2],
    filter: FilterKind::Low24,
    cutoff: 2_000.0,
    resonance: 0.2,
    tracking: 0.5,
    filter_depth: 0.0,
    filter_envelope: adsr(0.001, 0.3, 0.0, 0.2),
    amplifier: adsr(0.003, 0.3, 0.7, 0.15),
    drive: 0.0,
    pitch_depth: 0.0,
    pitch_decay: 0.05,
    glide: 0.0,
    wobble: CALM,
    velocity_cutoff: 6.0,
};

/// An oscillator.
pub(super) const fn osc(
    shape: crate::instrument::subtractive::Shape,
    level: f32,
    semitones: f32,
) -> Oscillator {
    Oscillator { shape, level, semitones }
}

static BASS: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.55, 0.0),
    second: osc(Triangle, 0.4, 0.0),
    cutoff: 1_400.0,
    filter_depth: 24.0,
    filter_envelope: adsr(0.001, 0.22, 0.0, 0.2),
    amplifier: adsr(0.002, 0.75, 0.0, 0.09),
    drive: 0.25,
    ..PLAIN
};

static SUBBASS: SubtractivePreset = SubtractivePreset {
    first: osc(Sine, 0.9, 0.0),
    second: osc(Triangle, 0.12, 0.0),
    cutoff: 900.0,
    resonance: 0.1,
    amplifier: adsr(0.005, 1.1, 0.0, 0.1),
    pitch_depth: 3.0,
    pitch_decay: 0.04,
    drive: 0.2,
    ..PLAIN
};

static SYNTH_BASS: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.5, 0.0),
    second: osc(Pulse, 0.35, -12.0),
    pulse_width: 0.42,
    cutoff: 700.0,
    resonance: 0.32,
    tracking: 0.4,
    filter_depth: 30.0,
    filter_envelope: adsr(0.002, 0.3, 0.1, 0.15),
    amplifier: adsr(0.003, 0.35, 0.65, 0.1),
    drive: 0.3,
    velocity_cutoff: 9.0,
    ..PLAIN
};

static ACID: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.7, 0.0),
    filter: FilterKind::Ladder,
    cutoff: 260.0,
    resonance: 0.86,
    tracking: 0.3,
    filter_depth: 42.0,
    filter_envelope: adsr(0.001, 0.32, 0.0, 0.1),
    amplifier: adsr(0.002, 1.2, 0.4, 0.06),
    drive: 0.45,
    glide: 0.07,
    velocity_cutoff: 14.0,
    ..PLAIN
};

pub(super) const fn row(id: &'static str, level: f32, preset: &'static SubtractivePreset) -> Row {
    Row { id, level, preset: Preset::Subtractive(preset) }
}

pub(super) const ROWS: &[Row] = &[
    row("bass", 0.0, &BASS),
    row("subbass", 0.0, &SUBBASS),
    row("synth:bass", 0.0, &SYNTH_BASS),
    row("synth:acid", 0.0, &ACID),
];
