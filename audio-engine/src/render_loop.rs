//! Rendering a loop without a seam: what sounds on past the end is laid over the start.
//!
//! Played over and over, the result sounds as the music does when it goes round: notes ring over the seam, echoes of the end
//! are heard in the start, and the wave has no step there. So the music is not stopped at the end; it plays on with every
//! step switched off until nothing is heard. Likewise a note that is held over the seam, or nudged ahead of it, does not
//! begin again at the start: it comes from the end.

use core::ops::{ControlFlow, Range};

use score::Program;
use score::program::{ProgramStep, ProgramTrack};
use score::time::{Beats, Frames, STEP};

use crate::control::Control;
use crate::limiter::LATENCY_FRAMES;
use crate::processor::Processor;
use crate::render::{MAX_RENDER_FRAMES, Progress, RenderError};
use crate::sample::Samples;
use crate::smooth::QUANTUM_FRAMES;
use crate::transport::Transport;

/// Longest tail: one minute. One that is heard even then is faded out.
const MAX_TAIL_FRAMES: usize = 60 * 48_000;

/// Over how many frames a tail is faded out that does not end.
const FADE_FRAMES: usize = 48_000;

/// A tail has ended when nothing louder than this, -120 dBFS, has come for longer than the longest echo takes.
const INAUDIBLE: f32 = 1.0e-6;

/// Longest echo, and what a room may add to it.
const LONGEST_ECHO: Beats = Beats::from_beats(4);
const ROOM_FRAMES: u64 = 9_600;

/// Frames between two calls of a progress callback: a second of sound.
const PROGRESS_FRAMES: usize = 48_000;

/// Renders a stretch of beats as a loop, left and right samples alternating, at 48 kHz: a cold start, with the tail of its
/// end laid over its start.
///
/// `progress` is told about once a second of sound, the tail aside, and may stop the render. The tail may lift the start
/// above the ceiling that the limiter keeps.
pub fn render_loop(
    program: &Program,
    samples: Samples,
    range: Range<Beats>,
    progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<f32>, RenderError> {
    let length = program.tempo.frames_until(range.end - range.start).0;
    if length == 0 || length > MAX_RENDER_FRAMES {
        return Err(RenderError::Length { seconds: length / 48_000 });
    }
    let seam = Seam { program, first: range.start.step(), end: range.end.step() };
    let near_end = program.tempo.frames_until(range.end - Beats(STEP.0 / 2) - range.start).0;
    let quantum = QUANTUM_FRAMES as u64;
    let last_quantum = length / quantum * quantum;
    let mut reel = Reel::start(seam.before_start(), samples, range.start, length as usize, progress);
    reel.roll(quantum)?;
    reel.control.set_program(program.clone());
    reel.roll((near_end / quantum * quantum).max(quantum))?;
    reel.control.set_program(seam.near_end());
    reel.roll(last_quantum.max(quantum))?;
    if length > last_quantum {
        reel.control.set_program(seam.at_end());
        reel.roll(last_quantum.max(quantum) + quantum)?;
    }
    reel.control.set_program(seam.silent());
    reel.roll(length + LATENCY_FRAMES as u64)?;
    let tail = reel.tail(program.tempo.frames_until(LONGEST_ECHO));
    Ok(wrapped(reel.samples, length as usize, &tail))
}

/// Lays the tail over the start, as often round as it takes.
fn wrapped(mut samples: Vec<f32>, length: usize, tail: &[f32]) -> Vec<f32> {
    let beyond = samples.split_off((length * 2).min(samples.len()));
    for (at, sample) in beyond.iter().chain(tail).enumerate() {
        samples[at % (length * 2)] += sample;
    }
    samples
}

/// The engine while it plays, and what it has played.
struct Reel<P> {
    control: Control,
    processor: Processor,
    samples: Vec<f32>,
    /// Frames that the processor has made, those of its latency included.
    made: u64,
    total: usize,
    progress: P,
}

impl<P: FnMut(Progress) -> ControlFlow<()>> Reel<P> {
    fn start(program: Program, sounds: Samples, beat: Beats, total: usize, progress: P) -> Self {
        let (mut control, processor) = crate::engine();
        let tempo = program.tempo;
        control.set_samples(sounds);
        control.set_program(program);
        control.set_transport(Transport::playing(tempo, beat, Frames(0)));
        let samples = Vec::with_capacity((total + PROGRESS_FRAMES) * 2);
        Self { control, processor, samples, made: 0, total, progress }
    }

    /// Plays until so many frames are made.
    fn roll(&mut self, until: u64) -> Result<(), RenderError> {
        while self.made < until {
            let frames = PROGRESS_FRAMES.min((until - self.made) as usize);
            let block = self.block(frames);
            self.samples.extend(block);
            let done = (self.samples.len() / 2).min(self.total);
            if (self.progress)(Progress { done, total: self.total }).is_break() {
                return Err(RenderError::Stopped { done, total: self.total });
            }
        }
        Ok(())
    }

    /// The next frames, without those that are the limiter's latency.
    fn block(&mut self, frames: usize) -> Vec<f32> {
        let mut block = vec![0.0; frames * 2];
        self.processor.process_interleaved(&mut block);
        self.control.tick();
        let late = (LATENCY_FRAMES as u64).saturating_sub(self.made).min(frames as u64) as usize;
        self.made += frames as u64;
        block.drain(..late * 2);
        block
    }

    /// Plays on until nothing is heard any more.
    fn tail(&mut self, longest_echo: Frames) -> Vec<f32> {
        let patience = (longest_echo.0 + ROOM_FRAMES) as usize;
        let mut tail: Vec<f32> = Vec::new();
        let mut quiet = 0;
        while quiet < patience && tail.len() < MAX_TAIL_FRAMES * 2 {
            let block = self.block(4_800);
            let is_quiet = block.iter().all(|sample| sample.abs() < INAUDIBLE);
            quiet = if is_quiet { quiet + block.len() / 2 } else { 0 };
            tail.extend(block);
        }
        if quiet < patience {
            let start = tail.len().saturating_sub(FADE_FRAMES * 2);
            for (at, sample) in tail[start..].iter_mut().enumerate() {
                *sample *= 1.0 - (at / 2) as f32 / FADE_FRAMES as f32;
            }
        }
        tail
    }
}

/// The programs that are played around the seam in place of the whole one.
struct Seam<'a> {
    program: &'a Program,
    /// The linear step at the start.
    first: i64,
    /// The linear step after the last.
    end: i64,
}

impl Seam<'_> {
    /// What comes from the end does not begin at the start.
    fn before_start(&self) -> Program {
        self.changed(
            |track, step| {
                if self.comes_from_end(track) {
                    step.on = false;
                }
            },
            self.first,
        )
    }

    /// What would be played ahead of the end, but has begun at the start already, is not played again.
    fn near_end(&self) -> Program {
        self.changed(
            |track, step| {
                if !self.comes_from_end(track) {
                    step.nudge_percent = step.nudge_percent.max(0);
                }
            },
            self.end,
        )
    }

    /// The next time round does not begin.
    fn at_end(&self) -> Program {
        self.changed(|_, step| step.on = false, self.end)
    }

    fn silent(&self) -> Program {
        let mut program = self.program.clone();
        program.steps.iter_mut().for_each(|step| step.on = false);
        program
    }

    /// The program with one linear step of each track changed.
    fn changed(&self, change: impl Fn(&ProgramTrack, &mut ProgramStep), linear: i64) -> Program {
        let mut program = self.program.clone();
        for track in &self.program.tracks {
            let place = track.steps.indices().start + self.local(track, linear);
            if let Some(step) = program.steps.get_mut(place) {
                change(track, step);
            }
        }
        program
    }

    /// Whether the first note of a track is one that is nudged ahead of the seam, or held over it, every time round.
    fn comes_from_end(&self, track: &ProgramTrack) -> bool {
        let step = |linear| self.program.steps.get(track.steps.indices().start + self.local(track, linear));
        let (Some(first), Some(last)) = (step(self.first), step(self.end - 1)) else { return false };
        let is_in_phase = self.local(track, self.first) == self.local(track, self.end);
        let is_certain = first.condition.is_none() && first.chance_percent >= 100;
        let count = (self.end - self.first).min(track.steps.count.into());
        // Where every step is tied, the first one attacks.
        let is_endless =
            || (self.first..self.first + count).all(|at| step(at).is_some_and(|step| step.on && step.tie));
        let is_early = first.nudge_percent < 0 && is_certain && !(first.tie && last.on);
        let is_held = first.tie && last.on && !is_endless();
        is_in_phase && first.on && (is_early || is_held)
    }

    fn local(&self, track: &ProgramTrack, linear: i64) -> usize {
        let heard = match self.program.loop_region {
            Some(region) if linear > i64::from(region.last()) => {
                let first = i64::from(region.first());
                first + (linear - first) % i64::from(region.steps())
            }
            _ => linear,
        };
        heard.rem_euclid(i64::from(track.steps.count.max(1))) as usize
    }
}
