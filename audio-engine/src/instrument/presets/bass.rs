//! Basses. Cutoffs in hertz at middle C, times in seconds, intervals in semitones.

use super::Row;
use super::start::{CALM, PLAIN, STEADY, adsr, carrier, fm, modulator, osc, string, subtractive};
use crate::instrument::fm::FmPreset;
use crate::instrument::string::StringPreset;
use crate::instrument::subtractive::Shape::{Pulse, Saw, Sine, Triangle};
use crate::instrument::subtractive::{FilterKind, SubtractivePreset, Wobble};

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

static FUNK_BASS: SubtractivePreset = SubtractivePreset {
    first: osc(Pulse, 0.5, 0.0),
    second: osc(Saw, 0.3, 0.0),
    pulse_width: 0.28,
    filter: FilterKind::Ladder,
    cutoff: 420.0,
    resonance: 0.55,
    tracking: 0.5,
    filter_depth: 48.0,
    filter_envelope: adsr(0.001, 0.13, 0.0, 0.05),
    amplifier: adsr(0.002, 0.3, 0.45, 0.045),
    drive: 0.35,
    pitch_depth: 4.0,
    pitch_decay: 0.02,
    velocity_cutoff: 16.0,
    ..PLAIN
};

static DISCO_BASS: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.45, 0.0),
    second: osc(Saw, 0.35, -12.0),
    sub: 0.2,
    cutoff: 1_050.0,
    resonance: 0.12,
    filter_depth: 17.0,
    filter_envelope: adsr(0.001, 0.4, 0.2, 0.1),
    amplifier: adsr(0.004, 0.5, 0.55, 0.07),
    drive: 0.4,
    ..PLAIN
};

static SUB: SubtractivePreset = SubtractivePreset {
    first: osc(Sine, 0.9, 0.0),
    second: osc(Sine, 0.06, 12.0),
    cutoff: 500.0,
    resonance: 0.0,
    tracking: 1.0,
    amplifier: adsr(0.008, 0.4, 0.9, 0.1),
    velocity_cutoff: 3.0,
    ..PLAIN
};

static OCTAVE_SUB: SubtractivePreset = SubtractivePreset {
    first: osc(Sine, 0.7, 0.0),
    second: osc(Pulse, 0.3, -12.0),
    sub: 0.15,
    cutoff: 420.0,
    resonance: 0.15,
    tracking: 0.9,
    filter_depth: 14.0,
    filter_envelope: adsr(0.002, 0.2, 0.0, 0.1),
    amplifier: adsr(0.006, 0.3, 0.85, 0.12),
    drive: 0.2,
    ..PLAIN
};

static REESE: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.6, 0.0),
    second: osc(Saw, 0.3, -12.11),
    unison: 2,
    detune: 0.16,
    width: 0.35,
    filter: FilterKind::Low24,
    cutoff: 820.0,
    resonance: 0.24,
    tracking: 0.3,
    amplifier: adsr(0.012, 0.4, 0.9, 0.18),
    drive: 0.5,
    wobble: Wobble { rate: 0.5, cutoff: 9.0, ..CALM },
    ..PLAIN
};

static HOOVER: SubtractivePreset = SubtractivePreset {
    first: osc(Pulse, 0.6, 0.0),
    second: osc(Saw, 0.4, -12.0),
    unison: 3,
    detune: 0.32,
    width: 0.7,
    pulse_width: 0.4,
    filter: FilterKind::Low12,
    cutoff: 3_800.0,
    resonance: 0.25,
    filter_depth: -10.0,
    filter_envelope: adsr(0.01, 0.5, 0.4, 0.3),
    amplifier: adsr(0.01, 0.4, 0.85, 0.25),
    drive: 0.3,
    pitch_depth: 9.0,
    pitch_decay: 0.34,
    glide: 0.12,
    wobble: Wobble { rate: 3.7, width: 0.7, vibrato: 0.1, ..CALM },
    ..PLAIN
};

static WOBBLE_BASS: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.5, 0.0),
    second: osc(Pulse, 0.45, 0.05),
    sub: 0.3,
    filter: FilterKind::Ladder,
    cutoff: 620.0,
    resonance: 0.5,
    tracking: 0.2,
    amplifier: adsr(0.004, 0.3, 0.9, 0.1),
    drive: 0.4,
    wobble: Wobble { rate: 1.0, synced: true, cutoff: 22.0, ..CALM },
    ..PLAIN
};

static ACID_BASS: SubtractivePreset = SubtractivePreset {
    first: osc(Pulse, 0.7, 0.0),
    pulse_width: 0.46,
    filter: FilterKind::Ladder,
    cutoff: 210.0,
    resonance: 0.6,
    tracking: 0.25,
    filter_depth: 34.0,
    filter_envelope: adsr(0.002, 0.55, 0.05, 0.12),
    amplifier: adsr(0.003, 0.9, 0.5, 0.07),
    drive: 0.7,
    glide: 0.09,
    velocity_cutoff: 10.0,
    sub: 0.35,
    ..PLAIN
};

static FM_BASS: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.8, adsr(0.002, 0.9, 0.55, 0.1)),
        modulator(0, 1.0, 2.4, adsr(0.001, 0.28, 0.25, 0.1)),
        modulator(0, 0.5, 0.5, adsr(0.001, 0.6, 0.4, 0.1)),
        modulator(1, 3.0, 0.7, adsr(0.001, 0.06, 0.0, 0.05)),
    ],
    feedback: 0.4,
    glide: 0.0,
    sway: STEADY,
};

static FINGER_BASS: StringPreset = StringPreset {
    decay: 1.6,
    release: 0.09,
    damping: 0.42,
    pick: 0.17,
    brightness: 850.0,
    scratch: 0.012,
    body: [(105.0, 0.5), (420.0, 0.25)],
    cutoff: 1_900.0,
    drive: 0.12,
};

static SLAP_BASS: StringPreset = StringPreset {
    decay: 1.8,
    release: 0.07,
    damping: 0.1,
    pick: 0.07,
    brightness: 5_200.0,
    scratch: 0.09,
    body: [(95.0, 0.7), (2_300.0, 0.35)],
    cutoff: 6_500.0,
    drive: 0.3,
};

pub(super) const ROWS: &[Row] = &[
    subtractive("bass", 6.4, &BASS),
    subtractive("subbass", 0.5, &SUBBASS),
    subtractive("synth:bass", -2.5, &SYNTH_BASS),
    subtractive("synth:acid", 6.4, &ACID),
    subtractive("synth:funkbass", 4.9, &FUNK_BASS),
    subtractive("synth:discobass", 0.6, &DISCO_BASS),
    subtractive("synth:sub", -5.0, &SUB),
    subtractive("synth:reese", -2.5, &REESE),
    subtractive("synth:hoover", -5.3, &HOOVER),
    fm("tone:fm-bass", -3.2, &FM_BASS),
    subtractive("advanced:sub-bass", -5.0, &OCTAVE_SUB),
    subtractive("advanced:wobble-bass", 1.1, &WOBBLE_BASS),
    subtractive("advanced:acid-bass", 8.5, &ACID_BASS),
    string("sampled:finger-bass", 2.3, &FINGER_BASS),
    string("sampled:slap-bass", -0.8, &SLAP_BASS),
];
