//! The forks that proofs have shown, and which side of each stays.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::{MAX_FORKED_CHANGES_PER_ACTOR, MAX_PROOFS};
use super::{ActorId, ChangeHash, Proof, ProofId, Refusal};

/// What the proofs held say about changes.
///
/// The verdict on a change follows from the *set* of proofs, never from their order, and only ever goes from kept to dropped. An
/// actor with more forked changes than are worth telling apart loses all it wrote: so nobody can make replicas rebuild
/// their documents without end.
#[derive(Debug, Default)]
pub(super) struct Forks {
    proofs: BTreeMap<ProofId, Proof>,
    forked: BTreeMap<ActorId, BTreeMap<u64, BTreeSet<ChangeHash>>>,
}

impl Forks {
    /// Whether the actor's change `hash` with number `seq` has no place in the document.
    pub(super) fn drops(&self, actor: &ActorId, seq: u64, hash: &ChangeHash) -> bool {
        let Some(forks) = self.forked.get(actor) else { return false };
        if is_closed(forks) {
            return true;
        }
        forks.get(&seq).and_then(BTreeSet::first).is_some_and(|kept| kept < hash)
    }

    /// Whether the actor has forked so often that all its changes are dropped.
    pub(super) fn has_closed(&self, actor: &ActorId) -> bool {
        self.forked.get(actor).is_some_and(is_closed)
    }

    /// Whether the proof, or all it could add, is known.
    pub(super) fn knows(&self, proof: &Proof) -> bool {
        self.proofs.contains_key(&proof.id()) || self.has_closed(&proof.actor())
    }

    /// Puts a verified proof in force.
    pub(super) fn enter(&mut self, proof: Proof) -> Result<(), Refusal> {
        if self.proofs.len() >= MAX_PROOFS {
            return Err(Refusal::TooManyProofs);
        }
        let hashes = self.forked.entry(proof.actor()).or_default().entry(proof.seq).or_default();
        hashes.extend(proof.forked().map(|(kept, dropped)| [kept, dropped]).into_iter().flatten());
        self.proofs.insert(proof.id(), proof);
        Ok(())
    }

    pub(super) fn proofs(&self) -> impl Iterator<Item = (&ProofId, &Proof)> {
        self.proofs.iter()
    }
}

fn is_closed(forks: &BTreeMap<u64, BTreeSet<ChangeHash>>) -> bool {
    forks.values().map(BTreeSet::len).sum::<usize>() > MAX_FORKED_CHANGES_PER_ACTOR
}
