//! Opening a session again from its store.

use std::collections::{BTreeMap, BTreeSet};

use automerge::AutoCommit;

use super::{Admission, BatchOutcome};
use crate::trust::gate::ForeignChange;
use crate::trust::{ActorId, Coverage, Proof, Record, Refusal};

impl Admission {
    /// Enters what this player's own store holds: all records ever stored, in any order, with the proofs and the coverage that were stored with
    /// them. Changes that fell out by a proof stay out again.
    ///
    /// Every change is checked as a stranger's would be, but an actor's changes enter even if the voucher that covers them was lost
    /// with the store's tail: they are handed on again as soon as a voucher comes that does.
    ///
    /// # Errors
    /// Why a stored proof does not hold.
    pub fn restore(
        &mut self,
        document: &mut AutoCommit,
        records: &[Record],
        coverage: &[Coverage],
        proofs: &[Proof],
    ) -> Result<BatchOutcome, Refusal> {
        for proof in proofs {
            self.admit_proof(document, proof.clone())?;
        }
        let mut outcome = BatchOutcome::default();
        let mut seen = BTreeSet::new();
        let mut changes = Vec::with_capacity(records.len());
        for record in records {
            match ForeignChange::parse(&record.change) {
                Ok(change) if !self.holds(&change.hash) && seen.insert(change.hash) => changes.push(change),
                Ok(_) => {}
                Err(refusal) => outcome.refused.push((None, refusal)),
            }
        }
        let first = self.len() as u32;
        self.enter_all(document, changes, &mut outcome);
        self.cover_restored(records, coverage);
        let entered = first..self.len() as u32;
        outcome.applied.extend(entered.filter_map(|index| self.applied(index)));
        Ok(outcome)
    }

    /// Finds for each actor a stored voucher that covers just what is here of its changes.
    fn cover_restored(&mut self, records: &[Record], coverage: &[Coverage]) {
        let mut found: BTreeMap<ActorId, Coverage> = BTreeMap::new();
        let stored =
            records.iter().map(|record| Coverage::from(record.voucher)).chain(coverage.iter().cloned());
        for coverage in stored {
            let actor = coverage.voucher.actor();
            let reaches = self.position(&actor).is_some_and(|(seq, chain)| coverage.reaches(seq, chain));
            if reaches && !found.contains_key(&actor) && coverage.voucher.verify(&self.session) {
                found.insert(actor, coverage);
            }
        }
        for (actor, coverage) in found {
            if let Some(log) = self.ledger.actor_mut(&actor) {
                log.coverage = Some(coverage);
            }
        }
    }
}
