//! Changes of others.

use automerge::Change;
use score::PlayerKey;

use super::{AuthoredPatches, Received, ReceivedBatch, ReceivedEquivocation, ReceivedRecord, Session};
use crate::history::message::Message;
use crate::trust::{
    Applied, Coverage, Equivocation, Have, Lineage, Missing, Outcome, Proof, Record, Refusal, WholeDocument,
};

/// Past this many changes at once the score is read anew; following each would take longer.
const MAX_CHANGES_FOLLOWED: usize = 2_048;

impl Session {
    /// Takes a change from a link.
    pub fn admit(&mut self, record: Record) -> ReceivedRecord {
        let rewrites = self.admission.rewrites();
        let outcome = self.admission.admit(&mut self.doc, record);
        let applied = match &outcome {
            Outcome::Applied(applied) => applied.as_slice(),
            Outcome::Equivocation(equivocation) => &equivocation.applied,
            _ => &[],
        };
        let patches = self.follow(applied, rewrites);
        Received { outcome, patches }
    }

    /// Takes many changes from a link, in any order, with what vouches for them.
    pub fn admit_batch(&mut self, changes: &[Vec<u8>], coverage: &[Coverage]) -> ReceivedBatch {
        let rewrites = self.admission.rewrites();
        let outcome = self.admission.admit_batch(&mut self.doc, changes, coverage);
        let patches = self.follow(&outcome.applied, rewrites);
        Received { outcome, patches }
    }

    /// Takes a whole session from a link into an empty replica.
    ///
    /// # Errors
    /// Why all of it is refused.
    pub fn admit_whole(&mut self, whole: &WholeDocument) -> Result<ReceivedBatch, Refusal> {
        let rewrites = self.admission.rewrites();
        let outcome = self.admission.admit_whole(&mut self.doc, whole)?;
        let patches = self.follow(&outcome.applied, rewrites);
        Ok(Received { outcome, patches })
    }

    /// Takes a proof from a link. `None`: it was known.
    ///
    /// # Errors
    /// Why it does not hold.
    pub fn admit_proof(&mut self, proof: Proof) -> Result<Option<ReceivedEquivocation>, Refusal> {
        let rewrites = self.admission.rewrites();
        let outcome = self.admission.admit_proof(&mut self.doc, proof)?;
        Ok(self.settled(outcome, rewrites))
    }

    /// Compares a peer's line of an actor's changes with the one here. `None`: they are one.
    ///
    /// # Errors
    /// Why it does not hold.
    pub fn admit_lineage(&mut self, lineage: &Lineage) -> Result<Option<ReceivedEquivocation>, Refusal> {
        let rewrites = self.admission.rewrites();
        let outcome = self.admission.admit_lineage(&mut self.doc, lineage)?;
        Ok(self.settled(outcome, rewrites))
    }

    fn settled(&mut self, outcome: Option<Equivocation>, rewrites: u64) -> Option<ReceivedEquivocation> {
        let equivocation = outcome?;
        let patches = self.follow(&equivocation.applied, rewrites);
        Some(ReceivedEquivocation { equivocation, patches })
    }

    /// Brings score and stacks up to date with changes that entered.
    fn follow(&mut self, applied: &[Applied], rewrites: u64) -> Vec<AuthoredPatches> {
        if self.admission.rewrites() != rewrites || applied.len() > MAX_CHANGES_FOLLOWED {
            let by = applied.last().map_or(self.me, |applied| applied.record.voucher.key);
            let reset = self.follower.reset(&self.doc);
            self.reread_stacks();
            return vec![AuthoredPatches { by, changes: vec![reset] }];
        }
        let mut patches: Vec<AuthoredPatches> = Vec::new();
        for run in applied.chunk_by(|a, b| a.record.voucher.key == b.record.voucher.key) {
            let by = run[0].record.voucher.key;
            let changes: Vec<Change> =
                run.iter().filter_map(|applied| Change::try_from(&applied.record.change[..]).ok()).collect();
            // Registers of maps that this run makes are left out by the index as it is; they are read with the map.
            let touched = changes.iter().flat_map(|change| self.follower.touched(change)).collect();
            let changed = self.follower.follow(&self.doc, &touched);
            self.note(by, run, &changes);
            if !changed.is_empty() {
                patches.push(AuthoredPatches { by, changes: changed });
            }
        }
        patches
    }

    /// Notes changes of this player that another of the player's machines made.
    fn note(&mut self, by: PlayerKey, run: &[Applied], changes: &[Change]) {
        if by != self.me {
            return;
        }
        for (applied, change) in run.iter().zip(changes) {
            self.own_actors.insert(applied.actor);
            self.stacks.note(applied.actor, applied.seq, applied.hash, Message::read(change.message()));
        }
    }

    /// What this replica has: what a peer needs to know in order to send what is missing.
    pub fn have(&self) -> Have {
        self.admission.have()
    }

    /// What a replica that has `have` lacks of what is here.
    pub fn missing(&self, have: &Have) -> Missing {
        self.admission.missing(have)
    }
}
