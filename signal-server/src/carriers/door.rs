//! What links need of the server, whatever carries them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::{Limits, PerAddress};
use crate::metrics::{Metrics, Refusal};
use crate::rooms::Rooms;

/// How long links may take to write their last frames when the server stops.
const DRAIN_WITHIN: Duration = Duration::from_secs(3);

/// The way in. Clones are handles to it.
#[derive(Clone, Debug)]
pub struct Door {
    /// The sessions.
    pub rooms: Rooms,
    /// How often an address may bring or found a session.
    pub creations: Arc<PerAddress>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    places: Arc<Semaphore>,
    max_links: u32,
}

impl Door {
    /// A way in for as many links as there may be connections.
    pub fn new(rooms: Rooms, limits: &Limits, metrics: Arc<Metrics>) -> Self {
        let max_links = u32::try_from(limits.max_connections).unwrap_or(u32::MAX).min(1 << 20);
        Self {
            rooms,
            creations: Arc::new(PerAddress::a_minute(limits.creations_per_minute)),
            metrics,
            places: Arc::new(Semaphore::new(max_links as usize)),
            max_links,
        }
    }

    /// A place for one link, to be held for as long as it lasts; `None` when all are taken.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        let place = self.places.clone().try_acquire_owned().ok();
        if place.is_none() {
            self.metrics.refuse(Refusal::Connection);
        }
        place
    }

    /// Waits until every link has ended; not for long, since some may not read.
    pub async fn drained(&self) {
        tokio::time::timeout(DRAIN_WITHIN, self.places.acquire_many(self.max_links)).await.ok();
    }
}
