//! How fast sound is rendered offline on one core, as multiples of real time: the processor time of the rendering thread
//! counts, so a busy machine does not change what is measured.

#[path = "../../audio-engine/tests/support/mod.rs"]
mod support;

use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use score::catalogue::INSTRUMENTS;
use score::time::SAMPLE_RATE;
use score::{Beats, Program};
use tests::{examples, figure};

/// Sixty-four steps.
const LENGTH: Beats = Beats::from_beats(16);

/// Each figure is the median of so many renders.
const RENDERS: usize = 5;

fn main() -> Result<()> {
    for path in examples() {
        let imported = crdt_model::exchange::import(&std::fs::read(&path)?)?;
        let name = path.file_stem().context("a file has a name")?.to_string_lossy().into_owned();
        let program = score::lower::lower_first_scene(&imported.score);
        measure(&format!("render of {name}, {} tracks", program.tracks.len()), &program)?;
    }
    let synth = INSTRUMENTS.iter().position(|row| row.id.starts_with("synth:")).context("a synth")?;
    measure("render of 16 tracks of busy percussion", &support::dense(0, false))?;
    measure("render of 16 tracks of busy synths", &support::dense(synth, false))?;
    measure("render of 16 busy tracks, every effect on each and on the master", &support::dense(0, true))
}

fn measure(name: &str, program: &Program) -> Result<()> {
    let mut times = (0..RENDERS).map(|_| render(program)).collect::<Result<Vec<_>>>()?;
    times.sort_unstable();
    let sound = program.tempo.frames_until(LENGTH).0 as f64 / f64::from(SAMPLE_RATE);
    figure(name, sound / times[RENDERS / 2].as_secs_f64(), "x real time");
    Ok(())
}

/// Renders once, on a thread of its own; what that took of a processor.
fn render(program: &Program) -> Result<Duration> {
    std::thread::scope(|scope| {
        let rendering = scope.spawn(|| -> Result<Duration> {
            let samples =
                audio_engine::render(program.clone(), Beats::ZERO..LENGTH, |_| ControlFlow::Continue(()))?;
            ensure!(samples.iter().any(|&sample| sample != 0.0), "silence costs nothing");
            thread_time()
        });
        rendering.join().expect("a render does not panic")
    })
}

/// The processor time that this thread has used: the first field of what Linux' scheduler tells, in nanoseconds.
fn thread_time() -> Result<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").context("only Linux tells this")?;
    let nanos = told.split(' ').next().context("an empty line")?.parse()?;
    Ok(Duration::from_nanos(nanos))
}
