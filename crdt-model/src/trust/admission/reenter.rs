//! Taking back a document that this machine saved, without applying its changes again.

use super::Admission;
use crate::trust::gate::ForeignChange;
use crate::trust::{Coverage, Refusal};

impl Admission {
    /// Enters a change that the document to be taken back holds already. It is checked as ever.
    pub(in crate::trust) fn reenter(&mut self, change: &ForeignChange) -> Result<(), Refusal> {
        if self.forks.drops(&change.writer(), change.seq, &change.hash) {
            return Err(Refusal::Equivocated);
        }
        let checked = self.ledger.check(&self.session, change)?;
        self.ledger.enter(checked);
        Ok(())
    }

    /// Keeps what vouches for the changes here, which must be all of them and no others.
    pub(in crate::trust) fn cover_reentered(&mut self, coverage: &[Coverage]) -> Result<(), Refusal> {
        for coverage in coverage {
            let actor = coverage.voucher.actor();
            if !self.position(&actor).is_some_and(|(seq, chain)| coverage.reaches(seq, chain)) {
                return Err(Refusal::WrongChain);
            }
            if !coverage.voucher.verify(&self.session) {
                return Err(Refusal::BadSignature);
            }
            if let Some(log) = self.ledger.actor_mut(&actor) {
                log.coverage = Some(coverage.clone());
            }
        }
        let bare = self.ledger.actors().iter().find(|log| log.coverage.is_none());
        bare.map_or(Ok(()), |log| Err(Refusal::NoVoucher { seq: log.seq() }))
    }
}
