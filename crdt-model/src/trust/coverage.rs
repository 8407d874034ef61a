//! What vouches for an actor's changes at hand.

use serde::{Deserialize, Serialize};

use super::limits::MAX_ACTOR_CHANGES;
use super::{Chain, ChangeHash, Voucher};

/// A voucher, with the hashes it covers beyond the changes at hand.
///
/// `beyond` is empty unless changes of this actor fell out of the document with a losing branch: then it names those, so that
/// the voucher can still be checked against the changes that stayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The actor's newest voucher.
    pub voucher: Voucher,
    /// The hashes of the changes it covers after the ones at hand.
    pub beyond: Vec<ChangeHash>,
}

impl Coverage {
    /// Whether this covers a run of `seq` changes that ends in `chain`. The signature is not looked at.
    pub(super) fn reaches(&self, seq: u64, chain: Chain) -> bool {
        let end = seq.checked_add(self.beyond.len() as u64);
        end == Some(self.voucher.seq)
            && self.voucher.seq <= MAX_ACTOR_CHANGES
            && chain.then_all(&self.beyond) == self.voucher.chain
    }
}

impl From<Voucher> for Coverage {
    fn from(voucher: Voucher) -> Self {
        Self { voucher, beyond: Vec::new() }
    }
}
