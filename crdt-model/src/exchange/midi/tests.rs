//! Round trips, files of other programs, and files that nobody should have.

use std::path::Path;

use proptest::prelude::*;
use score::catalogue::{Playback, instrument};
use score::lower::lower_first_scene;
use score::pattern::Pattern;
use score::{Cycle, Score, Step, Tempo, Track, TrackId};

use super::*;
use crate::exchange::read_session_json;

fn example(name: &str) -> Score {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
    read_session_json(&std::fs::read(path).unwrap()).unwrap().score
}

const EXAMPLES: [&str; 4] = ["house.json", "polymeter.json", "melody.json", "dense.json"];

/// A session of one track.
fn one(instrument: &str, pattern: Pattern) -> Score {
    let mut score = Score::default();
    let scene = score.first_scene();
    let track = Track {
        name: "Line".into(),
        instrument: instrument.into(),
        patterns: [(scene, pattern)].into(),
        ..Track::default()
    };
    score.tracks.insert(TrackId::from_random(1), track);
    score
}

fn steps(steps: impl IntoIterator<Item = (u16, Step)>) -> Pattern {
    Pattern { length: 16, steps: steps.into_iter().collect() }
}

fn again(score: &Score) -> Score {
    read_midi(&write_midi(score).bytes).unwrap().score
}

/// The pattern of the only track after a round trip.
fn pattern_again(score: &Score) -> Pattern {
    let again = again(score);
    let scene = again.first_scene();
    again.tracks_in_order()[0].1.pattern(scene).into_owned()
}

/// Note-ons of a chunk: tick, length in ticks, key, velocity.
fn notes_of(bytes: &[u8], chunk: usize) -> Vec<(u64, u64, u8, u8)> {
    let smf = midly::Smf::parse(bytes).unwrap();
    let (mut tick, mut notes): (u64, Vec<(u64, u64, u8, u8)>) = (0, Vec::new());
    for event in &smf.tracks[chunk] {
        tick += u64::from(event.delta.as_int());
        match event.kind {
            midly::TrackEventKind::Midi { message: midly::MidiMessage::NoteOn { key, vel }, .. } => {
                notes.push((tick, 0, key.as_int(), vel.as_int()));
            }
            midly::TrackEventKind::Midi { message: midly::MidiMessage::NoteOff { key, .. }, .. } => {
                let open = notes.iter_mut().find(|note| note.2 == key.as_int() && note.1 == 0);
                let note = open.expect("a note ends that has begun");
                note.1 = tick - note.0;
            }
            _ => {}
        }
    }
    assert!(notes.iter().all(|note| note.1 > 0), "every note ends");
    notes
}

#[test]
fn swing_nudge_ratchet_tie_and_slide_are_exact_ticks() {
    let pattern = steps([
        (0, Step { nudge: Some(-20), ..Step::active() }),
        (1, Step { volume: Some(1.0), ..Step::active() }),
        (2, Step { nudge: Some(25), gate_length: Some(50), ..Step::active() }),
        (4, Step { ratchet: Some(4), ..Step::active() }),
        (6, Step { pitch: Some(7), ..Step::active() }),
        (7, Step { pitch: Some(7), tie: true, ..Step::active() }),
        (8, Step { pitch: Some(12), tie: true, gate_length: Some(75), ..Step::active() }),
        (10, Step { notes: [(0, 0.5), (3, 0.25)].into(), ..Step::active() }),
    ]);
    let score = Score { swing: 20.0, ..one("synth:acid", pattern) };
    let written = write_midi(&score);
    let expected = [
        (0, 264, 60, 89),
        (264, 216, 60, 127),
        (480 + 60, 132, 60, 89),
        (960, 66, 60, 89),
        (1026, 66, 60, 89),
        (1092, 66, 60, 89),
        (1158, 66, 60, 89),
        (1440, 480 + 10, 67, 89),
        (1920, 198, 72, 89),
        (2400, 264, 60, 64),
        (2400, 264, 63, 32),
    ];
    assert_eq!(notes_of(&written.bytes, 1), expected);
    assert_eq!(written.report, []);
}

#[test]
fn drums_are_on_channel_ten_with_their_general_midi_keys() {
    for (id, key) in [("kick", 36), ("sampled:acoustic-snare", 38), ("openhat", 46)] {
        let written = write_midi(&one(id, steps([(0, Step { pitch: Some(3), ..Step::active() })])));
        let smf = midly::Smf::parse(&written.bytes).unwrap();
        let channels: Vec<u8> = smf.tracks[1]
            .iter()
            .filter_map(|event| match event.kind {
                midly::TrackEventKind::Midi { channel, .. } => Some(channel.as_int()),
                _ => None,
            })
            .collect();
        assert_eq!(channels, [9, 9]);
        assert_eq!(notes_of(&written.bytes, 1), [(0, 120, key, 89)]);
        assert!(written.report[0].to_string().contains("a drum has one key"));
    }
}

#[test]
fn a_file_is_one_cycle_long_and_says_where_it_was_cut() {
    let poly = example("polymeter.json");
    let steps = Cycle::of(&lower_first_scene(&poly)).steps;
    let smf_end = |bytes: &[u8]| {
        let smf = midly::Smf::parse(bytes).unwrap();
        let ends =
            smf.tracks.iter().map(|track| track.iter().map(|event| u64::from(event.delta.as_int())).sum());
        let ends: Vec<u64> = ends.collect();
        assert!(ends.iter().all(|&end| end == ends[0]), "{ends:?}");
        ends[0]
    };
    assert_eq!(smf_end(&write_midi(&poly).bytes), steps as u64 * 240);
    let mut long = one("kick", Pattern { length: 127, ..steps_of_one() });
    let mut other = long.tracks.values().next().unwrap().clone();
    other.patterns.values_mut().next().unwrap().length = 128;
    long.tracks.insert(TrackId::from_random(2), other);
    let written = write_midi(&long);
    assert_eq!(smf_end(&written.bytes), 64 * 16 * 240);
    assert!(written.report[0].to_string().contains("64 bars"), "{:?}", written.report);
}

fn steps_of_one() -> Pattern {
    steps([(0, Step::active())])
}

#[test]
fn muted_tracks_are_silent_and_parked_ones_absent() {
    let mut score = one("kick", steps_of_one());
    let track = Track { mute: true, ..score.tracks.values().next().unwrap().clone() };
    for number in 2..=18 {
        let mute = number == 2;
        score.tracks.insert(TrackId::from_random(number), Track { mute, ..track.clone() });
    }
    let written = write_midi(&score);
    assert_eq!(midly::Smf::parse(&written.bytes).unwrap().tracks.len(), 17);
    let muted = (1..=16).filter(|&chunk| notes_of(&written.bytes, chunk).is_empty()).count();
    assert_eq!(muted, 1);
    assert!(written.report.iter().any(|entry| entry.what == "2 parked tracks"), "{:?}", written.report);
}

#[test]
fn every_lock_that_is_heard_comes_back() {
    let pattern = steps([
        (0, Step { volume: Some(0.31), ..Step::active() }),
        (1, Step { nudge: Some(-20), pitch: Some(5), ..Step::active() }),
        (2, Step { ratchet: Some(3), ..Step::active() }),
        (3, Step { gate_length: Some(40), ..Step::active() }),
        (5, Step { pitch: Some(-7), ..Step::active() }),
        (6, Step { pitch: Some(-7), tie: true, ..Step::active() }),
        (7, Step { pitch: Some(2), tie: true, gate_length: Some(60), ..Step::active() }),
        (9, Step { notes: [(0, 0.5), (4, 0.7), (7, 1.0)].into(), ..Step::active() }),
        (10, Step { tie: true, ..Step::active() }),
        (12, Step { nudge: Some(30), ..Step::active() }),
        (14, Step { ratchet: Some(8), gate_length: Some(50), ..Step::active() }),
    ]);
    for swing in [0.0, 24.0, 61.0] {
        let score = Score { swing, ..one("synth:acid", pattern.clone()) };
        assert_eq!(pattern_again(&score), pattern, "swing {swing}");
    }
}

#[test]
fn example_sessions_play_the_same_notes_after_a_round_trip() {
    for name in EXAMPLES {
        let score = example(name);
        let first = write_midi(&score);
        let imported = read_midi(&first.bytes).unwrap();
        let second = write_midi(&imported.score);
        assert_eq!(imported.score.tempo, score.tempo, "{name}");
        assert_eq!(imported.score.meter, score.meter, "{name}");
        assert_eq!(imported.score.name, score.name, "{name}");
        let scene = score.first_scene();
        let by_chance = |track: &Track| {
            track.pattern(scene).steps.values().any(|step| step.chance.is_some() || step.condition.is_some())
        };
        // Both files are cycles of their own sessions; where one falls by chance, cycles may differ in length.
        let steps = |score: &Score| Cycle::of(&lower_first_scene(score)).steps as u64;
        let end = (steps(&score).min(steps(&imported.score)) - 1) * 240;
        let mut at = 0;
        for (number, (_, track)) in score.playing_tracks().into_iter().enumerate() {
            if notes_of(&first.bytes, number + 1).is_empty() {
                continue;
            }
            at += 1;
            let notes = |bytes: &[u8], chunk| -> Vec<_> {
                notes_of(bytes, chunk).into_iter().filter(|note| note.0 + note.1 < end).collect()
            };
            if !by_chance(track) {
                assert_eq!(
                    notes(&second.bytes, at),
                    notes(&first.bytes, number + 1),
                    "{name}, {}",
                    track.name
                );
            }
        }
        assert!(at > 2);
    }
}

#[test]
fn example_sessions_have_the_same_grid_after_a_round_trip() {
    let mut compared = 0;
    for name in EXAMPLES {
        let score = example(name);
        let again = again(&score);
        let (scene, scene_again) = (score.first_scene(), again.first_scene());
        let tracks_again = again.tracks_in_order();
        let sounding = score.playing_tracks().into_iter().filter(|(_, track)| {
            !track.mute
                && track
                    .pattern(scene)
                    .steps
                    .iter()
                    .any(|(at, step)| *at < track.pattern(scene).length && step.on)
        });
        for (_, track) in sounding {
            let pattern = track.pattern(scene);
            let plays_by_chance = |step: &Step| step.chance.is_some() || step.condition.is_some();
            if pattern.steps.values().any(plays_by_chance) {
                continue;
            }
            let (_, back) =
                tracks_again.iter().find(|(_, back)| back.name == track.name).expect("the track is there");
            let pattern_back = back.pattern(scene_again);
            assert_eq!(
                (back.instrument.as_str(), pattern_back.length),
                (track.instrument.as_str(), pattern.length)
            );
            let rings = instrument(&track.instrument).is_some_and(|row| row.playback == Playback::OneShot);
            for at in 0..pattern.length {
                let (step, step_back) = (pattern.step(at), pattern_back.step(at));
                let plays = |step: Option<&Step>| step.is_some_and(|step| step.on);
                let is_held = step.is_some_and(|step| step.tie);
                assert!(
                    plays(step) == plays(step_back) || (rings && is_held),
                    "{name}, {}, step {at}",
                    track.name
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 300, "{compared} steps were compared");
}

#[test]
fn files_of_other_programs_become_sessions() {
    // 96 ticks, type 0: a chord, a long note and two drums.
    let mut track = b"\x00\xff\x51\x03\x07\xa1\x20\x00\xff\x58\x04\x06\x03\x18\x08\x00\xc0\x20".to_vec();
    track.extend(
        b"\x00\x90\x30\x64\x00\x90\x37\x64\x00\x99\x24\x7f\x00\x99\x32\x40\x30\x80\x30\x00\x00\x80\x37\x00",
    );
    track.extend(b"\x18\x90\x32\x64\x60\x80\x32\x00\x00\x89\x24\x00\x00\x89\x32\x00\x00\xff\x2f\x00");
    let mut file = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk".to_vec();
    file.extend((track.len() as u32).to_be_bytes());
    file.extend(&track);
    let imported = read_midi(&file).unwrap();
    let score = &imported.score;
    assert_eq!((score.tempo, score.meter.to_string().as_str()), (Tempo::default(), "6/8"));
    let tracks = score.tracks_in_order();
    let played: Vec<_> =
        tracks.iter().map(|(_, track)| (track.instrument.as_str(), track.transpose)).collect();
    assert_eq!(played, [("sampled:finger-bass", 0), ("kick", 0), ("tom", 7)]);
    let bass = tracks[0].1.pattern(score.first_scene());
    assert_eq!(bass.length, 12);
    assert_eq!(bass.steps[&0].notes.keys().copied().collect::<Vec<_>>(), [-12, -5]);
    assert!(bass.steps[&1].tie && bass.steps[&3].pitch == Some(-10) && bass.steps[&6].tie);
    assert!(!bass.steps.contains_key(&7) && !bass.steps.contains_key(&2), "{:?}", bass.steps);
    assert!(imported.report.iter().any(|entry| entry.what == "instrument"));
}

#[test]
fn long_music_becomes_scenes_in_a_row() {
    let mut score = one("synth:lead", Pattern { length: 128, steps: [(0, Step::active())].into() });
    let scene = score.first_scene();
    let mut odd = score.tracks.values().next().unwrap().clone();
    odd.patterns.insert(
        scene,
        Pattern { length: 3, steps: [(1, Step { chance: Some(50), ..Step::active() })].into() },
    );
    score.tracks.insert(TrackId::from_random(2), odd);
    let imported = read_midi(&write_midi(&score).bytes).unwrap();
    assert_eq!((imported.score.scenes.len(), imported.score.song.len()), (3, 3));
    let total: u16 = imported
        .score
        .scenes_in_order()
        .iter()
        .map(|(scene, _)| {
            let tracks = imported.score.tracks_in_order();
            tracks.iter().map(|(_, track)| track.pattern(*scene).steps.len() as u16).sum::<u16>()
        })
        .sum();
    assert!(total > 40, "{total}");
}

#[test]
fn what_is_no_music_is_refused_by_name() {
    let header = |format: u8, timing: [u8; 2]| {
        [b"MThd\x00\x00\x00\x06\x00".as_slice(), &[format, 0, 0], &timing].concat()
    };
    assert_eq!(read_midi(&header(2, [0, 96])), Err(MidiError::Collection));
    assert_eq!(read_midi(&header(1, [0xe8, 4])), Err(MidiError::FilmFrames));
    assert_eq!(read_midi(&header(1, [0, 96])), Err(MidiError::Silent));
    assert!(matches!(read_midi(b"MThd"), Err(MidiError::Malformed(_))));
    assert!(matches!(read_midi(b"RIFF1234RMID"), Err(MidiError::Malformed(_))));
    assert_eq!(read_midi(&vec![0; MAX_MIDI_BYTES + 1]), Err(MidiError::TooLarge(MAX_MIDI_BYTES + 1)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_files_never_panic(
        which in 0_usize..4,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24),
        cut in any::<prop::sample::Index>(),
    ) {
        thread_local! {
            static FILES: Vec<Vec<u8>> = EXAMPLES.iter().map(|name| write_midi(&example(name)).bytes).collect();
        }
        let mut bytes = FILES.with(|files| files[which].clone());
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut.index(3) == 0 {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(imported) = read_midi(&bytes) {
            // Whatever was read is a session that exports and imports.
            let text = crate::exchange::write_session_json(None, &imported.score);
            prop_assert_eq!(read_session_json(text.as_bytes()).unwrap().score, imported.score.clone());
            write_midi(&imported.score);
        }
    }
}
