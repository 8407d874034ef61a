//! Pads, chords and string beds.

use super::Row;
use super::bass::{CALM, PLAIN, adsr, osc, row};
use crate::instrument::subtractive::Shape::{Pulse, Saw, Triangle};
use crate::instrument::subtractive::{FilterKind, SubtractivePreset, Wobble};

static CHORD: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.6, 0.0),
    chord: [3.0, 7.0],
    detune: 0.04,
    width: 0.5,
    cutoff: 1_500.0,
    resonance: 0.25,
    filter_depth: 26.0,
    filter_envelope: adsr(0.002, 0.35, 0.0, 0.3),
    amplifier: adsr(0.004, 1.0, 0.0, 0.25),
    ..PLAIN
};

static PAD: SubtractivePreset = SubtractivePreset {
    first: osc(Triangle, 0.7, 0.0),
    second: osc(Saw, 0.12, 12.0),
    unison: 5,
    detune: 0.16,
    width: 0.8,
    filter: FilterKind::Low12,
    cutoff: 1_800.0,
    filter_depth: 10.0,
    filter_envelope: adsr(0.5, 1.5, 0.3, 1.0),
    amplifier: adsr(0.22, 3.2, 0.0, 0.9),
    wobble: Wobble { rate: 0.4, cutoff: 3.0, ..CALM },
    ..PLAIN
};

static SYNTH_PAD: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.5, 0.0),
    second: osc(Pulse, 0.25, -12.0),
    unison: 5,
    detune: 0.14,
    width: 0.9,
    cutoff: 1_300.0,
    resonance: 0.15,
    filter_depth: 14.0,
    filter_envelope: adsr(0.6, 1.5, 0.5, 1.2),
    amplifier: adsr(0.12, 0.6, 0.85, 1.4),
    wobble: Wobble { rate: 0.31, cutoff: 4.0, width: 0.4, ..CALM },
    velocity_cutoff: 8.0,
    ..PLAIN
};

pub(super) const ROWS: &[Row] =
    &[row("chord", 0.0, &CHORD), row("pad", 0.0, &PAD), row("synth:pad", 0.0, &SYNTH_PAD)];
