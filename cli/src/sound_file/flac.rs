//! FLAC, 24 bit.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};

use flacenc::bitsink::ByteSink;
use flacenc::component::{BitRepr, StreamInfo};
use flacenc::config;
use flacenc::error::{Verified, Verify};
use flacenc::source::{Context, Fill, FrameBuf};

use super::dither::Quantiser;
use super::{CHANNELS, Encoder, SoundFileError};
use crate::whole_file::WholeFile;

const BITS: usize = 24;

/// Frames of music in a frame of the format: what its reference encoder takes.
const BLOCK_FRAMES: usize = 4_096;

/// What a file begins with: its mark, and the head of the one block that says what the stream is.
const HEAD: [u8; 8] = *b"fLaC\x80\x00\x00\x22";

/// Writes frame by frame, and the stream's sizes and checksum at the end.
pub(super) struct FlacWriter {
    sink: BufWriter<File>,
    config: Verified<config::Encoder>,
    info: StreamInfo,
    context: Context,
    buffer: FrameBuf,
    quantiser: Quantiser,
    waiting: Vec<i32>,
    frames: u64,
    blocks: usize,
}

impl FlacWriter {
    pub(super) fn start(
        whole: &WholeFile,
        sink: BufWriter<File>,
        rate: u32,
        frames: u64,
    ) -> Result<Self, SoundFileError> {
        let config = config::Encoder::default().into_verified().map_err(|(_, error)| encoder(error))?;
        let mut info = StreamInfo::new(rate as usize, CHANNELS, BITS).map_err(encoder)?;
        info.set_block_sizes(BLOCK_FRAMES, BLOCK_FRAMES).map_err(encoder)?;
        let mut writer = Self {
            sink,
            config,
            info,
            context: Context::new(BITS, CHANNELS),
            buffer: FrameBuf::with_size(CHANNELS, BLOCK_FRAMES).map_err(encoder)?,
            quantiser: Quantiser::to_24_bits(),
            waiting: Vec::new(),
            frames,
            blocks: 0,
        };
        writer.write_head(whole)?;
        Ok(writer)
    }

    /// Writes what stands before the first frame.
    fn write_head(&mut self, whole: &WholeFile) -> Result<(), SoundFileError> {
        let mut head = ByteSink::new();
        let mut info = self.info.clone();
        info.set_total_samples(self.frames as usize);
        info.set_md5_digest(&self.context.md5_digest());
        info.write(&mut head).map_err(encoder)?;
        let bytes = [HEAD.as_slice(), head.as_slice()].concat();
        Ok(self.sink.write_all(&bytes).map_err(whole.refused())?)
    }

    fn write_block(&mut self, whole: &WholeFile, samples: &[i32]) -> Result<(), SoundFileError> {
        self.buffer.fill_interleaved(samples).map_err(encoder)?;
        self.context.fill_interleaved(samples).map_err(encoder)?;
        let frame = flacenc::encode_fixed_size_frame(&self.config, &self.buffer, self.blocks, &self.info)
            .map_err(encoder)?;
        self.blocks += 1;
        let mut bytes = ByteSink::new();
        frame.write(&mut bytes).map_err(encoder)?;
        Ok(self.sink.write_all(bytes.as_slice()).map_err(whole.refused())?)
    }
}

impl Encoder for FlacWriter {
    fn put(&mut self, whole: &WholeFile, samples: &[f32]) -> Result<(), SoundFileError> {
        self.waiting.extend(samples.iter().map(|&sample| self.quantiser.next(sample)));
        let waiting = std::mem::take(&mut self.waiting);
        let blocks = waiting.chunks_exact(BLOCK_FRAMES * CHANNELS);
        self.waiting = blocks.remainder().to_vec();
        for block in blocks {
            self.write_block(whole, block)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, whole: &WholeFile) -> Result<(), SoundFileError> {
        let rest = std::mem::take(&mut self.waiting);
        if !rest.is_empty() {
            self.write_block(whole, &rest)?;
        }
        self.sink.seek(SeekFrom::Start(0)).map_err(whole.refused())?;
        self.write_head(whole)?;
        Ok(self.sink.flush().map_err(whole.refused())?)
    }
}

fn encoder(error: impl std::fmt::Display) -> SoundFileError {
    SoundFileError::Encoder { format: "FLAC", reason: error.to_string() }
}
