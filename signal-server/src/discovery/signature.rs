//! Who signed a request.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use crdt_model::trust::{Signature, SignedRequest};
use data_encoding::HEXLOWER_PERMISSIVE;
use score::id::PlayerKey;
use score::time::UnixMillis;

/// How far the author's clock may be from the server's, in milliseconds.
const MAX_CLOCK_DIFFERENCE: i64 = 5 * 60 * 1000;

const PLAYER: &str = "offbeat-player";
const TIME: &str = "offbeat-time";
const SIGNATURE: &str = "offbeat-signature";

/// A signature that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) player: PlayerKey,
    /// By the player's clock.
    pub(crate) at: UnixMillis,
}

/// Why a request does not count as its player's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// A header is missing or cannot be read.
    #[error("the header `{0}` is missing or cannot be read; this has to be signed by a player's key")]
    Header(&'static str),
    /// It was not signed in the last minutes.
    #[error("it was not signed in the last five minutes; is the clock of the player's machine right?")]
    Stale,
    /// The signature is another's, or over something else.
    #[error("the signature is not this player's over this request")]
    Forged,
}

/// The player who signed this request.
pub(crate) fn author(method: &str, path: &str, headers: &HeaderMap, body: &[u8]) -> Result<Signed, Unsigned> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
    author_at(UnixMillis(now), method, path, headers, body)
}

fn author_at(
    now: UnixMillis,
    method: &str,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Signed, Unsigned> {
    let player = PlayerKey(hex(headers, PLAYER)?);
    let signature = Signature(hex(headers, SIGNATURE)?);
    let at = text(headers, TIME)?.parse().map(UnixMillis).map_err(|_| Unsigned::Header(TIME))?;
    if at.0.abs_diff(now.0) > MAX_CLOCK_DIFFERENCE.unsigned_abs() {
        return Err(Unsigned::Stale);
    }
    let request = SignedRequest { method, path, at, body };
    if request.is_signed_by(&player, &signature) { Ok(Signed { player, at }) } else { Err(Unsigned::Forged) }
}

fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, Unsigned> {
    headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Unsigned::Header(name))
}

fn hex<const N: usize>(headers: &HeaderMap, name: &'static str) -> Result<[u8; N], Unsigned> {
    let text = text(headers, name)?;
    let bytes = Some(text).filter(|text| text.len() == 2 * N);
    let bytes = bytes.and_then(|text| HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok());
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(Unsigned::Header(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use crdt_model::trust::Identity;
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn signed(at: UnixMillis) -> HeaderMap {
        let ada = Identity::from_secret(&[1; 32]);
        let signature = SignedRequest { method: "PUT", path: "/here", at, body: b"body" }.sign(&ada);
        let values = [
            (PLAYER, HEXLOWER.encode(&ada.player().0)),
            (TIME, at.0.to_string()),
            (SIGNATURE, HEXLOWER.encode(&signature.0)),
        ];
        values.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_signature_holds_for_its_request_and_some_minutes() {
        let headers = signed(NOW);
        let signed = author_at(NOW, "PUT", "/here", &headers, b"body").unwrap();
        assert_eq!(signed.player, Identity::from_secret(&[1; 32]).player());
        assert_eq!(author_at(NOW, "PUT", "/there", &headers, b"body"), Err(Unsigned::Forged));
        assert_eq!(author_at(NOW, "PUT", "/here", &headers, b"else"), Err(Unsigned::Forged));
        for later in [MAX_CLOCK_DIFFERENCE, -MAX_CLOCK_DIFFERENCE] {
            assert!(author_at(UnixMillis(NOW.0 + later), "PUT", "/here", &headers, b"body").is_ok());
            let too_late = UnixMillis(NOW.0 + later + later.signum());
            assert_eq!(author_at(too_late, "PUT", "/here", &headers, b"body"), Err(Unsigned::Stale));
        }
    }

    #[test]
    fn a_header_that_is_missing_or_no_hex_is_named() {
        for name in [PLAYER, TIME, SIGNATURE] {
            let mut headers = signed(NOW);
            headers.remove(name);
            assert_eq!(author_at(NOW, "PUT", "/here", &headers, b"body"), Err(Unsigned::Header(name)));
            headers.insert(name, HeaderValue::from_static("zz"));
            assert_eq!(author_at(NOW, "PUT", "/here", &headers, b"body"), Err(Unsigned::Header(name)));
        }
    }

    proptest! {
        #[test]
        fn no_headers_break_the_reader(values in proptest::collection::vec(r"[ -~]{0,130}|[0-9a-f]{64}|[0-9a-f]{128}|-?[0-9]{0,20}", 3)) {
            let names = [PLAYER, TIME, SIGNATURE].map(|name| name.parse().unwrap());
            let headers = names.into_iter().zip(values).map(|(name, value)| (name, HeaderValue::from_str(&value).unwrap()));
            prop_assert!(author_at(NOW, "PUT", "/here", &headers.collect(), b"body").is_err());
        }
    }
}
