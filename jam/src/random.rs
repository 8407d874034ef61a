//! Randomness from a seed that the host passes in.

/// A stream of random bytes: BLAKE3's extendable output, keyed with the host's seed. As unpredictable as the seed.
#[derive(Clone, Debug)]
pub(crate) struct Random(blake3::OutputReader);

impl Random {
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        Self(blake3::Hasher::new_keyed(seed).update(b"offbeat jam 1").finalize_xof())
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }
}
