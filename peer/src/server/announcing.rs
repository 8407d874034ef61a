//! Telling a server's other players of a session where this one is, and finding them.
//!
//! Players whom a server has introduced to each other are linked directly, and go on when it is gone. The server need not be
//! linked itself for that, nor keep the session: an answer over HTTP is enough.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crdt_model::trust::Identity;
use iroh::EndpointAddr;
use reqwest::{Method, Request};
use score::id::{PlayerKey, SessionId};
use serde::{Deserialize, Serialize};

use super::{ServerAddress, ServerClient, ServerError};
use crate::net::{Address, MAX_ADDRESSES, MAX_URL_BYTES, Net, addresses_of, endpoint_addr};
use crate::session::{SessionError, SessionHandle};
use crate::work::PeerError;

/// How often a player says that it is here: three times in the minute for which a server remembers it.
const AGAIN: Duration = Duration::from_secs(20);

/// How long a new address waits to be said: more of them come within moments.
const SETTLED: Duration = Duration::from_secs(1);

/// How many players of an answer are looked at.
const MAX_PLAYERS: usize = 64;

/// What a player says of itself.
#[derive(Debug, Serialize)]
struct Announcement {
    addresses: Vec<String>,
}

/// Who plays a session: `GET /api/sessions/{id}/peers`.
#[derive(Debug, Default, Deserialize)]
struct Players {
    peers: Vec<Announced>,
}

#[derive(Debug, Deserialize)]
struct Announced {
    player: PlayerKey,
    addresses: Vec<String>,
}

impl Announced {
    /// Where it may be dialled; by its key alone where it says nothing of use. `None` when that is none.
    fn endpoint_addr(&self) -> Option<EndpointAddr> {
        let known = self.addresses.iter().filter(|text| text.len() <= MAX_URL_BYTES);
        let address = |text: &String| match text.parse::<SocketAddr>() {
            Ok(socket) => Address::Direct(socket),
            Err(_) => Address::Relay(text.clone()),
        };
        let addresses: Vec<Address> = known.take(MAX_ADDRESSES).map(address).collect();
        endpoint_addr(self.player, &addresses).ok()
    }
}

impl ServerClient {
    /// Says that a player has a session open, and where it may be reached.
    ///
    /// # Errors
    /// When nothing answers, or the server refuses.
    async fn announce(
        &self,
        session: SessionId,
        at: &EndpointAddr,
        by: &Identity,
    ) -> Result<(), ServerError> {
        let addresses = addresses_of(at).into_iter().map(|address| match address {
            Address::Direct(socket) => socket.to_string(),
            Address::Relay(relay) => relay,
        });
        let announcement = Announcement { addresses: addresses.collect() };
        let body = serde_json::to_vec(&announcement).expect("texts always encode");
        let request = self.signed(Method::PUT, &path(session), body, by)?;
        let (status, body) = self.ask(request).await?;
        self.done(status, &body)
    }

    /// Who else has a session open, and where.
    ///
    /// # Errors
    /// When nothing answers, or something else does.
    async fn players(&self, session: SessionId) -> Result<Vec<EndpointAddr>, ServerError> {
        let request = Request::new(Method::GET, self.server().at(&path(session)));
        let (status, body) = self.ask(request).await?;
        self.done(status, &body)?;
        let players = self.read::<Players>(&body)?.peers;
        Ok(players.iter().take(MAX_PLAYERS).filter_map(Announced::endpoint_addr).collect())
    }
}

fn path(session: SessionId) -> String {
    format!("/api/sessions/{session}/peers")
}

/// Keeps a server told of where this player is, and the session linked with whoever else has told it, until the session
/// closes. A server that does not answer is asked again; whether it does is told by [`keep_linked`](super::keep_linked).
pub(crate) async fn keep_announced(
    server: ServerAddress,
    handle: SessionHandle,
    net: Arc<Net>,
    me: Identity,
) {
    let Ok(client) = ServerClient::at(server) else { return };
    let told = async {
        loop {
            let addr = net.addr();
            match introduce(&client, &handle, &addr, &me).await {
                Ok(()) => {}
                Err(PeerError::Session(SessionError::Closed)) => return,
                Err(error) => tracing::debug!(%error, "not introduced"),
            }
            tokio::select! {
                () = tokio::time::sleep(AGAIN) => {}
                () = net.moved(&addr) => tokio::time::sleep(SETTLED).await,
            }
        }
    };
    tokio::select! {
        () = told => {}
        () = handle.closed() => {}
    }
}

async fn introduce(
    client: &ServerClient,
    handle: &SessionHandle,
    addr: &EndpointAddr,
    me: &Identity,
) -> Result<(), PeerError> {
    client.announce(handle.id(), addr, me).await?;
    let others = client.players(handle.id()).await?;
    handle.announced(others).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player() -> PlayerKey {
        PlayerKey(*iroh::SecretKey::from_bytes(&[1; 32]).public().as_bytes())
    }

    #[test]
    fn what_another_player_says_is_read_within_its_bounds() {
        let place = |addresses: &[String]| {
            Announced { player: player(), addresses: addresses.to_vec() }.endpoint_addr().unwrap()
        };
        let sound = place(&["192.0.2.1:41234".to_owned(), "https://relay.example/".to_owned()]);
        assert_eq!((sound.ip_addrs().count(), sound.relay_urls().count()), (1, 1));
        assert_eq!(place(&["nowhere at all".to_owned()]).addrs.len(), 0);
        assert_eq!(place(&[format!("https://relay.example/{}", "x".repeat(MAX_URL_BYTES))]).addrs.len(), 0);
        let many: Vec<String> = (0..1_000).map(|port| format!("192.0.2.1:{port}")).collect();
        assert_eq!(place(&many).addrs.len(), MAX_ADDRESSES);
    }

    #[test]
    fn a_key_that_is_none_is_passed_over() {
        let no_key = (0..=u8::MAX).map(|byte| PlayerKey([byte; 32]));
        let mut places = no_key.map(|player| Announced { player, addresses: Vec::new() }.endpoint_addr());
        assert!(places.any(|place| place.is_none()));
    }
}
