//! How players find each other through the server.
//!
//! Two questions, each answered from a bounded store in memory that forgets by itself:
//!
//! | question | asked by | answer |
//! |---|---|---|
//! | where is this player? | `GET /pkarr/{key}` | the address record that the player has signed, as pkarr has it |
//! | who plays this session? | `GET /api/sessions/{id}/peers` | keys and addresses of who said so in the last minute |
//!
//! The first is the protocol of <https://pkarr.org> that iroh's own publisher and resolver speak; the second is ours. Neither is
//! kept on disk: players say both again before they are forgotten, also to a server that has restarted. The server cannot forge
//! either: address records are signed, and whoever answers at an address has to prove the key.

mod expiring;
mod peers;
mod pkarr;
mod refusal;
pub(crate) mod signature;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::limits::{Limits, PerAddress};
use crate::metrics::Metrics;
pub use peers::{AnnouncedPeer, Announcement, Peers};
use pkarr::Records;
pub use refusal::DiscoveryRefusal;

/// What the server knows of who is where. Clones are handles to it.
#[derive(Clone, Debug)]
pub struct Discovery(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    records: Records,
    peers: peers::Announced,
    rate: PerAddress,
    metrics: Arc<Metrics>,
}

impl Discovery {
    /// Knows nobody yet.
    pub fn new(limits: &Limits, metrics: Arc<Metrics>) -> Self {
        Self(Arc::new(Inner {
            records: Records::new(limits.max_announcements),
            peers: peers::Announced::new(limits.max_announcements, limits.max_announced_peers),
            rate: PerAddress::a_minute(limits.announcements_per_minute),
            metrics,
        }))
    }

    /// The routes `/pkarr/{key}` and `/api/sessions/{id}/peers`.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let records = get(pkarr::look_up).put(pkarr::publish);
        let peers = get(peers::list).put(peers::announce);
        Router::new()
            .route("/pkarr/{key}", records.layer(DefaultBodyLimit::max(pkarr::MAX_PAYLOAD_BYTES)))
            .route("/api/sessions/{id}/peers", peers.layer(DefaultBodyLimit::max(peers::MAX_BODY_BYTES)))
            .with_state(self.clone())
    }
}
