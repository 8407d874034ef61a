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
use score::time::LocalTime;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::metrics::Carrier;
pub use door::Door;
pub use outgoing::{Outgoing, TooSlow};

/// Something came on a link.
pub type Arrival = (LinkId, Arrived);

/// What came.
#[derive(Debug)]
pub enum Arrived {
    /// A frame, in its order.
    Frame(Vec<u8>),
    /// A frame beside the others, and when it came.
    Datagram(Vec<u8>, LocalTime),
    /// The end of the link.
    End,
}

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
        let arrived = frame.map_or(Arrived::End, Arrived::Frame);
        self.arrivals.send((self.id, arrived)).await.is_ok() && !is_end
    }

    /// Hands on what came beside the frames. What the room has no time for is lost, as it might have been on its way.
    fn hand_on_datagram(&self, bytes: Vec<u8>, came: LocalTime) {
        self.arrivals.try_send((self.id, Arrived::Datagram(bytes, came))).ok();
    }
}
