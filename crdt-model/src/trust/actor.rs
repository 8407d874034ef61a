//! Actors: one opening of one store by one process.

use core::fmt;

use score::id::PlayerKey;
use serde::{Deserialize, Serialize};

/// 128 random bits, drawn for the first edit after each opening of a store and never used again. So no backup, crash or
/// copied folder ever makes one actor write two different changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ActorNonce(pub [u8; 16]);

/// The writer of a linear run of changes: the first 16 bytes of `blake3(public key || nonce)`, used as the Automerge actor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ActorId(pub [u8; 16]);

impl ActorId {
    /// The actor of `player` for one `nonce`.
    pub fn derive(player: &PlayerKey, nonce: &ActorNonce) -> Self {
        let hash = blake3::Hasher::new().update(&player.0).update(&nonce.0).finalize();
        Self(super::first_16(&hash))
    }
}

impl From<ActorId> for automerge::ActorId {
    fn from(actor: ActorId) -> Self {
        Self::from(actor.0)
    }
}

impl TryFrom<&automerge::ActorId> for ActorId {
    /// The Automerge actor is not 16 bytes long.
    type Error = core::array::TryFromSliceError;

    fn try_from(actor: &automerge::ActorId) -> Result<Self, Self::Error> {
        actor.to_bytes().try_into().map(Self)
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        data_encoding::HEXLOWER.encode(&self.0).fmt(out)
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ActorId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_belongs_to_one_key_and_one_nonce() {
        let actor = ActorId::derive(&PlayerKey([1; 32]), &ActorNonce([2; 16]));
        assert_ne!(actor, ActorId::derive(&PlayerKey([3; 32]), &ActorNonce([2; 16])));
        assert_ne!(actor, ActorId::derive(&PlayerKey([1; 32]), &ActorNonce([3; 16])));
        assert_eq!(ActorId::try_from(&automerge::ActorId::from(actor)).unwrap(), actor);
    }
}
