//! One recording of a program into a file.

use std::ops::{ControlFlow, Range};
use std::path::Path;

use audio_engine::{MAX_RENDER_FRAMES, Render, RenderError, Samples, render_loop};
use score::{Beats, Program};

use super::progress::Progress;
use super::refused;
use crate::failure::Outcome;
use crate::output;
use crate::sound_file::{ENGINE_RATE, SoundFile, SoundFormat};

/// Frames of a block: a second of sound between two looks at the progress.
const BLOCK_FRAMES: usize = ENGINE_RATE as usize;

/// What stretch of the music is rendered, and how.
pub(super) struct Take {
    pub(super) range: Range<Beats>,
    /// The recordings that its tracks play.
    pub(super) samples: Samples,
    /// Whether the tail is laid over the start.
    pub(super) is_loop: bool,
    pub(super) format: SoundFormat,
    /// Frames per second of the file.
    pub(super) rate: u32,
}

impl Take {
    /// How many frames the engine makes of it.
    pub(super) fn frames(&self, program: &Program) -> Outcome<usize> {
        let frames = program.tempo.frames_until(self.range.end - self.range.start).0;
        if frames == 0 || frames > MAX_RENDER_FRAMES {
            return Err(refused(RenderError::Length { seconds: frames / u64::from(ENGINE_RATE) }));
        }
        Ok(frames as usize)
    }

    /// Records a program and gives the hash of its samples: as the engine makes them, whatever the file's rate and format.
    pub(super) fn record(&self, program: &Program, out: &Path, progress: &mut Progress) -> Outcome<String> {
        let frames = self.frames(program)?;
        let mut tape = Tape {
            file: SoundFile::create(out, self.format, self.rate, frames as u64)?,
            hasher: blake3::Hasher::new(),
            peak: 0.0,
        };
        if self.is_loop {
            let mut done = 0;
            let samples = render_loop(program, self.samples.clone(), self.range.clone(), |now| {
                progress.advance(now.done - done);
                done = now.done;
                ControlFlow::Continue(())
            });
            for block in samples.map_err(refused)?.chunks(BLOCK_FRAMES * 2) {
                tape.write(block)?;
            }
        } else {
            let mut render = Render::with_samples(program.clone(), self.samples.clone(), self.range.clone())
                .map_err(refused)?;
            let mut block = vec![0.0_f32; BLOCK_FRAMES * 2];
            while let frames @ 1.. = render.next_block(&mut block) {
                tape.write(&block[..frames * 2])?;
                progress.advance(frames);
            }
        }
        tape.file.finish()?;
        if self.format.clips() && tape.peak > 1.0 {
            let over = 20.0 * f64::from(tape.peak).log10();
            output::note(&format!(
                "{}: {over:.1} dB over full scale: clipped; wav32f keeps it",
                out.display()
            ));
        }
        Ok(tape.hasher.finalize().to_hex().to_string())
    }
}

/// What is recorded onto.
struct Tape {
    file: SoundFile,
    hasher: blake3::Hasher,
    peak: f32,
}

impl Tape {
    fn write(&mut self, samples: &[f32]) -> Outcome {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.hasher.update(&bytes);
        self.peak = samples.iter().fold(self.peak, |peak, sample| peak.max(sample.abs()));
        Ok(self.file.write(samples)?)
    }
}
