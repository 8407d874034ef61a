//! What became of a change that was handed to admission.

use super::{ActorId, ChangeHash, Proof, Record, Refusal};

/// What became of a record handed to [`Admission::admit`](super::Admission::admit).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The change entered the document, and with it others that had waited for it; in causal order.
    Applied(Vec<Applied>),
    /// Dependencies are missing; the change waits in the quarantine until they come.
    Waiting,
    /// The document holds the change already.
    AlreadyKnown,
    /// The change stays out.
    Refused(Refusal),
    /// The change shows that its actor wrote two changes with one number. The proof is in force and is to be sent on; the
    /// document may have been rebuilt.
    Equivocation(Box<Equivocation>),
    /// The voucher contradicts what is known of this actor, but where its changes fork cannot be seen from this record. Send the
    /// peer our [`Lineage`](super::Lineage) of the actor and ask for theirs.
    Contradiction(ActorId),
}

/// A change that entered the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The change's hash.
    pub hash: ChangeHash,
    /// The actor that wrote it.
    pub actor: ActorId,
    /// Its number among the actor's changes.
    pub seq: u64,
    /// The change and its voucher, to store and to send on.
    pub record: Record,
}

/// What a new equivocation proof did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivocation {
    /// The proof: store it and send it on.
    pub proof: Proof,
    /// The changes that fell out of the document, in causal order: the losing branch and all that was built on it. Players
    /// whose changes are among them issue those edits again, under another nonce.
    pub fell_out: Vec<FellOut>,
    /// Changes that entered the document together with the proof.
    pub applied: Vec<Applied>,
}

/// A change that fell out of the document with a losing branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FellOut {
    /// The change's hash.
    pub hash: ChangeHash,
    /// The actor that wrote it.
    pub actor: ActorId,
    /// Its number among the actor's changes.
    pub seq: u64,
    /// The Automerge change chunk.
    pub change: Vec<u8>,
}
