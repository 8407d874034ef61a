//! The processor half neither allocates nor frees, whatever happens, and gives finite samples only.
//!
//! The allocator of this test counts what the thread under guard asks of it.

#![allow(unsafe_code, reason = "a counting global allocator can only be written so")]
#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use audio_engine::{Control, Ears, Processor, Sample, SampleData, Samples, Transport, engine};
use score::Program;
use score::catalogue::{INSTRUMENTS, PARAMETERS, ParamIndex};
use score::id::{SampleHash, TrackId};
use score::program::{ProgramStep, Setting, Span};
use score::time::{Beats, Frames, Tempo};
use support::{ALL_EFFECTS, HIT, add_settings, add_track, dense, empty};

struct Counting;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    if IS_GUARDED.get() {
        CALLS.set(CALLS.get() + 1);
    }
}

// SAFETY: every call is passed on to the system's allocator unchanged; counting touches only thread-local cells that are
// initialised at compile time and have no destructor, so it never allocates.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps this method's contract, which is that of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count();
        // SAFETY: as above; `pointer` came from the system's allocator, as `alloc` passes its pointers on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs `work` and tells how often it allocated or freed.
fn allocator_calls(work: impl FnOnce()) -> usize {
    CALLS.set(0);
    IS_GUARDED.set(true);
    work();
    IS_GUARDED.set(false);
    CALLS.get()
}

/// Renders `blocks` blocks of 256 frames under guard; the samples must be finite and the allocator left alone.
fn play(processor: &mut Processor, blocks: usize, what: &str) -> f32 {
    let (mut left, mut right) = ([0.0f32; 256], [0.0f32; 256]);
    let mut peak = 0.0f32;
    for _ in 0..blocks {
        let calls = allocator_calls(|| processor.process(&mut left, &mut right));
        assert_eq!(calls, 0, "the processor called the allocator: {what}");
        for sample in left.iter().chain(&right) {
            assert!(sample.is_finite(), "{what}");
            peak = peak.max(sample.abs());
        }
    }
    peak
}

fn tempo(bpm: u32) -> Tempo {
    Tempo::from_milli_bpm(bpm * 1_000).unwrap()
}

fn start(control: &mut Control, processor: &Processor, program: Program) {
    control.set_program(program);
    control.set_transport(Transport::playing(tempo(150), Beats::ZERO, processor.frame()));
}

#[test]
fn the_guard_sees_an_allocation_and_a_release() {
    let mut kept = None;
    assert_eq!(allocator_calls(|| kept = Some(Box::new([0.0f32; 64]))), 1);
    assert_eq!(allocator_calls(|| drop(kept.take())), 1);
    let mut control_half = engine().0;
    let program = dense(0, false);
    assert!(allocator_calls(|| control_half.set_program(program)) > 0, "preparing a program allocates");
}

#[test]
fn every_instrument_plays_without_the_allocator() {
    let (mut control, mut processor) = engine();
    for row in &INSTRUMENTS {
        let mut program = empty();
        add_track(&mut program, row.id, &support::pattern("X.x_.xx."));
        start(&mut control, &processor, program);
        let peak = play(&mut processor, 150, row.id);
        assert!(peak > 0.01, "{} is silent", row.id);
    }
}

#[test]
fn stealing_swapping_and_seeking_never_touch_the_allocator() {
    let (mut control, mut processor) = engine();
    let chord = |program: &mut Program| {
        let notes = Span { start: program.notes.len() as u16, count: 24 };
        let note = |pitch| score::program::ChordNote { pitch, velocity: 0.8 };
        program.notes.extend((-12..12).map(note));
        ProgramStep { notes, ratchet: 4, ..HIT }
    };
    for round in 0..12 {
        let mut program = dense(round * 9, round % 2 == 0);
        let step = chord(&mut program);
        for track in 0..4 {
            let at = usize::from(program.tracks[track].steps.start);
            program.steps[at..at + 32].fill(step);
            program.tracks[track].choke = (track % 2) as u8;
        }
        program.tracks.rotate_left(round);
        program.tracks.truncate(16 - round);
        program.tracks.iter_mut().for_each(|track| track.mute = round == 5);
        control.set_program(program);
        control.set_ears(TrackId::from_random(3), Ears { solo: round == 7, mute: false, level: 0.5 });
        control.set_metronome((round % 3 > 0).then_some(0.5));
        control.strike(TrackId::from_random(1), round as i8, (round % 3 > 0).then_some(0.7));
        let here = processor.frame().0;
        control.set_transport(Transport::playing(tempo(100 + round as u32 * 10), Beats::ZERO, Frames(here)));
        play(&mut processor, 40, "after a swap");
        let most = control.report().voices;
        assert!(most <= audio_engine::MAX_VOICES);
        let ahead = Frames(processor.frame().0 + 1_000);
        control.set_transport(Transport::playing(tempo(300), Beats::from_beats(7), ahead));
        control.set_transport(Transport { frame_origin: Frames(ahead.0 + 3_001), ..Transport::stopped() });
        play(&mut processor, 30, "after a seek and a stop");
        control.tick();
    }
}

#[test]
fn a_flood_of_programs_that_nobody_collects_waits_instead_of_freeing() {
    let (mut control, mut processor) = engine();
    for _ in 0..100 {
        control.set_program(dense(1, false));
        play(&mut processor, 1, "a flood of programs");
    }
    let mut flood = engine();
    for _ in 0..100 {
        flood.0.set_program(dense(1, false));
    }
    play(&mut flood.1, 4, "a backlog of programs");
}

#[test]
fn extreme_and_senseless_values_stay_finite() {
    for (round, pick) in [0usize, 1, 2].into_iter().enumerate() {
        let (mut control, mut processor) = engine();
        let mut program = dense(round * 33, true);
        let first = program.settings.len() as u16;
        program.settings.extend(
            PARAMETERS
                .iter()
                .map(|row| Setting { param: row.index, value: [row.min, row.max, f32::NAN][pick] }),
        );
        program.settings.push(Setting { param: ParamIndex(u16::MAX), value: f32::INFINITY });
        let all = Span { start: first, count: PARAMETERS.len() as u16 + 1 };
        for track in &mut program.tracks {
            (track.params, track.effects) = (all, all);
            track.volume = [1.0, f32::NAN, f32::INFINITY][pick];
            track.pan = [f32::NEG_INFINITY, 1.0, f32::NAN][pick];
        }
        program.steps.iter_mut().for_each(|step| {
            step.velocity = [f32::NAN, 1e30, -1.0][pick];
            step.locks = all;
        });
        program.master = all;
        start(&mut control, &processor, program);
        play(&mut processor, 200, "extreme values");
        let mut sane = dense(0, false);
        sane.master = add_settings(&mut sane, &ALL_EFFECTS[..2]);
        control.set_program(sane);
        let peak = play(&mut processor, 400, "back to sense");
        assert!(peak > 0.01, "sound returns after nonsense");
    }
}

#[test]
fn a_program_with_spans_outside_of_its_pools_plays_what_it_can() {
    let (mut control, mut processor) = engine();
    let mut program = dense(0, false);
    program.tracks[0].steps = Span { start: 60_000, count: 60_000 };
    program.tracks[1].params.count = 9;
    program.tracks[2].steps.count = 0;
    program.steps[200].locks = Span { start: 65_535, count: 65_535 };
    program.tracks[5].id = program.tracks[6].id;
    program.master = Span { start: 5, count: 5 };
    start(&mut control, &processor, program);
    assert!(play(&mut processor, 100, "broken spans") > 0.01);
    assert_eq!(
        control.report().tracks.len(),
        11,
        "four broken tracks and one of the two with the same id are left out"
    );
}

#[test]
fn recordings_come_play_and_go_without_the_allocator() {
    let (mut control, mut processor) = engine();
    let recording = |round: u8| {
        let frames: Vec<f32> = (0..20_000).map(|i| f32::from((i % 200) as u8) / 200.0 - 0.5).collect();
        let data = Arc::new(SampleData::from_interleaved(&frames, 1 + usize::from(round % 2)).unwrap());
        Sample { data, cuts: Arc::from([0_u64, 5_000]) }
    };
    let mut program = dense(0, false);
    let settings =
        add_settings(&mut program, &[("loop", 1.0), ("tune", 7.0), ("slice", 2.0), ("reverse", 1.0)]);
    for round in 0..10_u8 {
        // Each round replaces recordings that still sound.
        let samples: Samples =
            (0..4).map(|hash| (SampleHash([round + hash; 32]), recording(round))).collect();
        control.set_samples(samples);
        for (number, track) in program.tracks.iter_mut().enumerate() {
            track.sample = Some(SampleHash([round + number as u8 % 5; 32]));
            track.params = if number % 2 == 0 { settings } else { Span::default() };
        }
        start(&mut control, &processor, program.clone());
        assert!(play(&mut processor, 60, "recordings") > 0.01);
        control.tick();
    }
    control.set_samples(Samples::new());
    drop(control);
    play(&mut processor, 400, "recordings whose control half is gone");
}
