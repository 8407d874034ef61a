//! The whole line of an actor's changes, by hash.

use score::id::SessionId;
use serde::{Deserialize, Serialize};

use super::limits::MAX_ACTOR_CHANGES;
use super::{Branch, Chain, ChangeHash, Proof, Refusal, Voucher};

/// The hashes of all changes of an actor up to a voucher. Two peers whose vouchers of an actor contradict each other exchange these; where they part is the
/// fork.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// The hashes of the actor's changes, from its first to the voucher's.
    pub changes: Vec<ChangeHash>,
    /// The voucher that covers them.
    pub voucher: Voucher,
}

impl Lineage {
    /// Checks that the voucher covers the hashes.
    ///
    /// # Errors
    /// [`Refusal::WrongChain`] or [`Refusal::BadSignature`].
    pub fn verify(&self, session: &SessionId) -> Result<(), Refusal> {
        let length = self.changes.len() as u64;
        let chain = Chain::start(session, &self.voucher.actor()).then_all(&self.changes);
        if length != self.voucher.seq || length > MAX_ACTOR_CHANGES || chain != self.voucher.chain {
            return Err(Refusal::WrongChain);
        }
        if self.voucher.verify(session) { Ok(()) } else { Err(Refusal::BadSignature) }
    }

    /// The proof of where two lineages of one actor part; `None` if one continues the other.
    pub(super) fn fork(&self, other: &Self, session: &SessionId) -> Option<Proof> {
        let shared = self.changes.iter().zip(&other.changes).take_while(|(one, other)| one == other).count();
        if self.voucher.actor() != other.voucher.actor()
            || shared == self.changes.len().min(other.changes.len())
        {
            return None;
        }
        let before = Chain::start(session, &self.voucher.actor()).then_all(&self.changes[..shared]);
        let branch = |line: &Self| Branch { changes: line.changes[shared..].to_vec(), voucher: line.voucher };
        Some(Proof::new(shared as u64 + 1, before, branch(self), branch(other)))
    }
}
