//! The one task that owns an open session.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jam::wire::Parting;
use jam::{CommandId, Config, Effect, Event, Jam, LinkId, Ticket};
use score::id::SessionId;
use tokio::sync::mpsc;
use tokio::time::Instant;
use view::Command;

use super::keeper::Keeper;
use super::letter::{Letter, Reply, State};
use super::links::Links;
use super::opening::{open, random};
use super::{RoomError, Rooms};
use crate::carriers::{Arrival, Arrived, NewLink, TooSlow};
use crate::storage::StorageError;

/// How long a room stays open for nobody: longer than a page takes to come back with its link.
const IDLE_FOR: Duration = Duration::from_secs(30);

/// How often the links' paths are looked at: a link may move from a relay to the direct path.
const PATHS_TICK: Duration = Duration::from_secs(2);

/// How many frames are taken in before the others have their turn.
const MAX_FRAMES_A_TURN: usize = 64;

/// An open session and all that carries out its effects.
pub(super) struct Room {
    rooms: Rooms,
    session: SessionId,
    jam: Jam,
    keeper: Keeper,
    links: Links,
    /// Commands that `jam` has yet to answer.
    commands: BTreeMap<CommandId, Reply<()>>,
    last_command: u64,
    /// Commands that were carried out and have to become durable.
    unsaved: VecDeque<(Ticket, Reply<()>)>,
    /// Since when nobody has wanted anything.
    idle_since: Instant,
}

impl Room {
    /// Opens the session, serves it, and ends when nobody wants it any more. The mailbox is in the directory meanwhile.
    pub(super) async fn live(rooms: Rooms, session: SessionId, mut mailbox: mpsc::Receiver<Letter>) {
        let ended = match Self::open(&rooms, session).await {
            Ok((room, arrivals)) => {
                rooms.0.metrics.sessions_open.inc();
                let ended = Box::pin(room.run(&mut mailbox, arrivals)).await;
                rooms.0.metrics.sessions_open.dec();
                ended.map_err(RoomError::Storage)
            }
            Err(error) => Err(error),
        };
        rooms.ended(session, &mut mailbox);
        let error = match ended {
            Ok(()) => RoomError::Closed,
            Err(error) => {
                if error != RoomError::Missing {
                    tracing::error!(%error, "a session cannot be served");
                }
                error
            }
        };
        while let Some(letter) = mailbox.recv().await {
            letter.refuse(error.clone());
        }
    }

    async fn open(rooms: &Rooms, session: SessionId) -> Result<(Self, mpsc::Receiver<Arrival>), RoomError> {
        let inner = &rooms.0;
        let history = inner.storage.load(session).await?.ok_or(RoomError::Missing)?;
        let opened = open(inner.identity.clone(), history).await?;
        let config = Config { limits: inner.limits, ..Config::server(inner.identity.player(), random()?) };
        let keeper = Keeper::new(session, opened.changes, inner.storage.clone(), inner.metrics.clone());
        let (links, arrivals) = Links::new(inner.metrics.clone());
        let room = Self {
            rooms: rooms.clone(),
            session,
            jam: Jam::open(config, opened.session),
            keeper,
            links,
            commands: BTreeMap::new(),
            last_command: 0,
            unsaved: VecDeque::new(),
            idle_since: Instant::now(),
        };
        Ok((room, arrivals))
    }

    async fn run(
        mut self,
        mailbox: &mut mpsc::Receiver<Letter>,
        mut arrivals: mpsc::Receiver<Arrival>,
    ) -> Result<(), StorageError> {
        let mut frames = Vec::with_capacity(MAX_FRAMES_A_TURN);
        let mut paths_tick = tokio::time::interval(PATHS_TICK);
        self.carry_out().await?;
        loop {
            let deadline =
                self.jam.next_deadline().map(|at| Instant::from_std(self.rooms.0.clock.instant(at)));
            let idle_until = self.links.is_empty().then_some(self.idle_since + IDLE_FOR);
            let picture_due = self.keeper.picture_due();
            tokio::select! {
                letter = mailbox.recv() => match letter {
                    None => break,
                    Some(Letter::Leave(parting)) => return self.leave(parting).await,
                    Some(letter) => self.read_letter(letter),
                },
                _ = arrivals.recv_many(&mut frames, MAX_FRAMES_A_TURN) => {
                    frames.drain(..).for_each(|arrival| self.arrived(arrival));
                }
                durable = self.keeper.progress() => {
                    let upto = durable?;
                    self.handle(Event::Stored { upto });
                    self.tell_saved(upto);
                }
                () = until(deadline) => self.handle(Event::Tick),
                () = until(picture_due) => self.keeper.renew(self.jam.session_mut()).await?,
                () = until(idle_until) => {
                    self.keeper.close(self.jam.session_mut()).await?;
                    if self.rooms.close_if_forsaken(self.session, mailbox) {
                        break;
                    }
                    self.idle_since = Instant::now();
                }
                _ = paths_tick.tick(), if !self.links.is_empty() => self.look_at_paths(),
            }
            self.carry_out().await?;
        }
        Ok(())
    }

    /// Tells every link why it ends, and saves.
    async fn leave(mut self, parting: Parting) -> Result<(), StorageError> {
        self.handle(Event::Leave(parting));
        self.carry_out().await?;
        self.keeper.close(self.jam.session_mut()).await?;
        self.tell_saved(self.keeper.newest());
        Ok(())
    }

    fn handle(&mut self, event: Event) {
        self.jam.handle(self.rooms.0.clock.now(), event);
    }

    fn read_letter(&mut self, letter: Letter) {
        self.idle_since = Instant::now();
        match letter {
            Letter::Link { link, answer } => {
                self.linked(*link);
                answer.send(Ok(())).ok();
            }
            Letter::State { answer } => {
                answer.send(self.state()).ok();
            }
            Letter::Command { command, answer } => self.command(command, answer),
            Letter::Leave(_) => {}
        }
    }

    fn state(&self) -> Result<State, RoomError> {
        let session = self.jam.session();
        if session.is_empty() {
            return Err(RoomError::Empty);
        }
        Ok(State { origin: session.origin(), heads: session.heads(), score: session.score().clone().into() })
    }

    fn command(&mut self, command: Command, answer: Reply<()>) {
        if self.jam.session().is_empty() {
            answer.send(Err(RoomError::Empty)).ok();
            return;
        }
        self.last_command += 1;
        let id = CommandId(self.last_command);
        self.commands.insert(id, answer);
        self.handle(Event::Command { id, command });
    }

    fn linked(&mut self, mut link: NewLink) {
        let (key, path, first) = (link.key, link.outgoing.path(), link.first.take());
        let Some((id, rivals)) = self.links.add(link) else { return };
        for rival in rivals {
            self.lost(rival);
        }
        self.handle(Event::LinkUp { link: id, key, path });
        if let Some(bytes) = first {
            self.arrived((id, Arrived::Frame(bytes)));
        }
    }

    fn arrived(&mut self, (link, arrived): Arrival) {
        match arrived {
            Arrived::End => self.lost(link),
            _ if !self.links.heard(link) => {}
            Arrived::Frame(bytes) => self.handle(Event::Frame { link, bytes }),
            Arrived::Datagram(bytes, came) => self.handle(Event::Datagram { link, bytes, came }),
        }
    }

    fn lost(&mut self, link: LinkId) {
        self.idle_since = Instant::now();
        if self.links.close(link) {
            self.handle(Event::LinkDown { link });
        }
    }

    fn look_at_paths(&mut self) {
        for (link, path) in self.links.paths() {
            self.handle(Event::PathChanged { link, path });
        }
    }

    /// Does all that the session asks for.
    async fn carry_out(&mut self) -> Result<(), StorageError> {
        while let Some(effect) = self.jam.next_effect() {
            self.carry_out_one(effect);
        }
        self.keeper.flush().await
    }

    fn carry_out_one(&mut self, effect: Effect) {
        match effect {
            Effect::Send { link, frame } => {
                let sent = self.links.send(link, frame);
                self.note_sent(link, sent);
            }
            Effect::Datagram { link, frame, asks } => {
                if let Some(number) = asks {
                    self.jam.asked(link, number, self.rooms.0.clock.now());
                }
                let sent = self.links.send_datagram(link, frame);
                self.note_sent(link, sent);
            }
            Effect::Pause { link, until } => self.links.pause(link, self.rooms.0.clock.instant(until)),
            Effect::Close { link, reason, .. } => {
                tracing::debug!(reason, "closed a link");
                self.idle_since = Instant::now();
                self.links.close(link);
            }
            Effect::Store { ticket, entries } => self.keeper.keep(ticket, entries),
            Effect::Reply { id, result } => {
                let Some(answer) = self.commands.remove(&id) else { return };
                match result {
                    // It changed nothing: nothing more will be heard of the storage.
                    Ok(()) if self.keeper.is_durable() => drop(answer.send(Ok(()))),
                    Ok(()) => self.unsaved.push_back((self.keeper.newest(), answer)),
                    Err(error) => drop(answer.send(Err(RoomError::Refused(error.message)))),
                }
            }
            Effect::Refused { reason, .. } => tracing::debug!(reason, "refused a message"),
            // Sessions that come here are kept for good, players dial each other, and nobody watches or listens.
            _ => {}
        }
    }

    /// Gives a link up that can be sent no more.
    fn note_sent(&mut self, link: LinkId, sent: Result<(), TooSlow>) {
        if let Err(error) = sent {
            tracing::debug!(%error, "gave a link up");
            self.links.abort(link, "you read too slowly");
            self.handle(Event::LinkDown { link });
        }
    }

    fn tell_saved(&mut self, upto: Ticket) {
        while let Some((_, answer)) = self.unsaved.pop_front_if(|(ticket, _)| *ticket <= upto) {
            answer.send(Ok(())).ok();
        }
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
