//! Leads, plucks and guitars. Cutoffs in hertz at middle C, times in seconds, intervals in semitones.

use super::Row;
use super::start::{CALM, PLAIN, adsr, osc, string, subtractive};
use crate::instrument::string::StringPreset;
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

static SUPERSAW: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.9, 0.0),
    second: osc(Saw, 0.15, -12.0),
    unison: 7,
    detune: 0.24,
    width: 0.9,
    filter: FilterKind::Low12,
    cutoff: 6_500.0,
    resonance: 0.15,
    filter_depth: 10.0,
    filter_envelope: adsr(0.002, 0.5, 0.2, 0.3),
    amplifier: adsr(0.006, 0.4, 0.85, 0.3),
    ..PLAIN
};

static HYPERSAW: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.9, 0.0),
    second: osc(Saw, 0.35, 12.07),
    unison: 7,
    detune: 0.52,
    width: 1.0,
    sub: 0.25,
    filter: FilterKind::Low12,
    cutoff: 2_600.0,
    resonance: 0.3,
    filter_depth: 26.0,
    filter_envelope: adsr(0.08, 0.9, 0.3, 0.4),
    amplifier: adsr(0.004, 0.4, 0.9, 0.4),
    drive: 0.25,
    ..PLAIN
};

static FAT_SAW: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.7, 0.0),
    second: osc(Saw, 0.35, -12.0),
    unison: 2,
    detune: 0.15,
    width: 0.6,
    cutoff: 1_300.0,
    resonance: 0.3,
    filter_depth: 22.0,
    filter_envelope: adsr(0.01, 0.35, 0.15, 0.4),
    amplifier: adsr(0.02, 0.3, 0.8, 0.4),
    wobble: Wobble { rate: 0.5, cutoff: 8.0, ..CALM },
    ..PLAIN
};

static DUO_LEAD: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.5, 0.0),
    second: osc(Triangle, 0.5, 7.02),
    cutoff: 2_400.0,
    resonance: 0.35,
    tracking: 0.8,
    filter_depth: 20.0,
    filter_envelope: adsr(0.03, 0.4, 0.4, 0.4),
    amplifier: adsr(0.02, 0.3, 0.85, 0.45),
    glide: 0.08,
    wobble: Wobble { rate: 5.0, vibrato: 0.35, delay: 0.15, ..CALM },
    ..PLAIN
};

static VIBRATO_LEAD: SubtractivePreset = SubtractivePreset {
    first: osc(Pulse, 0.5, 0.0),
    second: osc(Saw, 0.35, -0.07),
    pulse_width: 0.45,
    filter: FilterKind::Low12,
    cutoff: 2_500.0,
    resonance: 0.25,
    filter_depth: 8.0,
    filter_envelope: adsr(0.02, 0.4, 0.5, 0.3),
    amplifier: adsr(0.03, 0.3, 0.85, 0.3),
    glide: 0.06,
    wobble: Wobble { rate: 6.0, vibrato: 0.6, delay: 0.3, ..CALM },
    ..PLAIN
};

static THICK_LEAD: SubtractivePreset = SubtractivePreset {
    first: osc(Pulse, 0.8, 0.0),
    second: osc(Pulse, 0.5, -12.0),
    unison: 4,
    detune: 0.25,
    width: 0.7,
    pulse_width: 0.32,
    cutoff: 1_700.0,
    resonance: 0.2,
    filter_depth: 12.0,
    filter_envelope: adsr(0.005, 0.5, 0.5, 0.3),
    amplifier: adsr(0.01, 0.3, 0.85, 0.25),
    drive: 0.3,
    glide: 0.05,
    wobble: Wobble { rate: 4.0, width: 0.5, vibrato: 0.15, delay: 0.2, ..CALM },
    ..PLAIN
};

static ALTO_SAX: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.5, 0.0),
    second: osc(Pulse, 0.3, 0.0),
    pulse_width: 0.16,
    noise: 0.035,
    filter: FilterKind::Low24,
    cutoff: 1_250.0,
    resonance: 0.4,
    tracking: 0.45,
    filter_depth: 13.0,
    filter_envelope: adsr(0.07, 0.5, 0.6, 0.15),
    amplifier: adsr(0.045, 0.25, 0.85, 0.1),
    drive: 0.35,
    pitch_depth: -1.2,
    pitch_decay: 0.09,
    glide: 0.04,
    wobble: Wobble { rate: 5.1, vibrato: 0.22, tremolo: 0.12, delay: 0.35, ..CALM },
    velocity_cutoff: 14.0,
    ..PLAIN
};

static PLUCK_STRING: StringPreset = StringPreset {
    decay: 2.4,
    release: 0.35,
    damping: 0.35,
    pick: 0.25,
    brightness: 5_000.0,
    scratch: 0.01,
    body: [(200.0, 0.0), (400.0, 0.0)],
    cutoff: 9_000.0,
    drive: 0.0,
};

static CLEAN_GUITAR: StringPreset = StringPreset {
    decay: 2.6,
    release: 0.12,
    damping: 0.2,
    pick: 0.13,
    brightness: 3_300.0,
    scratch: 0.02,
    body: [(330.0, 0.4), (2_700.0, 0.7)],
    cutoff: 4_600.0,
    drive: 0.22,
};

static ACOUSTIC_GUITAR: StringPreset = StringPreset {
    decay: 1.9,
    release: 0.2,
    damping: 0.16,
    pick: 0.19,
    brightness: 6_500.0,
    scratch: 0.045,
    body: [(108.0, 1.6), (214.0, 1.1)],
    cutoff: 10_500.0,
    drive: 0.0,
};

pub(super) const ROWS: &[Row] = &[
    subtractive("lead", -0.6, &LEAD),
    subtractive("pluck", 3.9, &PLUCK),
    subtractive("synth:lead", -2.1, &SYNTH_LEAD),
    subtractive("synth:pluck", 1.3, &SYNTH_PLUCK),
    subtractive("synth:supersaw", -6.8, &SUPERSAW),
    subtractive("synth:hypersaw", -5.4, &HYPERSAW),
    string("tone:pluck-string", 2.4, &PLUCK_STRING),
    subtractive("tone:duo-lead", -2.9, &DUO_LEAD),
    subtractive("advanced:supersaw", -4.0, &FAT_SAW),
    subtractive("advanced:vibrato-lead", -6.3, &VIBRATO_LEAD),
    subtractive("advanced:thick-lead", -5.3, &THICK_LEAD),
    subtractive("sampled:alto-sax", -2.4, &ALTO_SAX),
    string("sampled:clean-guitar", -1.5, &CLEAN_GUITAR),
    string("sampled:acoustic-guitar", 2.1, &ACOUSTIC_GUITAR),
];
