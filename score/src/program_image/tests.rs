//! Images come back as they were written, and hostile ones are refused.

use proptest::prelude::*;

use super::*;
use crate::id::SceneId;
use crate::pattern::Pattern;
use crate::step::Step;
use crate::track::{EffectValue, Track};
use crate::{Score, lower};

/// A program that uses every field.
fn rich_program() -> Program {
    let scene = SceneId::from_random(0);
    let step = Step {
        on: true,
        tie: true,
        pitch: Some(-7),
        volume: Some(0.25),
        gate_length: Some(40),
        chance: Some(70),
        ratchet: Some(3),
        nudge: Some(-20),
        condition: Condition::from_parts(2, 3),
        notes: [(-3, 0.5), (4, 1.0)].into(),
        locks: [("cutoff".to_owned(), 12.0), ("delay.wet".to_owned(), 0.5)].into(),
    };
    let mut pattern = Pattern { length: 12, ..Pattern::default() };
    pattern.steps = [(0, step.clone()), (5, Step { on: true, ..Step::default() }), (11, step)].into();
    let track = |n: u8| Track {
        instrument: if n == 0 { format!("sample:{}", "ab".repeat(32)) } else { "synth:acid".to_owned() },
        order: n.to_string(),
        volume: 0.5,
        pan: -0.25,
        mute: n == 1,
        transpose: -12,
        swing: 30.0,
        gate: n == 0,
        choke: n,
        params: [("resonance".to_owned(), 0.5)].into(),
        effects: [("delay.time".to_owned(), EffectValue::Text("1/8.".to_owned()))].into(),
        patterns: [(scene, pattern.clone())].into(),
        ..Track::default()
    };
    let score = Score {
        seed: 0x0123_4567_89ab_cdef,
        tempo: Tempo::from_milli_bpm(93_250).unwrap(),
        meter: Meter::from_parts(7, 8).unwrap(),
        loop_region: LoopRegion::from_steps(4, 19),
        master: [("reverb.wet".to_owned(), EffectValue::Number(0.3))].into(),
        tracks: (0..3).map(|n| (TrackId::from_random(n.into()), track(n))).collect(),
        ..Score::default()
    };
    lower(&score, scene)
}

fn image_of(program: &Program) -> Vec<u8> {
    let mut image = Vec::new();
    write_image(program, &mut image);
    image
}

fn sizes(program: &Program) -> [usize; 4] {
    [
        program.tracks.capacity(),
        program.steps.capacity(),
        program.notes.capacity(),
        program.settings.capacity(),
    ]
}

/// Whether every part of a program can be walked.
fn walk(program: &Program) {
    program.settings_of(program.master);
    for track in &program.tracks {
        program.settings_of(track.params);
        program.settings_of(track.effects);
        assert!(!program.steps_of(track).is_empty());
    }
    for step in &program.steps {
        program.notes_of(step);
        program.settings_of(step.locks);
    }
}

#[test]
fn an_image_reads_back_as_it_was_without_growing_its_target() {
    let mut target = Program::with_full_capacity();
    let before = sizes(&target);
    for program in [rich_program(), Program::default(), rich_program()] {
        read_image(&mut target, &image_of(&program)).unwrap();
        assert_eq!(target, program);
    }
    assert_eq!(sizes(&target), before);
}

#[test]
fn every_shortened_image_is_refused() {
    let image = image_of(&rich_program());
    let mut target = Program::with_full_capacity();
    for length in 0..image.len() {
        let error = read_image(&mut target, &image[..length]).unwrap_err();
        assert!(matches!(error, ImageError::Truncated(_)), "{length}: {error}");
        assert!(target.tracks.is_empty() && target.steps.is_empty());
    }
}

#[test]
fn refusals_are_named() {
    let mut target = Program::with_full_capacity();
    let mut read = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut image = image_of(&rich_program());
        change(&mut image);
        read_image(&mut target, &image).unwrap_err().to_string()
    };
    assert_eq!(read(&|image| image[3] = b'2'), "these bytes are not a program image of version 1");
    assert_eq!(read(&|image| image.push(0)), "1 bytes follow the end of the program image");
    assert_eq!(read(&|image| image[12..16].fill(0)), "the program image holds a tempo outside its range");
    // The counts of the pools follow 27 bytes of header.
    assert_eq!(
        read(&|image| image[27..29].fill(0xff)),
        "the program image has 65535 tracks; at most 16 are allowed"
    );
    assert!(read(&|image| image[23..27].fill(0xff)).contains("master effects"));
    let last = image_of(&rich_program()).len() - 4;
    assert!(read(&|image| image[last..].copy_from_slice(&f32::NAN.to_le_bytes())).contains("setting"));
}

proptest! {
    #[test]
    fn mutated_images_never_panic_and_what_is_accepted_can_be_walked(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut image = image_of(&rich_program());
        for (at, byte) in changes {
            let at = at.index(image.len());
            image[at] = byte;
        }
        let mut target = Program::with_full_capacity();
        let before = sizes(&target);
        if read_image(&mut target, &image).is_ok() {
            walk(&target);
            prop_assert_eq!(image_of(&target).len(), image.len());
        }
        prop_assert_eq!(sizes(&target), before);
    }

    #[test]
    fn random_bytes_never_panic(mut image in proptest::collection::vec(any::<u8>(), 0..600), start: bool) {
        if start && image.len() >= 4 {
            image[..4].copy_from_slice(&MAGIC);
        }
        let mut target = Program::with_full_capacity();
        if read_image(&mut target, &image).is_ok() {
            walk(&target);
        }
    }
}
