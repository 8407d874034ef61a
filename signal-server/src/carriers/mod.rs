//! The two ways on which links reach the server: a browser's WebSocket, a native peer's QUIC stream.
//!
//! A carrier proves the key at the other end, hands the room a [`NewLink`], and is told the link's name and where its frames go
//! ([`Accepted`]). From then on it reads frames for the room, no faster than the room takes them, and writes what the room has
//! queued; either end may end it. What the frames mean is `jam`'s affair.

mod door;
pub mod iroh;
mod outgoing;
pub mod websocket;

use jam::LinkId;
use score::id::PlayerKey;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::metrics::Carrier;
pub use door::Door;
pub use outgoing::{Outgoing, TooSlow};

/// A frame, or the end of a link.
pub type Arrival = (LinkId, Option<Vec<u8>>);

/// A link that wants to take part in a session.
#[derive(Debug)]
pub struct NewLink {
    /// The key that its other end has proven to hold.
    pub key: PlayerKey,
    /// What carries it.
    pub carrier: Carrier,
    /// Where frames for it go.
    pub outgoing: Outgoing,
    /// A frame that the carrier has read already.
    pub first: Option<Vec<u8>>,
    /// Where the carrier is told that it may read.
    pub accepted: oneshot::Sender<Accepted>,
}

/// A link takes part.
#[derive(Debug)]
pub struct Accepted {
    /// Its name in the room.
    pub id: LinkId,
    /// Where its frames go.
    pub arrivals: mpsc::Sender<Arrival>,
    /// Until when nothing is to be read.
    pub pauses: watch::Receiver<Option<Instant>>,
}

impl Accepted {
    /// Waits until something may be read.
    async fn may_read(&self) {
        let pause = *self.pauses.borrow();
        if let Some(until) = pause {
            tokio::time::sleep_until(until).await;
        }
    }

    /// Hands a frame to the room, or the link's end; `false` when nobody wants any more.
    async fn hand_on(&self, frame: Option<Vec<u8>>) -> bool {
        let is_end = frame.is_none();
        self.arrivals.send((self.id, frame)).await.is_ok() && !is_end
    }
}
