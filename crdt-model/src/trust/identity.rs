//! A player's key pair, and signatures made with it.

use core::fmt;

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use score::id::PlayerKey;
use serde::{Deserialize, Serialize};

/// Who a player is: an ed25519 key pair (RFC 8032). The secret half is wiped from memory when this is dropped.
#[derive(Clone)]
pub struct Identity(SigningKey);

impl Identity {
    /// The identity of a 32-byte secret. The secret must come from a cryptographic random source.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The public half: how everybody else names this player.
    pub fn player(&self) -> PlayerKey {
        PlayerKey(self.0.verifying_key().to_bytes())
    }

    /// Signs `message`. Every message starts with a text that says what is signed, so that a signature can never be
    /// taken for one over something else.
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for Identity {
    /// Shows the public half alone.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Identity({})", self.player())
    }
}

/// An ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Signature({}…)", data_encoding::HEXLOWER.encode(&self.0[..8]))
    }
}

impl Serialize for Signature {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut halves = [[0; 32]; 2];
        halves[0].copy_from_slice(&self.0[..32]);
        halves[1].copy_from_slice(&self.0[32..]);
        halves.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let halves = <[[u8; 32]; 2]>::deserialize(deserializer)?;
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&halves[0]);
        bytes[32..].copy_from_slice(&halves[1]);
        Ok(Self(bytes))
    }
}

/// Whether `signature` is `player`'s over `message`. Strict: keys of small order and signatures with a second valid form
/// are refused, so all replicas agree on what is valid.
pub fn verify(player: &PlayerKey, message: &[u8], signature: &Signature) -> bool {
    VerifyingKey::from_bytes(&player.0)
        .and_then(|key| key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0)))
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_message_and_player_only() {
        let (ada, bob) = (Identity::from_secret(&[1; 32]), Identity::from_secret(&[2; 32]));
        let signature = ada.sign(b"four on the floor");
        assert!(verify(&ada.player(), b"four on the floor", &signature));
        assert!(!verify(&ada.player(), b"three on the floor", &signature));
        assert!(!verify(&bob.player(), b"four on the floor", &signature));
    }

    #[test]
    fn keys_of_small_order_are_refused() {
        let mut identity_point = [0; 32];
        identity_point[0] = 1;
        assert!(!verify(&PlayerKey(identity_point), b"anything", &Signature([0; 64])));
    }

    #[test]
    fn a_signature_reads_what_it_writes_in_64_bytes() {
        let signature = Identity::from_secret(&[3; 32]).sign(b"x");
        let bytes = postcard::to_allocvec(&signature).unwrap();
        assert_eq!(bytes.len(), 64);
        assert_eq!(postcard::from_bytes::<Signature>(&bytes).unwrap(), signature);
    }

    #[test]
    fn the_secret_is_never_shown() {
        let shown = format!("{:?}", Identity::from_secret(&[7; 32]));
        assert!(shown.starts_with("Identity(") && !shown.contains("07070707"));
    }
}
