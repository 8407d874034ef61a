//! Requests over HTTP in the player's name.

use crdt_model::trust::{Identity, SignedRequest};
use data_encoding::HEXLOWER;
use score::UnixMillis;

/// The headers that say who sends a request with this method, path and body.
pub(crate) fn headers(
    identity: &Identity,
    method: &str,
    path: &str,
    at: UnixMillis,
    body: &[u8],
) -> [(&'static str, String); 3] {
    let signature = SignedRequest { method, path, at, body }.sign(identity);
    [
        ("Offbeat-Player", HEXLOWER.encode(&identity.player().0)),
        ("Offbeat-Time", at.0.to_string()),
        ("Offbeat-Signature", HEXLOWER.encode(&signature.0)),
    ]
}

#[cfg(test)]
mod tests {
    use crdt_model::trust::Signature;

    use super::*;

    #[test]
    fn the_headers_prove_the_request() {
        let ada = Identity::from_secret(&[1; 32]);
        let [(_, player), (_, time), (_, signature)] =
            headers(&ada, "POST", "/api/sessions/x/beats", UnixMillis(12), b"{}");
        assert_eq!((player, time.as_str()), (HEXLOWER.encode(&ada.player().0), "12"));
        let signature = Signature(HEXLOWER.decode(signature.as_bytes()).unwrap().try_into().unwrap());
        let request =
            SignedRequest { method: "POST", path: "/api/sessions/x/beats", at: UnixMillis(12), body: b"{}" };
        assert!(request.is_signed_by(&ada.player(), &signature));
    }
}
