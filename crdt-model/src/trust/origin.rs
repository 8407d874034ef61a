//! Where a session comes from: its founder, and how its id follows from that.

use score::id::{PlayerKey, SessionId};
use serde::{Deserialize, Serialize};

/// A session's founder and the nonce it was founded with. The session's id is a hash of the two, so whoever has the id can
/// check a claim about who founded it, without any registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionOrigin {
    /// The founder's public key.
    pub founder: PlayerKey,
    /// 128 random bits, drawn once when the session is founded.
    pub nonce: [u8; 16],
}

impl SessionOrigin {
    /// The session's id: the first 16 bytes of `blake3("offbeat session" || founder || nonce)`.
    pub fn id(&self) -> SessionId {
        let hash = blake3::Hasher::new()
            .update(b"offbeat session")
            .update(&self.founder.0)
            .update(&self.nonce)
            .finalize();
        SessionId(super::first_16(&hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_depends_on_founder_and_nonce() {
        let origin = SessionOrigin { founder: PlayerKey([1; 32]), nonce: [2; 16] };
        assert_eq!(origin.id(), origin.id());
        assert_ne!(origin.id(), SessionOrigin { founder: PlayerKey([3; 32]), ..origin }.id());
        assert_ne!(origin.id(), SessionOrigin { nonce: [3; 16], ..origin }.id());
    }
}
