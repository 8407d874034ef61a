//! Leads and plucks.

use super::Row;
use super::bass::{CALM, PLAIN, adsr, osc, row};
use crate::instrument::subtractive::Shape::{Pulse, Saw, Triangle};
use crate::instrument::subtractive::{FilterKind, SubtractivePreset, Wobble};

static LEAD: SubtractivePreset = SubtractivePreset {
    first: osc(Pulse, 0.6, 0.0),
    second: osc(Pulse, 0.3, 0.08),
    filter: FilterKind::Low12,
    cutoff: 3_600.0,
    filter_depth: 12.0,
    filter_envelope: adsr(0.001, 0.25, 0.0, 0.2),
    amplifier: adsr(0.004, 0.6, 0.0, 0.12),
    wobble: Wobble { rate: 5.6, vibrato: 0.12, delay: 0.2, ..CALM },
    ..PLAIN
};

static PLUCK: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.45, 0.0),
    second: osc(Triangle, 0.45, 12.0),
    cutoff: 520.0,
    resonance: 0.25,
    tracking: 0.8,
    filter_depth: 46.0,
    filter_envelope: adsr(0.001, 0.16, 0.0, 0.16),
    amplifier: adsr(0.002, 0.5, 0.0, 0.12),
    ..PLAIN
};

static SYNTH_LEAD: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.6, 0.0),
    second: osc(Pulse, 0.3, -12.0),
    unison: 3,
    detune: 0.13,
    width: 0.5,
    pulse_width: 0.35,
    cutoff: 3_200.0,
    resonance: 0.3,
    tracking: 0.6,
    filter_depth: 16.0,
    filter_envelope: adsr(0.004, 0.4, 0.2, 0.3),
    amplifier: adsr(0.008, 0.25, 0.8, 0.22),
    drive: 0.15,
    glide: 0.05,
    wobble: Wobble { rate: 5.4, vibrato: 0.18, delay: 0.45, ..CALM },
    ..PLAIN
};

static SYNTH_PLUCK: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.55, 0.0),
    second: osc(Pulse, 0.25, 12.0),
    unison: 2,
    detune: 0.09,
    width: 0.6,
    pulse_width: 0.3,
    cutoff: 650.0,
    resonance: 0.45,
    tracking: 0.7,
    filter_depth: 44.0,
    filter_envelope: adsr(0.001, 0.3, 0.0, 0.2),
    amplifier: adsr(0.002, 0.9, 0.0, 0.3),
    velocity_cutoff: 12.0,
    ..PLAIN
};

pub(super) const ROWS: &[Row] = &[
    row("lead", 0.0, &LEAD),
    row("pluck", 0.0, &PLUCK),
    row("synth:lead", 0.0, &SYNTH_LEAD),
    row("synth:pluck", 0.0, &SYNTH_PLUCK),
];
