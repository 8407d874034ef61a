//! The sessions that are open: one task each, around one [`jam::Jam`].
//!
//! A room opens when somebody asks for its session, and closes when nobody has for a while. Its task owns the replica, the links
//! and what is on its way to the storage; everybody else has [`Rooms`], which finds rooms and hands them letters. A change that
//! arrives is relayed and acknowledged when the storage has made it durable, and not before.
//!
//! ```text
//! carriers ── frames ──▶┌──────┐── frames ──▶ carriers
//! http ────── letters ─▶│ room │── rows ────▶ storage
//! storage ─── receipts ▶└──────┘── answers ─▶ http
//! ```

mod error;
mod founding;
mod keeper;
mod letter;
mod links;
mod opening;
mod room;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crdt_model::trust::{Identity, SessionOrigin};
use jam::wire::Parting;
use peer::clock::HostClock;
use score::id::{PlayerKey, SessionId};
use tokio::sync::{mpsc, oneshot};
use view::Command;

use crate::carriers::NewLink;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::storage::{Founding, Storage};
pub use error::RoomError;
pub use founding::Beginning;
use letter::Letter;
pub use letter::State;
use room::Room;

/// How many letters may wait for a room. When full, whoever writes waits.
const MAX_WAITING_LETTERS: usize = 64;

/// How many rooms may be open at once. Each costs a hundred kilobytes to some megabytes.
const MAX_OPEN_ROOMS: usize = 4_096;

/// How long rooms may take to save and say farewell when the server stops.
const CLOSE_WITHIN: Duration = Duration::from_secs(10);

/// All open sessions of a server. Clones are handles to them.
#[derive(Clone, Debug)]
pub struct Rooms(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    storage: Arc<dyn Storage>,
    identity: Identity,
    clock: HostClock,
    limits: jam::Limits,
    metrics: Arc<Metrics>,
    open: Mutex<Directory>,
}

#[derive(Debug, Default)]
struct Directory {
    rooms: BTreeMap<SessionId, mpsc::Sender<Letter>>,
    is_closing: bool,
}

impl Rooms {
    /// No room is open yet. The server takes part in each as this identity.
    pub fn new(
        storage: Arc<dyn Storage>,
        identity: Identity,
        limits: &Limits,
        metrics: Arc<Metrics>,
    ) -> Self {
        let limits = jam::Limits {
            links: limits.max_links_per_session,
            burst_messages: limits.message_burst,
            messages_per_second: limits.messages_per_second,
            ..jam::Limits::default()
        };
        let open = Mutex::default();
        Self(Arc::new(Inner { storage, identity, clock: HostClock::of_process(), limits, metrics, open }))
    }

    /// The clock by which the rooms live.
    pub fn clock(&self) -> HostClock {
        self.0.clock
    }

    /// Founds a session and keeps it. Durable when this returns.
    ///
    /// # Errors
    /// When the score holds more than a session can, or it cannot be kept.
    pub async fn found(&self, beginning: Beginning) -> Result<SessionId, RoomError> {
        let founding = founding::found(self.0.identity.clone(), beginning).await?;
        let session = founding.origin.id();
        self.0.storage.found(founding).await?;
        Ok(session)
    }

    /// Begins to keep a session that somebody else has founded. What it holds is to arrive on links; one of which nothing arrives
    /// is forgotten again.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn adopt(&self, origin: SessionOrigin) -> Result<(), RoomError> {
        let founding = Founding {
            origin,
            owner: None,
            parent: None,
            at: HostClock::calendar(),
            rows: Vec::new(),
            picture: None,
        };
        self.0.storage.found(founding).await?;
        Ok(())
    }

    /// The key that the server takes part as.
    pub fn server(&self) -> PlayerKey {
        self.0.identity.player()
    }

    /// Who founded a session, and with which nonce; `None` where it is not here.
    ///
    /// # Errors
    /// When the storage does not answer.
    pub async fn origin(&self, session: SessionId) -> Result<Option<SessionOrigin>, RoomError> {
        Ok(self.0.storage.facts(session).await?.map(|facts| facts.origin))
    }

    /// Lets a link take part in a session.
    ///
    /// # Errors
    /// When the session is not here or cannot be opened; the link is dropped then.
    pub async fn link(&self, session: SessionId, link: NewLink) -> Result<(), RoomError> {
        let (answer, linked) = oneshot::channel();
        self.ask(session, Letter::Link { link: Box::new(link), answer }).await?;
        linked.await.map_err(|_| RoomError::Closed)?
    }

    /// What a session holds: from its picture where that is current, else from its room.
    ///
    /// # Errors
    /// When the session is not here, holds nothing yet, or cannot be opened.
    pub async fn state(&self, session: SessionId) -> Result<State, RoomError> {
        if !self.is_open(session)
            && let Some(picture) = self.0.storage.picture(session).await?.filter(|picture| picture.is_current)
            && let Some(state) = State::of_picture(&picture.body)
        {
            return Ok(state);
        }
        let (answer, state) = oneshot::channel();
        self.ask(session, Letter::State { answer }).await?;
        state.await.map_err(|_| RoomError::Closed)?
    }

    /// Has the server itself carry out a command in a session. Durable when this returns.
    ///
    /// # Errors
    /// When the session is not here, cannot be opened, or refuses.
    pub async fn command(&self, session: SessionId, command: Command) -> Result<(), RoomError> {
        let (answer, done) = oneshot::channel();
        self.ask(session, Letter::Command { command, answer }).await?;
        done.await.map_err(|_| RoomError::Closed)?
    }

    /// How many rooms are open.
    pub fn open(&self) -> usize {
        self.directory(|directory| directory.rooms.len())
    }

    /// Tells every link why it ends, saves everything, and opens no room any more.
    pub async fn close(&self, parting: Parting) {
        let rooms = self.directory(|directory| {
            directory.is_closing = true;
            directory.rooms.values().cloned().collect::<Vec<_>>()
        });
        let closing = async {
            for room in &rooms {
                room.send(Letter::Leave(parting)).await.ok();
            }
            for room in rooms {
                room.closed().await;
            }
        };
        if tokio::time::timeout(CLOSE_WITHIN, closing).await.is_err() {
            tracing::warn!("some sessions took too long to close");
        }
    }

    /// Hands a letter to a session's room, which opens for it. A room that closes at this moment opens again.
    async fn ask(&self, session: SessionId, mut letter: Letter) -> Result<(), RoomError> {
        loop {
            let room = self.room(session)?;
            match room.send(letter).await {
                Ok(()) => return Ok(()),
                Err(returned) => letter = returned.0,
            }
        }
    }

    fn room(&self, session: SessionId) -> Result<mpsc::Sender<Letter>, RoomError> {
        self.directory(|directory| {
            if directory.is_closing {
                return Err(RoomError::Closed);
            }
            if let Some(room) = directory.rooms.get(&session).filter(|room| !room.is_closed()) {
                return Ok(room.clone());
            }
            if directory.rooms.len() >= MAX_OPEN_ROOMS {
                return Err(RoomError::TooManyOpen);
            }
            let (letters, mailbox) = mpsc::channel(MAX_WAITING_LETTERS);
            directory.rooms.insert(session, letters.clone());
            tokio::spawn(Room::live(self.clone(), session, mailbox));
            Ok(letters)
        })
    }

    fn is_open(&self, session: SessionId) -> bool {
        self.directory(|directory| directory.rooms.contains_key(&session))
    }

    /// Lets a room that has saved everything close, unless somebody has written to it meanwhile. From here on letters reach the
    /// next room of the session.
    fn close_if_forsaken(&self, session: SessionId, mailbox: &mut mpsc::Receiver<Letter>) -> bool {
        self.directory(|directory| {
            let is_forsaken = mailbox.is_empty();
            if is_forsaken {
                mailbox.close();
                directory.rooms.remove(&session);
            }
            is_forsaken
        })
    }

    /// Takes a room that has ended out of the directory, unless another has taken its place.
    fn ended(&self, session: SessionId, mailbox: &mut mpsc::Receiver<Letter>) {
        self.directory(|directory| {
            mailbox.close();
            directory.rooms.remove(&session);
        });
    }

    /// Looks at, or changes, who is open. Never held while waiting.
    fn directory<T>(&self, look: impl FnOnce(&mut Directory) -> T) -> T {
        look(&mut self.0.open.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
