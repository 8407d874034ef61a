//! White noise from a seed.

use super::{Block, CHUNK};

/// A linear congruential generator (the constants of *Numerical Recipes*): cheap, seeded, the same everywhere. The
/// sign and the top bits, which are the good ones, become the sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise {
    state: u32,
}

impl Noise {
    /// A generator; unlike seeds give unlike noise.
    pub(crate) fn seeded(seed: u64) -> Self {
        let mixed = (seed ^ (seed >> 31)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self { state: (mixed >> 32) as u32 ^ 0x5bd1_e995 }
    }

    /// The next sample, evenly spread from -1 to 1.
    #[inline]
    pub(crate) fn sample(&mut self) -> f32 {
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.state as i32 as f32 * (1.0 / 2_147_483_648.0)
    }

    /// A chunk of it.
    #[inline]
    pub(crate) fn block(&mut self) -> Block {
        let mut out = [0.0; CHUNK];
        for sample in &mut out {
            *sample = self.sample();
        }
        out
    }
}
