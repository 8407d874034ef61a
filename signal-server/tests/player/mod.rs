//! A player as a browser is one: a real `jam` behind a real WebSocket.

#![allow(dead_code, reason = "every test file uses some of it")]
#![allow(clippy::unwrap_used, reason = "tests may")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crdt_model::trust::{ActorId, ActorNonce, Challenge, Identity, SessionOrigin, Voucher};
use crdt_model::{FoundingRandom, Session};
use futures_util::{SinkExt, StreamExt};
use jam::wire::{self, Bye};
use jam::{CommandId, Config, Effect, Entry, Event, Jam, LinkId};
use peer::clock::HostClock;
use score::id::{MessageId, SessionId};
use score::{Edit, UnixMillis};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use view::{Command, LinkPath};

/// How long anything may take that has to happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// The one link that a player has at a time.
const LINK: LinkId = LinkId(1);

/// The WebSocket under a player's link.
pub(crate) type Socket = WebSocketStream<TcpStream>;

/// Opens a session's WebSocket; nothing is proven yet.
pub(crate) async fn dial(server: SocketAddr, session: &str) -> Result<Socket, Error> {
    let stream = TcpStream::connect(server).await?;
    let url = format!("ws://{server}/api/sessions/{session}/live");
    Ok(client_async(url, stream).await?.0)
}

/// The next binary message; nothing where the link has ended.
pub(crate) async fn next_frame(socket: &mut Socket) -> Option<Vec<u8>> {
    let next = tokio::time::timeout(PATIENCE, socket.next()).await.expect("nothing comes, nor does it end");
    match next {
        Some(Ok(Message::Binary(bytes))) => Some(bytes.into()),
        Some(Ok(Message::Close(_)) | Err(_)) | None => None,
        Some(Ok(other)) => panic!("the server sent {other:?}"),
    }
}

/// Reads the challenge and answers it. `brings` says who founded a session that the server may not have.
pub(crate) async fn prove(
    socket: &mut Socket,
    session: SessionId,
    identity: &Identity,
    brings: Option<SessionOrigin>,
) -> Option<SessionOrigin> {
    let challenge = postcard::from_bytes::<Challenge>(&next_frame(socket).await?).unwrap();
    let nobody = SessionOrigin { founder: identity.player(), nonce: [0; 16] };
    let origin = brings.or(challenge.origin).unwrap_or(nobody);
    let answer = postcard::to_allocvec(&(challenge.answer(identity, session), origin)).unwrap();
    socket.send(Message::Binary(answer.into())).await.ok()?;
    Some(origin)
}

/// A session that a player has founded on a machine of their own.
pub(crate) fn founded(secret: u8, name: &str) -> Session {
    let random = FoundingRandom { nonce: [secret; 16], seed: 7 };
    let starter = score::starter(name, 7);
    Session::create_from(Identity::from_secret(&[secret; 32]), random, &starter, UnixMillis(0)).unwrap().0
}

/// A player and their link.
pub(crate) struct Player {
    pub(crate) jam: Jam,
    /// What the server said when it closed the link.
    pub(crate) bye: Option<Bye>,
    identity: Identity,
    clock: HostClock,
    socket: Option<Socket>,
    commands: u64,
    /// Every change by its author's actor and number, and when it was in this player's document.
    pub(crate) changes: BTreeMap<(ActorId, u64), Instant>,
    /// Whether the server has said what its document ends at: only from then on does being in sync mean anything.
    has_heard_heads: bool,
    /// Whether others' changes are noted when they arrive and then dropped: ten who did all that players do would take more of the
    /// server's own machine than the server does.
    pub(crate) only_notes: bool,
}

impl Player {
    /// Joins a session that the server has.
    pub(crate) async fn joins(server: SocketAddr, session: &str, secret: u8) -> Self {
        let identity = Identity::from_secret(&[secret; 32]);
        let mut socket = dial(server, session).await.unwrap();
        let origin = prove(&mut socket, session.parse().unwrap(), &identity, None).await.unwrap();
        let nonce = ActorNonce(getrandom());
        let mut player = Self::with(identity.clone(), Session::join(identity, nonce, origin));
        player.linked(socket);
        player
    }

    /// A player with a session, not linked yet.
    pub(crate) fn with(identity: Identity, session: Session) -> Self {
        let jam = Jam::open(Config::player(identity.player(), getrandom()), session);
        let mut player = Self {
            jam,
            bye: None,
            identity,
            clock: HostClock::start(),
            socket: None,
            commands: 0,
            changes: BTreeMap::new(),
            has_heard_heads: false,
            only_notes: false,
        };
        while player.jam.next_effect().is_some() {}
        player
    }

    /// Links with the server, bringing the session where that does not have it.
    pub(crate) async fn links(&mut self, server: SocketAddr) {
        if self.socket.take().is_some() {
            self.handle(Event::LinkDown { link: LINK }).await;
        }
        let (session, origin) = (self.jam.session().id(), self.jam.session().origin());
        let mut socket = dial(server, &session.to_string()).await.unwrap();
        prove(&mut socket, session, &self.identity, Some(origin)).await.unwrap();
        self.linked(socket);
    }

    fn linked(&mut self, socket: Socket) {
        self.socket = Some(socket);
        (self.bye, self.has_heard_heads) = (None, false);
    }

    pub(crate) fn is_linked(&self) -> bool {
        self.socket.is_some()
    }

    /// Makes an edit, which goes out at once.
    pub(crate) async fn edits(&mut self, edit: Edit) {
        self.commands += 1;
        self.handle(Event::Command { id: CommandId(self.commands), command: Command::Edit(edit) }).await;
    }

    /// Says something in the session's chat: an edit that can be told from all others.
    pub(crate) async fn says(&mut self, number: u64) {
        let (by, at) = (self.identity.player(), UnixMillis(number as i64));
        let id = MessageId::from_random(number);
        self.edits(Edit::Say { id, by, at, text: number.to_string() }).await;
    }

    /// The numbers that have been said, in order.
    pub(crate) fn heard(&self) -> Vec<u64> {
        let chat = self.jam.session().score().chat.values();
        let mut heard: Vec<u64> = chat.map(|message| message.text.parse().unwrap()).collect();
        heard.sort_unstable();
        heard
    }

    /// Whether all that this player has made is durable elsewhere.
    pub(crate) fn is_acknowledged(&self) -> bool {
        self.jam.view().connection.unacknowledged == 0
    }

    /// Whether the server and this player hold the same, as far as both know.
    pub(crate) fn is_in_sync(&self) -> bool {
        let links = self.jam.view().connection.links;
        self.has_heard_heads && !links.is_empty() && links.iter().all(|link| link.in_sync)
    }

    /// Takes part until something is the case.
    pub(crate) async fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !is_so(self) {
                self.turn().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("it never happened: {what}"));
    }

    /// Takes in what comes next, or lets time pass.
    pub(crate) async fn turn(&mut self) {
        let due = self.jam.next_deadline().map(|at| self.clock.instant(at));
        if !self.turn_by(due).await {
            self.handle(Event::Tick).await;
        }
    }

    /// Takes in what comes next, if it does by then. What is begun is done to its end.
    pub(crate) async fn turn_by(&mut self, by: Option<Instant>) -> bool {
        let Some(socket) = &mut self.socket else { panic!("the link has ended: {:?}", self.bye) };
        let message = match by {
            Some(at) => tokio::time::timeout_at(at.into(), socket.next()).await,
            None => Ok(socket.next().await),
        };
        let Ok(message) = message else { return false };
        match message {
            Some(Ok(Message::Binary(bytes))) => self.takes(bytes.into()).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            _ => {
                self.socket = None;
                self.handle(Event::LinkDown { link: LINK }).await;
            }
        }
        true
    }

    async fn takes(&mut self, bytes: Vec<u8>) {
        match wire::decode(&bytes) {
            Ok(wire::Message::Bye(bye)) => self.bye = Some(bye),
            Ok(wire::Message::Hello(hello)) => {
                self.handle(Event::LinkUp { link: LINK, key: hello.key, path: LinkPath::Server }).await;
            }
            Ok(wire::Message::Change(record)) if self.only_notes => return self.note([&record.voucher]),
            // What it would ask the server for.
            Ok(wire::Message::Heads(_)) if self.only_notes => return,
            Ok(wire::Message::Heads(_)) => self.has_heard_heads = true,
            _ => {}
        }
        self.handle(Event::Frame { link: LINK, bytes }).await;
    }

    fn note<'a>(&mut self, vouchers: impl IntoIterator<Item = &'a Voucher>) {
        for voucher in vouchers {
            self.changes.entry((voucher.actor(), voucher.seq)).or_insert_with(Instant::now);
        }
    }

    async fn handle(&mut self, event: Event) {
        self.jam.handle(self.clock.now(), event);
        while let Some(effect) = self.jam.next_effect() {
            match effect {
                Effect::Send { frame, .. } => {
                    let Some(socket) = &mut self.socket else { continue };
                    // A link that breaks is found out about by reading.
                    socket.send(Message::Binary(frame.to_vec().into())).await.ok();
                }
                Effect::Store { ticket, entries } => {
                    self.note(entries.iter().filter_map(|entry| match entry {
                        Entry::Change(record) => Some(&record.voucher),
                        _ => None,
                    }));
                    self.jam.handle(self.clock.now(), Event::Stored { upto: ticket });
                }
                Effect::Close { .. } => self.socket = None,
                Effect::Reply { result, .. } => result.unwrap(),
                _ => {}
            }
        }
    }
}

fn getrandom<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    ::getrandom::fill(&mut bytes).unwrap();
    bytes
}
