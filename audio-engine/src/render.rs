//! Rendering without a device: the same engine, as fast as the machine goes.

use core::ops::{ControlFlow, Range};

use score::Program;
use score::time::{Beats, Frames};

use crate::limiter::LATENCY_FRAMES;
use crate::processor::Processor;
use crate::sample::Samples;
use crate::transport::Transport;

/// Longest render: one hour.
pub const MAX_RENDER_FRAMES: u64 = 3_600 * 48_000;

/// Frames between two calls of a progress callback: a second of sound.
const PROGRESS_FRAMES: usize = 48_000;

/// Why a stretch of music cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// Nothing, or more than can be held.
    #[error("{seconds} s of sound cannot be rendered: ask for more than nothing and at most 3600 s")]
    Length {
        /// Length of the stretch in seconds, rounded down.
        seconds: u64,
    },
    /// The progress callback asked to stop.
    #[error("the render was stopped after {done} of {total} frames")]
    Stopped {
        /// Frames rendered.
        done: usize,
        /// Frames asked for.
        total: usize,
    },
}

/// How far a render has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Frames rendered.
    pub done: usize,
    /// Frames asked for.
    pub total: usize,
}

/// A render under way, taken block by block.
#[derive(Debug)]
pub struct Render {
    processor: Processor,
    left: usize,
}

impl Render {
    /// A cold start at the first beat of `range`, at the program's tempo: nothing sounds yet, and nothing sounds on after
    /// the last beat.
    pub fn new(program: Program, range: Range<Beats>) -> Result<Self, RenderError> {
        Self::with_samples(program, Samples::new(), range)
    }

    /// As [`Render::new`], with recordings for the tracks that play some.
    pub fn with_samples(
        program: Program,
        samples: Samples,
        range: Range<Beats>,
    ) -> Result<Self, RenderError> {
        let tempo = program.tempo;
        let frames = tempo.frames_until(range.end - range.start);
        if frames.0 == 0 || frames.0 > MAX_RENDER_FRAMES {
            return Err(RenderError::Length { seconds: frames.0 / 48_000 });
        }
        let (mut control, mut processor) = crate::engine();
        control.set_samples(samples);
        control.set_program(program);
        control.set_transport(Transport::playing(tempo, range.start, Frames(0)));
        let end = Transport { playing: false, tempo, beat_origin: range.end, frame_origin: frames };
        control.set_transport(end);
        let (mut left, mut right) = ([0.0; LATENCY_FRAMES], [0.0; LATENCY_FRAMES]);
        processor.process(&mut left, &mut right);
        Ok(Self { processor, left: frames.0 as usize })
    }

    /// Frames that are still to come.
    pub fn frames_left(&self) -> usize {
        self.left
    }

    /// Fills the start of `output` with the next frames, left and right samples alternating, and tells how many frames
    /// those are: fewer than fit at the end, then none.
    pub fn next_block(&mut self, output: &mut [f32]) -> usize {
        let frames = (output.len() / 2).min(self.left);
        self.processor.process_interleaved(&mut output[..frames * 2]);
        self.left -= frames;
        frames
    }
}

/// Renders a stretch of beats, left and right samples alternating, at 48 kHz: a cold start, and no tail.
///
/// `progress` is told about once a second of sound, and may stop the render.
pub fn render(
    program: Program,
    range: Range<Beats>,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<f32>, RenderError> {
    let mut render = Render::new(program, range)?;
    let total = render.frames_left();
    let mut samples = vec![0.0; total * 2];
    for block in samples.chunks_mut(PROGRESS_FRAMES * 2) {
        render.next_block(block);
        let done = total - render.frames_left();
        if progress(Progress { done, total }).is_break() {
            return Err(RenderError::Stopped { done, total });
        }
    }
    Ok(samples)
}
