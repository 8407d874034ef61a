//! From the engine's rate to another one.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Async, FixedAsync, Indexing, Resampler, SincInterpolationParameters, WindowFunction};

use super::{CHANNELS, ENGINE_RATE, SoundFileError};

/// Length of the resampler's filter, in frames of [`ENGINE_RATE`].
const FILTER_FRAMES: usize = 256;

/// Frames that the resampler takes at once.
const CHUNK_FRAMES: usize = 1024;

/// Sound on its way from [`ENGINE_RATE`] to another rate.
pub(super) struct Resampling {
    resampler: Async<f32>,
    rate: u32,
    /// Samples that have arrived and do not fill a chunk yet.
    pub(super) waiting: Vec<f32>,
    /// Frames at the start that are the filter's delay, not music.
    to_trim: usize,
    /// Frames of music that are still to be given.
    to_give: usize,
}

impl Resampling {
    /// A resampler for `frames` frames of music.
    pub(super) fn to(rate: u32, frames: u64) -> Result<Self, SoundFileError> {
        let ratio = f64::from(rate) / f64::from(ENGINE_RATE);
        let filter = SincInterpolationParameters::new(FILTER_FRAMES, WindowFunction::BlackmanHarris2);
        let resampler = Async::new_sinc(ratio, 1.0, &filter, CHUNK_FRAMES, CHANNELS, FixedAsync::Input)
            .map_err(|error| SoundFileError::Rate { rate, reason: error.to_string() })?;
        // Frame k of the output shows the input at k + 1 output frames, less half the filter. Silence in front makes that a
        // whole number of output frames, so that cutting them off leaves the music exactly where it was.
        let divisor = greatest_common_divisor(rate, ENGINE_RATE);
        let (made_of, make) = ((ENGINE_RATE / divisor) as usize, (rate / divisor) as usize);
        let rounds = (FILTER_FRAMES / 2).div_ceil(made_of);
        let silence = rounds * made_of - FILTER_FRAMES / 2;
        let to_trim = rounds * make - 1;
        let to_give = (frames * u64::from(rate)).div_ceil(u64::from(ENGINE_RATE)) as usize;
        Ok(Self { resampler, rate, waiting: vec![0.0; silence * CHANNELS], to_trim, to_give })
    }

    /// What the whole chunks that have arrived become.
    pub(super) fn take_ready(&mut self) -> Result<Vec<f32>, SoundFileError> {
        let mut ready = Vec::new();
        while self.waiting.len() >= CHUNK_FRAMES * CHANNELS {
            let chunk: Vec<f32> = self.waiting.drain(..CHUNK_FRAMES * CHANNELS).collect();
            ready.extend(self.chunk(&chunk, CHUNK_FRAMES)?);
        }
        Ok(ready)
    }

    /// What is left, and the end of the filter's response, up to the music's length.
    pub(super) fn drain(&mut self) -> Result<Vec<f32>, SoundFileError> {
        let mut rest = Vec::new();
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut frames = waiting.len() / CHANNELS;
        while self.to_give > 0 {
            waiting.resize(CHUNK_FRAMES * CHANNELS, 0.0);
            rest.extend(self.chunk(&waiting, frames)?);
            frames = 0;
        }
        Ok(rest)
    }

    fn chunk(&mut self, samples: &[f32], frames: usize) -> Result<Vec<f32>, SoundFileError> {
        let refused = |reason: String| SoundFileError::Rate { rate: self.rate, reason };
        let input = InterleavedSlice::new(samples, CHANNELS, CHUNK_FRAMES)
            .map_err(|error| refused(error.to_string()))?;
        let room = self.resampler.output_frames_max();
        let mut output = vec![0.0; room * CHANNELS];
        let mut slots = InterleavedSlice::new_mut(&mut output, CHANNELS, room)
            .map_err(|error| refused(error.to_string()))?;
        let indexing = Indexing::new().partial_len(frames);
        let made = self.resampler.process_into_buffer(&input, &mut slots, Some(&indexing));
        let (_, made) = made.map_err(|error| refused(error.to_string()))?;
        let first = self.to_trim.min(made);
        let last = (first + self.to_give).min(made);
        self.to_trim -= first;
        self.to_give -= last - first;
        Ok(output[first * CHANNELS..last * CHANNELS].to_vec())
    }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
