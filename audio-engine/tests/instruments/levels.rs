//! How loud, how clean and how long every instrument is.

use std::ops::RangeInclusive;

use super::figures::{Figures, figures};
use super::measure::{decibels, play};
use score::catalogue::{Family, INSTRUMENTS, Instrument};

/// Loudness units by which an instrument may miss its family's target.
pub(crate) const TOLERANCE: f64 = 3.0;

/// dBFS that the peak of the usual note lies in: loud enough to be seen on a meter, with room for fifteen other tracks.
pub(crate) const PEAKS: RangeInclusive<f64> = -22.0..=-6.5;

/// Seconds that the usual note lasts.
pub(crate) const TAILS: RangeInclusive<f64> = 0.02..=11.0;

/// The loudest 400 ms that a family aims at, in LUFS, for a note of velocity 0.7.
pub(crate) fn target(family: Family) -> f64 {
    match family {
        Family::Drums => -25.5,
        Family::Bass => -21.5,
        Family::Keys | Family::Leads | Family::Pads => -21.0,
        Family::Fx => -22.5,
    }
}

fn complaints(row: &Instrument, figures: &Figures) -> Vec<String> {
    let mut said = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            said.push(format!("{}: {what}", row.id));
        }
    };
    let Figures { sound, loudness, peak, tail, .. } = figures;
    check((loudness - target(row.family)).abs() <= TOLERANCE, format!("loudness {loudness:.1} LUFS"));
    check(PEAKS.contains(peak), format!("peak {peak:.1} dBFS"));
    check(decibels(sound.dc()) < peak - 40.0, format!("DC {:.1} dB", decibels(sound.dc())));
    check(TAILS.contains(tail), format!("tail {tail:.2} s"));
    let first = f64::from(sound.left[0].abs().max(sound.right[0].abs()));
    check(first < 0.1 * sound.peak(), format!("starts with a step of {first:.4}"));
    let last = sound.left.len() - 1;
    let end = f64::from(sound.left[last].abs().max(sound.right[last].abs()));
    check(end < 1e-4, format!("ends with a step of {end:.5}"));
    said
}

#[test]
fn every_instrument_is_as_loud_as_its_family_clean_and_ends() {
    let said: Vec<String> = figures().iter().flat_map(|(row, figures)| complaints(row, figures)).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn harder_is_louder_by_the_law_and_nothing_is_silence() {
    for row in &INSTRUMENTS {
        let [soft, usual, full] = [0.4, 0.7, 1.0]
            .map(|velocity| decibels(play(row.index, 0.0, velocity, &[], 24_000, 48_000).peak()));
        for (quiet, loud) in [(soft, usual), (usual, full)] {
            // 12 dB of gain; how a harder stroke sounds moves the peak a little more or less.
            assert!((5.0..22.0).contains(&(loud - quiet)), "{}: {quiet:.1} to {loud:.1} dBFS", row.id);
        }
        assert!(play(row.index, 0.0, 0.0, &[], 24_000, 48_000).peak() < 1e-9, "{}", row.id);
    }
}

#[test]
fn a_released_note_ends() {
    for row in &INSTRUMENTS {
        let mut voice = audio_engine::instrument::Voice::silent();
        let note = audio_engine::instrument::Note {
            pitch: 0.0,
            velocity: 1.0,
            seed: 3,
            seconds_per_beat: 0.5,
            params: &[],
        };
        voice.start(row.index, &note);
        let (mut left, mut right) = (vec![0.0; 4_800], vec![0.0; 4_800]);
        voice.render(0, &mut left, &mut right);
        voice.release();
        let mut at = 4_800;
        while voice.is_alive() && at < 480_000 {
            voice.render(at, &mut left, &mut right);
            at += 4_800;
        }
        assert!(!voice.is_alive(), "{} still sounds {} s after its release", row.id, at / 48_000);
    }
}
