//! Named drum kits: the analogue machine, the acoustic kit, membranes and plates. Pitches in hertz, times in seconds to
//! fall by 40 dB.

use super::Row;
use super::drums::{EMPTY, NO_BODY, NO_HISS, NO_METAL, STILL, mode, row};
use crate::dsp::svf::Response::{Bandpass, Highpass};
use crate::instrument::percussion::{Body, Hiss, Metal, PercussionPreset};

/// The six oscillators of the analogue machine's hats, over the lowest.
const MACHINE: [f32; 6] = [1.0, 1.483, 1.8, 2.546, 2.63, 3.897];

/// Modes of a thin round plate, as far as six pulses can suggest them.
const PLATE: [f32; 6] = [1.0, 1.414, 1.934, 2.236, 2.941, 3.367];

static MACHINE_KICK: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 48.0,
        sweep: 17.0,
        sweep_decay: 0.045,
        modes: [mode(1.0, 1.0, 1.5), mode(2.0, 0.06, 0.3), STILL, STILL],
        ..NO_BODY
    },
    hiss: [NO_HISS, Hiss { gain: 0.12, decay: 0.006, response: Bandpass, hertz: 2_200.0, ..NO_HISS }],
    drive: 0.25,
    low_cut: 20.0,
    ..EMPTY
};

static MACHINE_SNARE: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 176.0,
        sweep: 3.0,
        sweep_decay: 0.02,
        modes: [mode(1.0, 0.8, 0.16), mode(1.87, 0.55, 0.11), STILL, STILL],
        ..NO_BODY
    },
    hiss: [
        Hiss { gain: 0.4, attack: 0.001, decay: 0.3, hertz: 3_400.0, damping: 1.0, ..NO_HISS },
        Hiss { gain: 0.3, decay: 0.01, hertz: 6_000.0, ..NO_HISS },
    ],
    low_cut: 100.0,
    ..EMPTY
};

static MACHINE_HAT: PercussionPreset = PercussionPreset {
    metal: Metal {
        gain: 1.0,
        hertz: 205.3,
        ratios: MACHINE,
        decay: 0.13,
        stick: 0.2,
        cutoff: 8_600.0,
        damping: 0.8,
        ..NO_METAL
    },
    low_cut: 4_500.0,
    ..EMPTY
};

static MACHINE_OPEN_HAT: PercussionPreset = PercussionPreset {
    metal: Metal {
        gain: 1.0,
        hertz: 205.3,
        ratios: MACHINE,
        decay: 0.95,
        stick: 0.15,
        cutoff: 8_200.0,
        damping: 0.8,
        ..NO_METAL
    },
    low_cut: 4_500.0,
    ..EMPTY
};

static MACHINE_CLAP: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss {
            gain: 1.3,
            decay: 0.024,
            response: Bandpass,
            hertz: 1_020.0,
            damping: 0.5,
            bursts: 3,
            spacing: 0.0125,
            ..NO_HISS
        },
        Hiss {
            gain: 0.4,
            attack: 0.04,
            decay: 0.55,
            response: Bandpass,
            hertz: 1_050.0,
            damping: 0.6,
            ..NO_HISS
        },
    ],
    low_cut: 500.0,
    ..EMPTY
};

static ACOUSTIC_KICK: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 61.0,
        sweep: 11.0,
        sweep_decay: 0.05,
        attack: 0.001,
        modes: [mode(1.0, 1.0, 0.27), mode(1.59, 0.4, 0.13), mode(2.3, 0.25, 0.08), mode(3.6, 0.12, 0.04)],
    },
    hiss: [
        Hiss {
            gain: 0.25,
            attack: 0.001,
            decay: 0.09,
            response: Bandpass,
            hertz: 320.0,
            damping: 1.5,
            ..NO_HISS
        },
        Hiss { gain: 0.8, decay: 0.02, response: Bandpass, hertz: 2_900.0, damping: 0.9, ..NO_HISS },
    ],
    drive: 0.1,
    low_cut: 30.0,
    ..EMPTY
};

static ACOUSTIC_SNARE: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 207.0,
        sweep: 2.0,
        sweep_decay: 0.05,
        modes: [mode(1.0, 0.7, 0.22), mode(1.59, 0.4, 0.15), mode(2.14, 0.3, 0.11), mode(2.92, 0.2, 0.08)],
        ..NO_BODY
    },
    hiss: [
        Hiss {
            gain: 0.6,
            attack: 0.002,
            decay: 0.26,
            response: Bandpass,
            hertz: 5_200.0,
            damping: 1.7,
            sweep: 6.0,
            ..NO_HISS
        },
        Hiss { gain: 0.9, decay: 0.014, response: Bandpass, hertz: 3_300.0, damping: 1.2, ..NO_HISS },
    ],
    low_cut: 80.0,
    width: 0.25,
    ..EMPTY
};

static ACOUSTIC_HAT: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss { gain: 0.6, decay: 0.075, hertz: 4_800.0, damping: 1.0, ..NO_HISS },
        Hiss { gain: 0.9, decay: 0.01, response: Bandpass, hertz: 3_600.0, damping: 1.0, ..NO_HISS },
    ],
    metal: Metal {
        gain: 0.7,
        hertz: 517.0,
        ratios: PLATE,
        decay: 0.12,
        stick: 0.5,
        cutoff: 3_800.0,
        ..NO_METAL
    },
    low_cut: 1_200.0,
    width: 0.2,
    ..EMPTY
};

static ACOUSTIC_OPEN_HAT: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss { gain: 0.55, attack: 0.002, decay: 0.8, hertz: 6_400.0, damping: 1.0, sweep: 4.0, ..NO_HISS },
        Hiss { gain: 0.4, decay: 0.01, response: Bandpass, hertz: 3_400.0, damping: 1.0, ..NO_HISS },
    ],
    metal: Metal {
        gain: 0.7,
        hertz: 517.0,
        ratios: PLATE,
        decay: 1.0,
        stick: 0.3,
        cutoff: 5_000.0,
        ..NO_METAL
    },
    low_cut: 1_200.0,
    width: 0.3,
    ..EMPTY
};

static ACOUSTIC_RIDE: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 3_150.0,
        modes: [mode(1.0, 0.08, 0.9), mode(1.483, 0.06, 0.6), mode(0.414, 0.05, 0.5), STILL],
        ..NO_BODY
    },
    hiss: [
        Hiss {
            gain: 0.09,
            attack: 0.02,
            decay: 2.2,
            response: Bandpass,
            hertz: 6_500.0,
            damping: 1.8,
            ..NO_HISS
        },
        Hiss { gain: 0.35, decay: 0.009, response: Bandpass, hertz: 4_800.0, ..NO_HISS },
    ],
    metal: Metal {
        gain: 0.6,
        hertz: 398.0,
        ratios: PLATE,
        decay: 2.6,
        stick: 0.6,
        cutoff: 4_800.0,
        damping: 1.4,
        ..NO_METAL
    },
    low_cut: 700.0,
    width: 0.4,
    ..EMPTY
};

static ACOUSTIC_CRASH: PercussionPreset = PercussionPreset {
    hiss: [
        Hiss {
            gain: 0.6,
            attack: 0.006,
            decay: 2.0,
            response: Bandpass,
            hertz: 5_200.0,
            damping: 1.9,
            sweep: 10.0,
            ..NO_HISS
        },
        Hiss { gain: 0.6, decay: 0.05, hertz: 3_000.0, ..NO_HISS },
    ],
    metal: Metal {
        gain: 0.5,
        hertz: 311.0,
        ratios: PLATE,
        attack: 0.004,
        decay: 2.6,
        stick: 0.4,
        cutoff: 3_000.0,
        ..NO_METAL
    },
    low_cut: 350.0,
    width: 0.6,
    ..EMPTY
};

static BRUSHES: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 212.0,
        modes: [mode(1.0, 0.16, 0.1), mode(1.6, 0.08, 0.07), STILL, STILL],
        ..NO_BODY
    },
    hiss: [
        Hiss {
            gain: 0.8,
            attack: 0.028,
            decay: 0.26,
            response: Bandpass,
            hertz: 3_100.0,
            damping: 1.8,
            sweep: -5.0,
            ..NO_HISS
        },
        Hiss {
            gain: 0.35,
            attack: 0.002,
            decay: 0.05,
            response: Bandpass,
            hertz: 5_500.0,
            damping: 1.5,
            ..NO_HISS
        },
    ],
    low_cut: 120.0,
    width: 0.3,
    ..EMPTY
};

static MEMBRANE_KICK: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 41.0,
        sweep: 72.0,
        sweep_decay: 0.14,
        attack: 0.001,
        modes: [mode(1.0, 1.0, 0.62), STILL, STILL, STILL],
    },
    low_cut: 20.0,
    ..EMPTY
};

static MEMBRANE_TOM: PercussionPreset = PercussionPreset {
    body: Body {
        hertz: 82.0,
        sweep: 40.0,
        sweep_decay: 0.2,
        attack: 0.001,
        modes: [mode(1.0, 1.0, 0.6), STILL, STILL, STILL],
    },
    low_cut: 30.0,
    ..EMPTY
};

static METAL_CYMBAL: PercussionPreset = PercussionPreset {
    hiss: [Hiss { gain: 0.12, attack: 0.003, decay: 1.2, hertz: 7_500.0, ..NO_HISS }, NO_HISS],
    metal: Metal {
        gain: 0.9,
        hertz: 1_021.0,
        ratios: [1.0, 1.483, 1.932, 2.546, 2.63, 3.897],
        attack: 0.001,
        decay: 1.5,
        stick: 0.3,
        response: Highpass,
        cutoff: 3_800.0,
        damping: 0.9,
    },
    low_cut: 900.0,
    width: 0.3,
    ..EMPTY
};

static METAL_HIHAT: PercussionPreset = PercussionPreset {
    metal: Metal {
        gain: 1.0,
        hertz: 811.0,
        ratios: [1.0, 1.483, 1.932, 2.546, 2.63, 3.897],
        decay: 0.1,
        stick: 0.3,
        response: Bandpass,
        cutoff: 6_900.0,
        damping: 0.45,
        ..NO_METAL
    },
    low_cut: 1_800.0,
    ..EMPTY
};

pub(super) const ROWS: &[Row] = &[
    row("tone:membrane-kick", -1.7, &MEMBRANE_KICK),
    row("tone:membrane-tom", -2.2, &MEMBRANE_TOM),
    row("tone:metal-cymbal", -6.9, &METAL_CYMBAL),
    row("tone:metal-hihat", 15.9, &METAL_HIHAT),
    row("sampled:808-kick", -2.1, &MACHINE_KICK),
    row("sampled:808-snare", 0.6, &MACHINE_SNARE),
    row("sampled:808-hihat-closed", 15.8, &MACHINE_HAT),
    row("sampled:808-hihat-open", 6.0, &MACHINE_OPEN_HAT),
    row("sampled:808-clap", 12.7, &MACHINE_CLAP),
    row("sampled:acoustic-kick", 3.6, &ACOUSTIC_KICK),
    row("sampled:acoustic-snare", 1.2, &ACOUSTIC_SNARE),
    row("sampled:acoustic-hihat-closed", 3.9, &ACOUSTIC_HAT),
    row("sampled:acoustic-hihat-open", -5.6, &ACOUSTIC_OPEN_HAT),
    row("sampled:acoustic-ride", 3.7, &ACOUSTIC_RIDE),
    row("sampled:acoustic-crash", -4.4, &ACOUSTIC_CRASH),
    row("sampled:brushes-snare", 2.1, &BRUSHES),
];
