//! Where rows begin: a plain patch of each engine, and short ways to write its parts.

use super::{Preset, Row};
use crate::dsp::envelope::Adsr;
use crate::instrument::fm::{FmPreset, Operator, Route};
use crate::instrument::modal::ModalPreset;
use crate::instrument::organ::OrganPreset;
use crate::instrument::string::StringPreset;
use crate::instrument::subtractive::{FilterKind, Oscillator, Shape, SubtractivePreset, Wobble};

pub(super) use crate::instrument::sway::STEADY;

/// Attack, decay, sustain, release.
pub(super) const fn adsr(attack: f32, decay: f32, sustain: f32, release: f32) -> Adsr {
    Adsr { attack, decay, sustain, release }
}

/// An oscillator.
pub(super) const fn osc(shape: Shape, level: f32, semitones: f32) -> Oscillator {
    Oscillator { shape, level, semitones }
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

/// A plain saw through a low-pass.
pub(super) const PLAIN: SubtractivePreset = SubtractivePreset {
    first: osc(Shape::Saw, 0.6, 0.0),
    second: osc(Shape::Saw, 0.0, 0.0),
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

/// An operator that is switched off.
pub(super) const IDLE: Operator = Operator {
    route: Route::Off,
    ratio: 1.0,
    offset: 0.0,
    level: 0.0,
    envelope: adsr(0.001, 1.0, 1.0, 0.1),
    velocity: 0.0,
};

/// A carrier: its ratio, gain and envelope.
pub(super) const fn carrier(ratio: f32, level: f32, envelope: Adsr) -> Operator {
    Operator { route: Route::Out, ratio, level, envelope, ..IDLE }
}

/// A modulator of operator `of` (counted from zero): its ratio, depth in radians and envelope.
pub(super) const fn modulator(of: usize, ratio: f32, level: f32, envelope: Adsr) -> Operator {
    Operator { route: Route::Phase(of), ratio, level, envelope, velocity: 1.0, ..IDLE }
}

/// The operator, this many hertz higher.
pub(super) const fn raised(operator: Operator, offset: f32) -> Operator {
    Operator { offset, ..operator }
}

pub(super) const fn subtractive(id: &'static str, level: f32, preset: &'static SubtractivePreset) -> Row {
    Row { id, level, preset: Preset::Subtractive(preset) }
}

pub(super) const fn fm(id: &'static str, level: f32, preset: &'static FmPreset) -> Row {
    Row { id, level, preset: Preset::Fm(preset) }
}

pub(super) const fn organ(id: &'static str, level: f32, preset: &'static OrganPreset) -> Row {
    Row { id, level, preset: Preset::Organ(preset) }
}

pub(super) const fn string(id: &'static str, level: f32, preset: &'static StringPreset) -> Row {
    Row { id, level, preset: Preset::String(preset) }
}

pub(super) const fn modal(id: &'static str, level: f32, preset: &'static ModalPreset) -> Row {
    Row { id, level, preset: Preset::Modal(preset) }
}
