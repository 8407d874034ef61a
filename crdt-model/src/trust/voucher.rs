//! Vouchers: a key's word that it made an actor's changes.

use score::id::{PlayerKey, SessionId};
use serde::{Deserialize, Serialize};

use super::{ActorId, ActorNonce, Chain, Identity, Signature, identity};

/// "This key made this actor's changes up to here." The newest voucher of an actor vouches for all of its earlier changes, so
/// one signature per actor is enough, however long the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voucher {
    /// The player's public key.
    pub key: PlayerKey,
    /// The nonce that, with the key, makes the actor.
    pub nonce: ActorNonce,
    /// The number of the newest change vouched for; the first is 1.
    pub seq: u64,
    /// The chain over the changes 1 to `seq`.
    pub chain: Chain,
    /// The key's signature.
    pub signature: Signature,
}

impl Voucher {
    /// Vouches with `identity` for the changes of its actor `nonce` up to `seq`.
    pub fn sign(identity: &Identity, session: &SessionId, nonce: ActorNonce, seq: u64, chain: Chain) -> Self {
        let key = identity.player();
        let signature = identity.sign(&message(session, &ActorId::derive(&key, &nonce), seq, &chain));
        Self { key, nonce, seq, chain, signature }
    }

    /// The actor this speaks for.
    pub fn actor(&self) -> ActorId {
        ActorId::derive(&self.key, &self.nonce)
    }

    /// Whether the signature is the key's own, for this session.
    pub fn verify(&self, session: &SessionId) -> bool {
        identity::verify(&self.key, &message(session, &self.actor(), self.seq, &self.chain), &self.signature)
    }
}

/// What is signed: `"offbeat voucher 1" || session || actor || seq as u64 LE || chain`.
fn message(session: &SessionId, actor: &ActorId, seq: u64, chain: &Chain) -> [u8; 89] {
    let mut message = [0; 89];
    message[..17].copy_from_slice(b"offbeat voucher 1");
    message[17..33].copy_from_slice(&session.0);
    message[33..49].copy_from_slice(&actor.0);
    message[49..57].copy_from_slice(&seq.to_le_bytes());
    message[57..].copy_from_slice(&chain.0);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voucher_holds_for_its_session_seq_and_chain_only() {
        let (identity, session, nonce) =
            (Identity::from_secret(&[1; 32]), SessionId([2; 16]), ActorNonce([3; 16]));
        let chain = Chain::start(&session, &ActorId::derive(&identity.player(), &nonce));
        let voucher = Voucher::sign(&identity, &session, nonce, 7, chain);
        assert!(voucher.verify(&session));
        assert!(!voucher.verify(&SessionId([9; 16])));
        assert!(!Voucher { seq: 8, ..voucher }.verify(&session));
        assert!(!Voucher { nonce: ActorNonce([4; 16]), ..voucher }.verify(&session));
        assert!(!Voucher { chain: Chain([0; 32]), ..voucher }.verify(&session));
        assert!(!Voucher { key: Identity::from_secret(&[5; 32]).player(), ..voucher }.verify(&session));
    }
}
