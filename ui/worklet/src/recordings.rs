//! The recordings that a script hands over.

use std::sync::Arc;

use audio_engine::{MAX_SAMPLE_FRAMES, Sample, SampleData, Samples};
use score::SampleHash;

/// Most recordings that are kept: as many as there are tracks that may play one.
pub const MAX_RECORDINGS: usize = 16;

/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// Recordings by their hashes, and room for the next one.
#[derive(Debug, Default)]
pub(crate) struct Recordings {
    kept: Samples,
    room: Vec<f32>,
}

impl Recordings {
    /// Room for the samples of the next recording, channels alternating; as much as a recording may have at most.
    pub(crate) fn room(&mut self, samples: usize) -> &mut [f32] {
        self.room.clear();
        self.room.resize(samples.min(2 * MAX_SAMPLE_FRAMES), 0.0);
        &mut self.room
    }

    /// Keeps what was written into the room under the hash that begins the slot, with as many cuts (frames at which slices begin,
    /// `u32`, little-endian) as follow it there. All that are kept, or nothing when it is no recording or there are too many.
    pub(crate) fn keep(&mut self, channels: usize, slot: &[u8], cuts: usize) -> Option<Samples> {
        let (hash, rest) = slot.split_first_chunk::<HASH_BYTES>()?;
        let hash = SampleHash(*hash);
        if self.kept.len() >= MAX_RECORDINGS && !self.kept.contains_key(&hash) {
            return None;
        }
        let room = std::mem::take(&mut self.room);
        let data = Arc::new(SampleData::from_interleaved(&room, channels).ok()?);
        let cuts = rest.as_chunks::<4>().0.iter().take(cuts).map(|cut| u32::from_le_bytes(*cut).into());
        self.kept.insert(hash, Sample { data, cuts: cuts.collect() });
        Some(self.kept.clone())
    }

    /// Forgets all.
    pub(crate) fn forget(&mut self) -> Samples {
        self.kept.clear();
        Samples::new()
    }
}
