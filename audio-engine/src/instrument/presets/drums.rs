//! Drums: pitches in hertz, times in seconds to fall by 40 dB.

use super::{Preset, Row};
use crate::dsp::svf::Response::{Bandpass, Highpass};
use crate::instrument::percussion::{Body, Hiss, Metal, Mode, PercussionPreset};

pub(super) const fn mode(ratio: f32, gain: f32, decay: f32) -> Mode {
    Mode { ratio, gain, decay }
}

pub(super) const STILL: Mode = mode(1.0, 0.0, 0.1);

pub(super) const NO_BODY: Body =
    Body { hertz: 100.0, sweep: 0.0, sweep_decay: 0.05, attack: 0.0, modes: [STILL; 4] };

pub(super) const NO_HISS: Hiss = Hiss {
    gain: 0.0,
    attack: 0.0,
    decay: 0.1,
    response: Highpass,
    hertz: 5_000.0,
    damping: 1.4,
    bursts: 0,
    spacing: 0.0,
    sweep: 0.0,
    grains: 0.0,
};

pub(super) const NO_METAL: Metal = Metal {
    gain: 0.0,
    hertz: 400.0,
    ratios: [1.0; 6],
    attack: 0.0,
    decay: 0.1,
    stick: 0.3,
    response: Highpass,
    cutoff: 7_000.0,
    damping: 1.2,
};

/// Nothing sounds: what the effects' rows begin from.
pub(super) const EMPTY: PercussionPreset = PercussionPreset {
    body: NO_BODY,
    hiss: [NO_HISS; 2],
    metal: NO_METAL,
    drive: 0.0,
    low_cut: 30.0,
    width: 0.0,
};

/// Two square waves a rough fifth apart, thrice, slightly apart: the bell of a cow.
const COW: [f32; 6] = [1.0, 1.481_5, 1.000_7, 1.482_2, 0.999_3, 1.480_8];

/// Six pulses that share no harmonic: the analogue hat.
const HAT: [f32; 6] = [1.0, 1.304_3, 1.466_3, 1.787_3, 1.931_0, 2.632_1];

static KICK: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 51.0,
        sweep: 33.0,
        sweep_decay: 0.085,
        modes: [mode(1.0, 1.0, 0.5), mode(2.0, 0.12, 0.12), STILL, STILL],
        ..NO_BODY
    },
    hiss: [
        NO_HISS,
        Hiss { gain: 0.35, decay: 0.012, response: Bandpass, hertz: 3_400.0, damping: 1.2, ..NO_HISS },
    ],
    drive: 0.35,
    low_cut: 22.0,
    ..EMPTY
};

static SNARE: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 186.0,
        sweep: 7.0,
        sweep_decay: 0.04,
        modes: [mode(1.0, 0.6, 0.11), mode(1.78, 0.3, 0.07), STILL, STILL],
        ..NO_BODY
    },
    hiss: [
        Hiss { gain: 0.75, decay: 0.21, hertz: 1_900.0, damping: 1.2, sweep: -8.0, ..NO_HISS },
        Hiss { gain: 0.7, decay: 0.02, response: Bandpass, hertz: 4_800.0, damping: 1.3, ..NO_HISS },
    ],
    drive: 0.25,
    low_cut: 90.0,
    width: 0.15,
    ..EMPTY
};

static HIHAT: PercussionPreset = PercussionPreset {
    hiss: [Hiss { gain: 0.3, decay: 0.06, hertz: 8_500.0, ..NO_HISS }, NO_HISS],
    metal: Metal { gain: 1.0, hertz: 330.0, ratios: HAT, decay: 0.09, stick: 0.4, ..NO_METAL },
    low_cut: 2_500.0,
    ..EMPTY
};

static OPENHAT: PercussionPreset = PercussionPreset {
    hiss: [Hiss { gain: 0.3, decay: 0.45, hertz: 8_000.0, ..NO_HISS }, NO_HISS],
    metal: Metal { gain: 1.0, hertz: 330.0, ratios: HAT, decay: 0.6, stick: 0.35, ..NO_METAL },
    low_cut: 2_500.0,
    width: 0.2,
    ..EMPTY
};

static CLAP: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss {
            gain: 1.4,
            decay: 0.02,
            response: Bandpass,
            hertz: 1_250.0,
            damping: 0.75,
            bursts: 3,
            spacing: 0.0105,
            ..NO_HISS
        },
        Hiss {
            gain: 0.55,
            attack: 0.03,
            decay: 0.26,
            response: Bandpass,
            hertz: 1_450.0,
            damping: 1.0,
            ..NO_HISS
        },
    ],
    drive: 0.2,
    low_cut: 400.0,
    width: 0.35,
    ..EMPTY
};

static TOM: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 98.0,
        sweep: 9.0,
        sweep_decay: 0.13,
        modes: [mode(1.0, 1.0, 0.55), mode(1.52, 0.28, 0.22), mode(2.31, 0.1, 0.1), STILL],
        ..NO_BODY
    },
    hiss: [
        Hiss { gain: 0.1, decay: 0.12, response: Bandpass, hertz: 700.0, damping: 1.4, ..NO_HISS },
        Hiss { gain: 0.35, decay: 0.014, response: Bandpass, hertz: 2_300.0, damping: 1.3, ..NO_HISS },
    ],
    drive: 0.15,
    low_cut: 40.0,
    ..EMPTY
};

static RIM: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 492.0,
        modes: [mode(1.0, 0.8, 0.05), mode(3.47, 0.6, 0.04), mode(5.1, 0.2, 0.02), STILL],
        ..NO_BODY
    },
    hiss: [NO_HISS, Hiss { gain: 0.5, decay: 0.008, hertz: 2_800.0, ..NO_HISS }],
    drive: 0.55,
    low_cut: 260.0,
    ..EMPTY
};

static COWBELL: PercussionPreset = PercussionPreset {
    metal: Metal {
        gain: 1.0,
        hertz: 545.0,
        ratios: COW,
        decay: 0.42,
        stick: 0.55,
        response: Bandpass,
        cutoff: 1_150.0,
        damping: 1.1,
        ..NO_METAL
    },
    drive: 0.2,
    low_cut: 350.0,
    ..EMPTY
};

static SHAKER: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss {
            gain: 0.9,
            attack: 0.022,
            decay: 0.075,
            response: Bandpass,
            hertz: 6_800.0,
            damping: 0.9,
            ..NO_HISS
        },
        Hiss { gain: 0.35, attack: 0.004, decay: 0.03, hertz: 9_000.0, bursts: 1, spacing: 0.045, ..NO_HISS },
    ],
    low_cut: 2_000.0,
    width: 0.15,
    ..EMPTY
};

static CONGA: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 208.0,
        sweep: 2.5,
        sweep_decay: 0.05,
        modes: [mode(1.0, 1.0, 0.34), mode(1.59, 0.3, 0.14), mode(2.67, 0.22, 0.06), mode(4.1, 0.1, 0.03)],
        ..NO_BODY
    },
    hiss: [
        NO_HISS,
        Hiss { gain: 0.5, decay: 0.016, response: Bandpass, hertz: 1_700.0, damping: 1.0, ..NO_HISS },
    ],
    drive: 0.1,
    low_cut: 90.0,
    ..EMPTY
};

static TAMBOURINE: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss { gain: 0.5, decay: 0.1, hertz: 9_000.0, bursts: 2, spacing: 0.026, ..NO_HISS },
        Hiss { gain: 0.25, decay: 0.03, response: Bandpass, hertz: 2_200.0, damping: 1.0, ..NO_HISS },
    ],
    metal: Metal {
        gain: 0.9,
        hertz: 2_130.0,
        ratios: [1.0, 1.171, 1.393, 1.618, 2.017, 2.391],
        attack: 0.003,
        decay: 0.24,
        stick: 0.5,
        response: Highpass,
        cutoff: 5_200.0,
        damping: 1.0,
    },
    low_cut: 1_500.0,
    width: 0.2,
    ..EMPTY
};

static CLAVE: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 2_450.0,
        modes: [mode(1.0, 1.0, 0.085), mode(2.73, 0.12, 0.02), STILL, STILL],
        ..NO_BODY
    },
    hiss: [NO_HISS, Hiss { gain: 0.15, decay: 0.004, hertz: 3_000.0, ..NO_HISS }],
    low_cut: 800.0,
    ..EMPTY
};

static CABASA: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss {
            gain: 0.8,
            attack: 0.006,
            decay: 0.05,
            hertz: 8_800.0,
            damping: 0.7,
            bursts: 2,
            spacing: 0.02,
            ..NO_HISS
        },
        NO_HISS,
    ],
    metal: Metal {
        gain: 0.25,
        hertz: 3_100.0,
        ratios: [1.0, 1.137, 1.291, 1.483, 1.711, 1.97],
        attack: 0.004,
        decay: 0.07,
        cutoff: 8_000.0,
        ..NO_METAL
    },
    low_cut: 4_000.0,
    ..EMPTY
};

static WOODBLOCK: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 905.0,
        sweep: 1.0,
        sweep_decay: 0.02,
        modes: [mode(1.0, 1.0, 0.09), mode(1.66, 0.4, 0.055), mode(2.55, 0.25, 0.03), STILL],
        ..NO_BODY
    },
    hiss: [
        NO_HISS,
        Hiss { gain: 0.3, decay: 0.006, response: Bandpass, hertz: 2_600.0, damping: 1.2, ..NO_HISS },
    ],
    low_cut: 300.0,
    ..EMPTY
};

pub(super) const fn row(id: &'static str, level: f32, preset: &'static PercussionPreset) -> Row {
    Row { id, level, preset: Preset::Percussion(preset) }
}

pub(super) const ROWS: &[Row] = &[
    row("kick", 0.2, &KICK),
    row("snare", 1.4, &SNARE),
    row("hihat", 12.4, &HIHAT),
    row("clap", 8.1, &CLAP),
    row("tom", -0.9, &TOM),
    row("rim", 5.7, &RIM),
    row("cowbell", 5.4, &COWBELL),
    row("openhat", 3.2, &OPENHAT),
    row("shaker", 2.9, &SHAKER),
    row("conga", -1.6, &CONGA),
    row("tambourine", -0.2, &TAMBOURINE),
    row("clave", 0.0, &CLAVE),
    row("cabasa", -2.9, &CABASA),
    row("woodblock", 1.8, &WOODBLOCK),
];
