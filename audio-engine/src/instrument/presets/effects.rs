//! Effects: zaps, noises, textures.

use super::drums::EMPTY;
use super::{Preset, Row};
use crate::dsp::svf::Response::Bandpass;
use crate::instrument::percussion::{Body, Hiss, Mode, PercussionPreset};

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

const fn row(id: &'static str, level: f32, preset: &'static PercussionPreset) -> Row {
    Row { id, level, preset: Preset::Percussion(preset) }
}

pub(super) const ROWS: &[Row] = &[row("zap", 0.0, &ZAP), row("noise", 0.0, &NOISE)];
