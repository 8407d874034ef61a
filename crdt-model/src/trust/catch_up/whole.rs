//! A whole session for a replica that holds nothing.

use std::collections::BTreeMap;

use automerge::AutoCommit;
use serde::{Deserialize, Serialize};

use super::pack::{Packed, pack};
use super::unpack::Unpacker;
use crate::trust::gate::{self, ForeignChange, inflate};
use crate::trust::limits::{MAX_ACTORS, MAX_DOCUMENT_BYTES, MAX_DOCUMENT_CHANGES, MAX_PROOFS};
use crate::trust::{ActorId, Admission, BatchOutcome, Chain, ChangeHash, Coverage, Proof, Refusal};

/// The whole history of a session, with what vouches for it.
///
/// It is not an Automerge document chunk. Loading one of those expands columns and rebuilds every change before anything in it can be
/// checked; this is checked against its vouchers, change by change, before Automerge sees any of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeDocument {
    /// All changes, packed.
    pub history: Vec<u8>,
    /// What vouches for each actor's changes.
    pub coverage: Vec<Coverage>,
    /// The equivocation proofs in force.
    pub proofs: Vec<Proof>,
}

/// How much a packed history may turn into.
#[derive(Clone, Copy, Debug)]
struct Room {
    /// Bytes of the inflated stream.
    inflated: usize,
    changes: usize,
}

impl Room {
    /// For what this machine has stored itself.
    const FOR_OWN: Self = Self { inflated: MAX_DOCUMENT_BYTES, changes: MAX_DOCUMENT_CHANGES };

    /// For what somebody sent, by the size of what came. An honest history deflates to about a quarter and takes about 8 bytes a
    /// change; one that is more repetitive than this allows is caught up with in batches.
    fn for_strangers(packed: usize) -> Self {
        Self {
            inflated: packed.saturating_mul(16).saturating_add(512 << 10).min(MAX_DOCUMENT_BYTES),
            changes: (packed / 4 + 4_096).min(MAX_DOCUMENT_CHANGES),
        }
    }
}

impl WholeDocument {
    /// The packed history, if it fits.
    fn inflate(&self, room: Room) -> Result<Vec<u8>, Refusal> {
        if self.coverage.len() > MAX_ACTORS
            || self.proofs.len() > MAX_PROOFS
            || self.history.len() > MAX_DOCUMENT_BYTES
        {
            return Err(Refusal::DocumentTooLarge);
        }
        inflate(&self.history, room.inflated).map_err(|refusal| match refusal {
            Refusal::TooLarge => Refusal::DocumentTooLarge,
            other => other,
        })
    }
}

impl Admission {
    /// Everything this replica holds, in one piece, for this machine's own store.
    pub fn whole(&self) -> WholeDocument {
        self.whole_of(pack(self.ledger()).bytes)
    }

    /// Everything this replica holds, in one piece that others take. `None` where the history repeats itself so much that they would
    /// not: it is caught up with in batches.
    pub fn whole_for_others(&self) -> Option<WholeDocument> {
        let Packed { bytes, inflated } = pack(self.ledger());
        let room = Room::for_strangers(bytes.len());
        (inflated <= room.inflated && self.len() <= room.changes).then(|| self.whole_of(bytes))
    }

    fn whole_of(&self, history: Vec<u8>) -> WholeDocument {
        let coverage = self.ledger().actors().iter().filter_map(|log| log.coverage.clone()).collect();
        WholeDocument { history, coverage, proofs: self.proofs().cloned().collect() }
    }

    /// Takes a whole session that somebody sent into an empty replica.
    ///
    /// # Errors
    /// Why all of it is refused: this replica holds changes already, the bytes are malformed or too large, or a voucher does
    /// not cover its actor's changes.
    pub fn admit_whole(
        &mut self,
        document: &mut AutoCommit,
        whole: &WholeDocument,
    ) -> Result<BatchOutcome, Refusal> {
        self.take_whole(document, whole, Room::for_strangers(whole.history.len()))
    }

    /// Takes a whole session that this machine has stored itself into an empty replica.
    ///
    /// # Errors
    /// As for [`Admission::admit_whole`], but whatever [`Admission::whole`] wrote has room.
    pub fn admit_own_whole(
        &mut self,
        document: &mut AutoCommit,
        whole: &WholeDocument,
    ) -> Result<BatchOutcome, Refusal> {
        self.take_whole(document, whole, Room::FOR_OWN)
    }

    fn take_whole(
        &mut self,
        document: &mut AutoCommit,
        whole: &WholeDocument,
        room: Room,
    ) -> Result<BatchOutcome, Refusal> {
        if !self.is_empty() {
            return Err(Refusal::Unsupported("a whole document for a replica that holds changes"));
        }
        let inflated = whole.inflate(room)?;
        self.check_chains(&inflated, room.changes, &whole.coverage)?;
        for proof in &whole.proofs {
            self.admit_proof(document, proof.clone())?;
        }
        let mut unpacker = Unpacker::new(&inflated, room.changes);
        let changes = std::iter::from_fn(|| unpacker.next().transpose())
            .map(|unpacked| unpacked.and_then(|change| ForeignChange::parse_body(change.hash, change.body)));
        Ok(self.admit_changes(document, changes, &whole.coverage))
    }

    /// Takes a whole session that this machine has stored itself back into an empty replica, together with the Automerge document
    /// that it amounts to. Every change and voucher is checked as ever, but none is applied again, which is most of the work.
    ///
    /// # Errors
    /// When the two do not belong together or are damaged; all is then as if nothing had been tried.
    pub fn restore_whole(
        &mut self,
        document: &mut AutoCommit,
        whole: &WholeDocument,
        saved: &[u8],
    ) -> Result<(), Refusal> {
        if !self.is_empty() {
            return Err(Refusal::Unsupported("a whole document for a replica that holds changes"));
        }
        let loaded =
            self.take_back(document, whole, saved).inspect_err(|_| *self = Self::new(*self.session()))?;
        *document = loaded.with_actor(document.get_actor().clone());
        Ok(())
    }

    fn take_back(
        &mut self,
        document: &mut AutoCommit,
        whole: &WholeDocument,
        saved: &[u8],
    ) -> Result<AutoCommit, Refusal> {
        let inflated = whole.inflate(Room::FOR_OWN)?;
        for proof in &whole.proofs {
            self.admit_proof(document, proof.clone())?;
        }
        let mut unpacker = Unpacker::new(&inflated, Room::FOR_OWN.changes);
        while let Some(unpacked) = unpacker.next()? {
            self.reenter(&ForeignChange::parse_body(unpacked.hash, unpacked.body)?)?;
        }
        self.cover_reentered(&whole.coverage)?;
        let mut loaded = gate::load_own_document(saved)?;
        let mut heads: Vec<ChangeHash> = loaded.get_heads().into_iter().map(ChangeHash::from).collect();
        heads.sort_unstable();
        if heads == self.heads() { Ok(loaded) } else { Err(Refusal::Rejected) }
    }

    /// Checks that vouchers cover all changes of a history, holding no more than their hashes.
    fn check_chains(
        &self,
        inflated: &[u8],
        max_changes: usize,
        coverage: &[Coverage],
    ) -> Result<(), Refusal> {
        let mut chains: BTreeMap<ActorId, (u64, Chain)> = BTreeMap::new();
        let mut unpacker = Unpacker::new(inflated, max_changes);
        while let Some(change) = unpacker.next()? {
            let start = || (0, Chain::start(self.session(), &change.actor));
            let (seq, chain) = chains.entry(change.actor).or_insert_with(start);
            (*seq, *chain) = (*seq + 1, chain.then(&change.hash));
        }
        let coverage: BTreeMap<ActorId, &Coverage> =
            coverage.iter().map(|coverage| (coverage.voucher.actor(), coverage)).collect();
        for (actor, (seq, chain)) in chains {
            let coverage = coverage.get(&actor).ok_or(Refusal::NoVoucher { seq })?;
            if !coverage.reaches(seq, chain) {
                return Err(Refusal::WrongChain);
            }
            if !coverage.voucher.verify(self.session()) {
                return Err(Refusal::BadSignature);
            }
        }
        Ok(())
    }
}
