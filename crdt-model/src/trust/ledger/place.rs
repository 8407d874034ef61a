//! Where operations write: what the ledger remembers of each operation.

use crate::trust::ActorId;
use crate::trust::gate::OpKind;

/// Keys up to this length are hashed in one piece.
const MAX_SHORT_KEY_BYTES: usize = 40;

/// A hash of the map and the key that an operation writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place([u8; 15]);

impl Place {
    /// The place under `key` of the map that operation `counter` of `actor` made, or of the root.
    pub(super) fn new(object: Option<(ActorId, u64)>, key: &str) -> Self {
        let (actor, counter) = object.unwrap_or((ActorId([0; 16]), 0));
        // Short keys, which is all of them in a session, are hashed in one piece: twice as fast as in three.
        let mut written = [0; 24 + MAX_SHORT_KEY_BYTES];
        written[..16].copy_from_slice(&actor.0);
        written[16..24].copy_from_slice(&counter.to_le_bytes());
        let hash = match written.get_mut(24..24 + key.len()) {
            Some(end) => {
                end.copy_from_slice(key.as_bytes());
                blake3::hash(&written[..24 + key.len()])
            }
            None => blake3::Hasher::new().update(&written[..24]).update(key.as_bytes()).finalize(),
        };
        let mut place = [0; 15];
        place.copy_from_slice(&hash.as_bytes()[..15]);
        Self(place)
    }
}

/// What the ledger remembers of an operation: enough to tell whether another may refer to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpSlot {
    pub(super) kind: OpKind,
    pub(super) place: Place,
}
