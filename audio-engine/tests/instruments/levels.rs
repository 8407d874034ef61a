//! How loud, how clean and how long every instrument is.

use super::measure::{Sound, decibels, play, usual};
use score::catalogue::{Family, INSTRUMENTS, Instrument};

/// The loudest 400 ms that a family aims at, in LUFS, for a note of velocity 0.7.
fn target(family: Family) -> f64 {
    match family {
        Family::Drums => -25.5,
        Family::Bass => -21.5,
        Family::Keys | Family::Leads | Family::Pads => -21.0,
        Family::Fx => -22.5,
    }
}

fn complaints(row: &Instrument, sound: &Sound) -> Vec<String> {
    let mut said = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            said.push(format!("{}: {what}", row.id));
        }
    };
    let (loudness, peak) = (sound.loudness(), decibels(sound.peak()));
    check((loudness - target(row.family)).abs() <= 3.0, format!("loudness {loudness:.1} LUFS"));
    check((-22.0..=-6.5).contains(&peak), format!("peak {peak:.1} dBFS"));
    check(decibels(sound.dc()) < peak - 40.0, format!("DC {:.1} dB", decibels(sound.dc())));
    check((0.02..=11.0).contains(&sound.tail()), format!("tail {:.2} s", sound.tail()));
    let first = f64::from(sound.left[0].abs().max(sound.right[0].abs()));
    check(first < 0.1 * sound.peak(), format!("starts with a step of {first:.4}"));
    let last = sound.left.len() - 1;
    let end = f64::from(sound.left[last].abs().max(sound.right[last].abs()));
    check(end < 1e-4, format!("ends with a step of {end:.5}"));
    said
}

#[test]
fn every_instrument_is_as_loud_as_its_family_clean_and_ends() {
    let mut said = Vec::new();
    println!("{:30} {:>6} {:>6} {:>8} {:>6}", "instrument", "LUFS", "dBFS", "centroid", "tail s");
    for row in &INSTRUMENTS {
        let sound = usual(row.index);
        println!(
            "{:30} {:6.1} {:6.1} {:8.0} {:6.2}",
            row.id,
            sound.loudness(),
            decibels(sound.peak()),
            sound.centroid(),
            sound.tail()
        );
        said.extend(complaints(row, &sound));
    }
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
