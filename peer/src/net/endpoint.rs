//! The player's endpoint: where peers are dialled from and answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use iroh::endpoint::{Connection, Incoming, presets};
use iroh::{Endpoint, EndpointAddr, RelayMap, RelayMode, SecretKey, Watcher};
use iroh_mdns_address_lookup::MdnsAddressLookup;
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::JoinHandle;

use super::plain_time::{self, CLOCK_ALPN, ClockReading};
use super::server::Servers;
use super::{Link, NetError};
use crate::clock::HostClock;

/// The protocol that links speak, as TLS negotiates it.
pub const ALPN: &[u8] = b"offbeat/jam/1";

/// How long a connection may take from the first packet to its stream. QUIC itself would give up after ten seconds.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// How long the last words to the peers may take: some round trips around the world.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// How many strangers may be shaking hands at once; one more is turned away and may come again.
const MAX_HANDSHAKES: usize = 256;

/// From how many on a stranger has to prove its address before it is given a place: one who makes addresses up cannot take all of
/// them.
const MAX_UNPROVEN_HANDSHAKES: usize = 32;

/// How many may be told the time at once, without a session.
const MAX_ASKERS: usize = 64;

/// How many links may wait to be accepted.
const MAX_WAITING_LINKS: usize = 16;

/// How an endpoint is opened.
#[derive(Debug, Clone, Default)]
pub struct NetConfig {
    /// The UDP address to listen on; every interface and a free port when `None`.
    pub bind: Option<SocketAddr>,
    /// Whether to find, and be found by, peers of the same network over multicast DNS.
    pub mdns: bool,
    /// The server that helps to find peers and relays for them, such as `https://offbeat.example`; see [`Net::use_server`].
    pub server: Option<String>,
}

/// A player's presence on the network. Its key is the player's own, so a peer's key is proven by the connection.
///
/// No foreign server is ever asked for anything: there are no relays and no address services but those given.
#[derive(Debug)]
pub struct Net {
    endpoint: Endpoint,
    servers: Servers,
    links: Mutex<mpsc::Receiver<Link>>,
    acceptor: JoinHandle<()>,
}

impl Net {
    /// Opens the endpoint of the player with this secret.
    ///
    /// # Errors
    /// When no socket can be opened.
    pub async fn bind(secret: &[u8; 32], config: &NetConfig) -> Result<Self, NetError> {
        let refused = |reason: String| NetError::Bind { addr: config.bind, reason };
        let mut builder = Endpoint::builder(presets::Minimal)
            .secret_key(SecretKey::from_bytes(secret))
            // None is known yet; those of servers and tickets come later.
            .relay_mode(RelayMode::Custom(RelayMap::empty()))
            .alpns(vec![ALPN.to_vec(), CLOCK_ALPN.to_vec()]);
        if let Some(addr) = config.bind {
            builder =
                builder.clear_ip_transports().bind_addr(addr).map_err(|error| refused(error.to_string()))?;
        }
        let endpoint = builder.bind().await.map_err(|error| refused(error.to_string()))?;
        if config.mdns {
            look_around(&endpoint);
        }
        let (found, links) = mpsc::channel(MAX_WAITING_LINKS);
        let acceptor = tokio::spawn(accept(endpoint.clone(), found));
        let net = Self { endpoint, servers: Servers::default(), links: Mutex::new(links), acceptor };
        if let Some(server) = &config.server {
            net.use_server(server, None).await?;
        }
        Ok(net)
    }

    /// Lets a server help: peers find this endpoint there by its key alone, and this endpoint finds them; packets go through the
    /// server's relay until there is a direct path, and instead of one where there is none. They stay encrypted end to end.
    ///
    /// `address_discovery` is the server's UDP port that tells an endpoint its public address, where it has one. Naming a server
    /// again with one changes that alone. An unreachable server does no harm: it is tried again for as long as this endpoint lives.
    ///
    /// # Errors
    /// When `server` is no URL, or as many servers are in use as there may be ([`MAX_SERVERS`](super::MAX_SERVERS)).
    pub async fn use_server(&self, server: &str, address_discovery: Option<u16>) -> Result<(), NetError> {
        self.servers.add(&self.endpoint, server, address_discovery).await
    }

    /// Waits until a server relays for this endpoint, so that [`addr`](Self::addr) names a place that is reachable from
    /// everywhere; for ever where no server is used.
    pub async fn relayed(&self) {
        self.endpoint.online().await;
    }

    /// Where this endpoint may be reached, as far as it knows at the moment.
    pub fn addr(&self) -> EndpointAddr {
        self.endpoint.addr()
    }

    /// Returns when this endpoint may be reached elsewhere than there: another network, or a relay that was not known yet.
    pub async fn moved(&self, from: &EndpointAddr) {
        let mut places = self.endpoint.watch_addr();
        while places.get() == *from {
            if places.updated().await.is_err() {
                return std::future::pending().await;
            }
        }
    }

    /// The next link that a peer has opened, or `None` when the endpoint is closed.
    pub async fn accept(&self) -> Option<Link> {
        self.links.lock().await.recv().await
    }

    /// Opens a link to a peer. The peer learns of it when the first frame is sent.
    ///
    /// # Errors
    /// When the peer cannot be reached within ten seconds.
    pub async fn connect(&self, addr: EndpointAddr) -> Result<Link, NetError> {
        let peer = addr.id.fmt_short().to_string();
        let connecting = async {
            let connection = self.endpoint.connect(addr, ALPN).await.map_err(|error| error.to_string())?;
            let (send, recv) = connection.open_bi().await.map_err(|error| error.to_string())?;
            Ok::<_, String>(Link::start(connection, send, recv))
        };
        match tokio::time::timeout(HANDSHAKE_WITHIN, connecting).await {
            Ok(Ok(link)) => Ok(link),
            Ok(Err(reason)) => Err(NetError::Unreachable { peer, reason }),
            Err(_) => {
                let reason = "no answer within ten seconds; is the other Offbeat running?".to_owned();
                Err(NetError::Unreachable { peer, reason })
            }
        }
    }

    /// Reads the clock of a peer or a server, whatever sessions it has.
    ///
    /// # Errors
    /// When it cannot be reached within ten seconds, or never answers.
    pub async fn read_clock(&self, addr: EndpointAddr, clock: &HostClock) -> Result<ClockReading, NetError> {
        let peer = addr.id.fmt_short().to_string();
        let reading = plain_time::read(&self.endpoint, addr, clock);
        tokio::time::timeout(HANDSHAKE_WITHIN, reading).await.unwrap_or_else(|_| {
            Err(NetError::Unreachable { peer, reason: "no answer within ten seconds".to_owned() })
        })
    }

    /// Ends every link, tells the peers so, and waits until they know; not for long, since one of them may be out of reach.
    pub async fn close(&self) {
        tokio::time::timeout(CLOSE_WITHIN, self.endpoint.close()).await.ok();
        self.acceptor.abort();
    }
}

/// Joins the local network's multicast DNS. Where there is none, everything else still works.
fn look_around(endpoint: &Endpoint) {
    let mdns = match MdnsAddressLookup::builder().service_name("offbeat").build(endpoint.id()) {
        Ok(mdns) => mdns,
        Err(error) => {
            tracing::debug!(%error, "no multicast DNS");
            return;
        }
    };
    if let Ok(lookups) = endpoint.address_lookup() {
        lookups.add(mdns);
    }
}

async fn accept(endpoint: Endpoint, found: mpsc::Sender<Link>) {
    let handshakes = Arc::new(Semaphore::new(MAX_HANDSHAKES));
    let askers = Arc::new(Semaphore::new(MAX_ASKERS));
    let clock = HostClock::of_process();
    while let Some(incoming) = endpoint.accept().await {
        let is_busy = handshakes.available_permits() <= MAX_HANDSHAKES - MAX_UNPROVEN_HANDSHAKES;
        if is_busy && !incoming.remote_addr_validated() {
            if let Err(error) = incoming.retry() {
                tracing::debug!(%error, "a stranger was not asked to prove its address");
            }
            continue;
        }
        let Ok(permit) = handshakes.clone().try_acquire_owned() else {
            incoming.refuse();
            continue;
        };
        let (found, askers) = (found.clone(), askers.clone());
        tokio::spawn(async move {
            let link = tokio::time::timeout(HANDSHAKE_WITHIN, shake_hands(incoming)).await;
            match link {
                Ok(Some(Caller::Link(link))) => drop(found.send(*link).await),
                Ok(Some(Caller::Asks(connection))) => {
                    drop(permit);
                    if let Ok(_place) = askers.try_acquire() {
                        plain_time::tell(connection, clock).await;
                    }
                    return;
                }
                _ => {}
            }
            drop(permit);
        });
    }
}

/// Whoever has opened a connection.
enum Caller {
    /// A peer with a link.
    Link(Box<Link>),
    /// Somebody who asks what the time is.
    Asks(Connection),
}

/// A peer's connection and the one stream that it opens on it; or one that carries no stream.
async fn shake_hands(incoming: Incoming) -> Option<Caller> {
    let connection =
        incoming.await.inspect_err(|error| tracing::debug!(%error, "a handshake failed")).ok()?;
    if connection.alpn() == CLOCK_ALPN {
        return Some(Caller::Asks(connection));
    }
    let (send, recv) = connection.accept_bi().await.ok()?;
    Some(Caller::Link(Box::new(Link::start(connection, send, recv))))
}

#[cfg(test)]
mod tests {
    use super::super::{MAX_FRAME_BYTES, Ticket};
    use super::*;
    use crdt_model::trust::SessionOrigin;
    use score::id::PlayerKey;

    async fn loopback(secret: u8) -> Net {
        let config = NetConfig { bind: Some("127.0.0.1:0".parse().unwrap()), ..NetConfig::default() };
        Net::bind(&[secret; 32], &config).await.unwrap()
    }

    async fn pair(ada: &Net, bob: &Net) -> (Link, Link) {
        let to_bob = ada.connect(bob.addr()).await.unwrap();
        to_bob.outgoing.send(b"hello".to_vec().into()).unwrap();
        let mut from_ada = bob.accept().await.unwrap();
        assert_eq!(from_ada.incoming.next().await.unwrap().unwrap(), b"hello");
        (to_bob, from_ada)
    }

    #[tokio::test]
    async fn peers_know_each_other_by_key_and_exchange_frames_in_order() {
        let (ada, bob) = tokio::join!(loopback(1), loopback(2));
        let (mut to_bob, mut from_ada) = pair(&ada, &bob).await;
        assert_eq!(to_bob.remote.0, *bob.addr().id.as_bytes());
        assert_eq!(from_ada.remote.0, *ada.addr().id.as_bytes());
        for number in 0..2_000_u32 {
            to_bob.outgoing.send(number.to_le_bytes().to_vec().into()).unwrap();
        }
        for number in 0..2_000_u32 {
            assert_eq!(from_ada.incoming.next().await.unwrap().unwrap(), number.to_le_bytes());
        }
        from_ada.outgoing.send(vec![7; MAX_FRAME_BYTES].into()).unwrap();
        from_ada.outgoing.send(Vec::new().into()).unwrap();
        assert_eq!(to_bob.incoming.next().await.unwrap().unwrap(), vec![7; MAX_FRAME_BYTES]);
        assert_eq!(to_bob.incoming.next().await.unwrap().unwrap(), b"");
        tokio::join!(ada.close(), bob.close());
    }

    #[tokio::test]
    async fn a_link_that_is_dropped_delivers_its_last_frame_and_then_ends() {
        let (ada, bob) = tokio::join!(loopback(1), loopback(2));
        let (to_bob, mut from_ada) = pair(&ada, &bob).await;
        to_bob.outgoing.send(b"bye".to_vec().into()).unwrap();
        drop(to_bob.outgoing);
        assert_eq!(from_ada.incoming.next().await.unwrap().unwrap(), b"bye");
        assert!(from_ada.incoming.next().await.unwrap().is_none());
        tokio::join!(ada.close(), bob.close());
    }

    #[tokio::test]
    async fn a_frame_past_the_bound_is_neither_sent_nor_taken() {
        let (ada, bob) = tokio::join!(loopback(1), loopback(2));
        let (to_bob, mut from_ada) = pair(&ada, &bob).await;
        let refused = to_bob.outgoing.send(vec![0; MAX_FRAME_BYTES + 1].into());
        assert!(matches!(refused, Err(NetError::FrameTooLong { .. })));
        // A stranger who does not keep to it is found out by the length alone.
        let connection = ada.endpoint.connect(bob.addr(), ALPN).await.unwrap();
        let (mut send, _recv) = connection.open_bi().await.unwrap();
        send.write_all(&u32::MAX.to_le_bytes()).await.unwrap();
        let mut stranger = bob.accept().await.unwrap();
        let refused = stranger.incoming.next().await.unwrap_err();
        assert!(refused.to_string().contains("4294967295 bytes"), "{refused}");
        // The honest link beside it lives on.
        to_bob.outgoing.send(b"still here".to_vec().into()).unwrap();
        assert_eq!(from_ada.incoming.next().await.unwrap().unwrap(), b"still here");
        tokio::join!(ada.close(), bob.close());
    }

    #[tokio::test]
    async fn a_peer_that_does_not_read_fills_its_queue_and_nothing_else() {
        let (ada, bob) = tokio::join!(loopback(1), loopback(2));
        let (to_bob, _from_ada) = pair(&ada, &bob).await;
        let refused = loop {
            if let Err(refused) = to_bob.outgoing.send(vec![0; MAX_FRAME_BYTES].into()) {
                break refused;
            }
            // Lets the writer run, so that the stream's own window fills too.
            tokio::task::yield_now().await;
        };
        assert!(matches!(refused, NetError::TooSlow { .. }), "{refused}");
        to_bob.outgoing.abort("too slow");
        tokio::join!(ada.close(), bob.close());
    }

    #[tokio::test]
    async fn a_ticket_is_enough_to_reach_its_author() {
        let (ada, bob) = tokio::join!(loopback(1), loopback(2));
        let origin = SessionOrigin { founder: PlayerKey([1; 32]), nonce: [3; 16] };
        let text = Ticket::new(origin, &bob.addr(), None).to_string();
        let ticket = text.parse::<Ticket>().unwrap();
        let link = ada.connect(ticket.endpoint_addr().unwrap()).await.unwrap();
        assert_eq!(link.remote, ticket.inviter);
        tokio::join!(ada.close(), bob.close());
    }

    #[tokio::test]
    async fn what_the_time_is_is_told_without_a_session() {
        let (ada, bob) = tokio::join!(loopback(1), loopback(2));
        let reading = ada.read_clock(bob.addr(), &HostClock::start()).await.unwrap();
        assert!(reading.answers * 2 > reading.questions, "{reading:?}");
        assert!(reading.round_trip_nanos > 0, "{reading:?}");
        tokio::join!(ada.close(), bob.close());
    }

    #[tokio::test]
    async fn a_datagram_arrives_by_itself_and_a_question_is_answered_without_the_session() {
        use jam::wire::{self, Clock, Message};
        let (ada, bob) = tokio::join!(loopback(1), loopback(2));
        let (mut to_bob, mut from_ada) = pair(&ada, &bob).await;
        let clock = HostClock::start();
        let answer =
            wire::encode(&Message::Clock(Clock::Answer { number: 1, came: clock.now(), held_nanos: 0 }));
        let question = wire::encode(&Message::Clock(Clock::Ask(7)));
        let exchange = async {
            loop {
                // Either may be lost, even here.
                to_bob.outgoing.send_datagram(&answer.clone().into()).unwrap();
                to_bob.outgoing.send_datagram(&question.clone().into()).unwrap();
                let heard = tokio::time::timeout(Duration::from_millis(200), to_bob.datagrams.next(&clock));
                if let Ok(Some((bytes, _))) = heard.await {
                    return bytes;
                }
            }
        };
        let answered = tokio::select! {
            bytes = exchange => bytes,
            () = async { while from_ada.datagrams.next(&clock).await.is_some() {} } => Vec::new(),
        };
        let answered = wire::decode(&answered).unwrap();
        assert!(matches!(answered, Message::Clock(Clock::Answer { number: 7, .. })), "{answered:?}");
        tokio::join!(ada.close(), bob.close());
    }

    #[tokio::test]
    async fn nobody_can_answer_in_the_place_of_another_key() {
        let (ada, eve) = tokio::join!(loopback(1), loopback(3));
        let bob = SecretKey::from_bytes(&[2; 32]).public();
        let addr = EndpointAddr::from_parts(bob, eve.addr().addrs);
        let refused = tokio::time::timeout(Duration::from_mins(1), ada.connect(addr)).await.unwrap();
        assert!(matches!(refused, Err(NetError::Unreachable { .. })));
        tokio::join!(ada.close(), eve.close());
    }
}
