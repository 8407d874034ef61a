//! Recordings in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use score::id::SampleHash;

use super::kernel;

/// Longest recording: 30 s at 48 kHz.
pub const MAX_SAMPLE_FRAMES: usize = 30 * 48_000;

/// Why frames are no recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// Not mono or stereo.
    #[error("a sample has 1 or 2 channels, not {0}")]
    Channels(usize),
    /// Nothing, or more than the engine keeps.
    #[error("a sample has 1 to {MAX_SAMPLE_FRAMES} frames (30 s at 48 kHz), not {0}")]
    Frames(usize),
}

/// A recording: 48,000 frames a second, mono or stereo.
pub struct SampleData {
    left: Box<[f32]>,
    /// `None` when both sides are alike.
    right: Option<Box<[f32]>>,
}

impl core::fmt::Debug for SampleData {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let stereo = self.right.is_some();
        out.debug_struct("SampleData")
            .field("frames", &self.frames())
            .field("stereo", &stereo)
            .finish_non_exhaustive()
    }
}

impl SampleData {
    /// A recording from frames whose channels alternate. Values past full scale are clamped to it, and what is not a number
    /// is silence; an incomplete frame at the end is dropped.
    ///
    /// Allocates, and computes the tables for pitching on first use: not for the audio thread.
    ///
    /// # Errors
    /// When there is no channel or more than two, no frame, or more than [`MAX_SAMPLE_FRAMES`].
    pub fn from_interleaved(samples: &[f32], channels: usize) -> Result<Self, SampleError> {
        if !(1..=2).contains(&channels) {
            return Err(SampleError::Channels(channels));
        }
        let frames = samples.len() / channels;
        if !(1..=MAX_SAMPLE_FRAMES).contains(&frames) {
            return Err(SampleError::Frames(frames));
        }
        kernel::prepare();
        let channel = |first: usize| -> Box<[f32]> {
            samples.chunks_exact(channels).map(|frame| bounded(frame[first])).collect()
        };
        Ok(Self { left: channel(0), right: (channels == 2).then(|| channel(1)) })
    }

    /// Length in frames.
    pub fn frames(&self) -> usize {
        self.left.len()
    }

    pub(super) fn left(&self) -> &[f32] {
        &self.left
    }

    /// The right channel, where it differs from the left one.
    pub(super) fn right(&self) -> Option<&[f32]> {
        self.right.as_deref()
    }
}

fn bounded(value: f32) -> f32 {
    if value.is_nan() { 0.0 } else { value.clamp(-1.0, 1.0) }
}

/// A recording as a session plays it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The recording.
    pub data: Arc<SampleData>,
    /// Where its slices begin: ascending frame numbers. Each slice ends where the next one begins.
    pub cuts: Arc<[u64]>,
}

/// The recordings at hand, by the hashes that programs name them by.
pub type Samples = BTreeMap<SampleHash, Sample>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_bounded_and_made_fit_to_play() {
        let data = SampleData::from_interleaved(&[0.5, -2.0, f32::NAN, f32::INFINITY, 0.1], 2).unwrap();
        assert_eq!((data.left(), data.right()), (&[0.5, 0.0][..], Some(&[-1.0, 1.0][..])));
        assert_eq!(SampleData::from_interleaved(&[0.0; 6], 3).unwrap_err(), SampleError::Channels(3));
        assert_eq!(SampleData::from_interleaved(&[0.0], 2).unwrap_err(), SampleError::Frames(0));
        let long = vec![0.0; MAX_SAMPLE_FRAMES + 1];
        assert!(SampleData::from_interleaved(&long, 1).is_err());
    }
}
