//! A WAV file that appears whole or not at all: stereo, 32-bit float, at any usual rate.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use hound::{SampleFormat, WavSpec, WavWriter};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Async, FixedAsync, Indexing, Resampler, SincInterpolationParameters, WindowFunction};

use crate::whole_file::{WholeFile, WholeFileError};

const CHANNELS: usize = 2;

/// The rate at which sound arrives, in frames per second.
pub(crate) const ENGINE_RATE: u32 = 48_000;

/// Most frames of one file: a WAV file counts its bytes in 32 bits.
const MAX_FRAMES: u64 = (u32::MAX as u64 - 1024) / (CHANNELS as u64 * 4);

/// Length of the resampler's filter, in frames of [`ENGINE_RATE`].
const FILTER_FRAMES: usize = 256;

/// Frames that the resampler takes at once.
const CHUNK_FRAMES: usize = 1024;

/// Why a WAV file could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WavError {
    /// More than the format can hold.
    #[error("a WAV file holds at most {MAX_FRAMES} frames, not {frames}; ask for fewer bars or a lower rate")]
    TooLong {
        /// What was asked for.
        frames: u64,
    },
    /// The disk refused.
    #[error(transparent)]
    File(#[from] WholeFileError),
    /// The resampler refused: a rate that it cannot make.
    #[error("could not resample to {rate} Hz: {reason}; leave out --rate for 48000")]
    Rate {
        /// The rate asked for.
        rate: u32,
        /// What the resampler said.
        reason: String,
    },
}

/// A WAV file in the making.
pub(crate) struct WavFile {
    whole: WholeFile,
    writer: WavWriter<BufWriter<File>>,
    resampling: Option<Resampling>,
}

impl WavFile {
    /// Starts a file that will hold `frames` frames of [`ENGINE_RATE`], resampled to `rate`.
    pub(crate) fn create(path: &Path, rate: u32, frames: u64) -> Result<Self, WavError> {
        let resampled = frames * u64::from(rate) / u64::from(ENGINE_RATE);
        if resampled > MAX_FRAMES {
            return Err(WavError::TooLong { frames: resampled });
        }
        let spec = WavSpec {
            channels: CHANNELS as u16,
            sample_rate: rate,
            bits_per_sample: 32,
            sample_format: SampleFormat::Float,
        };
        let whole = WholeFile::create(path)?;
        let writer =
            WavWriter::new(BufWriter::new(whole.handle()?), spec).map_err(|error| disk(&whole, error))?;
        let resampling = if rate == ENGINE_RATE { None } else { Some(Resampling::to(rate, frames)?) };
        Ok(Self { whole, writer, resampling })
    }

    /// Adds frames, left and right samples alternating.
    pub(crate) fn write(&mut self, samples: &[f32]) -> Result<(), WavError> {
        let Some(resampling) = &mut self.resampling else { return self.put(samples) };
        resampling.waiting.extend_from_slice(samples);
        let ready = resampling.take_ready()?;
        self.put(&ready)
    }

    /// Completes the file and moves it to its place.
    pub(crate) fn finish(mut self) -> Result<(), WavError> {
        if let Some(resampling) = &mut self.resampling {
            let rest = resampling.drain()?;
            self.put(&rest)?;
        }
        self.writer.finalize().map_err(|error| disk(&self.whole, error))?;
        Ok(self.whole.commit()?)
    }

    fn put(&mut self, samples: &[f32]) -> Result<(), WavError> {
        for &sample in samples {
            self.writer.write_sample(sample).map_err(|error| disk(&self.whole, error))?;
        }
        Ok(())
    }
}

fn disk(whole: &WholeFile, error: hound::Error) -> WavError {
    let error = match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    };
    whole.refused()(error).into()
}

/// Sound on its way from [`ENGINE_RATE`] to another rate.
struct Resampling {
    resampler: Async<f32>,
    rate: u32,
    /// Samples that have arrived and do not fill a chunk yet.
    waiting: Vec<f32>,
    /// Frames at the start that are the filter's delay, not music.
    to_trim: usize,
    /// Frames of music that are still to be given.
    to_give: usize,
}

impl Resampling {
    fn to(rate: u32, frames: u64) -> Result<Self, WavError> {
        let ratio = f64::from(rate) / f64::from(ENGINE_RATE);
        let filter = SincInterpolationParameters::new(FILTER_FRAMES, WindowFunction::BlackmanHarris2);
        let resampler = Async::new_sinc(ratio, 1.0, &filter, CHUNK_FRAMES, CHANNELS, FixedAsync::Input)
            .map_err(|error| WavError::Rate { rate, reason: error.to_string() })?;
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
    fn take_ready(&mut self) -> Result<Vec<f32>, WavError> {
        let mut ready = Vec::new();
        while self.waiting.len() >= CHUNK_FRAMES * CHANNELS {
            let chunk: Vec<f32> = self.waiting.drain(..CHUNK_FRAMES * CHANNELS).collect();
            ready.extend(self.chunk(&chunk, CHUNK_FRAMES)?);
        }
        Ok(ready)
    }

    /// What is left, and the end of the filter's response, up to the music's length.
    fn drain(&mut self) -> Result<Vec<f32>, WavError> {
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

    fn chunk(&mut self, samples: &[f32], frames: usize) -> Result<Vec<f32>, WavError> {
        let refused = |reason: String| WavError::Rate { rate: self.rate, reason };
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Stereo sine waves of 440 and 660 Hz.
    fn tone(frames: usize, rate: u32) -> Vec<f32> {
        let wave = |frame: usize, hertz: f64| {
            (std::f64::consts::TAU * hertz * frame as f64 / f64::from(rate)).sin() as f32 * 0.5
        };
        (0..frames).flat_map(|frame| [wave(frame, 440.0), wave(frame, 660.0)]).collect()
    }

    fn written(rate: u32, frames: usize) -> (WavSpec, Vec<f32>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tone.wav");
        let mut file = WavFile::create(&path, rate, frames as u64).unwrap();
        for block in tone(frames, ENGINE_RATE).chunks(777 * CHANNELS) {
            file.write(block).unwrap();
        }
        assert!(!path.exists(), "the file is at its place only when complete");
        file.finish().unwrap();
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
        let mut reader = hound::WavReader::open(&path).unwrap();
        let samples = reader.samples::<f32>().map(Result::unwrap).collect();
        (reader.spec(), samples)
    }

    #[test]
    fn at_the_engines_rate_samples_are_kept_to_the_bit() {
        let (spec, samples) = written(ENGINE_RATE, 5_000);
        assert_eq!((spec.channels, spec.sample_rate, spec.bits_per_sample), (2, 48_000, 32));
        assert_eq!(samples, tone(5_000, ENGINE_RATE));
    }

    #[test]
    fn at_another_rate_the_tone_stays_where_it_was_in_time_and_pitch() {
        for rate in [44_100, 96_000, 8_001] {
            let (spec, samples) = written(rate, 48_000);
            assert_eq!(spec.sample_rate, rate);
            assert_eq!(samples.len(), rate as usize * CHANNELS);
            let expected = tone(rate as usize, rate);
            // Away from the edges, where the tone begins and ends abruptly.
            let middle = rate as usize / 2..rate as usize;
            let worst = samples[middle.clone()].iter().zip(&expected[middle]).map(|(a, b)| (a - b).abs());
            let worst = worst.fold(0.0, f32::max);
            assert!(worst < 1e-3, "{worst} at {rate} Hz");
        }
    }

    #[test]
    fn what_a_wav_file_cannot_hold_is_refused_before_the_work() {
        let refused = WavFile::create(Path::new("never.wav"), 384_000, 3_600 * 48_000).err().unwrap();
        assert!(matches!(refused, WavError::TooLong { .. }));
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let refused = WavFile::create(Path::new("/nowhere/at/all.wav"), 48_000, 1).err().unwrap().to_string();
        assert!(refused.contains("/nowhere/at/all.wav"), "{refused}");
    }
}
