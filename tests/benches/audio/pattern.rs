//! The pattern: which notes sound when, and how Offbeat renders it.

use std::sync::Arc;

use anyhow::{Result, ensure};
use audio_engine::{Render, Sample, SampleData, Samples};
use score::program::{Program, ProgramStep};
use score::{Beats, SampleHash, Tempo};

use crate::processor_time;
use crate::support::{HIT, REST, add_track, empty};

pub(crate) const TRACKS: usize = 16;
const STEPS: usize = 64;

/// How often the pattern is played: long enough to be counted in hundredths of a second.
const LOOPS: usize = 4;

/// Seconds of a step: a sixteenth at 120 beats a minute.
const STEP_SECONDS: f64 = 0.125;

/// Seconds of the whole.
pub(crate) const SECONDS: f64 = (LOOPS * STEPS) as f64 * STEP_SECONDS;

/// `pluck` plays middle C where a step asks for no other pitch.
const BASE_KEY: f64 = 60.0;

/// One note, held for one step.
pub(crate) struct Note {
    pub(crate) track: usize,
    /// Seconds from the beginning.
    pub(crate) start: f64,
    pub(crate) hertz: f64,
}

/// The semitones from the base note, on every second step.
fn pitch(track: usize, step: usize) -> Option<i8> {
    (step + track).is_multiple_of(2).then(|| ((step * 7 + track * 5) % 25) as i8 - 12)
}

/// Every note, in order.
pub(crate) fn notes() -> Vec<Note> {
    let at = |index: usize| {
        (0..TRACKS).filter_map(move |track| {
            let key = BASE_KEY + f64::from(pitch(track, index % STEPS)?);
            let hertz = 440.0 * ((key - 69.0) / 12.0).exp2();
            Some(Note { track, start: index as f64 * STEP_SECONDS, hertz })
        })
    };
    (0..LOOPS * STEPS).flat_map(at).collect()
}

/// Every byte of the hash under which the recording goes.
pub(crate) const RECORDING: u8 = 9;

/// A second of a saw near middle C.
fn recording() -> Result<Samples> {
    let frames: Vec<f32> = (0..48_000_u32).map(|n| ((n % 184) as f32 / 92.0 - 1.0) * 0.25).collect();
    let data = Arc::new(SampleData::from_interleaved(&frames, 1)?);
    Ok([(SampleHash([RECORDING; 32]), Sample { data, cuts: Arc::from([]) })].into())
}

/// The same for the engine, by a synthesiser or by a recording.
pub(crate) fn program(sampled: bool) -> Program {
    let mut program = empty();
    program.tempo = Tempo::from_milli_bpm(120_000).expect("a tempo within its range");
    for track in 0..TRACKS {
        let step = |index| pitch(track, index).map_or(REST, |pitch| ProgramStep { pitch, ..HIT });
        let steps: Vec<ProgramStep> = (0..STEPS).map(step).collect();
        let index = add_track(&mut program, "pluck", &steps);
        // A plucked string would ring on: here every note ends with its step, as those of the others do.
        program.tracks[index].gate = true;
        // Sixteen at full volume would have the limiter at work, which the others lack.
        program.tracks[index].volume = 0.15;
        program.tracks[index].sample = sampled.then_some(SampleHash([RECORDING; 32]));
    }
    program
}

/// Renders it here; the seconds of processor time that this took.
pub(crate) fn render(sampled: bool) -> Result<f64> {
    let program = program(sampled);
    let recordings = recording()?;
    let length = Beats::from_beats((LOOPS * STEPS / 4) as i64);
    let before = processor_time::of_this_thread()?;
    let mut render = Render::with_samples(program, recordings, Beats::ZERO..length)?;
    let mut samples = vec![0.0; 2 * render.frames_left()];
    render.next_block(&mut samples);
    let after = processor_time::of_this_thread()?;
    ensure!(samples.iter().any(|sample| sample.abs() > 0.01), "silence costs nothing");
    Ok(after - before)
}
