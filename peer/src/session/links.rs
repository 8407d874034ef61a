//! The links of one session: who is linked, who reads for them, and who dials again when one is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use iroh::EndpointAddr;
use jam::LinkId;
use score::id::PlayerKey;
use score::time::LocalTime;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use view::LinkPath;

use super::dialer::{Dialer, Whereabouts};
use super::handle::Letter;
use crate::clock::HostClock;
use crate::net::{Datagrams, Incoming, Link, Net, NetError, Outgoing};

/// How many frames of all links together may wait for the session. When full, the links are read no further and the
/// peers feel it.
pub(super) const MAX_WAITING_FRAMES: usize = 64;

/// How many peers of one session are dialled that the player has named, and how many besides that others have: a full session of
/// editors, with room. Others cannot fill the places of those whom the player named.
const MAX_DIALLED: usize = 64;

/// Two links of one pair that are opened within this time were opened at one moment: longer than any handshake takes.
const SAME_MOMENT: Duration = Duration::from_secs(5);

/// Why the last attempt to reach each of those that are dialled in vain has failed.
pub type Unreached = BTreeMap<PlayerKey, String>;

/// Something came on a link.
pub(super) type Arrival = (LinkId, Arrived);

/// What came.
#[derive(Debug)]
pub(super) enum Arrived {
    /// A frame, in its order.
    Frame(Vec<u8>),
    /// A frame beside the others, and when it came.
    Datagram(Vec<u8>, LocalTime),
    /// The end of the link.
    End,
}

/// How a link has ended, for whoever dialled it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LinkEnd {
    /// How long the peer asked to be left alone.
    pub(super) retry_after: Duration,
}

/// One link.
#[derive(Debug)]
struct Held {
    key: PlayerKey,
    dialled: bool,
    since: Instant,
    outgoing: Outgoing,
    paused_until: watch::Sender<Option<Instant>>,
    readers: [tokio::task::AbortHandle; 2],
    ended: Option<oneshot::Sender<LinkEnd>>,
}

/// All links of one session.
#[derive(Debug)]
pub(super) struct Links {
    me: PlayerKey,
    clock: HostClock,
    net: Option<Arc<Net>>,
    held: BTreeMap<LinkId, Held>,
    last: u64,
    arrivals: mpsc::Sender<Arrival>,
    linked: watch::Sender<BTreeSet<PlayerKey>>,
    /// A dialler that has lost hope has dropped the other end.
    dialled: BTreeMap<PlayerKey, watch::Sender<Whereabouts>>,
    dialers: JoinSet<()>,
    unreached: watch::Sender<Unreached>,
    /// Those that keep sessions for everyone, as far as they were named so.
    servers: BTreeSet<PlayerKey>,
}

impl Links {
    pub(super) fn new(
        me: PlayerKey,
        clock: HostClock,
        net: Option<Arc<Net>>,
        unreached: watch::Sender<Unreached>,
    ) -> (Self, mpsc::Receiver<Arrival>) {
        let (arrivals, arrived) = mpsc::channel(MAX_WAITING_FRAMES);
        let links = Self {
            me,
            clock,
            net,
            held: BTreeMap::new(),
            last: 0,
            arrivals,
            linked: watch::Sender::default(),
            dialled: BTreeMap::new(),
            dialers: JoinSet::new(),
            unreached,
            servers: BTreeSet::new(),
        };
        (links, arrived)
    }

    /// Lets peers be dialled from here on.
    pub(super) fn join_network(&mut self, net: Arc<Net>) {
        self.net = Some(net);
    }

    /// Takes a link in and names it. When two players have dialled each other at one moment there are two; both ends
    /// keep the one that the smaller key has dialled. Otherwise the later one counts: its player has lost the earlier.
    /// The links that give way are returned.
    pub(super) fn add(
        &mut self,
        link: Link,
        dialled: bool,
        ended: Option<oneshot::Sender<LinkEnd>>,
    ) -> (LinkId, Vec<LinkId>) {
        self.last += 1;
        let id = LinkId(self.last);
        let Link { remote, outgoing, incoming, datagrams } = link;
        let by_smaller = |dialled: bool| dialled == (self.me < remote);
        let rivals = self.held.iter().filter(|(_, held)| held.key == remote);
        let is_rival = |held: &Held| held.since.elapsed() < SAME_MOMENT && by_smaller(held.dialled);
        let gives_way = !by_smaller(dialled) && rivals.clone().any(|(_, held)| is_rival(held));
        let closing = if gives_way { vec![id] } else { rivals.map(|(&rival, _)| rival).collect::<Vec<_>>() };
        let (paused_until, pauses) = watch::channel(None);
        let reader = tokio::spawn(read(id, incoming, pauses, self.arrivals.clone())).abort_handle();
        let beside = tokio::spawn(read_datagrams(id, datagrams, self.clock, self.arrivals.clone()));
        let readers = [reader, beside.abort_handle()];
        self.held.insert(
            id,
            Held { key: remote, dialled, since: Instant::now(), outgoing, paused_until, readers, ended },
        );
        self.tell_linked();
        (id, closing)
    }

    /// Whose link it is, and how its bytes travel.
    pub(super) fn describe(&self, id: LinkId) -> Option<(PlayerKey, LinkPath)> {
        let held = self.held.get(&id)?;
        let path = match held.outgoing.path().relayed {
            _ if self.servers.contains(&held.key) => LinkPath::Server,
            true => LinkPath::Relayed,
            false => LinkPath::Direct,
        };
        Some((held.key, path))
    }

    /// Notes that a peer is a server.
    pub(super) fn note_server(&mut self, key: PlayerKey) {
        if self.servers.len() < MAX_DIALLED {
            self.servers.insert(key);
        }
    }

    /// Who is linked, as it changes.
    pub(super) fn linked(&self) -> watch::Receiver<BTreeSet<PlayerKey>> {
        self.linked.subscribe()
    }

    /// Every link with the way that its bytes take.
    pub(super) fn paths(&self) -> Vec<(LinkId, LinkPath)> {
        self.held.keys().filter_map(|&id| Some((id, self.describe(id)?.1))).collect()
    }

    /// Queues a frame.
    ///
    /// # Errors
    /// When the link is of no more use; it should be closed.
    pub(super) fn send(&self, id: LinkId, frame: Arc<[u8]>) -> Result<(), NetError> {
        self.held.get(&id).map_or(Ok(()), |held| held.outgoing.send(frame))
    }

    /// Sends a frame beside the others, see [`Outgoing::send_datagram`].
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub(super) fn send_datagram(&self, id: LinkId, frame: &Arc<[u8]>) -> Result<(), NetError> {
        self.held.get(&id).map_or(Ok(()), |held| held.outgoing.send_datagram(frame))
    }

    /// Reads nothing from a link until then.
    pub(super) fn pause(&self, id: LinkId, until: std::time::Instant) {
        if let Some(held) = self.held.get(&id) {
            held.paused_until.send_replace(Some(Instant::from_std(until)));
        }
    }

    /// Closes a link once what was queued is through; `true` if it was open.
    pub(super) fn close(&mut self, id: LinkId, end: LinkEnd) -> bool {
        let Some(held) = self.held.remove(&id) else { return false };
        held.readers.iter().for_each(tokio::task::AbortHandle::abort);
        if let Some(ended) = held.ended {
            ended.send(end).ok();
        }
        self.tell_linked();
        true
    }

    /// Ends a link at once.
    pub(super) fn abort(&mut self, id: LinkId, reason: &str) {
        if let Some(held) = self.held.get(&id) {
            held.outgoing.abort(reason);
        }
        self.close(id, LinkEnd::default());
    }

    /// Keeps this session linked with a peer that the player has named. One that is dialled already is dialled at this
    /// address from here on.
    pub(super) fn reach(&mut self, addr: EndpointAddr, letters: mpsc::WeakSender<Letter>) {
        let peer = PlayerKey(*addr.id.as_bytes());
        match self.place(&peer) {
            Some(place) => place.send_modify(|place| place.named = Some(addr)),
            None => self.begin(peer, Whereabouts { named: Some(addr), heard: None }, letters),
        }
    }

    /// Keeps this session linked with a peer that somebody else has named, unless that is being done already: hearsay
    /// must not lead a dialler astray.
    pub(super) fn dial(&mut self, addr: EndpointAddr, letters: mpsc::WeakSender<Letter>) {
        let peer = PlayerKey(*addr.id.as_bytes());
        if self.place(&peer).is_none() {
            self.begin(peer, Whereabouts { named: None, heard: Some(addr) }, letters);
        }
    }

    /// Keeps this session linked with a peer that says of itself where it is. One that is dialled already is dialled there too.
    pub(super) fn dial_announced(&mut self, addr: EndpointAddr, letters: mpsc::WeakSender<Letter>) {
        let peer = PlayerKey(*addr.id.as_bytes());
        match self.place(&peer) {
            Some(place) => {
                // What is said again is no reason to hurry.
                place.send_if_modified(|place| place.heard.replace(addr.clone()) != Some(addr));
            }
            None => self.dial(addr, letters),
        }
    }

    /// Where somebody is being dialled.
    fn place(&self, peer: &PlayerKey) -> Option<&watch::Sender<Whereabouts>> {
        self.dialled.get(peer).filter(|place| !place.is_closed())
    }

    fn begin(&mut self, peer: PlayerKey, place: Whereabouts, letters: mpsc::WeakSender<Letter>) {
        let Some(net) = self.net.clone() else { return };
        self.dialled.retain(|_, place| !place.is_closed());
        let is_named = place.named.is_some();
        let alike = self.dialled.values().filter(|other| other.borrow().named.is_some() == is_named);
        if peer == self.me || alike.count() >= MAX_DIALLED {
            return;
        }
        let (told, place) = watch::channel(place);
        self.dialled.insert(peer, told);
        while self.dialers.try_join_next().is_some() {}
        let dialer = Dialer { net, place, peer, letters, unreached: self.unreached.clone() };
        self.dialers.spawn(dialer.keep_linked(self.linked.subscribe()));
    }

    fn tell_linked(&self) {
        self.linked.send_replace(self.held.values().map(|held| held.key).collect());
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        self.held.values().flat_map(|held| &held.readers).for_each(tokio::task::AbortHandle::abort);
    }
}

/// Reads a link's frames for the session, as fast as that takes them and no faster than it may.
async fn read(
    id: LinkId,
    mut incoming: Incoming,
    pauses: watch::Receiver<Option<Instant>>,
    arrivals: mpsc::Sender<Arrival>,
) {
    loop {
        let pause = *pauses.borrow();
        if let Some(until) = pause {
            tokio::time::sleep_until(until).await;
        }
        let frame = incoming.next().await.unwrap_or_else(|error| {
            tracing::debug!(%error, "a link has broken");
            None
        });
        let is_end = frame.is_none();
        let arrived = frame.map_or(Arrived::End, Arrived::Frame);
        if arrivals.send((id, arrived)).await.is_err() || is_end {
            return;
        }
    }
}

/// Reads what comes beside a link's frames. What the session has no time for is lost, as it might have been on its way.
async fn read_datagrams(
    id: LinkId,
    mut datagrams: Datagrams,
    clock: HostClock,
    arrivals: mpsc::Sender<Arrival>,
) {
    while let Some((bytes, came)) = datagrams.next(&clock).await {
        arrivals.try_send((id, Arrived::Datagram(bytes, came))).ok();
    }
}
