//! The hashes of refused changes, so that nobody asks for them again.

use std::collections::{BTreeSet, VecDeque};

use super::ChangeHash;
use super::limits::MAX_REFUSED_HASHES;

/// The newest refused hashes, up to [`MAX_REFUSED_HASHES`]. Only changes that are wrong in themselves belong here: one that came with
/// a forged voucher may come again with a good one.
#[derive(Debug, Default)]
pub(super) struct RefusedHashes {
    known: BTreeSet<ChangeHash>,
    oldest_first: VecDeque<ChangeHash>,
}

impl RefusedHashes {
    pub(super) fn contains(&self, hash: &ChangeHash) -> bool {
        self.known.contains(hash)
    }

    /// Forgets hashes that were refused only for the company they came in.
    pub(super) fn forget(&mut self, hashes: &BTreeSet<ChangeHash>) {
        self.known.retain(|hash| !hashes.contains(hash));
        self.oldest_first.retain(|hash| !hashes.contains(hash));
    }

    pub(super) fn insert(&mut self, hash: ChangeHash) {
        if !self.known.insert(hash) {
            return;
        }
        self.oldest_first.push_back(hash);
        if self.oldest_first.len() > MAX_REFUSED_HASHES
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_hashes_are_forgotten_first() {
        let hash = |n: usize| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&n.to_le_bytes());
            ChangeHash(bytes)
        };
        let mut refused = RefusedHashes::default();
        (0..=MAX_REFUSED_HASHES).for_each(|n| refused.insert(hash(n)));
        assert!(!refused.contains(&hash(0)) && refused.contains(&hash(1)));
        assert_eq!(refused.known.len(), MAX_REFUSED_HASHES);
    }
}
