//! Every bound of the trust layer, in one place.

/// The largest change, compressed or inflated, with the text of its keys written out for each operation: 1 MiB.
pub const MAX_CHANGE_BYTES: usize = 1 << 20;
/// The largest whole document, compressed or inflated: 64 MiB.
pub const MAX_DOCUMENT_BYTES: usize = 64 << 20;
/// The most operations in one change.
pub const MAX_CHANGE_OPS: usize = 32_768;
/// The most predecessors that the operations of one change name together.
pub const MAX_CHANGE_PREDECESSORS: usize = 4 * MAX_CHANGE_OPS;
/// The most dependencies of one change. A change by an honest player depends on all heads it saw.
pub const MAX_CHANGE_DEPENDENCIES: usize = 1_024;
/// The longest message of a change, in bytes.
pub const MAX_CHANGE_MESSAGE_BYTES: usize = 4_096;
/// The most changes in a whole document taken at once; a longer history is caught up with in batches.
pub const MAX_DOCUMENT_CHANGES: usize = 1 << 20;
/// The most actors in a session.
pub const MAX_ACTORS: usize = 16_384;
/// The most changes of one actor: past it, a player opens another. It bounds what an equivocation proof can weigh.
pub const MAX_ACTOR_CHANGES: u64 = 1 << 17;
/// The most changes that wait for their dependencies.
pub const MAX_QUARANTINED_CHANGES: usize = 1_024;
/// The most bytes of changes that wait for their dependencies: 4 MiB.
pub const MAX_QUARANTINED_BYTES: usize = 4 << 20;
/// The most hashes of refused changes remembered.
pub const MAX_REFUSED_HASHES: usize = 4_096;
/// The most bytes of changes in one catching-up batch: below a frame of the wire.
pub const MAX_BATCH_BYTES: usize = 768 << 10;
/// The most bytes that one link may stage while catching up: 64 MiB.
pub const MAX_STAGED_BYTES: usize = 64 << 20;
/// The most forked changes of one actor that are told apart; an actor with more loses all its changes.
pub const MAX_FORKED_CHANGES_PER_ACTOR: usize = 16;
/// The most equivocation proofs remembered in one session.
pub const MAX_PROOFS: usize = 4_096;
/// The highest operation counter Automerge can hold.
pub const MAX_OP_COUNTER: u64 = u32::MAX as u64;
