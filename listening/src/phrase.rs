//! What each instrument plays: two bars that show it in the register and the manner it is made for.

use std::ops::ControlFlow;

use anyhow::Context;
use score::catalogue::{Family, Instrument, Playback};
use score::{Beats, Pattern, Score, Step, Track, TrackId};

/// The phrase's length: two bars of four quarters. At the usual 120 beats a minute that is four seconds.
pub(crate) const BEATS: i64 = 8;

/// Steps of the phrase, four to a beat.
const STEPS: u16 = 32;

/// A note or a chord of a phrase.
struct Sung {
    step: u16,
    /// Steps that it is held for.
    length: u16,
    /// MIDI keys.
    keys: &'static [u8],
    velocity: f32,
}

const fn sung(step: u16, length: u16, keys: &'static [u8], velocity: f32) -> Sung {
    Sung { step, length, keys, velocity }
}

/// Soft, loud, a quick run, and room for the tail.
const STRUCK: &[(u16, f32)] = &[
    (0, 0.7),
    (4, 0.4),
    (6, 0.55),
    (8, 1.0),
    (12, 0.5),
    (13, 0.6),
    (14, 0.7),
    (15, 0.85),
    (16, 0.9),
    (24, 0.7),
];

const BASS: &[Sung] = &[
    sung(0, 3, &[36], 0.9),
    sung(3, 1, &[36], 0.6),
    sung(6, 2, &[48], 0.8),
    sung(8, 2, &[39], 0.7),
    sung(11, 1, &[41], 0.6),
    sung(12, 2, &[43], 0.9),
    sung(14, 2, &[46], 0.7),
    sung(16, 8, &[36], 0.9),
    sung(26, 4, &[41], 0.7),
];

const KEYS: &[Sung] = &[
    sung(0, 2, &[60], 0.6),
    sung(2, 2, &[64], 0.65),
    sung(4, 2, &[67], 0.7),
    sung(6, 2, &[71], 0.75),
    sung(8, 4, &[74], 0.9),
    sung(12, 4, &[72], 0.5),
    sung(16, 10, &[52, 60, 64, 67, 71], 0.75),
    sung(28, 3, &[84], 0.6),
];

const LEAD: &[Sung] = &[
    sung(0, 3, &[72], 0.8),
    sung(3, 3, &[75], 0.7),
    sung(6, 2, &[79], 0.9),
    sung(8, 6, &[77], 0.8),
    sung(14, 1, &[75], 0.6),
    sung(15, 1, &[74], 0.6),
    sung(16, 8, &[72], 0.9),
    sung(26, 4, &[60], 0.7),
];

const PAD: &[Sung] = &[sung(0, 14, &[48, 60, 63, 67], 0.7), sung(16, 12, &[44, 60, 63, 68], 0.8)];

const EFFECT: &[Sung] = &[
    sung(0, 4, &[60], 0.7),
    sung(6, 2, &[67], 0.6),
    sung(8, 6, &[72], 0.9),
    sung(16, 8, &[48, 60], 0.8),
    sung(26, 4, &[63], 0.7),
];

/// The instrument's phrase, left and right samples alternating, at 48 kHz.
pub(crate) fn rendered(instrument: &Instrument) -> anyhow::Result<Vec<f32>> {
    let pattern = pattern(instrument);
    let patterns = [(Score::default().first_scene(), pattern)].into();
    let track = Track { instrument: instrument.id.to_owned(), patterns, ..Track::default() };
    let score = Score { tracks: [(TrackId::from_random(1), track)].into(), ..Score::default() };
    let program = score::lower::lower_first_scene(&score);
    let all = Beats::ZERO..Beats::from_beats(BEATS);
    audio_engine::render(program, all, |_| ControlFlow::Continue(()))
        .with_context(|| format!("{} cannot be rendered", instrument.id))
}

fn pattern(instrument: &Instrument) -> Pattern {
    let mut pattern = Pattern { length: STEPS, ..Pattern::default() };
    let struck = instrument.family == Family::Drums
        || (instrument.family == Family::Fx && instrument.playback == Playback::OneShot);
    if struck {
        for (step, velocity) in STRUCK {
            pattern.steps.insert(*step, Step { volume: Some(*velocity), ..Step::active() });
        }
        return pattern;
    }
    let phrase = match instrument.family {
        Family::Bass => BASS,
        Family::Keys => KEYS,
        Family::Leads => LEAD,
        Family::Pads => PAD,
        Family::Drums | Family::Fx => EFFECT,
    };
    for sung in phrase {
        write(&mut pattern, instrument, sung);
    }
    pattern
}

fn write(pattern: &mut Pattern, instrument: &Instrument, sung: &Sung) {
    let pitch = |key: &u8| (i16::from(*key) - i16::from(instrument.base_note)).clamp(-24, 24) as i8;
    let mut step = Step { volume: Some(sung.velocity), gate_length: Some(100), ..Step::active() };
    match sung.keys {
        [key] => step.pitch = Some(pitch(key)),
        keys => step.notes = keys.iter().map(|key| (pitch(key), sung.velocity)).collect(),
    }
    let tied = Step { tie: true, pitch: step.pitch, notes: step.notes.clone(), ..step.clone() };
    pattern.steps.insert(sung.step, step);
    for later in sung.step + 1..sung.step + sung.length {
        pattern.steps.insert(later, tied.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use score::catalogue::instrument;

    #[test]
    fn every_family_plays_a_phrase_that_is_heard_to_its_last_note() {
        for id in ["kick", "synth:bass", "sampled:piano", "synth:lead", "synth:pad", "synth:bell", "zap"] {
            let samples = rendered(instrument(id).unwrap()).unwrap();
            assert_eq!(samples.len(), 2 * 4 * 48_000, "{id}");
            let last_beat = &samples[2 * 144_000..2 * 168_000];
            assert!(last_beat.iter().any(|sample| sample.abs() > 0.01), "{id}");
        }
    }
}
