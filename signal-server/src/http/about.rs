//! `/api/server` and `/api/health`: the server itself.

use std::time::Duration;

use axum::Json;
use axum::extract::State as Here;
use peer::net::{Address, addresses_of};
use score::id::PlayerKey;
use serde::Serialize;

use super::site::PublicUrl;
use super::{Problem, Site};

/// When to ask a server again that cannot keep anything.
const AGAIN: Duration = Duration::from_secs(5);

/// What the server is, for peers that want to dial it.
#[derive(Serialize)]
struct Server {
    key: PlayerKey,
    /// Socket addresses, and relays' URLs.
    addresses: Vec<String>,
    url: String,
    version: &'static str,
    address_discovery: Option<u16>,
}

/// `GET /api/server`.
pub(super) async fn server(Here(site): Here<Site>, url: PublicUrl) -> Json<impl Serialize> {
    let addresses = addresses_of(&site.net.addr()).into_iter().map(|address| match address {
        Address::Direct(socket) => socket.to_string(),
        Address::Relay(relay) => relay,
    });
    Json(Server {
        key: site.rooms().server(),
        addresses: addresses.collect(),
        url: url.0,
        version: env!("CARGO_PKG_VERSION"),
        address_discovery: site.address_discovery,
    })
}

/// How the server is.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    open_sessions: usize,
}

/// `GET /api/health`: 200 while everything works, 503 while nothing can be kept.
pub(super) async fn health(Here(site): Here<Site>) -> Result<Json<impl Serialize>, Problem> {
    if let Some(trouble) = site.storage.trouble() {
        tracing::debug!(trouble, "not healthy");
        return Err(Problem::unavailable("nothing can be kept at the moment", AGAIN));
    }
    let version = env!("CARGO_PKG_VERSION");
    Ok(Json(Health { status: "ok", version, open_sessions: site.rooms().open() }))
}
