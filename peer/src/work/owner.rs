//! The owner of a home: its open sessions, its network, and the work it does for others.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use crdt_model::trust::Identity;
use iroh::EndpointAddr;
use jam::wire::{self, Message};
use score::Score;
use score::id::SessionId;
use tokio::sync::{Mutex, OnceCell, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;
use view::Command;

use super::PeerError;
use crate::clock::HostClock;
use crate::home::Home;
use crate::net::{Link, Net, NetConfig, NetError, Ticket, addresses_of};
use crate::server::{self, ServerAddress};
use crate::session::{self, Opening, Running, SessionError, SessionHandle, picture};

/// How many sessions one process holds open. Each costs some megabytes.
const MAX_OPEN_SESSIONS: usize = 256;

/// How long a peer may take to say which session its link is for.
const FIRST_FRAME_WITHIN: Duration = Duration::from_secs(10);

/// How long an invitation waits for a relay: a server that answers has one in a few round trips.
const RELAYED_WITHIN: Duration = Duration::from_millis(500);

/// How many may stand at the door of a window; one more is sent away.
const MAX_KNOCKS: usize = 16;

/// How many links may at once be waited on for that.
const MAX_NAMELESS_LINKS: usize = 32;

/// The process that owns a home.
#[derive(Debug)]
pub struct Owner {
    home: Arc<Home>,
    clock: HostClock,
    config: NetConfig,
    net: OnceCell<Arc<Net>>,
    /// Held while a session opens, so that none is opened twice.
    /// `None` once the owner has closed.
    open: Mutex<Option<BTreeMap<SessionId, Running>>>,
    tasks: Mutex<JoinSet<()>>,
    /// Where those are sent who start the desktop app again, if it has a window.
    window: Mutex<Option<mpsc::Sender<String>>>,
    /// How much work is under way for which a session has to stay open.
    stays: Mutex<BTreeMap<SessionId, usize>>,
    /// The sessions that are being kept linked with a server, and with which.
    kept: Mutex<BTreeMap<(SessionId, ServerAddress), SessionHandle>>,
}

impl Owner {
    /// Takes over a home that this process has claimed.
    pub(super) fn new(home: Home, config: NetConfig) -> Self {
        Self {
            home: Arc::new(home),
            clock: HostClock::of_process(),
            config,
            net: OnceCell::new(),
            open: Mutex::new(Some(BTreeMap::new())),
            tasks: Mutex::default(),
            stays: Mutex::default(),
            kept: Mutex::default(),
            window: Mutex::default(),
        }
    }

    /// The home.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The session of an opening; the one that is open already, if it is.
    ///
    /// # Errors
    /// When it does not open, or too many are.
    pub async fn session(self: &Arc<Self>, opening: Opening) -> Result<SessionHandle, PeerError> {
        self.open(opening, false).await
    }

    /// The session of an opening, playing for everybody, and heard on this machine's default device. Where it has to be opened
    /// first it is heard at once, as its checkpoint shows it, and what its history says takes over when that has loaded.
    ///
    /// # Errors
    /// When it does not open, or too many are, or this player may not start it. A device that is missing is told as a notice of the
    /// view.
    pub async fn playing(self: &Arc<Self>, opening: Opening) -> Result<SessionHandle, PeerError> {
        let handle = self.opened_to_play(opening).await?;
        handle.hear().await?;
        handle.command(Command::Play).await?;
        Ok(handle)
    }

    /// The session of an opening; where it has to be opened first it begins to play while that goes on. It is silent again unless
    /// somebody hears it from here on.
    pub(super) async fn opened_to_play(
        self: &Arc<Self>,
        opening: Opening,
    ) -> Result<SessionHandle, PeerError> {
        self.open(opening, true).await
    }

    async fn open(self: &Arc<Self>, opening: Opening, play: bool) -> Result<SessionHandle, PeerError> {
        let mut open = self.open.lock().await;
        let open = open.as_mut().ok_or(SessionError::Closed)?;
        // One whose store has failed for good has ended; opening it anew tells why.
        open.retain(|_, running| !running.task.is_finished());
        if let Some(running) = opening.id().and_then(|id| open.get(&id)) {
            return Ok(running.handle.clone());
        }
        if open.len() >= MAX_OPEN_SESSIONS {
            return Err(PeerError::TooManyOpen(MAX_OPEN_SESSIONS));
        }
        let net = self.net.get().cloned();
        let running = session::start(self.home.clone(), self.clock, net, opening, play).await?;
        let handle = running.handle.clone();
        open.insert(handle.id(), running);
        Ok(handle)
    }

    /// What a session looked like when its checkpoint was written: quick to get whatever the length of its history, and
    /// good enough to show and play until that has loaded. `None` where there is no whole checkpoint.
    pub fn preview(&self, session: SessionId) -> Option<Score> {
        picture(&self.home, session).map(|picture| picture.score)
    }

    /// What a session holds. Its history is loaded only where the checkpoint does not show all of it: after a crash.
    ///
    /// # Errors
    /// When it does not open, or too many are.
    pub async fn score(self: &Arc<Self>, session: SessionId) -> Result<Score, PeerError> {
        // What is open may hold more than the disk; what is not stays as it is.
        let picture = if self.is_open(session).await { None } else { picture(&self.home, session) };
        match picture {
            Some(picture) if picture.is_exact => Ok(picture.score),
            _ => Ok(self.session(Opening::Here(session)).await?.score().await?),
        }
    }

    /// Whether a session is open in this process.
    pub async fn is_open(&self, session: SessionId) -> bool {
        self.open.lock().await.as_ref().is_some_and(|open| open.contains_key(&session))
    }

    /// A session that takes part in the network, and is linked with the servers that keep it whenever they answer.
    ///
    /// # Errors
    /// When it does not open, or there is no network.
    pub async fn online(self: &Arc<Self>, opening: Opening) -> Result<SessionHandle, PeerError> {
        let net = self.net().await?;
        let handle = self.session(opening).await?;
        handle.join_network(net.clone()).await?;
        handle.reachable(addresses_of(&net.addr())).await?;
        for server in self.home.servers(handle.id()) {
            self.keep_linked(server, &handle, &net).await;
        }
        Ok(handle)
    }

    /// Remembers that a server is to keep a session, and links with it.
    ///
    /// # Errors
    /// When the session has as many servers as it may, the disk refuses, or there is no network.
    pub(super) async fn keep_at(
        self: &Arc<Self>,
        server: ServerAddress,
        handle: &SessionHandle,
    ) -> Result<(), PeerError> {
        self.home.add_server(handle.id(), &server)?;
        let net = self.net().await?;
        self.keep_linked(server, handle, &net).await;
        Ok(())
    }

    async fn keep_linked(self: &Arc<Self>, server: ServerAddress, handle: &SessionHandle, net: &Arc<Net>) {
        let place = (handle.id(), server.clone());
        let known = self.kept.lock().await.insert(place.clone(), handle.clone());
        // One that was closed and opened again is another.
        if known.is_some_and(|known| known.is(handle)) {
            return;
        }
        let me = Identity::from_secret(self.home.secret());
        let (owner, handle, net) = (Arc::downgrade(self), handle.clone(), net.clone());
        let mut tasks = self.tasks.lock().await;
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            let introduced = server::keep_announced(server.clone(), handle.clone(), net.clone(), me);
            tokio::join!(server::keep_linked(server, handle.clone(), net), introduced);
            if let Some(owner) = owner.upgrade() {
                let mut kept = owner.kept.lock().await;
                if kept.get(&place).is_some_and(|known| known.is(&handle)) {
                    kept.remove(&place);
                }
            }
        });
    }

    /// An invitation to a session.
    ///
    /// # Errors
    /// When it does not open, or there is no network.
    pub async fn ticket(self: &Arc<Self>, handle: &SessionHandle) -> Result<Ticket, PeerError> {
        let net = self.net().await?;
        let server = self.home.servers(handle.id()).first().map(ToString::to_string);
        if server.is_some() || self.usual_server().is_some() {
            // With a relay in it the ticket is good from everywhere, and leads to where this player can be looked up later.
            timeout(RELAYED_WITHIN, net.relayed()).await.ok();
        }
        Ok(Ticket::new(handle.origin(), &net.addr(), server))
    }

    /// Looks peers up at the relays of an invitation from here on: whoever relays knows where the inviter has moved to since.
    ///
    /// # Errors
    /// When there is no network.
    pub(super) async fn ask_relays(self: &Arc<Self>, inviter: &EndpointAddr) -> Result<(), PeerError> {
        let net = self.net().await?;
        for relay in inviter.relay_urls() {
            // One server too many is no reason to stay away from the inviter.
            if let Err(error) = net.use_server(relay.as_str(), None).await {
                tracing::debug!(%error, "no relay");
            }
        }
        Ok(())
    }

    async fn net(self: &Arc<Self>) -> Result<Arc<Net>, NetError> {
        let bind = async {
            let net = Arc::new(Box::pin(Net::bind(self.home.secret(), &self.config)).await?);
            let (owner, listening) = (Arc::downgrade(self), net.clone());
            let mut tasks = self.tasks.lock().await;
            tasks.spawn(follow(owner.clone(), net.clone()));
            tasks.spawn(async move {
                let mut nameless = JoinSet::new();
                while let Some(link) = listening.accept().await {
                    while nameless.try_join_next().is_some() {}
                    let Some(owner) = owner.upgrade() else { return };
                    if nameless.len() < MAX_NAMELESS_LINKS {
                        nameless.spawn(async move { owner.route(link).await });
                    } else {
                        link.outgoing.abort("too many links at once");
                    }
                }
            });
            Ok(net)
        };
        self.net.get_or_try_init(|| bind).await.cloned()
    }

    /// Hands a link that a peer has opened to the session that its first message names.
    async fn route(&self, mut link: Link) {
        let first = timeout(FIRST_FRAME_WITHIN, link.incoming.next()).await;
        let Ok(Ok(Some(frame))) = first else { return link.outgoing.abort("no Hello") };
        let Ok(Message::Hello(hello)) = wire::decode(&frame) else {
            return link.outgoing.abort("a link begins with a Hello of a version known here");
        };
        let open = self.open.lock().await;
        let running = open.as_ref().and_then(|open| open.get(&hello.session));
        let handle = running.map(|running| running.handle.clone());
        drop(open);
        match handle {
            Some(handle) => {
                handle.link(link, frame).await.ok();
            }
            None => link.outgoing.abort("this session is not open here"),
        }
    }

    /// What others have started the desktop app with, from here on: for the process that has its window.
    pub async fn knocks(&self) -> mpsc::Receiver<String> {
        let (window, knocks) = mpsc::channel(MAX_KNOCKS);
        *self.window.lock().await = Some(window);
        knocks
    }

    /// Has the window show something.
    pub(super) async fn knock(&self, invitation: String) -> Result<(), PeerError> {
        let window = self.window.lock().await;
        let window = window.as_ref().ok_or(PeerError::NoWindow)?;
        window.try_send(invitation).map_err(|_| PeerError::NoWindow)
    }

    /// The server that this player uses where no other is named.
    pub(super) fn usual_server(&self) -> Option<&str> {
        self.config.server.as_deref()
    }

    /// Does some work for which a session has to stay open, and closes it when that was the last of its kind: a window that moves
    /// on to another session needs this one no longer.
    pub(super) async fn staying<T>(&self, session: SessionId, work: impl Future<Output = T>) -> T {
        *self.stays.lock().await.entry(session).or_default() += 1;
        let done = work.await;
        let mut stays = self.stays.lock().await;
        let left = stays.get_mut(&session).map_or(0, |count| {
            *count -= 1;
            *count
        });
        if left == 0 {
            stays.remove(&session);
            self.leave(session).await;
        }
        done
    }

    /// Closes one session. One of which nothing has ever arrived is gone with that. Nobody opens it anew before it is closed: two
    /// must not write to one log.
    pub(super) async fn leave(&self, session: SessionId) {
        let mut open = self.open.lock().await;
        if let Some(running) = open.as_mut().and_then(|open| open.remove(&session)) {
            running.handle.leave().await.ok();
            running.task.await.ok();
        }
    }

    /// Closes every session and the network, in that order, so that the peers hear the farewells.
    ///
    /// # Errors
    /// When something could not be saved.
    pub(super) async fn close(&self) -> Result<(), PeerError> {
        let Some(running) = self.open.lock().await.take() else { return Ok(()) };
        for running in running.values() {
            // One that has ended by itself needs no farewell.
            running.handle.leave().await.ok();
        }
        let mut failed = None;
        for (_, running) in running {
            match running.task.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => failed = Some(PeerError::Session(error.into())),
                Err(error) => failed = Some(PeerError::Crashed(error.to_string())),
            }
        }
        self.tasks.lock().await.shutdown().await;
        if let Some(net) = self.net.get() {
            net.close().await;
        }
        // Somebody may hold this value for longer; the home is free for the next process now.
        self.home.release();
        failed.map_or(Ok(()), Err)
    }
}

/// Tells the open sessions where this machine may be reached whenever that changes, for those whom they are linked with later.
async fn follow(owner: Weak<Owner>, net: Arc<Net>) {
    loop {
        let addr = net.addr();
        net.moved(&addr).await;
        let Some(owner) = owner.upgrade() else { return };
        let addresses = addresses_of(&net.addr());
        let open = owner.open.lock().await;
        let handles: Vec<_> = open.iter().flatten().map(|(_, running)| running.handle.clone()).collect();
        drop(open);
        for handle in handles {
            handle.reachable(addresses.clone()).await.ok();
        }
    }
}
