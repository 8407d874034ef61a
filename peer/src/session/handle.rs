//! What everybody else holds of an open session: a handle that may be cloned and sends letters to its actor.

use std::collections::BTreeSet;
use std::sync::Arc;

use crdt_model::trust::SessionOrigin;
use iroh::EndpointAddr;
use score::id::{PlayerKey, SessionId, TrackId};
use score::private_mix::read_private_mix;
use score::time::Beats;
use score::{PrivateMix, Score};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use view::{Command, CommandError, Effort, Levels, Past, PastAct, SoundDelay, Transport, View, ViewPatch};

use super::SessionError;
use super::links::{LinkEnd, Unreached};
use super::shelf::Fetched;
use super::sounding::SoundOpened;
use crate::clock::HostClock;
use crate::net::{Address, Link, Net};

/// How many letters may wait for a session. When full, whoever writes waits.
pub(super) const MAX_LETTERS: usize = 256;

/// How many patches a slow subscriber may lag behind before it has to begin anew with a whole view.
pub(super) const MAX_PATCHES: usize = 4096;

/// Where the music is, for an interface to draw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Playhead {
    /// Whether somebody listens at this machine, or would hear something if there were a device.
    pub is_heard: bool,
    /// Whether the session plays. Of one to which nobody listens here this is not told.
    pub is_playing: bool,
    /// The beat that is heard at this moment.
    pub beat: Beats,
    /// How loud it is.
    pub levels: Levels,
    /// The device that plays; `None` while there is none.
    pub device: Option<String>,
    /// How late it is heard.
    pub delay: SoundDelay,
    /// How the engine fares.
    pub effort: Effort,
}

/// A view and what changes in it from then on.
pub type Subscription = (View, broadcast::Receiver<Arc<ViewPatch>>);

/// What an actor is asked.
#[derive(Debug)]
pub(super) enum Letter {
    Command { command: Command, answer: oneshot::Sender<Result<(), CommandError>> },
    View { answer: oneshot::Sender<Subscription> },
    Saved { answer: oneshot::Sender<Result<(), SessionError>> },
    Synced { answer: oneshot::Sender<()> },
    Agreed { with: PlayerKey, answer: oneshot::Sender<()> },
    Automerge { answer: oneshot::Sender<Vec<u8>> },
    Remix { answer: oneshot::Sender<Score> },
    Link { link: Box<Link>, first: Option<Vec<u8>>, dialled: bool, ended: Option<oneshot::Sender<LinkEnd>> },
    Reach(Box<EndpointAddr>),
    ReachServer(Box<EndpointAddr>),
    Announced(Vec<EndpointAddr>),
    Notice(String),
    Reachable(Vec<Address>),
    Network(Arc<Net>),
    Hear { opened: oneshot::Sender<()> },
    StopHearing,
    Ears(PrivateMix),
    Acts { answer: oneshot::Sender<Vec<PastAct>> },
    Preview { past: Option<Past>, answer: oneshot::Sender<bool> },
    Strike { track: TrackId, pitch: i8, velocity: Option<f32> },
    SoundOpened(Box<SoundOpened>),
    SampleFetched(Box<Fetched>),
    Leave,
}

/// An open session. Clones speak to the same one; it stays open until its owner closes it.
#[derive(Debug, Clone)]
pub struct SessionHandle {
    pub(super) origin: SessionOrigin,
    pub(super) letters: mpsc::Sender<Letter>,
    pub(super) clock: HostClock,
    pub(super) playhead: watch::Receiver<Playhead>,
    pub(super) transport: watch::Receiver<Option<Transport>>,
    pub(super) linked: watch::Receiver<BTreeSet<PlayerKey>>,
    pub(super) unreached: watch::Receiver<Unreached>,
}

impl SessionHandle {
    /// The session's id.
    pub fn id(&self) -> SessionId {
        self.origin.id()
    }

    /// Who founded the session, and with which nonce.
    pub fn origin(&self) -> SessionOrigin {
        self.origin
    }

    /// Has a command carried out. `Ok` means done here and on its way to the peers; see [`saved`](Self::saved).
    ///
    /// # Errors
    /// When the session refuses it, in words for the player.
    pub async fn command(&self, command: Command) -> Result<(), SessionError> {
        let done = self.ask(|answer| Letter::Command { command, answer }).await?;
        done.map_err(|error| SessionError::Refused(error.message))
    }

    /// All that an interface shows, and every change from then on, none missing between. A subscriber that lags far
    /// behind is told so by the channel and subscribes anew.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn subscribe(&self) -> Result<Subscription, SessionError> {
        self.ask(|answer| Letter::View { answer }).await
    }

    /// The session as plain data.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn score(&self) -> Result<Score, SessionError> {
        self.subscribe().await.map(|(view, _)| view.score)
    }

    /// Returns when everything done so far would survive a power cut.
    ///
    /// # Errors
    /// When the disk refuses to write. It is asked again for as long as the session is open.
    pub async fn saved(&self) -> Result<(), SessionError> {
        self.ask(|answer| Letter::Saved { answer }).await?
    }

    /// Returns when the session has arrived, agrees with a peer, and that peer has what was made here.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn synced(&self) -> Result<(), SessionError> {
        self.ask(|answer| Letter::Synced { answer }).await
    }

    /// Returns when the session has arrived and a peer holds the same, down to the last change. A server says so of what is
    /// durable there.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn agreed(&self, with: PlayerKey) -> Result<(), SessionError> {
        self.ask(|answer| Letter::Agreed { with, answer }).await
    }

    /// The document in Automerge's own format.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn automerge(&self) -> Result<Vec<u8>, SessionError> {
        self.ask(|answer| Letter::Automerge { answer }).await
    }

    /// What a session begins as that is a remix of this one as it is now.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn remix(&self) -> Result<Score, SessionError> {
        self.ask(|answer| Letter::Remix { answer }).await
    }

    /// Keeps the session linked with a peer from here on, however often it has to try.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn reach(&self, peer: EndpointAddr) -> Result<(), SessionError> {
        self.send(Letter::Reach(Box::new(peer))).await
    }

    /// Keeps the session linked with a server from here on, and asks it to keep the session for good.
    pub(crate) async fn reach_server(&self, addr: EndpointAddr) -> Result<(), SessionError> {
        self.send(Letter::ReachServer(Box::new(addr))).await
    }

    /// Links the session with peers who have announced that they play it, and where.
    pub(crate) async fn announced(&self, peers: Vec<EndpointAddr>) -> Result<(), SessionError> {
        self.send(Letter::Announced(peers)).await
    }

    /// Whether both speak to the same opening of a session.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.letters.same_channel(&other.letters)
    }

    /// Returns when the session is closed.
    pub(crate) async fn closed(&self) {
        self.letters.closed().await;
    }

    /// Tells those who watch, or else the first who will.
    pub(crate) async fn notice(&self, notice: String) -> Result<(), SessionError> {
        self.send(Letter::Notice(notice)).await
    }

    /// Hears the session on this machine's default device, whenever it plays; for one listener more. Returns when the device is
    /// open, or when it is known that none opens.
    ///
    /// # Errors
    /// When the session is closed. A device that is missing is told as a notice of the view.
    pub async fn hear(&self) -> Result<(), SessionError> {
        self.ask(|opened| Letter::Hear { opened }).await
    }

    /// One listener of this machine is gone. Nothing is heard when it was the last; the session plays on for the others.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn stop_hearing(&self) -> Result<(), SessionError> {
        self.send(Letter::StopHearing).await
    }

    /// Hears the session as a private mix says, which is told to nobody. Bytes that are none change nothing.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn ears(&self, image: &[u8]) -> Result<(), SessionError> {
        match read_private_mix(image) {
            Some(mix) => self.send(Letter::Ears(mix)).await,
            None => Ok(()),
        }
    }

    /// What was done in the session, the newest first.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn acts(&self) -> Result<Vec<PastAct>, SessionError> {
        self.ask(|answer| Letter::Acts { answer }).await
    }

    /// Has this machine play a state that the session was in, or the session again.
    ///
    /// # Errors
    /// When the state is not here, or the session is closed.
    pub async fn preview(&self, past: Option<Past>) -> Result<(), SessionError> {
        let is_here = self.ask(|answer| Letter::Preview { past, answer }).await?;
        let reason = "that state has not arrived here yet; wait for the others to be linked";
        if is_here { Ok(()) } else { Err(SessionError::Refused(reason.to_owned())) }
    }

    /// Presses a key on a track, or lets it go, where the session is heard.
    ///
    /// # Errors
    /// When the session is closed.
    pub async fn strike(&self, track: TrackId, pitch: i8, velocity: Option<f32>) -> Result<(), SessionError> {
        self.send(Letter::Strike { track, pitch, velocity }).await
    }

    /// Where the music is.
    pub fn playhead(&self) -> watch::Receiver<Playhead> {
        self.playhead.clone()
    }

    /// Where the session's music is, by this machine's clock; `None` before anybody played.
    pub(crate) fn transport(&self) -> watch::Receiver<Option<Transport>> {
        self.transport.clone()
    }

    /// This machine's clock.
    pub(crate) fn clock(&self) -> HostClock {
        self.clock
    }

    /// Who is linked with this session.
    pub fn linked(&self) -> watch::Receiver<BTreeSet<PlayerKey>> {
        self.linked.clone()
    }

    /// Why the last attempt to reach each peer failed, for those whom none has reached since.
    pub fn unreached(&self) -> watch::Receiver<Unreached> {
        self.unreached.clone()
    }

    /// Hands over a link that a peer has opened, and the frame that said which session it is for.
    pub(crate) async fn link(&self, link: Link, first: Vec<u8>) -> Result<(), SessionError> {
        let link = Box::new(link);
        self.send(Letter::Link { link, first: Some(first), dialled: false, ended: None }).await
    }

    /// Gives a session that was opened without a network one to dial on.
    pub(crate) async fn join_network(&self, net: Arc<Net>) -> Result<(), SessionError> {
        self.send(Letter::Network(net)).await
    }

    /// Tells the session where this machine may be reached.
    pub(crate) async fn reachable(&self, addresses: Vec<Address>) -> Result<(), SessionError> {
        self.send(Letter::Reachable(addresses)).await
    }

    /// Says farewell to the peers, makes everything durable and ends.
    pub(crate) async fn leave(&self) -> Result<(), SessionError> {
        self.send(Letter::Leave).await
    }

    async fn ask<A>(&self, letter: impl FnOnce(oneshot::Sender<A>) -> Letter) -> Result<A, SessionError> {
        let (answer, answered) = oneshot::channel();
        self.send(letter(answer)).await?;
        answered.await.map_err(|_| SessionError::Closed)
    }

    async fn send(&self, letter: Letter) -> Result<(), SessionError> {
        self.letters.send(letter).await.map_err(|_| SessionError::Closed)
    }
}
