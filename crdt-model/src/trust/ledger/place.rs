//! Where operations write: what the ledger remembers of each operation.

use crate::trust::ActorId;
use crate::trust::gate::OpKind;

/// A hash of the map and the key that an operation writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place([u8; 15]);

impl Place {
    /// The place under `key` of the map that operation `counter` of `actor` made, or of the root.
    pub(super) fn new(object: Option<(ActorId, u64)>, key: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        let (actor, counter) = object.unwrap_or((ActorId([0; 16]), 0));
        hasher.update(&actor.0).update(&counter.to_le_bytes()).update(key.as_bytes());
        let mut place = [0; 15];
        place.copy_from_slice(&hasher.finalize().as_bytes()[..15]);
        Self(place)
    }
}

/// What the ledger remembers of an operation: enough to tell whether another may refer to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpSlot {
    pub(super) kind: OpKind,
    pub(super) place: Place,
}
