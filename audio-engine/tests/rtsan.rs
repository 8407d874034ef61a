//! The processor half under LLVM's `RealtimeSanitizer`, which stops the program when a real-time context calls into anything
//! that may wait: the allocator, locks, files, clocks that are system calls.
//!
//! `cargo xtask rtsan` runs it with the sanitizer's library linked in; to other builds this file is empty. It sees more than
//! `real_time.rs`, whose guard knows the allocator alone, and so goes the same ways again.

#![cfg(rtsan)]
#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use std::process::Command;
use std::sync::Arc;

use audio_engine::{Control, Ears, Processor, Sample, SampleData, Transport, engine};
use rtsan_standalone::ScopedSanitizeRealtime;
use score::Program;
use score::catalogue::{EffectSlot, INSTRUMENTS, effect_parameters};
use score::id::{SampleHash, TrackId};
use score::program::{ChordNote, ProgramStep, Setting, Span};
use score::time::{Beats, Frames, Tempo};
use support::{ALL_EFFECTS, HIT, add_settings, add_track, dense, empty, pattern};

/// Set for the copy of this program that does what it must not.
const OFFENDS: &str = "OFFBEAT_RTSAN_OFFENDS";

/// Renders `blocks` blocks of 256 frames as the audio thread would, and tells the peak.
fn play(processor: &mut Processor, blocks: usize) -> f32 {
    let (mut left, mut right) = ([0.0_f32; 256], [0.0_f32; 256]);
    let mut peak = 0.0_f32;
    for _ in 0..blocks {
        {
            let _realtime = ScopedSanitizeRealtime::default();
            processor.process(&mut left, &mut right);
        }
        peak = left.iter().chain(&right).fold(peak, |peak, sample| peak.max(sample.abs()));
    }
    peak
}

fn start(control: &mut Control, processor: &Processor, program: Program) {
    let tempo = Tempo::from_milli_bpm(150_000).unwrap();
    control.set_program(program);
    control.set_transport(Transport::playing(tempo, Beats::ZERO, processor.frame()));
}

/// What the sanitizer says of this program when `test` offends; nothing when it does not stop it.
fn complaint(test: &str, offence: &str) -> Option<String> {
    let offender = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(OFFENDS, offence)
        .output()
        .unwrap();
    (!offender.status.success()).then(|| String::from_utf8_lossy(&offender.stderr).into_owned())
}

#[test]
fn the_sanitizer_sees_an_allocation_a_release_and_a_wait() {
    let kept = Box::new([0.0_f32; 64]);
    match std::env::var(OFFENDS).as_deref() {
        Ok("allocation") => {
            let _realtime = ScopedSanitizeRealtime::default();
            std::hint::black_box(Box::new([0.0_f32; 64]));
        }
        Ok("release") => {
            let _realtime = ScopedSanitizeRealtime::default();
            drop(std::hint::black_box(kept));
        }
        Ok("wait") => {
            let _realtime = ScopedSanitizeRealtime::default();
            std::thread::yield_now();
        }
        _ => {
            for (offence, call) in [("allocation", "alloc`"), ("release", "free"), ("wait", "sched_yield")] {
                let said = complaint("the_sanitizer_sees_an_allocation_a_release_and_a_wait", offence)
                    .expect(offence);
                assert!(said.contains("RealtimeSanitizer") && said.contains(call), "{offence}: {said}");
            }
        }
    }
}

#[test]
fn every_instrument_keeps_to_real_time() {
    let (mut control, mut processor) = engine();
    for row in &INSTRUMENTS {
        let mut program = empty();
        add_track(&mut program, row.id, &pattern("X.x_.xx."));
        start(&mut control, &processor, program);
        assert!(play(&mut processor, 150) > 0.01, "{} is silent", row.id);
    }
}

#[test]
fn every_effect_keeps_to_real_time_at_both_ends_of_its_ranges() {
    for slot in EffectSlot::ALL {
        for high in [false, true] {
            let (mut control, mut processor) = engine();
            let mut program = dense(22, false);
            let rows = effect_parameters().iter().filter(|row| row.slot == Some(slot));
            let first = program.settings.len() as u16;
            program.settings.extend(rows.map(|row| Setting {
                param: row.index,
                value: match row.id.rsplit('.').next() {
                    Some("on" | "wet") => row.max,
                    _ if high => row.max,
                    _ => row.min,
                },
            }));
            let all = Span { start: first, count: program.settings.len() as u16 - first };
            program.tracks.iter_mut().for_each(|track| track.effects = all);
            program.master = all;
            start(&mut control, &processor, program);
            play(&mut processor, 80);
        }
    }
}

/// Every track plays chords of two dozen notes, four times a step: far more voices than there are.
fn flooded(mut program: Program) -> Program {
    let notes = Span { start: program.notes.len() as u16, count: 24 };
    program.notes.extend((-12..12).map(|pitch| ChordNote { pitch, velocity: 0.8 }));
    program.steps.fill(ProgramStep { notes, ratchet: 4, ..HIT });
    program
}

#[test]
fn stealing_voices_keeps_to_real_time() {
    for first in (0..INSTRUMENTS.len()).step_by(16) {
        let (mut control, mut processor) = engine();
        start(&mut control, &processor, flooded(dense(first, false)));
        let mut most = 0;
        for _ in 0..120 {
            play(&mut processor, 1);
            most = most.max(control.report().voices);
        }
        assert_eq!(most, audio_engine::MAX_VOICES, "from instrument {first}");
    }
}

#[test]
fn swapping_programs_seeking_and_private_mixes_keep_to_real_time() {
    let (mut control, mut processor) = engine();
    for round in 0..12_usize {
        let mut program = dense(round * 9, round % 2 == 0);
        program.tracks.rotate_left(round);
        program.tracks.truncate(16 - round);
        program.tracks[0].mute = round == 5;
        program.master = add_settings(&mut program, &ALL_EFFECTS[..round]);
        start(&mut control, &processor, program);
        control.set_ears(TrackId::from_random(3), Ears { solo: round == 7, level: 0.5, ..Ears::default() });
        control.set_metronome((round % 3 > 0).then_some(0.5));
        play(&mut processor, 40);
        let ahead = Frames(processor.frame().0 + 1_000);
        let tempo = Tempo::from_milli_bpm(300_000).unwrap();
        control.set_transport(Transport::playing(tempo, Beats::from_beats(7), ahead));
        control.set_transport(Transport { frame_origin: Frames(ahead.0 + 3_001), ..Transport::stopped() });
        play(&mut processor, 30);
        control.tick();
    }
}

#[test]
fn recordings_that_come_and_go_keep_to_real_time() {
    let (mut control, mut processor) = engine();
    let mut program = dense(0, false);
    let settings = add_settings(&mut program, &[("loop", 1.0), ("slice", 2.0), ("reverse", 1.0)]);
    for (track, hash) in program.tracks.iter_mut().zip(0..4) {
        (track.sample, track.params) = (Some(SampleHash([hash; 32])), settings);
    }
    start(&mut control, &processor, program);
    for round in 0..10_u8 {
        let recording = |hash: u8| {
            let frames: Vec<f32> = (0..20_000).map(|i| f32::from((i % 200) as u8) / 200.0 - 0.5).collect();
            let data = SampleData::from_interleaved(&frames, 1 + usize::from(round % 2)).unwrap();
            (SampleHash([hash; 32]), Sample { data: Arc::new(data), cuts: Arc::from([0, 5_000]) })
        };
        // Each round replaces recordings that still sound.
        control.set_samples((0..4).map(recording).collect());
        assert!(play(&mut processor, 20) > 0.01);
        control.tick();
    }
}
