//! Requests over HTTP that a player signs.

use score::id::PlayerKey;
use score::time::UnixMillis;

use super::{Identity, Signature, verify};

/// A request as its author signs it: the method, the path, the time and the body, so that it can neither be changed nor kept
/// for later.
#[derive(Clone, Copy, Debug)]
pub struct SignedRequest<'a> {
    /// The method in capitals.
    pub method: &'a str,
    /// The path from the slash on, without the query.
    pub path: &'a str,
    /// When it was signed, by the author's clock. A server refuses what is not of the last minutes.
    pub at: UnixMillis,
    /// The whole body.
    pub body: &'a [u8],
}

impl SignedRequest<'_> {
    /// The player's signature.
    pub fn sign(&self, identity: &Identity) -> Signature {
        identity.sign(&self.statement())
    }

    /// Whether this is the player's signature of this request.
    pub fn is_signed_by(&self, player: &PlayerKey, signature: &Signature) -> bool {
        verify(player, &self.statement(), signature)
    }

    /// `"offbeat request\n" || method || "\n" || path || "\n" || milliseconds || "\n" || blake3(body)`: neither a method nor a path
    /// holds a line break.
    fn statement(&self) -> Vec<u8> {
        let head = format!("offbeat request\n{}\n{}\n{}\n", self.method, self.path, self.at.0);
        [head.as_bytes(), blake3::hash(self.body).as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_the_whole_request() {
        let ada = Identity::from_secret(&[1; 32]);
        let request =
            SignedRequest { method: "POST", path: "/api/sessions", at: UnixMillis(12), body: b"{}" };
        let signature = request.sign(&ada);
        let holds = |request: SignedRequest<'_>| request.is_signed_by(&ada.player(), &signature);
        assert!(holds(request));
        assert!(!holds(SignedRequest { method: "PUT", ..request }));
        assert!(!holds(SignedRequest { path: "/api/session", ..request }));
        assert!(!holds(SignedRequest { at: UnixMillis(13), ..request }));
        assert!(!holds(SignedRequest { body: b"[]", ..request }));
        assert!(!request.is_signed_by(&Identity::from_secret(&[2; 32]).player(), &signature));
    }
}
