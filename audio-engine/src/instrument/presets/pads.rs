//! Pads, chords and string beds. Cutoffs in hertz at middle C, times in seconds, intervals in semitones.

use super::Row;
use super::start::{CALM, PLAIN, STEADY, adsr, carrier, fm, modulator, osc, raised, string, subtractive};
use crate::instrument::fm::FmPreset;
use crate::instrument::string::StringPreset;
use crate::instrument::subtractive::Shape::{Pulse, Saw, Sine, Triangle};
use crate::instrument::subtractive::{FilterKind, SubtractivePreset, Wobble};
use crate::instrument::sway::Sway;

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

static DISCO_STRINGS: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.7, 0.0),
    second: osc(Saw, 0.25, 12.05),
    unison: 6,
    detune: 0.15,
    width: 0.9,
    filter: FilterKind::Low12,
    cutoff: 4_800.0,
    resonance: 0.1,
    tracking: 0.4,
    amplifier: adsr(0.09, 0.4, 0.9, 0.8),
    wobble: Wobble { rate: 5.7, vibrato: 0.08, delay: 0.3, ..CALM },
    ..PLAIN
};

static SHIMMER: SubtractivePreset = SubtractivePreset {
    first: osc(Triangle, 0.5, 12.0),
    second: osc(Sine, 0.3, 19.02),
    unison: 5,
    detune: 0.2,
    width: 1.0,
    noise: 0.012,
    filter: FilterKind::High,
    cutoff: 380.0,
    resonance: 0.1,
    tracking: 1.0,
    amplifier: adsr(0.25, 0.8, 0.8, 2.0),
    wobble: Wobble { rate: 6.3, tremolo: 0.4, vibrato: 0.06, ..CALM },
    ..PLAIN
};

static DREAM_POP: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.5, 0.0),
    second: osc(Triangle, 0.4, 12.0),
    unison: 5,
    detune: 0.3,
    width: 1.0,
    noise: 0.02,
    filter: FilterKind::Low12,
    cutoff: 1_500.0,
    resonance: 0.3,
    amplifier: adsr(0.16, 0.8, 0.75, 1.5),
    drive: 0.25,
    wobble: Wobble { rate: 0.9, vibrato: 0.2, cutoff: 3.0, ..CALM },
    ..PLAIN
};

static EVOLVING: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.6, 0.0),
    second: osc(Pulse, 0.3, 7.0),
    unison: 4,
    detune: 0.12,
    width: 0.9,
    cutoff: 420.0,
    resonance: 0.45,
    filter_depth: 34.0,
    filter_envelope: adsr(2.0, 2.0, 0.6, 1.5),
    amplifier: adsr(0.4, 1.0, 0.9, 1.8),
    wobble: Wobble { rate: 0.2, cutoff: 7.0, width: 0.6, ..CALM },
    ..PLAIN
};

static SWEEP: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.7, 0.0),
    second: osc(Saw, 0.3, 0.15),
    unison: 3,
    detune: 0.15,
    width: 0.8,
    noise: 0.06,
    cutoff: 260.0,
    resonance: 0.62,
    filter_depth: 60.0,
    filter_envelope: adsr(1.0, 1.2, 0.2, 0.8),
    amplifier: adsr(0.08, 0.6, 0.9, 0.9),
    ..PLAIN
};

static WARM_PAD: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.5, 0.0),
    second: osc(Sine, 0.35, -12.0),
    unison: 5,
    detune: 0.1,
    width: 0.8,
    cutoff: 780.0,
    resonance: 0.08,
    tracking: 0.6,
    amplifier: adsr(0.3, 0.8, 0.9, 1.3),
    drive: 0.2,
    wobble: Wobble { rate: 0.25, cutoff: 2.5, ..CALM },
    ..PLAIN
};

static LUSH_PAD: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.5, 0.0),
    second: osc(Triangle, 0.4, 12.1),
    unison: 6,
    detune: 0.22,
    width: 1.0,
    filter: FilterKind::Low12,
    cutoff: 1_050.0,
    resonance: 0.2,
    filter_depth: 14.0,
    filter_envelope: adsr(0.9, 1.2, 0.6, 1.0),
    amplifier: adsr(0.22, 0.8, 0.9, 1.6),
    wobble: Wobble { rate: 0.3, cutoff: 6.0, ..CALM },
    ..PLAIN
};

static TREMOLO_STRINGS: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.7, 0.0),
    second: osc(Saw, 0.2, 0.05),
    unison: 5,
    detune: 0.1,
    width: 0.8,
    noise: 0.015,
    cutoff: 3_000.0,
    resonance: 0.12,
    amplifier: adsr(0.05, 0.4, 0.9, 0.4),
    wobble: Wobble { rate: 5.0, tremolo: 0.75, ..CALM },
    ..PLAIN
};

static STRING_SECTION: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.7, 0.0),
    second: osc(Pulse, 0.12, -12.0),
    unison: 7,
    detune: 0.11,
    width: 0.7,
    pulse_width: 0.3,
    noise: 0.025,
    cutoff: 2_300.0,
    resonance: 0.18,
    tracking: 0.35,
    filter_depth: 9.0,
    filter_envelope: adsr(0.2, 0.6, 0.7, 0.3),
    amplifier: adsr(0.14, 0.5, 0.92, 0.38),
    wobble: Wobble { rate: 5.3, vibrato: 0.12, delay: 0.5, ..CALM },
    velocity_cutoff: 10.0,
    ..PLAIN
};

static FRENCH_HORN: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.5, 0.0),
    second: osc(Triangle, 0.35, 0.0),
    noise: 0.008,
    cutoff: 560.0,
    resonance: 0.22,
    tracking: 0.75,
    filter_depth: 16.0,
    filter_envelope: adsr(0.09, 0.5, 0.55, 0.2),
    amplifier: adsr(0.065, 0.4, 0.88, 0.18),
    drive: 0.15,
    pitch_depth: -0.7,
    pitch_decay: 0.07,
    glide: 0.03,
    wobble: Wobble { rate: 4.6, vibrato: 0.06, tremolo: 0.08, delay: 0.5, ..CALM },
    velocity_cutoff: 14.0,
    ..PLAIN
};

static GLASS: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.5, adsr(0.03, 2.2, 0.35, 1.6)),
        modulator(0, 5.0, 0.9, adsr(0.001, 0.9, 0.15, 1.0)),
        raised(carrier(2.0, 0.4, adsr(0.06, 2.6, 0.4, 1.8)), 0.8),
        modulator(2, 7.07, 0.5, adsr(0.001, 1.6, 0.1, 1.2)),
    ],
    feedback: 0.0,
    glide: 0.0,
    sway: Sway { rate: 3.1, tremolo: 0.25, stereo: true, ..STEADY },
};

static JANGLE: StringPreset = StringPreset {
    decay: 3.2,
    release: 0.9,
    damping: 0.06,
    pick: 0.09,
    brightness: 7_500.0,
    scratch: 0.03,
    body: [(900.0, 0.3), (3_400.0, 0.8)],
    cutoff: 9_500.0,
    drive: 0.15,
};

pub(super) const ROWS: &[Row] = &[
    subtractive("chord", 2.6, &CHORD),
    subtractive("pad", -3.4, &PAD),
    subtractive("synth:pad", -2.7, &SYNTH_PAD),
    subtractive("synth:strings", -4.6, &DISCO_STRINGS),
    subtractive("synth:shimmer", 0.7, &SHIMMER),
    string("synth:jangle", -1.0, &JANGLE),
    subtractive("synth:dreampop", -2.1, &DREAM_POP),
    subtractive("synth:evolving", -6.3, &EVOLVING),
    subtractive("synth:sweep", -7.0, &SWEEP),
    subtractive("synth:warmpad", -1.1, &WARM_PAD),
    fm("synth:glass", -1.8, &GLASS),
    subtractive("advanced:warm-pad", -3.1, &LUSH_PAD),
    subtractive("advanced:tremolo-strings", -0.1, &TREMOLO_STRINGS),
    subtractive("sampled:string-section", -4.9, &STRING_SECTION),
    subtractive("sampled:french-horn", 3.4, &FRENCH_HORN),
];
