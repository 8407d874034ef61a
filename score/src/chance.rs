//! Chance that every machine agrees on: hashes of where a note stands, in place of random numbers.
//!
//! A moment of a pattern is named by (session seed, track id, step, loop count). Its hash decides whether a step with a
//! chance plays, and seeds the noise of its notes. The hash is part of the format: another one would change how stored
//! sessions sound, so its values are held by a test.
//!
//! Each word is folded in by adding an odd constant's multiple and then applying the 64-bit finaliser "Mix13" that David
//! Stafford found and `SplitMix64` (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014) uses.

use crate::id::TrackId;

/// 2^64 divided by the golden ratio, odd: the increment of `SplitMix64`.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of a sequence of words; the order counts.
pub fn hash(words: &[u64]) -> u64 {
    words.iter().fold(GOLDEN, |state, &word| mix(state.wrapping_mul(GOLDEN).wrapping_add(word)))
}

const fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// The hash of one step in one loop of its pattern.
pub fn moment_hash(seed: u64, track: TrackId, step: u16, loop_count: u64) -> u64 {
    let mut id = [0; 8];
    id.copy_from_slice(track.as_str().as_bytes());
    hash(&[seed, u64::from_le_bytes(id), u64::from(step), loop_count])
}

/// The seed of one note of a moment: a chord's notes and a ratchet's repetitions differ.
pub fn note_seed(moment: u64, repetition: u8, pitch: i8) -> u64 {
    hash(&[moment, u64::from(repetition), u64::from(pitch as u8)])
}

/// Whether something with a chance of `percent` happens at a hash: never at 0, always from 100 on.
pub const fn happens(hash: u64, percent: u8) -> bool {
    ((hash >> 32) * 100) >> 32 < percent as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_never_changes() {
        let track: TrackId = "abcdefgh".parse().unwrap();
        assert_eq!(hash(&[]), 0x9e37_79b9_7f4a_7c15);
        assert_eq!(hash(&[0]), GOLDEN_HASHES[0]);
        assert_eq!(hash(&[1, 2, 3]), GOLDEN_HASHES[1]);
        assert_eq!(moment_hash(42, track, 7, 3), GOLDEN_HASHES[2]);
        assert_eq!(note_seed(moment_hash(42, track, 7, 3), 1, -5), GOLDEN_HASHES[3]);
    }

    const GOLDEN_HASHES: [u64; 4] =
        [0x5196_65bf_9141_6c4d, 0x15c7_b68e_367b_d387, 0xc753_98ac_39ea_2bfd, 0x020a_99ff_e8ae_760b];

    #[test]
    fn a_chance_is_met_as_often_as_it_says() {
        let track = TrackId::from_random(9);
        for percent in [0_u8, 1, 25, 50, 99, 100] {
            let count = (0..10_000).filter(|&n| happens(moment_hash(1, track, 4, n), percent)).count();
            assert!(count.abs_diff(usize::from(percent) * 100) < 200, "{percent} %: {count} of 10,000");
        }
        assert!(!happens(0, 0) && happens(u64::MAX, 100));
    }

    #[test]
    fn every_part_of_a_moment_counts() {
        let (one, other) = (TrackId::from_random(1), TrackId::from_random(2));
        let hashes = [
            moment_hash(1, one, 1, 1),
            moment_hash(2, one, 1, 1),
            moment_hash(1, other, 1, 1),
            moment_hash(1, one, 2, 1),
            moment_hash(1, one, 1, 2),
        ];
        for (at, hash) in hashes.iter().enumerate() {
            assert!(!hashes[at + 1..].contains(hash));
        }
    }
}
