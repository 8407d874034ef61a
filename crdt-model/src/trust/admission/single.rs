//! The live path: one record at a time.

use automerge::AutoCommit;

use super::Admission;
use crate::trust::gate::{self, ForeignChange};
use crate::trust::ledger::ActorLog;
use crate::trust::{Applied, Branch, Coverage, Outcome, Record, Refusal};

impl Admission {
    /// Takes a record from a link or the store. What it makes of it is the [`Outcome`]; the document changes only where that says so.
    pub fn admit(&mut self, document: &mut AutoCommit, record: Record) -> Outcome {
        match self.consider(document, record) {
            Ok(Step::Entered(applied)) => {
                let mut all = vec![*applied];
                self.admit_released(document, &mut all);
                Outcome::Applied(all)
            }
            Ok(Step::Waits) => Outcome::Waiting,
            Ok(Step::Known) => Outcome::AlreadyKnown,
            Ok(Step::Contradiction(outcome)) => *outcome,
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    /// Takes the changes that waited for the ones in `applied`, and the ones that waited for those.
    pub(super) fn admit_released(&mut self, document: &mut AutoCommit, applied: &mut Vec<Applied>) {
        let mut next = 0;
        while let Some(hash) = applied.get(next).map(|applied| applied.hash) {
            next += 1;
            for waiting in self.quarantine.release(&hash) {
                let known = self.ledger.actor(&waiting.change.writer()).map_or(0, ActorLog::seq);
                if waiting.change.seq <= known {
                    // Another line was taken in meanwhile. A proof made here would take changes out of the document unseen by
                    // the caller; the fork comes to light when the lines are compared.
                    continue;
                }
                // A released change that is refused or contradicts is dropped; its sender offers it again while catching up.
                if let Ok(Step::Entered(entered)) =
                    self.consider_vouched(document, waiting.change, waiting.record)
                {
                    applied.push(*entered);
                }
            }
        }
    }

    fn consider(&mut self, document: &mut AutoCommit, record: Record) -> Result<Step, Refusal> {
        let change = ForeignChange::parse(&record.change)?;
        if self.holds(&change.hash) || self.quarantine.contains(&change.hash) {
            return Ok(Step::Known);
        }
        if self.refused.contains(&change.hash) {
            return Err(Refusal::KnownRefused);
        }
        if record.voucher.actor() != change.writer() {
            return Err(Refusal::WrongActor);
        }
        if record.voucher.seq != change.seq {
            return Err(Refusal::WrongChain);
        }
        if !record.voucher.verify(&self.session) {
            return Err(Refusal::BadSignature);
        }
        self.consider_vouched(document, change, record)
    }

    /// Goes on with a change whose voucher is its key's own.
    fn consider_vouched(
        &mut self,
        document: &mut AutoCommit,
        change: ForeignChange,
        record: Record,
    ) -> Result<Step, Refusal> {
        let writer = change.writer();
        if self.forks.drops(&writer, change.seq, &change.hash) {
            return Err(self.refuse(change.hash, Refusal::Equivocated));
        }
        let known = self.ledger.actor(&writer).map_or(0, ActorLog::seq);
        if change.seq <= known {
            return Ok(Step::Contradiction(Box::new(self.contradicted(document, change, record))));
        }
        if change.seq == known + 1 && self.ledger.next_chain(&self.session, &change) != record.voucher.chain {
            return Ok(Step::Contradiction(Box::new(Outcome::Contradiction(writer))));
        }
        let missing = self.ledger.missing(&change);
        if missing.iter().any(|hash| self.refused.contains(hash)) {
            return Err(self.refuse(change.hash, Refusal::RefusedDependency));
        }
        if let Some(&dependency) = missing.first() {
            let waits = self.quarantine.insert(change, record, dependency);
            return if waits { Ok(Step::Waits) } else { Err(Refusal::QuarantineFull) };
        }
        self.enter(document, &change, record)
    }

    /// Answers a vouched change where the ledger holds another one of that number. If it is the one that stays, it enters.
    fn contradicted(&mut self, document: &mut AutoCommit, change: ForeignChange, record: Record) -> Outcome {
        let writer = change.writer();
        let branch = Branch { changes: vec![change.hash], voucher: record.voucher };
        let Some(proof) = self.prove(&writer, change.seq, branch) else {
            return Outcome::Contradiction(writer);
        };
        let mut equivocation = match self.admit_proof(document, proof) {
            Ok(Some(equivocation)) => equivocation,
            Ok(None) => return Outcome::Refused(Refusal::Equivocated),
            Err(refusal) => return Outcome::Refused(refusal),
        };
        if let Ok(Step::Entered(entered)) = self.consider_vouched(document, change, record) {
            equivocation.applied.push(*entered);
            self.admit_released(document, &mut equivocation.applied);
        }
        Outcome::Equivocation(Box::new(equivocation))
    }

    fn enter(
        &mut self,
        document: &mut AutoCommit,
        change: &ForeignChange,
        record: Record,
    ) -> Result<Step, Refusal> {
        let hash = change.hash;
        let (checked, loaded) = self.examine(change).map_err(|refusal| self.refuse(hash, refusal))?;
        if let Err(refusal) = gate::apply(document, vec![loaded]) {
            self.rewrite(document);
            return Err(self.refuse(hash, refusal));
        }
        self.ledger.enter(checked);
        if let Some(log) = self.ledger.actor_mut(&change.writer()) {
            log.coverage = Some(Coverage::from(record.voucher));
        }
        Ok(Step::Entered(Box::new(Applied { hash, actor: change.writer(), seq: change.seq, record })))
    }
}

/// What became of one change by itself.
enum Step {
    Entered(Box<Applied>),
    Waits,
    Known,
    Contradiction(Box<Outcome>),
}
