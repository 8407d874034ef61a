//! Proof of a player's key on a carrier that does not know keys: a WebSocket.
//!
//! Between native peers QUIC's handshake proves both keys. On a WebSocket the server speaks first with a [`Challenge`]; the
//! browser replies with a [`ChallengeAnswer`]; what follows is the link.

use score::id::{PlayerKey, SessionId};
use serde::{Deserialize, Serialize};

use super::{Identity, SessionOrigin, Signature, verify};

/// What a server asks whoever opens a link to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Who asks, so that the answer is of no use to another server.
    pub server: PlayerKey,
    /// 256 random bits, drawn for this link alone.
    pub nonce: [u8; 32],
    /// Who founded the session, for somebody who knows its id alone; `None` where the server does not have it.
    pub origin: Option<SessionOrigin>,
}

/// Who opens the link, and the proof of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeAnswer {
    /// The player's key.
    pub player: PlayerKey,
    /// Over what [`Challenge::answer`] signs.
    pub signature: Signature,
}

impl Challenge {
    /// The answer of a player who opens a link to this session.
    pub fn answer(&self, identity: &Identity, session: SessionId) -> ChallengeAnswer {
        ChallengeAnswer { player: identity.player(), signature: identity.sign(&self.statement(session)) }
    }

    /// Whether the answer proves its player's key for a link to this session.
    pub fn admits(&self, session: SessionId, answer: &ChallengeAnswer) -> bool {
        verify(&answer.player, &self.statement(session), &answer.signature)
    }

    /// `"offbeat link" || server || session || nonce`, all of fixed length.
    fn statement(&self, session: SessionId) -> Vec<u8> {
        [b"offbeat link".as_slice(), &self.server.0, &session.0, &self.nonce].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_for_its_server_nonce_and_session_alone() {
        let ada = Identity::from_secret(&[1; 32]);
        let challenge = Challenge { server: PlayerKey([9; 32]), nonce: [7; 32], origin: None };
        let session = SessionId([3; 16]);
        let answer = challenge.answer(&ada, session);
        assert!(challenge.admits(session, &answer));
        assert!(!challenge.admits(SessionId([4; 16]), &answer));
        assert!(!Challenge { nonce: [8; 32], ..challenge }.admits(session, &answer));
        assert!(!Challenge { server: PlayerKey([8; 32]), ..challenge }.admits(session, &answer));
        let bob = Identity::from_secret(&[2; 32]).player();
        assert!(!challenge.admits(session, &ChallengeAnswer { player: bob, ..answer }));
    }
}
