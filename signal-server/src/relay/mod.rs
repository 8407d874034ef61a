//! The relay: carries packets between players who cannot reach each other directly.
//!
//! It is iroh's own relay protocol on the server's own port: `GET /relay` upgrades to a WebSocket, on which a client proves its
//! key and then sends packets to other keys; `GET /ping` is what endpoints measure their distance by. The packets are
//! encrypted end to end; the relay sees keys, addresses and lengths alone.
//!
//! Who speaks TLS to us is also told its own address over QUIC ([`AddressDiscovery`]), which lets most players find a direct
//! path and leave the relay alone.

mod address_discovery;
mod client_stream;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header, request};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{RequestPartsExt, http::HeaderValue};
use iroh_relay::KeyCache;
use iroh_relay::http::{CLIENT_AUTH_HEADER, ProtocolVersion, RELAY_PATH, RELAY_PROBE_PATH};
use iroh_relay::protos::handshake;
use iroh_relay::server::client::Config;
use iroh_relay::server::clients::Clients;
use iroh_relay::server::streams::RelayedStream;
use iroh_relay::server::{AllowAll, ClientRequest, DynAccessControl, Metrics};

use crate::limits::Limits;
pub use address_discovery::AddressDiscovery;
use client_stream::ClientStream;

/// The longest message of the relay protocol, in bytes.
const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// How many bytes may wait to be written to a client; the protocol's own queues of packets lie before it.
const MAX_WRITE_BYTES: usize = 4 << 20;

/// How many bytes are written at once.
const BYTES_A_WRITE: usize = 64 << 10;

/// How many clients' keys are kept ready for use, which saves decompressing them.
const KEYS_KEPT: usize = 4_096;

/// The relay of one server. Clones are handles to it.
#[derive(Clone, Debug)]
pub struct Relay {
    clients: Clients,
    keys: KeyCache,
    access: Arc<dyn DynAccessControl>,
    metrics: Arc<Metrics>,
    bytes_per_second: u32,
    proven_within: Duration,
}

impl Relay {
    /// A relay without clients.
    pub fn new(limits: &Limits) -> Self {
        Self {
            clients: Clients::default(),
            keys: KeyCache::new(KEYS_KEPT),
            access: Arc::new(AllowAll),
            metrics: Arc::default(),
            bytes_per_second: limits.relay_bytes_per_second,
            proven_within: Duration::from_secs(limits.header_seconds.into()),
        }
    }

    /// The routes `/relay` and `/ping`.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
            .route(RELAY_PATH, get(relay))
            .route(RELAY_PROBE_PATH, get(ping))
            .with_state(self.clone())
    }

    /// What the relay counts: packets, bytes, clients.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Ends every client's connection and waits until they have ended.
    pub async fn close(&self) {
        self.clients.shutdown().await;
    }

    /// Lets a client prove its key, and then relays for it in a task of its own.
    async fn take(
        &self,
        socket: WebSocket,
        version: ProtocolVersion,
        parts: request::Parts,
    ) -> Result<(), handshake::Error> {
        let mut stream = ClientStream::new(socket, self.bytes_per_second);
        let proof = parts.headers.get(CLIENT_AUTH_HEADER).cloned();
        let proven = handshake::serverside(&mut stream, proof).await?;
        let request = ClientRequest::new(proven.client_key, version, parts);
        let guard = proven.authorize_with(&request, &self.access, &mut stream).await?;
        let stream = RelayedStream::new(stream, self.keys.clone());
        self.clients.register(Config::new(guard, stream, version), self.metrics.clone());
        Ok(())
    }
}

/// Upgrades a client that speaks a version of the protocol that we know.
async fn relay(State(relay): State<Relay>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let upgrade = match parts.extract::<WebSocketUpgrade>().await {
        Ok(upgrade) => upgrade,
        Err(refused) => return refused.into_response(),
    };
    let versions = ProtocolVersion::ALL.iter().map(ProtocolVersion::to_str);
    let upgrade = upgrade
        .protocols(versions)
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
        .write_buffer_size(BYTES_A_WRITE)
        .max_write_buffer_size(MAX_WRITE_BYTES);
    let Some(version) = upgrade.selected_protocol().and_then(version) else {
        return unknown_version();
    };
    upgrade.on_upgrade(move |socket| async move {
        match tokio::time::timeout(relay.proven_within, relay.take(socket, version, parts)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a client of the relay did not prove its key"),
            Err(_) => tracing::debug!("a client of the relay took too long to prove its key"),
        }
    })
}

fn version(selected: &HeaderValue) -> Option<ProtocolVersion> {
    ProtocolVersion::match_from_str(selected.to_str().ok()?)
}

fn unknown_version() -> Response {
    let known = ProtocolVersion::all_joined();
    let message = format!("this relay speaks {known}; name one of them in Sec-WebSocket-Protocol");
    (StatusCode::BAD_REQUEST, message).into_response()
}

/// Endpoints measure their way to the relay by this; a browser's has to be allowed to.
async fn ping() -> impl IntoResponse {
    [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CACHE_CONTROL, "no-store")]
}
