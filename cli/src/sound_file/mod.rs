//! A sound file that appears whole or not at all: stereo, at any usual rate, in one of several formats.

mod dither;
mod flac;
mod format;
mod ogg;
mod resampling;
mod wav;

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

pub(crate) use format::SoundFormat;

use crate::whole_file::{WholeFile, WholeFileError};
use flac::FlacWriter;
use ogg::OggWriter;
use resampling::Resampling;
use wav::WavWriter;

const CHANNELS: usize = 2;

/// The rate at which sound arrives, in frames per second.
pub(crate) const ENGINE_RATE: u32 = 48_000;

/// Why a sound file could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SoundFileError {
    /// More than the format can hold.
    #[error("a {format} file holds at most {max} frames, not {frames}; ask for fewer bars or a lower rate")]
    TooLong {
        /// The format's name.
        format: &'static str,
        /// The most that it holds.
        max: u64,
        /// What was asked for.
        frames: u64,
    },
    /// The disk refused.
    #[error(transparent)]
    File(#[from] WholeFileError),
    /// The resampler or the format refused the rate.
    #[error("could not write sound at {rate} Hz: {reason}; leave out --rate for 48000")]
    Rate {
        /// The rate asked for.
        rate: u32,
        /// What is wrong with it.
        reason: String,
    },
    /// The encoder refused.
    #[error("could not encode {format}: {reason}; try --format wav24")]
    Encoder {
        /// The format's name.
        format: &'static str,
        /// What the encoder said.
        reason: String,
    },
}

/// What takes samples and writes a format.
trait Encoder {
    /// Adds frames, left and right samples alternating.
    fn put(&mut self, whole: &WholeFile, samples: &[f32]) -> Result<(), SoundFileError>;

    /// Completes what was written.
    fn finish(self: Box<Self>, whole: &WholeFile) -> Result<(), SoundFileError>;
}

/// A sound file in the making.
pub(crate) struct SoundFile {
    whole: WholeFile,
    encoder: Box<dyn Encoder>,
    resampling: Option<Resampling>,
}

impl SoundFile {
    /// Starts a file that will hold `frames` frames of [`ENGINE_RATE`], resampled to `rate`.
    pub(crate) fn create(
        path: &Path,
        format: SoundFormat,
        rate: u32,
        frames: u64,
    ) -> Result<Self, SoundFileError> {
        let resampled = (frames * u64::from(rate)).div_ceil(u64::from(ENGINE_RATE));
        format.check(rate, resampled)?;
        let whole = WholeFile::create(path)?;
        let sink = BufWriter::new(whole.handle()?);
        let encoder = encoder(&whole, sink, format, rate, resampled)?;
        let resampling = if rate == ENGINE_RATE { None } else { Some(Resampling::to(rate, frames)?) };
        Ok(Self { whole, encoder, resampling })
    }

    /// Adds frames, left and right samples alternating.
    pub(crate) fn write(&mut self, samples: &[f32]) -> Result<(), SoundFileError> {
        let Some(resampling) = &mut self.resampling else {
            return self.encoder.put(&self.whole, samples);
        };
        resampling.waiting.extend_from_slice(samples);
        let ready = resampling.take_ready()?;
        self.encoder.put(&self.whole, &ready)
    }

    /// Completes the file and moves it to its place.
    pub(crate) fn finish(mut self) -> Result<(), SoundFileError> {
        if let Some(resampling) = &mut self.resampling {
            let rest = resampling.drain()?;
            self.encoder.put(&self.whole, &rest)?;
        }
        self.encoder.finish(&self.whole)?;
        Ok(self.whole.commit()?)
    }
}

fn encoder(
    whole: &WholeFile,
    sink: BufWriter<File>,
    format: SoundFormat,
    rate: u32,
    frames: u64,
) -> Result<Box<dyn Encoder>, SoundFileError> {
    Ok(match format {
        SoundFormat::Wav16 | SoundFormat::Wav24 | SoundFormat::Wav32f => {
            Box::new(WavWriter::start(whole, sink, format, rate)?)
        }
        SoundFormat::Flac => Box::new(FlacWriter::start(whole, sink, rate, frames)?),
        SoundFormat::Ogg => Box::new(OggWriter::start(whole, sink, rate)?),
    })
}

#[cfg(test)]
mod tests;
