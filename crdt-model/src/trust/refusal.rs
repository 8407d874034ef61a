//! Why a change, voucher or document is refused.

use super::limits::{
    MAX_ACTOR_CHANGES, MAX_ACTORS, MAX_CHANGE_BYTES, MAX_CHANGE_OPS, MAX_DOCUMENT_BYTES, MAX_DOCUMENT_CHANGES,
};

/// Why foreign bytes did not enter the session. Every reason is a function of the bytes and of the change's ancestors alone, so
/// all honest replicas refuse the same changes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The voucher's signature is not its key's over this session, actor, seq and chain.
    #[error("the voucher's signature is not its key's: forged, or made for another session")]
    BadSignature,
    /// The change was written under an actor that its voucher's key and nonce do not make.
    #[error("the change's actor does not belong to the voucher's key")]
    WrongActor,
    /// The voucher speaks of other changes than the ones at hand.
    #[error("the voucher's chain does not cover this change")]
    WrongChain,
    /// The change skips changes of its actor.
    #[error("change {seq} of its actor came where {expected} was due")]
    Gap {
        /// The change's own number.
        seq: u64,
        /// The number that is next.
        expected: u64,
    },
    /// The change does not build on its actor's previous change.
    #[error("change {seq} does not build on its actor's previous change")]
    MissingPrevious {
        /// The change's number.
        seq: u64,
    },
    /// The operation counter does not follow from the dependencies.
    #[error("operations start at {start_op} where the dependencies say {expected}")]
    AbsurdStartOp {
        /// Where the change starts.
        start_op: u64,
        /// Where it has to start.
        expected: u64,
    },
    /// The change holds more operations than allowed.
    #[error("more than {MAX_CHANGE_OPS} operations in one change")]
    TooManyOps,
    /// The change, or what it inflates to, is too large.
    #[error("a change may take {MAX_CHANGE_BYTES} bytes once inflated")]
    TooLarge,
    /// The document, or what it inflates to, is too large.
    #[error(
        "a document may take {MAX_DOCUMENT_BYTES} bytes and {MAX_DOCUMENT_CHANGES} changes once inflated, and inflates to a few times its size"
    )]
    DocumentTooLarge,
    /// The bytes are not what they claim to be.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// The change uses a part of Automerge that sessions do not use.
    #[error("unsupported: {0}")]
    Unsupported(&'static str),
    /// An operation refers to an object or value that its ancestors do not hold.
    #[error("operation {op} refers to {what}, which the change's ancestors do not hold")]
    DanglingReference {
        /// The operation's index in the change.
        op: usize,
        /// What is missing.
        what: &'static str,
    },
    /// The change builds on one that was refused, or that lost to its twin.
    #[error("the change builds on a refused one")]
    RefusedDependency,
    /// The same change was refused before.
    #[error("this change was refused before")]
    KnownRefused,
    /// The change lost to another one of the same actor and number, by a known equivocation proof.
    #[error("the change lost to its twin: its actor wrote two changes with one number")]
    Equivocated,
    /// The actor has written as many changes as an actor may.
    #[error("an actor may write {MAX_ACTOR_CHANGES} changes: go on under another nonce")]
    ActorExhausted,
    /// The session holds as many actors as it may.
    #[error("a session may hold {MAX_ACTORS} actors")]
    TooManyActors,
    /// The change's dependencies are unknown and waiting space is taken by others.
    #[error("the change's dependencies are missing and no room is left to let it wait")]
    QuarantineFull,
    /// Changes without a voucher that covers them.
    #[error("no voucher covers change {seq} of its actor")]
    NoVoucher {
        /// The change's number.
        seq: u64,
    },
    /// The bytes made Automerge panic.
    #[error("the bytes break the document library")]
    Panicked,
    /// The bytes were refused by Automerge itself.
    #[error("the document library refuses the bytes")]
    Rejected,
    /// The proof does not show what it claims.
    #[error("the equivocation proof does not hold: {0}")]
    BadProof(&'static str),
    /// As many proofs are known as are remembered.
    #[error("too many equivocation proofs in this session")]
    TooManyProofs,
}
