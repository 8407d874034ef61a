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
        self.state = self.state.wrapping_mul(FACTOR).wrapping_add(TERM);
        self.state as i32 as f32 * (1.0 / 2_147_483_648.0)
    }

    /// A chunk of it: every frame straight from the state, so that none waits for the one before.
    #[inline]
    pub(crate) fn block(&mut self) -> Block {
        let state = self.state;
        let at = |i: usize| state.wrapping_mul(LEAPS[i].0).wrapping_add(LEAPS[i].1);
        self.state = at(CHUNK - 1);
        std::array::from_fn(|i| at(i) as i32 as f32 * (1.0 / 2_147_483_648.0))
    }
}

const FACTOR: u32 = 1_664_525;
const TERM: u32 = 1_013_904_223;

/// Factor and term that take the generator one, two, three, … steps on.
const LEAPS: [(u32, u32); CHUNK] = {
    let mut leaps = [(FACTOR, TERM); CHUNK];
    let mut i = 1;
    while i < CHUNK {
        let (factor, term) = leaps[i - 1];
        leaps[i] = (factor.wrapping_mul(FACTOR), term.wrapping_mul(FACTOR).wrapping_add(TERM));
        i += 1;
    }
    leaps
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_its_samples() {
        let (mut one, mut other) = (Noise::seeded(7), Noise::seeded(7));
        for _ in 0..3 {
            for x in one.block() {
                assert_eq!(x.to_bits(), other.sample().to_bits());
            }
        }
    }

    #[test]
    fn it_is_white_enough() {
        let mut noise = Noise::seeded(1);
        let signal: Vec<f32> = (0..6_000).flat_map(|_| noise.block()).collect();
        let product = |lag: usize| {
            signal.iter().zip(&signal[lag..]).map(|(x, y)| f64::from(x * y)).sum::<f64>()
                / signal.len() as f64
        };
        assert!((product(0) - 1.0 / 3.0).abs() < 0.01);
        for lag in 1..64 {
            assert!(product(lag).abs() < 0.005, "lag {lag}: {}", product(lag));
        }
    }
}
