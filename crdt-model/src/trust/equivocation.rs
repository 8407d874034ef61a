//! Equivocation: one actor, one number, two changes; and the proof of it that anyone can check.

use score::id::SessionId;
use serde::{Deserialize, Serialize};

use super::limits::MAX_ACTOR_CHANGES;
use super::{ActorId, Chain, ChangeHash, Refusal, Voucher};

/// Proof that an actor wrote two different changes with one number.
///
/// A voucher signs a chain of hashes, so a voucher and the hashes from the fork up to the voucher's own seq show what the
/// key put at the fork, whichever later change the voucher was made for. The changes themselves are not needed: which branch
/// stays follows from the two hashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The number both forked changes have.
    pub seq: u64,
    /// The chain both branches share before the fork.
    pub before: Chain,
    /// The branch whose forked change has the smaller hash: it stays.
    pub kept: Branch,
    /// The other one.
    pub dropped: Branch,
}

/// One side of a fork.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The hashes of the actor's changes from the forked one up to the voucher's.
    pub changes: Vec<ChangeHash>,
    /// A voucher that covers them.
    pub voucher: Voucher,
}

impl Branch {
    /// The forked change.
    pub fn forked(&self) -> Option<ChangeHash> {
        self.changes.first().copied()
    }

    fn verify(&self, session: &SessionId, seq: u64, before: &Chain) -> Result<(), Refusal> {
        let length = self.changes.len() as u64;
        if length == 0
            || self.voucher.seq > MAX_ACTOR_CHANGES
            || seq.checked_add(length - 1) != Some(self.voucher.seq)
        {
            return Err(Refusal::BadProof("a branch must reach from the fork to its voucher"));
        }
        if before.then_all(&self.changes) != self.voucher.chain {
            return Err(Refusal::BadProof("a voucher does not cover its branch"));
        }
        if self.voucher.verify(session) { Ok(()) } else { Err(Refusal::BadSignature) }
    }
}

impl Proof {
    /// Puts two branches of one actor that fork at `seq` in order. Nothing is checked; see [`Proof::verify`].
    pub fn new(seq: u64, before: Chain, one: Branch, other: Branch) -> Self {
        let (kept, dropped) = if one.forked() <= other.forked() { (one, other) } else { (other, one) };
        Self { seq, before, kept, dropped }
    }

    /// The actor that equivocated.
    pub fn actor(&self) -> ActorId {
        self.kept.voucher.actor()
    }

    /// The forked changes: the one that stays, and the one that is dropped.
    pub fn forked(&self) -> Option<(ChangeHash, ChangeHash)> {
        self.kept.forked().zip(self.dropped.forked())
    }

    /// Names what the proof proves: two proofs about the same two changes have one id, whatever their evidence.
    pub fn id(&self) -> ProofId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"offbeat fork 1").update(&self.actor().0).update(&self.seq.to_le_bytes());
        for hash in [self.kept.forked(), self.dropped.forked()].into_iter().flatten() {
            hasher.update(&hash.0);
        }
        ProofId(super::first_16(&hasher.finalize()))
    }

    /// Checks that the proof shows what it claims, for this session.
    ///
    /// # Errors
    /// [`Refusal::BadProof`] or [`Refusal::BadSignature`].
    pub fn verify(&self, session: &SessionId) -> Result<(), Refusal> {
        if (self.kept.voucher.key, self.kept.voucher.nonce)
            != (self.dropped.voucher.key, self.dropped.voucher.nonce)
        {
            return Err(Refusal::BadProof("the branches are of two actors"));
        }
        if self.seq == 0 || self.kept.forked() >= self.dropped.forked() {
            return Err(Refusal::BadProof("the branches must differ, the smaller hash first"));
        }
        self.kept.verify(session, self.seq, &self.before)?;
        self.dropped.verify(session, self.seq, &self.before)
    }
}

/// Names a fork: which actor, where, and between which two changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProofId(pub [u8; 16]);
