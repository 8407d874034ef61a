//! The links of one room.

use std::collections::BTreeMap;
use std::sync::Arc;

use jam::LinkId;
use score::id::PlayerKey;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use view::LinkPath;

use crate::carriers::{Accepted, Arrival, NewLink, Outgoing, TooSlow};
use crate::metrics::{Carrier, Metrics};

/// How many frames of all links together may wait for a room. When full, the links are read no further and their far ends feel it.
const MAX_WAITING_FRAMES: usize = 256;

/// One link.
#[derive(Debug)]
struct Held {
    key: PlayerKey,
    carrier: Carrier,
    outgoing: Outgoing,
    paused_until: watch::Sender<Option<Instant>>,
}

/// All links of one room.
#[derive(Debug)]
pub(super) struct Links {
    held: BTreeMap<LinkId, Held>,
    last: u64,
    arrivals: mpsc::Sender<Arrival>,
    metrics: Arc<Metrics>,
}

impl Links {
    pub(super) fn new(metrics: Arc<Metrics>) -> (Self, mpsc::Receiver<Arrival>) {
        let (arrivals, arrived) = mpsc::channel(MAX_WAITING_FRAMES);
        (Self { held: BTreeMap::new(), last: 0, arrivals, metrics }, arrived)
    }

    /// Takes a link in and names it. Returns the links that give way: a native peer has one link to a session, and opens another
    /// when it has lost that; a browser has one for each of its tabs.
    pub(super) fn add(&mut self, link: NewLink) -> Option<(LinkId, Vec<LinkId>)> {
        let NewLink { key, carrier, outgoing, accepted, .. } = link;
        let (paused_until, pauses) = watch::channel(None);
        self.last += 1;
        let id = LinkId(self.last);
        // A carrier that has lost its link meanwhile waits no more.
        accepted.send(Accepted { id, arrivals: self.arrivals.clone(), pauses }).ok()?;
        let is_rival =
            |held: &Held| held.key == key && held.carrier == Carrier::Quic && carrier == Carrier::Quic;
        let rivals = self.held.iter().filter(|(_, held)| is_rival(held)).map(|(&rival, _)| rival).collect();
        self.metrics.link_opens(carrier);
        self.held.insert(id, Held { key, carrier, outgoing, paused_until });
        Some((id, rivals))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// How the bytes of every link travel.
    pub(super) fn paths(&self) -> Vec<(LinkId, LinkPath)> {
        self.held.iter().map(|(&id, held)| (id, held.outgoing.path())).collect()
    }

    /// Queues a frame.
    ///
    /// # Errors
    /// When too much waits for the link already; it should be aborted.
    pub(super) fn send(&self, id: LinkId, frame: Arc<[u8]>) -> Result<(), TooSlow> {
        let Some(held) = self.held.get(&id) else { return Ok(()) };
        self.metrics.message_out(held.carrier);
        held.outgoing.send(frame)
    }

    /// Sends a frame by itself, where the link's carrier can.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub(super) fn send_datagram(&self, id: LinkId, frame: Arc<[u8]>) -> Result<(), TooSlow> {
        let Some(held) = self.held.get(&id) else { return Ok(()) };
        self.metrics.message_out(held.carrier);
        held.outgoing.send_datagram(frame)
    }

    /// Counts a frame that arrived; `false` where it is from a link that is no more.
    pub(super) fn heard(&self, id: LinkId) -> bool {
        self.held.get(&id).map(|held| self.metrics.message_in(held.carrier)).is_some()
    }

    /// Reads nothing from a link until then.
    pub(super) fn pause(&self, id: LinkId, until: std::time::Instant) {
        if let Some(held) = self.held.get(&id) {
            self.metrics.slowed.inc();
            held.paused_until.send_replace(Some(Instant::from_std(until)));
        }
    }

    /// Closes a link once what was queued is through; `true` if it was open.
    pub(super) fn close(&mut self, id: LinkId) -> bool {
        let Some(held) = self.held.remove(&id) else { return false };
        self.metrics.link_ends(held.carrier);
        true
    }

    /// Ends a link at once.
    pub(super) fn abort(&mut self, id: LinkId, reason: &str) {
        if let Some(held) = self.held.get(&id) {
            held.outgoing.abort(reason);
        }
        self.close(id);
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        self.held.values().for_each(|held| self.metrics.link_ends(held.carrier));
    }
}
