//! What a program sounds like, in onsets.

use proptest::prelude::*;

use super::*;
use crate::catalogue::InstrumentIndex;
use crate::id::TrackId;
use crate::meter::LoopRegion;
use crate::program::{ProgramTrack, Setting};
use crate::step::Condition;

const STEP_MICROS: i64 = STEP.0;

/// A plain active step.
const HIT: ProgramStep = ProgramStep {
    on: true,
    tie: false,
    pitch: 0,
    velocity: 0.7,
    gate_percent: 100,
    chance_percent: 100,
    ratchet: 1,
    nudge_percent: 0,
    condition: None,
    notes: Span { start: 0, count: 0 },
    locks: Span { start: 0, count: 0 },
};
const OFF: ProgramStep = ProgramStep { on: false, ..HIT };
const TIE: ProgramStep = ProgramStep { tie: true, ..HIT };

fn program_of(patterns: &[&[ProgramStep]]) -> Program {
    let mut program = Program { seed: 42, ..Program::default() };
    for (index, steps) in patterns.iter().enumerate() {
        let start = program.steps.len() as u16;
        program.steps.extend_from_slice(steps);
        program.tracks.push(ProgramTrack {
            id: TrackId::from_random(index as u64),
            instrument: InstrumentIndex(0),
            sample: None,
            volume: 0.8,
            pan: 0.0,
            mute: false,
            transpose: 0,
            swing: 0.0,
            gate: false,
            choke: 0,
            steps: Span { start, count: steps.len() as u16 },
            params: Span::default(),
            effects: Span::default(),
        });
    }
    program
}

fn onsets(program: &Program, from_step: i64, to_step: i64) -> Vec<Onset> {
    let mut found = Vec::new();
    schedule(program, Beats::from_steps(from_step)..Beats::from_steps(to_step), &mut |onset| {
        found.push(onset);
    });
    found
}

/// Start and length of every onset, in steps.
fn places(program: &Program, from_step: i64, to_step: i64) -> Vec<(f64, f64)> {
    let in_steps = |beats: Beats| beats.0 as f64 / STEP_MICROS as f64;
    onsets(program, from_step, to_step)
        .iter()
        .map(|onset| (in_steps(onset.at), in_steps(onset.length)))
        .collect()
}

fn region(first: u16, last: u16) -> Option<LoopRegion> {
    LoopRegion::from_steps(first, last)
}

#[test]
fn tracks_repeat_by_their_own_length() {
    let program = program_of(&[&[HIT, OFF, OFF], &[HIT, OFF, OFF, OFF]]);
    let at = |track| -> Vec<i64> {
        onsets(&program, 0, 12).iter().filter(|o| o.track == track).map(|o| o.at.step()).collect()
    };
    assert_eq!(at(0), [0, 3, 6, 9]);
    assert_eq!(at(1), [0, 4, 8]);
}

#[test]
fn swing_delays_odd_steps_and_slots_keep_touching() {
    let mut program = program_of(&[&[HIT, HIT, HIT]]);
    program.tracks[0].swing = 0.5;
    // A pattern of three steps: odd is a step's place in the pattern, not in the song.
    let expected = [(0.0, 1.25), (1.25, 0.75), (2.0, 1.0), (3.0, 1.25), (4.25, 0.75)];
    assert_eq!(places(&program, 0, 5), expected);
}

#[test]
fn a_nudged_step_may_leave_its_slot_but_not_the_song() {
    let early = ProgramStep { nudge_percent: -50, ..HIT };
    let late = ProgramStep { nudge_percent: 50, ..HIT };
    let program = program_of(&[&[early, late, OFF, OFF]]);
    assert_eq!(places(&program, 0, 4), [(0.0, 1.0), (1.5, 1.0), (3.5, 1.0)]);
    assert_eq!(places(&program, 3, 4), [(3.5, 1.0)]);
    assert_eq!(places(&program, 4, 5), []);
}

#[test]
fn a_tied_step_prolongs_the_note_before_it() {
    let short = ProgramStep { gate_percent: 50, ..TIE };
    let program = program_of(&[&[HIT, TIE, short, OFF]]);
    assert_eq!(places(&program, 0, 4), [(0.0, 2.5)]);
}

#[test]
fn ties_reach_around_the_loop() {
    let program = program_of(&[&[TIE, OFF, OFF, HIT]]);
    // At the very start nothing precedes the tied step: it attacks.
    assert_eq!(places(&program, 0, 8), [(0.0, 1.0), (3.0, 2.0), (7.0, 2.0)]);
}

#[test]
fn ties_reach_around_a_loop_region() {
    let mut program = program_of(&[&[OFF, OFF, TIE, OFF, HIT, OFF]]);
    program.loop_region = region(2, 4);
    assert_eq!(places(&program, 2, 8), [(2.0, 1.0), (4.0, 2.0), (7.0, 2.0)]);
}

#[test]
fn a_tie_after_silence_attacks_and_a_fully_tied_pattern_attacks_once_per_loop() {
    let program = program_of(&[&[OFF, TIE, OFF, OFF]]);
    assert_eq!(places(&program, 0, 4), [(1.0, 1.0)]);
    let program = program_of(&[&[TIE; 4]]);
    assert_eq!(places(&program, 0, 8), [(0.0, 4.0), (4.0, 4.0)]);
}

#[test]
fn a_fully_tied_region_attacks_once_per_pass() {
    let mut program = program_of(&[&[HIT, TIE, TIE, TIE, OFF, OFF, OFF, OFF]]);
    program.loop_region = region(1, 3);
    assert_eq!(places(&program, 1, 7), [(1.0, 3.0), (4.0, 3.0)]);
}

#[test]
fn a_tied_step_with_another_pitch_or_locks_slides() {
    let up = ProgramStep { pitch: 7, ..TIE };
    let locked = ProgramStep { pitch: 7, locks: Span { start: 0, count: 1 }, ..TIE };
    let mut program = program_of(&[&[HIT, TIE, up, up, locked, TIE, OFF]]);
    let param = crate::catalogue::parameter_index("cutoff").unwrap();
    program.settings.push(Setting { param, value: 1.0 });
    let found = onsets(&program, 0, 7);
    let kinds: Vec<_> = found.iter().map(|onset| (onset.at.step(), onset.kind, onset.pitch)).collect();
    assert_eq!(
        kinds,
        [
            (0, OnsetKind::Attack, 0),
            (2, OnsetKind::Slide, 7),
            (4, OnsetKind::Slide, 7),
            (5, OnsetKind::Slide, 0)
        ]
    );
    assert!(found.iter().all(|onset| onset.seed == found[0].seed), "a slide carries its note's seed");
    assert!(found.iter().all(|onset| onset.at + onset.length == Beats::from_steps(6)));
}

#[test]
fn chords_are_held_and_do_not_slide() {
    let chord = ProgramStep { notes: Span { start: 0, count: 2 }, ..HIT };
    let up = ProgramStep { pitch: 7, ..TIE };
    let mut program = program_of(&[&[chord, up, OFF]]);
    program.notes.extend([ChordNote { pitch: 3, velocity: 0.5 }, ChordNote { pitch: 12, velocity: 1.0 }]);
    program.tracks[0].transpose = -12;
    let found = onsets(&program, 0, 3);
    let notes: Vec<_> = found.iter().map(|onset| (onset.pitch, onset.velocity, onset.length)).collect();
    assert_eq!(notes, [(-9, 0.5, Beats::from_steps(2)), (0, 1.0, Beats::from_steps(2))]);
    assert_ne!(found[0].seed, found[1].seed);
}

#[test]
fn a_ratchet_divides_the_gated_step() {
    let ratchet = ProgramStep { ratchet: 4, gate_percent: 50, ..HIT };
    let program = program_of(&[&[ratchet, OFF]]);
    assert_eq!(places(&program, 0, 2), [(0.0, 0.125), (0.125, 0.125), (0.25, 0.125), (0.375, 0.125)]);
    let held = ProgramStep { ratchet: 2, ..HIT };
    let program = program_of(&[&[held, TIE, OFF]]);
    assert_eq!(places(&program, 0, 3), [(0.0, 0.5), (0.5, 1.5)]);
}

#[test]
fn a_condition_and_a_chance_rule_the_whole_chain() {
    let second = ProgramStep { condition: Condition::from_parts(2, 2), ..HIT };
    let up = ProgramStep { pitch: 5, ..TIE };
    let program = program_of(&[&[second, up, OFF, OFF]]);
    assert_eq!(places(&program, 0, 16), [(4.0, 2.0), (5.0, 1.0), (12.0, 2.0), (13.0, 1.0)]);
    let never = ProgramStep { chance_percent: 0, ..HIT };
    assert_eq!(places(&program_of(&[&[never, up, OFF, OFF]]), 0, 16), []);
}

#[test]
fn chance_is_the_same_for_everyone_and_differs_by_track() {
    let maybe = ProgramStep { chance_percent: 50, ..HIT };
    let program = program_of(&[&[maybe], &[maybe]]);
    let of = |track| -> Vec<i64> {
        onsets(&program, 0, 400).iter().filter(|o| o.track == track).map(|o| o.at.step()).collect()
    };
    assert!((150..250).contains(&of(0).len()), "{} of 400", of(0).len());
    assert_ne!(of(0), of(1));
    assert_eq!(of(0), of(0));
}

#[test]
fn a_loop_region_repeats_and_what_lies_before_it_plays_once() {
    let mut program = program_of(&[&[HIT, OFF, HIT, OFF, OFF, OFF, OFF, OFF]]);
    program.loop_region = region(2, 5);
    let at: Vec<_> = onsets(&program, 0, 14).iter().map(|onset| (onset.at.step(), onset.step)).collect();
    assert_eq!(at, [(0, 0), (2, 2), (6, 2), (10, 2)]);
}

#[test]
fn entering_a_loop_region_is_a_start() {
    let early = ProgramStep { nudge_percent: -50, ..HIT };
    let mut program = program_of(&[&[OFF, OFF, early, OFF]]);
    program.loop_region = region(2, 3);
    assert_eq!(places(&program, 2, 6), [(2.0, 1.0), (3.5, 1.0), (5.5, 1.0)]);
}

#[test]
fn broken_spans_and_extreme_ranges_are_silent() {
    let mut program = program_of(&[&[HIT]]);
    let far = i64::MAX - 10;
    schedule(&program, Beats(far)..Beats(i64::MAX), &mut |_| {});
    schedule(&program, Beats(i64::MIN)..Beats(-1), &mut |onset| panic!("{onset:?}"));
    schedule(&program, Beats(5)..Beats(5), &mut |onset| panic!("{onset:?}"));
    program.tracks[0].steps = Span { start: 9, count: 9 };
    assert_eq!(onsets(&program, 0, 8), []);
}

fn any_step() -> impl Strategy<Value = ProgramStep> {
    let condition =
        proptest::option::of((1_u8..=4).prop_flat_map(|every| {
            (1..=every).prop_map(move |on| Condition::from_parts(on, every).unwrap())
        }));
    let flags = (prop::bool::weighted(0.7), any::<bool>());
    let timing = (5_u8..=100, 0_u8..=100, 1_u8..=8, -50_i8..=50, -24_i8..=24);
    (flags, timing, condition).prop_map(|((on, tie), (gate, chance, ratchet, nudge, pitch), condition)| {
        ProgramStep {
            on,
            tie,
            pitch,
            gate_percent: gate,
            chance_percent: chance,
            ratchet,
            nudge_percent: nudge,
            condition,
            ..HIT
        }
    })
}

fn any_program() -> impl Strategy<Value = Program> {
    let pattern = proptest::collection::vec(any_step(), 1..12);
    let loop_region = proptest::option::of(
        (0_u16..20, 1_u16..20).prop_map(|(first, steps)| region(first, first + steps - 1).unwrap()),
    );
    (proptest::collection::vec((pattern, 0.0_f32..=1.0), 1..4), loop_region).prop_map(
        |(tracks, loop_region)| {
            let patterns: Vec<&[ProgramStep]> = tracks.iter().map(|(steps, _)| steps.as_slice()).collect();
            let mut program = program_of(&patterns);
            for (track, (_, swing)) in program.tracks.iter_mut().zip(&tracks) {
                track.swing = *swing;
            }
            program.loop_region = loop_region;
            program
        },
    )
}

fn sorted(mut onsets: Vec<Onset>) -> Vec<Onset> {
    onsets.sort_by_key(|o| (o.track, o.at, o.seed, o.step));
    onsets
}

#[test]
fn what_is_played_once_before_a_loop_region_may_be_tied_throughout() {
    let tied = ProgramStep { tie: true, ..HIT };
    let mut program = program_of(&[&[tied, tied]]);
    program.loop_region = region(12, 12);
    let found = onsets(&program, 0, 12);
    assert_eq!(found.iter().filter(|onset| onset.kind == OnsetKind::Attack).count(), 1);
    assert!(found.iter().all(|onset| onset.seed == found[0].seed));
}

proptest! {
    #[test]
    fn each_onset_falls_into_exactly_one_range(
        program in any_program(),
        cuts in proptest::collection::vec(0_i64..40 * STEP_MICROS, 0..30),
    ) {
        let end = 40 * STEP_MICROS;
        let mut edges = cuts;
        edges.extend([0, end]);
        edges.sort_unstable();
        let mut pieces = Vec::new();
        for pair in edges.windows(2) {
            schedule(&program, Beats(pair[0])..Beats(pair[1]), &mut |onset| pieces.push(onset));
        }
        prop_assert_eq!(sorted(pieces), sorted(onsets(&program, 0, 40)));
    }

    #[test]
    fn every_onset_is_sound(program in any_program()) {
        for onset in onsets(&program, 0, 60) {
            prop_assert!(onset.at >= Beats::ZERO);
            prop_assert!(onset.length.0 >= 1);
            let steps = program.tracks[usize::from(onset.track)].steps.count;
            prop_assert!(onset.step < steps);
            let loops = i64::from(steps).max(program.loop_region.map_or(0, |region| region.steps().into()));
            let once = program.loop_region.map_or(0, |region| i64::from(region.first()));
            prop_assert!(onset.length.0 <= (once + 2 * loops + 3) * STEP_MICROS);
        }
    }

    #[test]
    fn every_slide_has_its_attack(program in any_program()) {
        let found = onsets(&program, 0, 60);
        for slide in found.iter().filter(|onset| onset.kind == OnsetKind::Slide) {
            let mut attacks = found.iter().filter(|o| o.kind == OnsetKind::Attack && o.seed == slide.seed);
            prop_assert!(attacks.any(|attack| attack.track == slide.track && attack.at <= slide.at));
        }
    }
}
