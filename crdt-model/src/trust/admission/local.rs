//! The player's own changes.

use automerge::AutoCommit;

use super::Admission;
use crate::trust::gate::ForeignChange;
use crate::trust::{ActorId, ActorNonce, Coverage, Identity, Record, Refusal, Voucher};

impl Admission {
    /// Vouches for a change that `identity` has just committed to the document as its actor `nonce`, and enters it into the ledger. The record
    /// goes to the store and to every link.
    ///
    /// # Errors
    /// What any other replica would refuse the change for; it must then be taken out of the document with
    /// [`forget_local`](Self::forget_local).
    pub fn vouch_local(
        &mut self,
        identity: &Identity,
        nonce: ActorNonce,
        mut change: automerge::Change,
    ) -> Result<Record, Refusal> {
        let bytes = change.bytes().into_owned();
        let foreign = ForeignChange::parse(&bytes)?;
        let writer = foreign.writer();
        if writer != ActorId::derive(&identity.player(), &nonce) {
            return Err(Refusal::WrongActor);
        }
        let checked = self.ledger.check(&self.session, &foreign)?;
        let chain = self.ledger.next_chain(&self.session, &foreign);
        let voucher = Voucher::sign(identity, &self.session, nonce, foreign.seq, chain);
        self.ledger.enter(checked);
        if let Some(log) = self.ledger.actor_mut(&writer) {
            log.coverage = Some(Coverage::from(voucher));
        }
        Ok(Record { change: bytes, voucher })
    }

    /// Takes a refused own change out of the document again, by writing the document anew from the ledger.
    pub fn forget_local(&mut self, document: &mut AutoCommit) {
        self.rewrite(document);
    }
}
