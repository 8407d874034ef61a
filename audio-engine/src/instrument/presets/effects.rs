//! Effects: zaps, noises, textures, bells, stabs and wobbles.

use super::Row;
use super::drums::{EMPTY, row};
use super::start::{CALM, IDLE, PLAIN, STEADY, adsr, carrier, fm, modulator, osc, raised, subtractive};
use crate::dsp::svf::Response::Bandpass;
use crate::instrument::fm::{FmPreset, Operator, Route};
use crate::instrument::percussion::{Body, Hiss, Mode, PercussionPreset};
use crate::instrument::subtractive::Shape::{Pulse, Saw};
use crate::instrument::subtractive::{FilterKind, SubtractivePreset, Wobble};

static ZAP: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 105.0,
        sweep: 54.0,
        sweep_decay: 0.28,
        attack: 0.001,
        modes: [
            Mode { ratio: 1.0, gain: 1.0, decay: 0.34 },
            Mode { ratio: 2.0, gain: 0.5, decay: 0.26 },
            Mode { ratio: 3.0, gain: 0.33, decay: 0.2 },
            Mode { ratio: 5.0, gain: 0.2, decay: 0.12 },
        ],
    },
    drive: 0.55,
    low_cut: 60.0,
    ..EMPTY
};

static NOISE: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss {
            gain: 0.8,
            attack: 0.004,
            decay: 0.9,
            response: Bandpass,
            hertz: 3_600.0,
            damping: 1.9,
            sweep: 14.0,
            ..EMPTY.hiss[0]
        },
        EMPTY.hiss[1],
    ],
    low_cut: 150.0,
    width: 0.6,
    ..EMPTY
};

static VINYL: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss {
            gain: 0.9,
            attack: 0.02,
            decay: 8.0,
            response: Bandpass,
            hertz: 2_600.0,
            damping: 0.9,
            grains: 60.0,
            ..EMPTY.hiss[0]
        },
        Hiss {
            gain: 0.08,
            attack: 0.08,
            decay: 8.0,
            response: Bandpass,
            hertz: 900.0,
            damping: 1.9,
            ..EMPTY.hiss[1]
        },
    ],
    drive: 0.6,
    low_cut: 60.0,
    width: 0.7,
    ..EMPTY
};

static BRASS: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.7, 0.0),
    second: osc(Saw, 0.25, -0.06),
    unison: 3,
    detune: 0.08,
    width: 0.5,
    cutoff: 900.0,
    resonance: 0.28,
    filter_depth: 30.0,
    filter_envelope: adsr(0.055, 0.4, 0.45, 0.15),
    amplifier: adsr(0.03, 0.3, 0.85, 0.12),
    drive: 0.2,
    pitch_depth: -0.6,
    pitch_decay: 0.06,
    velocity_cutoff: 14.0,
    ..PLAIN
};

static STAB: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.7, 0.0),
    chord: [3.0, 10.0],
    detune: 0.05,
    width: 0.6,
    filter: FilterKind::Low24,
    cutoff: 620.0,
    resonance: 0.5,
    filter_depth: 38.0,
    filter_envelope: adsr(0.001, 0.22, 0.0, 0.15),
    amplifier: adsr(0.002, 0.38, 0.0, 0.12),
    drive: 0.3,
    velocity_cutoff: 12.0,
    ..PLAIN
};

static WOBBLE: SubtractivePreset = SubtractivePreset {
    first: osc(Saw, 0.8, -12.0),
    second: osc(Saw, 0.3, -24.0),
    unison: 3,
    detune: 0.12,
    width: 0.5,
    filter: FilterKind::Ladder,
    cutoff: 700.0,
    resonance: 0.62,
    tracking: 0.2,
    amplifier: adsr(0.004, 0.3, 0.95, 0.1),
    drive: 0.5,
    wobble: Wobble { rate: 2.0, synced: true, cutoff: 30.0, ..CALM },
    ..PLAIN
};

static GROWL: SubtractivePreset = SubtractivePreset {
    first: osc(Pulse, 0.6, -12.0),
    second: osc(Saw, 0.4, -5.0),
    ring: 0.5,
    pulse_width: 0.3,
    filter: FilterKind::Ladder,
    cutoff: 850.0,
    resonance: 0.7,
    tracking: 0.2,
    filter_depth: 20.0,
    filter_envelope: adsr(0.002, 0.4, 0.3, 0.2),
    amplifier: adsr(0.004, 0.3, 0.9, 0.08),
    drive: 0.9,
    wobble: Wobble { rate: 4.0, synced: true, square: true, cutoff: 12.0, ..CALM },
    ..PLAIN
};

static BELL: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.5, adsr(0.001, 2.8, 0.0, 1.0)),
        modulator(0, 3.5, 1.65, adsr(0.001, 1.5, 0.0, 0.8)),
        raised(carrier(2.76, 0.3, adsr(0.001, 1.6, 0.0, 0.8)), 0.7),
        modulator(2, 5.4, 0.8, adsr(0.001, 0.5, 0.0, 0.4)),
    ],
    feedback: 0.0,
    glide: 0.0,
    sway: STEADY,
};

static FM_BELL: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.8, adsr(0.001, 3.6, 0.0, 1.6)),
        modulator(0, 3.5, 3.0, adsr(0.001, 2.2, 0.0, 1.2)),
        modulator(0, 1.003, 0.4, adsr(0.001, 3.0, 0.0, 1.2)),
        modulator(1, 2.41, 0.6, adsr(0.001, 0.12, 0.0, 0.1)),
    ],
    feedback: 0.0,
    glide: 0.0,
    sway: STEADY,
};

/// A modulator of the amplitude of operator `of`.
const fn trembler(of: usize, ratio: f32, level: f32, envelope: crate::dsp::envelope::Adsr) -> Operator {
    Operator { route: Route::Amplitude(of), ratio, level, envelope, ..IDLE }
}

static AM_BELL: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.9, adsr(0.001, 2.4, 0.0, 1.2)),
        trembler(0, 3.5, 0.9, adsr(0.001, 2.4, 0.2, 1.2)),
        modulator(0, 2.0, 0.35, adsr(0.001, 0.3, 0.0, 0.2)),
        IDLE,
    ],
    feedback: 0.0,
    glide: 0.0,
    sway: STEADY,
};

static AM_TREMOLO: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.7, adsr(0.02, 0.6, 0.8, 0.35)),
        trembler(0, 1.0, 0.6, adsr(0.02, 0.6, 0.8, 0.35)),
        modulator(0, 2.0, 0.6, adsr(0.02, 0.6, 0.5, 0.3)),
        IDLE,
    ],
    feedback: 0.0,
    glide: 0.03,
    sway: crate::instrument::sway::Sway { rate: 5.0, tremolo: 0.7, ..STEADY },
};

pub(super) const ROWS: &[Row] = &[
    row("zap", -0.3, &ZAP),
    row("noise", 1.0, &NOISE),
    subtractive("synth:brass", -3.8, &BRASS),
    subtractive("synth:stab", 2.8, &STAB),
    fm("synth:bell", -2.6, &BELL),
    subtractive("synth:wobble", 2.4, &WOBBLE),
    subtractive("synth:growl", 5.9, &GROWL),
    fm("tone:fm-bell", -7.4, &FM_BELL),
    fm("tone:am-bell", -1.4, &AM_BELL),
    fm("tone:am-tremolo", 2.2, &AM_TREMOLO),
    row("sampled:vinyl-crackle", 7.9, &VINYL),
];
