//! Equivocation: noticing it, proving it, and mending the document.

use automerge::AutoCommit;

use super::Admission;
use crate::trust::{ActorId, Branch, Equivocation, Lineage, Proof, Refusal};

impl Admission {
    /// Puts a proof into force that came from a link or the store. `None`: it was known.
    ///
    /// # Errors
    /// Why the proof does not hold, or [`Refusal::TooManyProofs`].
    pub fn admit_proof(
        &mut self,
        document: &mut AutoCommit,
        proof: Proof,
    ) -> Result<Option<Equivocation>, Refusal> {
        if self.forks.knows(&proof) {
            return Ok(None);
        }
        proof.verify(&self.session)?;
        self.forks.enter(proof.clone())?;
        let forks = std::mem::take(&mut self.forks);
        let loses = self.ledger.actor(&proof.actor()).is_some_and(|log| {
            let entries = log.changes.iter().map(|&index| self.ledger.entry(index));
            entries.into_iter().any(|entry| forks.drops(&log.id, entry.seq, &entry.hash))
        });
        let fell_out = if loses {
            self.rebuild(document, |actor, seq, hash| forks.drops(actor, seq, hash))
        } else {
            Vec::new()
        };
        self.forks = forks;
        Ok(Some(Equivocation { proof, fell_out, applied: Vec::new() }))
    }

    /// All hashes of an actor's changes here, with the voucher for them: what two peers exchange to find where the actor's
    /// branches part.
    pub fn lineage(&self, actor: &ActorId) -> Option<Lineage> {
        let log = self.ledger.actor(actor)?;
        let coverage = log.coverage.as_ref()?;
        let mut changes = self.ledger.hashes_from(log, 1);
        changes.extend(&coverage.beyond);
        Some(Lineage { changes, voucher: coverage.voucher })
    }

    /// Compares a peer's lineage of an actor with what is here, and puts the proof into force if they fork.
    ///
    /// # Errors
    /// Why the lineage does not hold.
    pub fn admit_lineage(
        &mut self,
        document: &mut AutoCommit,
        lineage: &Lineage,
    ) -> Result<Option<Equivocation>, Refusal> {
        lineage.verify(&self.session)?;
        let ours = self.lineage(&lineage.voucher.actor());
        match ours.and_then(|ours| ours.fork(lineage, &self.session)) {
            Some(proof) => self.admit_proof(document, proof),
            None => Ok(None),
        }
    }

    /// The proof that `theirs` forks off right before number `seq`, if that is where it does.
    pub(super) fn prove(&self, actor: &ActorId, seq: u64, theirs: Branch) -> Option<Proof> {
        let log = self.ledger.actor(actor)?;
        let coverage = log.coverage.as_ref()?;
        let before = self.ledger.chain_at(&self.session, log, seq - 1);
        if before.then_all(&theirs.changes) != theirs.voucher.chain {
            return None;
        }
        let mut changes = self.ledger.hashes_from(log, seq);
        changes.extend(&coverage.beyond);
        Some(Proof::new(seq, before, Branch { changes, voucher: coverage.voucher }, theirs))
    }
}
