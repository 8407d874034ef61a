//! The sessions in `examples/` are what a first-time player hears: they must be canonical, playable and rich.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crdt_model::exchange::{FileFormat, detect, import, read_session_json, write_session_json};
use score::catalogue::parameter;
use score::{Beats, OnsetKind, Score, fallbacks, lower_first_scene, schedule};

fn example(name: &str) -> (String, Score) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
    let text = fs::read_to_string(path).expect("an example session of the project");
    let score = read_session_json(text.as_bytes()).expect("a valid session").score;
    (text, score)
}

const EXAMPLES: [&str; 4] = ["house.json", "polymeter.json", "melody.json", "dense.json"];

#[test]
fn examples_are_canonical_and_import_without_a_remark() {
    for name in EXAMPLES {
        let (text, score) = example(name);
        assert_eq!(write_session_json(None, &score), text, "{name}");
        assert_eq!(detect(text.as_bytes()), FileFormat::Offbeat, "{name}");
        let imported = import(text.as_bytes()).expect("a valid session");
        assert_eq!((imported.score, imported.report), (score, Vec::new()), "{name}");
    }
}

#[test]
fn examples_use_instruments_that_are_built_and_parameters_that_exist() {
    for name in EXAMPLES {
        let (_, score) = example(name);
        assert_eq!(fallbacks(&score), [], "{name}");
        for (_, track) in score.tracks_in_order() {
            let locks = track.patterns.values().flat_map(|pattern| pattern.steps.values());
            let ids = locks.flat_map(|step| step.locks.keys()).chain(track.params.keys());
            for id in ids.chain(track.effects.keys()).chain(score.master.keys()) {
                assert!(parameter(id).is_some(), "{name}, {}: {id}", track.name);
            }
        }
    }
}

#[test]
fn every_track_of_every_example_is_heard_within_eight_bars() {
    for name in EXAMPLES {
        let (_, score) = example(name);
        let program = lower_first_scene(&score);
        let mut heard = BTreeSet::new();
        schedule(&program, Beats::ZERO..Beats::from_beats(32), &mut |onset| _ = heard.insert(onset.track));
        assert_eq!(heard.len(), program.tracks.len(), "{name}");
    }
}

#[test]
fn examples_show_what_they_are_named_for() {
    let lengths = |score: &Score| -> BTreeSet<u16> {
        lower_first_scene(score).tracks.iter().map(|track| track.steps.count).collect()
    };
    assert!(lengths(&example("polymeter.json").1).len() >= 8);

    let (_, dense) = example("dense.json");
    assert_eq!((dense.tracks.len(), lengths(&dense)), (16, [64].into()));

    let melody = lower_first_scene(&example("melody.json").1);
    let (mut slides, mut chords) = (0, melody.notes.len());
    schedule(&melody, Beats::ZERO..Beats::from_beats(16), &mut |onset| {
        slides += usize::from(onset.kind == OnsetKind::Slide);
    });
    chords /= 5;
    assert!(slides >= 8 && chords >= 4, "{slides} slides, {chords} chords");

    let (_, house) = example("house.json");
    assert!(house.scenes.len() == 2 && house.song.len() == 3 && house.swing > 0.0);
}
