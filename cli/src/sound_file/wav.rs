//! WAV, in whole numbers or float.

use std::fs::File;
use std::io::{self, BufWriter};

use hound::{SampleFormat, WavSpec};

use super::dither::Quantiser;
use super::{CHANNELS, Encoder, SoundFileError, SoundFormat};
use crate::whole_file::WholeFile;

pub(super) struct WavWriter {
    writer: hound::WavWriter<BufWriter<File>>,
    /// `None` where samples are written as they are.
    quantiser: Option<Quantiser>,
}

impl WavWriter {
    pub(super) fn start(
        whole: &WholeFile,
        sink: BufWriter<File>,
        format: SoundFormat,
        rate: u32,
    ) -> Result<Self, SoundFileError> {
        let (bits_per_sample, quantiser) = match format {
            SoundFormat::Wav16 => (16, Some(Quantiser::to_16_bits())),
            SoundFormat::Wav24 => (24, Some(Quantiser::to_24_bits())),
            _ => (32, None),
        };
        let sample_format = if quantiser.is_some() { SampleFormat::Int } else { SampleFormat::Float };
        let spec = WavSpec { channels: CHANNELS as u16, sample_rate: rate, bits_per_sample, sample_format };
        let writer = hound::WavWriter::new(sink, spec).map_err(|error| disk(whole, error))?;
        Ok(Self { writer, quantiser })
    }
}

impl Encoder for WavWriter {
    fn put(&mut self, whole: &WholeFile, samples: &[f32]) -> Result<(), SoundFileError> {
        for &sample in samples {
            let written = match &mut self.quantiser {
                Some(quantiser) => self.writer.write_sample(quantiser.next(sample)),
                None => self.writer.write_sample(sample),
            };
            written.map_err(|error| disk(whole, error))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>, whole: &WholeFile) -> Result<(), SoundFileError> {
        self.writer.finalize().map_err(|error| disk(whole, error))
    }
}

fn disk(whole: &WholeFile, error: hound::Error) -> SoundFileError {
    let error = match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    };
    whole.refused()(error).into()
}
