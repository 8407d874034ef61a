//! Electric pianos, organs, piano, mallets. Times in seconds.

use super::Row;
use super::start::{STEADY, adsr, carrier, fm, modal, modulator, organ, raised, string};
use crate::instrument::fm::FmPreset;
use crate::instrument::modal::{ModalPreset, Partial, Partials};
use crate::instrument::organ::OrganPreset;
use crate::instrument::string::StringPreset;
use crate::instrument::sway::Sway;

static RHODES: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.7, adsr(0.002, 3.4, 0.0, 0.3)),
        modulator(0, 1.0, 1.5, adsr(0.001, 1.6, 0.25, 0.3)),
        carrier(1.0, 0.3, adsr(0.001, 2.0, 0.0, 0.3)),
        modulator(2, 14.0, 0.9, adsr(0.001, 0.22, 0.0, 0.1)),
    ],
    feedback: 0.0,
    glide: 0.0,
    sway: Sway { rate: 4.2, tremolo: 0.35, stereo: true, ..STEADY },
};

static WURLITZER: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.8, adsr(0.002, 2.2, 0.0, 0.16)),
        modulator(0, 2.0, 1.5, adsr(0.001, 1.4, 0.2, 0.15)),
        modulator(0, 1.0, 0.8, adsr(0.001, 0.8, 0.2, 0.15)),
        modulator(1, 7.0, 0.4, adsr(0.001, 0.08, 0.0, 0.05)),
    ],
    feedback: 0.0,
    glide: 0.0,
    sway: Sway { rate: 5.8, tremolo: 0.3, ..STEADY },
};

static E_PIANO: FmPreset = FmPreset {
    operators: [
        raised(carrier(1.0, 0.5, adsr(0.002, 2.8, 0.0, 0.35)), -0.4),
        modulator(0, 1.0, 0.75, adsr(0.001, 1.8, 0.0, 0.3)),
        raised(carrier(1.0, 0.5, adsr(0.002, 2.4, 0.0, 0.35)), 0.5),
        modulator(2, 3.0, 0.55, adsr(0.001, 0.6, 0.0, 0.2)),
    ],
    feedback: 0.0,
    glide: 0.0,
    sway: STEADY,
};

static FM_E_PIANO: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.6, adsr(0.001, 2.6, 0.0, 0.3)),
        modulator(0, 14.0, 1.2, adsr(0.001, 0.35, 0.0, 0.2)),
        raised(carrier(1.0, 0.45, adsr(0.001, 2.2, 0.0, 0.3)), 0.6),
        modulator(2, 1.0, 1.6, adsr(0.001, 1.6, 0.1, 0.3)),
    ],
    feedback: 0.5,
    glide: 0.0,
    sway: STEADY,
};

static VIBES: FmPreset = FmPreset {
    operators: [
        carrier(1.0, 0.7, adsr(0.001, 3.2, 0.0, 0.5)),
        modulator(0, 4.0, 1.2, adsr(0.001, 0.4, 0.0, 0.3)),
        carrier(4.0, 0.25, adsr(0.001, 0.9, 0.0, 0.4)),
        carrier(10.0, 0.12, adsr(0.001, 0.12, 0.0, 0.1)),
    ],
    feedback: 0.0,
    glide: 0.0,
    sway: Sway { rate: 5.0, tremolo: 0.65, ..STEADY },
};

static ORGAN: OrganPreset = OrganPreset {
    drawbars: [6, 0, 8, 6, 0, 5, 0, 0, 4],
    percussion: 0.0,
    click: 0.15,
    drive: 0.1,
    rate: 0.8,
    rotary: 0.15,
    vibrato: 0.03,
    width: 0.5,
};

static PHASE_ORGAN: OrganPreset = OrganPreset {
    drawbars: [8, 4, 6, 0, 5, 0, 3, 0, 0],
    percussion: 0.0,
    click: 0.05,
    drive: 0.25,
    rate: 0.8,
    rotary: 0.7,
    vibrato: 0.3,
    width: 0.9,
};

static HAMMOND: OrganPreset = OrganPreset {
    drawbars: [8, 8, 8, 0, 0, 0, 0, 0, 3],
    percussion: 0.75,
    click: 0.6,
    drive: 0.35,
    rate: 6.6,
    rotary: 0.4,
    vibrato: 0.12,
    width: 0.8,
};

static CLAVINET: StringPreset = StringPreset {
    decay: 1.3,
    release: 0.05,
    damping: 0.12,
    pick: 0.06,
    brightness: 6_000.0,
    scratch: 0.02,
    body: [(700.0, 0.5), (2_600.0, 0.9)],
    cutoff: 5_500.0,
    drive: 0.4,
};

static PIANO: ModalPreset = ModalPreset {
    partials: Partials::StiffString { stiffness: 0.000_37, strike: 0.13, slope: 5.5, detune: 0.012 },
    decay: 3.4,
    octaves_per_half: 1.3,
    release: 0.22,
    mallet: 0.14,
    mallet_ratio: 3.0,
    mallet_decay: 0.035,
    softness: 2.2,
    drive: 0.0,
    width: 0.35,
    sway: STEADY,
};

const fn partial(ratio: f32, gain: f32, decay: f32) -> Partial {
    Partial { ratio, gain, decay }
}

/// A bar tuned to 1 : 4 : 10, with a resonator under its lowest mode.
static VIBRAPHONE: ModalPreset = ModalPreset {
    partials: Partials::Listed(&[
        partial(1.0, 1.0, 1.0),
        partial(3.98, 0.3, 0.35),
        partial(10.2, 0.12, 0.1),
        partial(17.5, 0.04, 0.05),
    ]),
    decay: 4.2,
    octaves_per_half: 2.0,
    release: 0.3,
    mallet: 0.03,
    mallet_ratio: 5.0,
    mallet_decay: 0.015,
    softness: 1.5,
    drive: 0.0,
    width: 0.2,
    sway: Sway { rate: 5.6, tremolo: 0.5, ..STEADY },
};

static MARIMBA: ModalPreset = ModalPreset {
    partials: Partials::Listed(&[
        partial(1.0, 1.0, 1.0),
        partial(3.93, 0.35, 0.25),
        partial(9.24, 0.16, 0.1),
        partial(16.3, 0.06, 0.05),
    ]),
    decay: 0.75,
    octaves_per_half: 1.5,
    release: 0.3,
    mallet: 0.12,
    mallet_ratio: 3.0,
    mallet_decay: 0.02,
    softness: 1.2,
    drive: 0.0,
    width: 0.1,
    sway: STEADY,
};

/// A clamped tine.
static KALIMBA: ModalPreset = ModalPreset {
    partials: Partials::Listed(&[
        partial(1.0, 1.0, 1.0),
        partial(1.006, 0.35, 1.2),
        partial(5.4, 0.5, 0.35),
        partial(6.27, 0.4, 0.3),
        partial(14.2, 0.07, 0.06),
    ]),
    decay: 1.25,
    octaves_per_half: 1.5,
    release: 0.4,
    mallet: 0.4,
    mallet_ratio: 8.0,
    mallet_decay: 0.012,
    softness: 1.0,
    drive: 0.05,
    width: 0.2,
    sway: STEADY,
};

/// A pan whose note areas are tuned to octave and twelfth; neighbours answer, so each is heard twice.
static STEEL_DRUMS: ModalPreset = ModalPreset {
    partials: Partials::Listed(&[
        partial(1.0, 1.0, 1.0),
        partial(1.012, 0.4, 0.7),
        partial(2.0, 1.0, 0.9),
        partial(2.03, 0.45, 0.6),
        partial(3.0, 0.65, 0.55),
        partial(3.06, 0.3, 0.35),
        partial(4.1, 0.3, 0.25),
        partial(5.3, 0.2, 0.15),
        partial(6.8, 0.12, 0.1),
        partial(8.7, 0.07, 0.07),
    ]),
    decay: 1.3,
    octaves_per_half: 2.0,
    release: 0.35,
    mallet: 0.08,
    mallet_ratio: 4.0,
    mallet_decay: 0.02,
    softness: 2.0,
    drive: 0.3,
    width: 0.4,
    sway: STEADY,
};

pub(super) const ROWS: &[Row] = &[
    string("synth:clavinet", -1.4, &CLAVINET),
    fm("synth:rhodes", -2.5, &RHODES),
    organ("synth:organ", 1.9, &ORGAN),
    fm("synth:wurlitzer", -3.4, &WURLITZER),
    fm("synth:epiano", -4.0, &E_PIANO),
    fm("synth:vibes", -1.1, &VIBES),
    organ("synth:organphase", 3.8, &PHASE_ORGAN),
    fm("tone:fm-epiano", -4.5, &FM_E_PIANO),
    modal("sampled:piano", 0.0, &PIANO),
    modal("sampled:vibraphone", -4.0, &VIBRAPHONE),
    modal("sampled:marimba", -0.9, &MARIMBA),
    modal("sampled:kalimba", -2.6, &KALIMBA),
    modal("sampled:steel-drums", -2.7, &STEEL_DRUMS),
    organ("sampled:hammond-organ", 0.2, &HAMMOND),
];
