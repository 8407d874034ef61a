//! Ogg Vorbis.

use std::fs::File;
use std::io::BufWriter;
use std::num::{NonZeroU8, NonZeroU32};

use vorbis_rs::{VorbisBitrateManagementStrategy, VorbisEncoder, VorbisEncoderBuilder, VorbisError};

use super::{CHANNELS, Encoder, SoundFileError};
use crate::whole_file::WholeFile;

/// 0.6 of 1: some 190 kbit/s, where few hear a difference.
const QUALITY: f32 = 0.6;

/// The number of the one stream in the file: the same sound gives the same file on the same machine.
const STREAM: i32 = 1;

/// Frames that the encoder takes at once.
const BLOCK_FRAMES: usize = 4_096;

pub(super) struct OggWriter {
    encoder: VorbisEncoder<BufWriter<File>>,
}

impl OggWriter {
    pub(super) fn start(whole: &WholeFile, sink: BufWriter<File>, rate: u32) -> Result<Self, SoundFileError> {
        let rate = NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN);
        let channels = NonZeroU8::new(CHANNELS as u8).unwrap_or(NonZeroU8::MIN);
        let quality = VorbisBitrateManagementStrategy::QualityVbr { target_quality: QUALITY };
        let mut builder = VorbisEncoderBuilder::new_with_serial(rate, channels, sink, STREAM);
        builder.bitrate_management_strategy(quality);
        let encoder = builder.build().map_err(|error| refused(whole, error))?;
        Ok(Self { encoder })
    }
}

impl Encoder for OggWriter {
    fn put(&mut self, whole: &WholeFile, samples: &[f32]) -> Result<(), SoundFileError> {
        for block in samples.chunks(BLOCK_FRAMES * CHANNELS) {
            let channel = |side: usize| block.iter().skip(side).step_by(CHANNELS).copied().collect();
            let sides: [Vec<f32>; CHANNELS] = [channel(0), channel(1)];
            self.encoder.encode_audio_block(sides).map_err(|error| refused(whole, error))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>, whole: &WholeFile) -> Result<(), SoundFileError> {
        let sink = self.encoder.finish().map_err(|error| refused(whole, error))?;
        sink.into_inner().map_err(|error| whole.refused()(error.into_error()))?;
        Ok(())
    }
}

fn refused(whole: &WholeFile, error: VorbisError) -> SoundFileError {
    match error {
        VorbisError::Io(error) => whole.refused()(error).into(),
        other => SoundFileError::Encoder { format: "Ogg Vorbis", reason: other.to_string() },
    }
}
