//! How long one block takes in the worst case: 16 tracks with every effect, every voice sounding, programs swapped while it
//! plays. A block of 256 frames has 5,333 microseconds; what counts is not the mean but the longest.
//!
//! Both the thread's own time and the time that passed are told: between them lies what the machine gave to others, which is
//! little on an idle one, and nothing where the audio thread has the priority that a sound server gives it.
//!
//! Prints `name<tab>value<tab>unit`, as `cargo xtask bench` reads it.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Instant;

use audio_engine::{MAX_VOICES, Transport, engine};
use rustix::time::{ClockId, clock_gettime};
use score::Program;
use score::catalogue::INSTRUMENTS;
use score::program::{ChordNote, ProgramStep, Span};
use score::time::{Beats, Frames};
use support::{HIT, dense};

const BLOCK_FRAMES: usize = 256;

/// A minute of sound.
const BLOCKS: usize = 60 * 48_000 / BLOCK_FRAMES;

/// Blocks between two swaps of the program: half a second.
const SWAP_BLOCKS: usize = 94;

/// The first second.
const SETTLED_BLOCKS: usize = 48_000 / BLOCK_FRAMES;

/// Sixteen `synth:` presets with all effects, all of them in chords of four that are held from step to step.
fn worst() -> Program {
    let first = INSTRUMENTS.iter().position(|row| row.id == "synth:lead").expect("the catalogue lists it");
    let mut program = dense(first, true);
    let notes = Span { start: program.notes.len() as u16, count: 4 };
    program.notes.extend([0, 4, 7, 11].map(|pitch| ChordNote { pitch, velocity: 0.7 }));
    program.steps.fill(ProgramStep { notes, ..HIT });
    program
}

fn main() {
    let (mut control, mut processor) = engine();
    control.set_program(worst());
    control.set_transport(Transport::playing(worst().tempo, Beats::ZERO, Frames(0)));
    let (mut left, mut right) = ([0.0_f32; BLOCK_FRAMES], [0.0_f32; BLOCK_FRAMES]);
    let (mut own, mut passed) = (Vec::with_capacity(BLOCKS), Vec::with_capacity(BLOCKS));
    let mut voices = 0;
    for block in 0..BLOCKS {
        if block % SWAP_BLOCKS == 0 {
            control.set_program(worst());
        }
        let (start, start_own) = (Instant::now(), own_micros());
        processor.process(&mut left, &mut right);
        own.push(own_micros() - start_own);
        passed.push(start.elapsed().as_secs_f64() * 1e6);
        voices = voices.max(control.report().voices);
    }
    assert_eq!(voices, MAX_VOICES, "this is the worst case only when every voice sounds");
    report("own time", own);
    report("passed time", passed);
}

/// What this thread has used of a processor, in microseconds.
fn own_micros() -> f64 {
    let used = clock_gettime(ClockId::ThreadCPUTime);
    used.tv_sec as f64 * 1e6 + used.tv_nsec as f64 * 1e-3
}

fn report(clock: &str, mut micros: Vec<f64>) {
    let mean = micros.iter().sum::<f64>() / micros.len() as f64;
    // Delay lines are memory that nobody has touched before: the system provides it in the first blocks.
    let settled = micros[SETTLED_BLOCKS..].iter().copied().fold(0.0, f64::max);
    micros.sort_by(f64::total_cmp);
    let deadline = BLOCK_FRAMES as f64 / 48_000.0 * 1e6;
    let late = micros.iter().filter(|time| **time > deadline).count();
    let p999 = micros[micros.len() * 999 / 1_000];
    let longest = micros.last().copied().unwrap_or_default();
    let of = format!("worst session, 256 frames, {clock}");
    println!("{of}: mean block\t{mean:.0}\tµs");
    println!("{of}: p99.9 block\t{p999:.0}\tµs");
    println!("{of}: longest block\t{longest:.0}\tµs");
    println!("{of}: longest block past the first second\t{settled:.0}\tµs");
    println!("{of}: blocks past {deadline:.0} µs, of {}\t{late}\tblocks", micros.len());
    println!("{of}: speed\t{:.1}\tx real time", deadline / mean);
}
