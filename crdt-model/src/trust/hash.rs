//! The hash that names a change.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The SHA-256 hash of a change, as Automerge computes it over the uncompressed chunk. Changes name their dependencies by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChangeHash(pub [u8; 32]);

impl From<automerge::ChangeHash> for ChangeHash {
    fn from(hash: automerge::ChangeHash) -> Self {
        Self(hash.0)
    }
}

impl From<ChangeHash> for automerge::ChangeHash {
    fn from(hash: ChangeHash) -> Self {
        Self(hash.0)
    }
}

impl fmt::Display for ChangeHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        data_encoding::HEXLOWER.encode(&self.0).fmt(out)
    }
}

impl fmt::Debug for ChangeHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ChangeHash({})", data_encoding::HEXLOWER.encode(&self.0[..8]))
    }
}
