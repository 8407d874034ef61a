//! Who plays a session: `GET` and `PUT /api/sessions/{id}/peers`.
//!
//! A player who has the session open says so, with the addresses it may be reached at, signed and at least once a minute.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::IntoResponse;
use peer::net::{MAX_ADDRESSES, MAX_URL_BYTES};
use score::id::{PlayerKey, SessionId};
use score::time::UnixMillis;
use serde::{Deserialize, Serialize};

use super::expiring::Expiring;
use super::{Discovery, DiscoveryRefusal, signature};
use crate::limits::{ClientAddress, TooOften};

/// How long a player counts as playing after it said so.
const LIFE: Duration = Duration::from_mins(1);

/// The longest body: the most addresses at their longest, quoted.
pub(super) const MAX_BODY_BYTES: usize = MAX_ADDRESSES * (MAX_URL_BYTES + 8) + 64;

/// What a player says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// Where it may be reached: `192.168.1.20:41234`, or a relay's URL. At most [`MAX_ADDRESSES`].
    pub addresses: Vec<String>,
}

/// A player of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncedPeer {
    /// Its key.
    pub player: PlayerKey,
    /// Where it may be reached, as it says.
    pub addresses: Vec<String>,
}

/// Everybody who plays a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peers {
    /// In the order of their keys.
    pub peers: Vec<AnnouncedPeer>,
}

/// What the players said in the last minute.
#[derive(Debug)]
pub(super) struct Announced {
    said: Mutex<Expiring<(SessionId, PlayerKey), Said>>,
    max_per_session: usize,
}

#[derive(Debug)]
struct Said {
    /// By the player's own clock: what it signed earlier and somebody repeats later changes nothing.
    at: UnixMillis,
    addresses: Vec<String>,
}

impl Announced {
    pub(super) fn new(capacity: usize, max_per_session: usize) -> Self {
        Self { said: Mutex::new(Expiring::new(capacity, LIFE)), max_per_session }
    }

    fn put(
        &self,
        now: Instant,
        session: SessionId,
        player: PlayerKey,
        said: Said,
    ) -> Result<(), DiscoveryRefusal> {
        let mut all = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(now, &(session, player)).map(|known| known.at);
        if known.is_some_and(|at| at > said.at) {
            return Err(DiscoveryRefusal::Older);
        }
        if known.is_none() && all.range(now, everybody(session)).count() >= self.max_per_session {
            return Err(TooOften { retry_after: LIFE }.into());
        }
        all.put(now, (session, player), said);
        Ok(())
    }

    fn of(&self, now: Instant, session: SessionId) -> Peers {
        let mut all = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let peers = all
            .range(now, everybody(session))
            .map(|((_, player), said)| AnnouncedPeer { player: *player, addresses: said.addresses.clone() });
        Peers { peers: peers.collect() }
    }
}

fn everybody(session: SessionId) -> std::ops::RangeInclusive<(SessionId, PlayerKey)> {
    (session, PlayerKey([0; 32]))..=(session, PlayerKey([u8::MAX; 32]))
}

/// `PUT /api/sessions/{id}/peers`, signed: 204.
pub(super) async fn announce(
    State(discovery): State<Discovery>,
    address: ClientAddress,
    Path(session): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, DiscoveryRefusal> {
    let put = || {
        discovery.0.rate.check(address)?;
        let session = session_id(&session)?;
        let body = body?;
        let signed = signature::author("PUT", uri.path(), &headers, &body)?;
        let said = Said { at: signed.at, addresses: addresses(&body)? };
        discovery.0.peers.put(Instant::now(), session, signed.player, said)
    };
    put().inspect_err(|refusal| discovery.0.metrics.refuse(refusal.counted_as()))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/sessions/{id}/peers`: [`Peers`]. Knowing the session's id is the permission to ask.
pub(super) async fn list(
    State(discovery): State<Discovery>,
    Path(session): Path<String>,
) -> Result<impl IntoResponse, DiscoveryRefusal> {
    let peers = discovery.0.peers.of(Instant::now(), session_id(&session)?);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(peers)))
}

fn session_id(text: &str) -> Result<SessionId, DiscoveryRefusal> {
    text.parse().map_err(|error: score::id::IdError| DiscoveryRefusal::Session(error.to_string()))
}

/// The addresses that a body announces, within their bounds.
fn addresses(body: &[u8]) -> Result<Vec<String>, DiscoveryRefusal> {
    let malformed = |reason: String| DiscoveryRefusal::Announcement(reason);
    let announcement =
        serde_json::from_slice::<Announcement>(body).map_err(|error| malformed(error.to_string()))?;
    let count = announcement.addresses.len();
    if count > MAX_ADDRESSES {
        return Err(malformed(format!("{count} addresses; at most {MAX_ADDRESSES} are kept")));
    }
    match announcement.addresses.iter().find(|address| !is_address(address)) {
        Some(_) => Err(malformed(format!(
            "an address is `192.0.2.1:41234`, `[2001:db8::1]:41234` or a relay's URL of at most {MAX_URL_BYTES} bytes"
        ))),
        None => Ok(announcement.addresses),
    }
}

fn is_address(text: &str) -> bool {
    let is_url =
        |text: &str| text.parse::<iroh::RelayUrl>().is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    text.len() <= MAX_URL_BYTES && (text.parse::<SocketAddr>().is_ok() || is_url(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SESSION: SessionId = SessionId([1; 16]);

    fn said(at: i64) -> Said {
        Said { at: UnixMillis(at), addresses: vec![format!("192.0.2.1:{at}")] }
    }

    fn player(number: u8) -> PlayerKey {
        PlayerKey([number; 32])
    }

    #[test]
    fn a_session_shows_its_own_players_as_they_last_spoke_and_for_a_minute() {
        let announced = Announced::new(100, 10);
        let now = Instant::now();
        announced.put(now, SESSION, player(2), said(1)).unwrap();
        announced.put(now, SESSION, player(2), said(2)).unwrap();
        announced.put(now, SESSION, player(255), said(3)).unwrap();
        announced.put(now, SessionId([2; 16]), player(1), said(4)).unwrap();
        let peers = announced.of(now, SESSION).peers;
        assert_eq!(peers.iter().map(|peer| peer.player).collect::<Vec<_>>(), [player(2), player(255)]);
        assert_eq!(peers[0].addresses, ["192.0.2.1:2"]);
        assert_eq!(announced.of(now + LIFE, SESSION), Peers::default());
    }

    #[test]
    fn what_was_signed_earlier_changes_nothing_when_it_is_repeated() {
        let announced = Announced::new(100, 10);
        let now = Instant::now();
        announced.put(now, SESSION, player(1), said(2)).unwrap();
        let refused = announced.put(now, SESSION, player(1), said(1));
        assert!(matches!(refused, Err(DiscoveryRefusal::Older)));
        assert_eq!(announced.of(now, SESSION).peers[0].addresses, ["192.0.2.1:2"]);
    }

    #[test]
    fn a_full_session_keeps_those_it_has() {
        let announced = Announced::new(100, 2);
        let now = Instant::now();
        announced.put(now, SESSION, player(1), said(1)).unwrap();
        announced.put(now, SESSION, player(2), said(1)).unwrap();
        let refused = announced.put(now, SESSION, player(3), said(1));
        assert!(matches!(refused, Err(DiscoveryRefusal::TooOften(_))));
        announced.put(now, SESSION, player(1), said(2)).unwrap();
        announced.put(now + LIFE, SESSION, player(3), said(2)).unwrap();
    }

    #[test]
    fn addresses_are_sockets_or_relays_and_few() {
        let body =
            |addresses: &[&str]| serde_json::to_vec(&serde_json::json!({ "addresses": addresses })).unwrap();
        let good = ["192.0.2.1:1", "[2001:db8::1]:1", "https://relay.example/"];
        assert_eq!(addresses(&body(&good)).unwrap(), good);
        for bad in ["192.0.2.1", "relay.example", "", "javascript:alert(1)", "http://\n"] {
            assert!(addresses(&body(&[bad])).is_err(), "{bad:?}");
        }
        let long = format!("https://relay.example/{}", "x".repeat(MAX_URL_BYTES));
        assert!(addresses(&body(&[&long])).is_err());
        assert!(addresses(&body(&[good[0]; MAX_ADDRESSES + 1])).is_err());
        let longest = format!("https://relay.example/{}", "x".repeat(MAX_URL_BYTES - 22));
        assert!(body(&[longest.as_str(); MAX_ADDRESSES]).len() <= MAX_BODY_BYTES);
        assert_eq!(addresses(&body(&[longest.as_str(); MAX_ADDRESSES])).unwrap().len(), MAX_ADDRESSES);
    }

    proptest! {
        #[test]
        fn no_body_breaks_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..512), text in r#"[{}\[\]":,a-z0-9 ]{0,200}"#) {
            addresses(&bytes).ok();
            addresses(text.as_bytes()).ok();
            addresses(format!(r#"{{"addresses":[{text}]}}"#).as_bytes()).ok();
        }
    }
}
