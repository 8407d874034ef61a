//! What a server answers over HTTP, as far as a player's program reads it.

use std::net::SocketAddr;

use data_encoding::HEXLOWER_PERMISSIVE;
use iroh::EndpointAddr;
use score::id::PlayerKey;
use serde::Deserialize;

use crate::net::{Address, MAX_ADDRESSES, NetError, endpoint_addr};

/// What a server says of itself: `GET /api/server`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Description {
    /// Its key as a peer, in hexadecimal or as players' keys are shown.
    key: String,
    /// Where it may be dialled, as socket addresses or relays' URLs.
    #[serde(default)]
    addresses: Vec<String>,
    /// The UDP port that tells endpoints their public address, where it has one.
    #[serde(default)]
    pub address_discovery: Option<u16>,
}

impl Description {
    /// Its key as a peer.
    ///
    /// # Errors
    /// When it is none.
    pub fn key(&self) -> Result<PlayerKey, NetError> {
        let hexadecimal = HEXLOWER_PERMISSIVE.decode(self.key.as_bytes()).ok();
        let bytes = hexadecimal.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let key = bytes.map(PlayerKey).or_else(|| self.key.parse().ok());
        key.ok_or_else(|| NetError::Key(self.key.chars().take(100).collect()))
    }

    /// Where to dial it.
    ///
    /// # Errors
    /// When its key is none.
    pub fn endpoint_addr(&self) -> Result<EndpointAddr, NetError> {
        let address = |text: &String| match text.parse::<SocketAddr>() {
            Ok(socket) => Address::Direct(socket),
            Err(_) => Address::Relay(text.clone()),
        };
        let addresses: Vec<Address> = self.addresses.iter().take(MAX_ADDRESSES).map(address).collect();
        endpoint_addr(self.key()?, &addresses)
    }
}

/// A session that a server keeps: `GET /api/sessions/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KeptSession {
    /// An invitation by the server.
    pub ticket: String,
    /// The link that opens it in a browser.
    #[serde(default)]
    pub url: String,
}

/// What was made: a beat, a session.
#[derive(Debug, Deserialize)]
pub(super) struct Made {
    /// Where it is.
    pub(super) url: String,
}

/// Why a server refuses: a problem document of RFC 9457.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Problem {
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) detail: String,
}
