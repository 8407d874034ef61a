//! The same note is the same bits, however it is cut, and nothing a player turns makes it go astray.

use super::measure::play;
use audio_engine::instrument::{Note, Voice};
use score::catalogue::{INSTRUMENTS, InstrumentIndex, ParamIndex, Parameter, instrument_parameters};

const FRAMES: usize = 9_600;

/// A note with a slide and a release at fixed frames, rendered in the block sizes that `sizes` gives.
fn cut(instrument: InstrumentIndex, mut sizes: impl FnMut() -> usize) -> Vec<u32> {
    let mut voice = Voice::silent();
    let note = Note { pitch: 2.0, velocity: 0.8, seed: 99, seconds_per_beat: 0.4, params: &[] };
    voice.start(instrument, &note);
    let (mut left, mut right) = (vec![0.0_f32; FRAMES], vec![0.0_f32; FRAMES]);
    let mut at = 0;
    while at < FRAMES {
        match at {
            3_001 => voice.slide(5.0, 0.5),
            6_007 => voice.release(),
            _ => {}
        }
        let next = [3_001, 6_007, FRAMES].into_iter().find(|event| *event > at).unwrap_or(FRAMES);
        let to = (at + sizes()).min(next);
        voice.render(7_777 + at as u64, &mut left[at..to], &mut right[at..to]);
        at = to;
    }
    left.iter().chain(&right).map(|x| x.to_bits()).collect()
}

#[test]
fn blocks_of_any_size_give_the_same_bits() {
    for row in &INSTRUMENTS {
        let whole = cut(row.index, || FRAMES);
        assert!(whole.iter().any(|bits| *bits != 0), "{} is silent", row.id);
        assert!(cut(row.index, || 1) == whole, "{}: frame by frame differs", row.id);
        for seed in 1..4_u32 {
            let mut state = seed;
            let random = move || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 16) as usize % 1_024 + 1
            };
            assert!(cut(row.index, random) == whole, "{}: random blocks of seed {seed} differ", row.id);
        }
    }
}

#[test]
fn no_denormal_number_leaves_a_voice() {
    for row in &INSTRUMENTS {
        let sound = play(row.index, 0.0, 0.7, &[], 24_000, 480_000);
        let denormal = sound.samples().filter(|x| x.is_subnormal()).count();
        assert_eq!(denormal, 0, "{}", row.id);
    }
}

fn ends(parameter: &Parameter) -> [(ParamIndex, f32); 2] {
    [(parameter.index, parameter.min), (parameter.index, parameter.max)]
}

fn checked(row: &score::catalogue::Instrument, pitch: f32, params: &[(ParamIndex, f32)]) {
    let sound = play(row.index, pitch, 1.0, params, 4_800, 14_400);
    let peak = sound.peak();
    assert!(sound.samples().all(f32::is_finite) && peak < 30.0, "{}: peak {peak} with {params:?}", row.id);
}

#[test]
fn every_parameter_at_both_ends_stays_finite_and_bounded() {
    for row in &INSTRUMENTS {
        for parameter in instrument_parameters() {
            for end in ends(parameter) {
                checked(row, 0.0, &[end]);
            }
        }
        for side in 0..2 {
            let all: Vec<(ParamIndex, f32)> =
                instrument_parameters().iter().map(|row| ends(row)[side]).collect();
            checked(row, 0.0, &all);
        }
        for pitch in [-96.0, -48.0, 48.0, 96.0, f32::NAN, f32::INFINITY] {
            checked(row, pitch, &[]);
        }
    }
}

/// Parameters that act on something the player has to turn up first, and what that is.
const COMPANIONS: [(&str, &str); 12] = [
    ("pitch_decay", "pitch_env"),
    ("filter_decay", "filter_env"),
    ("lfo_rate", "lfo_depth"),
    ("width", "detune"),
    ("tone", "noise"),
    ("resonance", "noise"),
    ("feedback", "modulation_index"),
    ("pulse_width", "lfo_depth"),
    ("decay", "sustain"),
    ("sustain", "decay"),
    ("click", "click"),
    ("detune", "detune"),
];

#[test]
fn every_parameter_shown_for_an_instrument_changes_its_sound() {
    let mut dead = Vec::new();
    for row in &INSTRUMENTS {
        for parameter in row.parameters() {
            let companion = COMPANIONS.iter().find(|(id, _)| *id == parameter.id).map(|(_, other)| *other);
            let attack = score::catalogue::parameter("attack").expect("a row");
            let base: Vec<(ParamIndex, f32)> = companion
                .filter(|other| *other != parameter.id && row.parameters().any(|shown| shown.id == *other))
                .and_then(score::catalogue::parameter)
                .map(|other| (other.index, if other.id == "sustain" { -0.3 } else { other.max }))
                .into_iter()
                .chain((parameter.id != "attack").then_some((attack.index, attack.min)))
                .collect();
            let changed = [vec![], base].iter().any(|base| {
                let usual = played(row.index, base);
                ends(parameter).iter().any(|end| {
                    let turned: Vec<_> = base.iter().copied().chain([*end]).collect();
                    played(row.index, &turned) != usual
                })
            });
            if !changed {
                dead.push(format!("{} {}", row.id, parameter.id));
            }
        }
    }
    assert!(dead.is_empty(), "these knobs do nothing:\n{}", dead.join("\n"));
}

/// A note with everything a parameter may act on: a start, a slide, a release.
fn played(instrument: InstrumentIndex, params: &[(ParamIndex, f32)]) -> (Vec<f32>, Vec<f32>) {
    let mut voice = Voice::silent();
    voice.start(instrument, &Note { pitch: 0.0, velocity: 0.7, seed: 5, seconds_per_beat: 0.5, params });
    let (mut left, mut right) = (vec![0.0_f32; 14_000], vec![0.0_f32; 14_000]);
    voice.render(0, &mut left[..6_000], &mut right[..6_000]);
    voice.slide(4.0, 0.7);
    voice.render(6_000, &mut left[6_000..9_000], &mut right[6_000..9_000]);
    voice.release();
    voice.render(9_000, &mut left[9_000..], &mut right[9_000..]);
    (left, right)
}
