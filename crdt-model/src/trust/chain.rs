//! The hash chain over an actor's changes.

use core::fmt;

use score::id::SessionId;
use serde::{Deserialize, Serialize};

use super::{ActorId, ChangeHash};

/// A hash over all changes of one actor up to some seq, in order. Whoever signs it vouches for every one of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Chain(pub [u8; 32]);

impl Chain {
    /// The chain before an actor's first change: `blake3("offbeat chain 1" || session || actor)`.
    pub fn start(session: &SessionId, actor: &ActorId) -> Self {
        let hash =
            blake3::Hasher::new().update(b"offbeat chain 1").update(&session.0).update(&actor.0).finalize();
        Self(hash.into())
    }

    /// The chain after one more change: `blake3(chain || hash of the change)`.
    #[must_use]
    pub fn then(&self, change: &ChangeHash) -> Self {
        Self(blake3::Hasher::new().update(&self.0).update(&change.0).finalize().into())
    }

    /// The chain after several more changes.
    #[must_use]
    pub fn then_all<'a>(self, changes: impl IntoIterator<Item = &'a ChangeHash>) -> Self {
        changes.into_iter().fold(self, |chain, change| chain.then(change))
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Chain({}…)", data_encoding::HEXLOWER.encode(&self.0[..8]))
    }
}
