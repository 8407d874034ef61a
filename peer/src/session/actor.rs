//! The one task that owns a session.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use iroh::EndpointAddr;
use jam::wire::Parting;
use jam::{CommandId, Effect, Event, Jam, LinkId};
use score::{PlayerKey, ScorePatch};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::Instant;
use view::{Command, CommandError, Transport, ViewPatch};

use super::address;
use super::handle::{Letter, MAX_PATCHES};
use super::keeper::Keeper;
use super::links::{Arrival, Arrived, LinkEnd, Links};
use super::prelude;
use super::remix;
use super::speaker::Speaker;
use super::waiting::Waiting;
use crate::clock::HostClock;
use crate::home::Home;
use crate::net::{Link, NetError};
use crate::store::StoreError;

/// How often the playhead is drawn and the engine looked after while somebody listens.
pub(super) const PLAYING_TICK: Duration = Duration::from_millis(16);

/// How often the links' paths are looked at: a link may move from a relay to the direct path.
const PATHS_TICK: Duration = Duration::from_secs(2);

/// A session and all that carries out its effects.
pub(super) struct Actor {
    pub(super) jam: Jam,
    pub(super) clock: HostClock,
    pub(super) home: Arc<Home>,
    pub(super) letters: mpsc::WeakSender<Letter>,
    pub(super) keeper: Keeper,
    pub(super) links: Links,
    pub(super) speaker: Speaker,
    pub(super) patches: broadcast::Sender<Arc<ViewPatch>>,
    pub(super) told_transport: watch::Sender<Option<Transport>>,
    pub(super) answers: BTreeMap<CommandId, oneshot::Sender<Result<(), CommandError>>>,
    pub(super) last_command: u64,
    pub(super) waiting: Waiting,
    pub(super) name: String,
    /// What the first who watches is to be told.
    pub(super) notice: Option<String>,
}

/// Patches for those who watch.
pub(super) fn patches() -> broadcast::Sender<Arc<ViewPatch>> {
    broadcast::Sender::new(MAX_PATCHES)
}

impl Actor {
    /// Runs until somebody asks the session to leave.
    ///
    /// # Errors
    /// When the store has failed for good, or something could not be saved at the end.
    pub(super) async fn run(
        mut self,
        mut letters: mpsc::Receiver<Letter>,
        mut arrivals: mpsc::Receiver<Arrival>,
    ) -> Result<(), StoreError> {
        let mut playing_tick = tokio::time::interval(PLAYING_TICK);
        playing_tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut paths_tick = tokio::time::interval(PATHS_TICK);
        self.carry_out().await?;
        loop {
            let deadline = self.jam.next_deadline().map(|at| Instant::from_std(self.clock.instant(at)));
            let checkpoint = self.keeper.checkpoint_due();
            tokio::select! {
                letter = letters.recv() => match letter {
                    None | Some(Letter::Leave) => break,
                    Some(letter) => self.read_letter(letter),
                },
                Some((link, arrived)) = arrivals.recv() => self.arrived(link, arrived),
                progress = self.keeper.progress() => {
                    progress?;
                    if let Some(upto) = self.keeper.stored() {
                        self.handle(Event::Stored { upto });
                    }
                }
                () = until(deadline) => self.handle(Event::Tick),
                () = until(checkpoint) => self.keeper.checkpoint(self.jam.session()).await?,
                _ = playing_tick.tick(), if self.speaker.is_heard() => self.speaker.tick(),
                _ = paths_tick.tick() => self.look_at_paths(),
            }
            self.carry_out().await?;
        }
        Box::pin(self.leave()).await
    }

    /// Says farewell and saves. A session of which nothing ever arrived leaves nothing behind.
    async fn leave(mut self) -> Result<(), StoreError> {
        self.handle(Event::Leave(Parting::Leaving));
        self.carry_out().await?;
        let Self { mut jam, keeper, home, .. } = self;
        let session = jam.session_mut();
        keeper.close(session).await?;
        if session.is_empty() {
            home.forget(session.id());
        }
        Ok(())
    }

    fn handle(&mut self, event: Event) {
        self.jam.handle(self.clock.now(), event);
    }

    fn read_letter(&mut self, letter: Letter) {
        match letter {
            Letter::Command { command, answer } => self.command(command, answer),
            Letter::View { answer } => {
                answer.send((self.jam.view(), self.patches.subscribe())).ok();
                if let Some(notice) = self.notice.take() {
                    self.show(ViewPatch::Notice(notice));
                }
            }
            Letter::Saved { answer } => self.waiting.for_saved(self.keeper.newest(), answer),
            Letter::Synced { answer } => self.waiting.for_synced(answer),
            Letter::Agreed { with, answer } => self.waiting.for_agreed(with, answer),
            Letter::Automerge { answer } => {
                answer.send(self.jam.session_mut().automerge()).ok();
            }
            Letter::Remix { answer } => {
                answer.send(remix::remix(self.jam.session())).ok();
            }
            Letter::Link { link, first, dialled, ended } => self.linked(*link, first, dialled, ended),
            Letter::Network(net) => self.links.join_network(net),
            Letter::Reach(addr) => self.links.reach(*addr, self.letters.clone()),
            Letter::ReachServer(addr) => self.reach_server(*addr),
            Letter::Announced(peers) => {
                for addr in peers {
                    self.links.dial_announced(addr, self.letters.clone());
                }
            }
            Letter::Notice(notice) => self.tell(Some(notice)),
            Letter::Reachable(addresses) => self.handle(Event::Reachable(address::write(&addresses))),
            Letter::Hear { opened } => self.speaker.hear(opened),
            Letter::StopHearing => self.speaker.stop_hearing(),
            Letter::Acts { answer } => {
                answer.send(self.jam.acts()).ok();
            }
            Letter::Preview { past, answer } => {
                let program = past.and_then(|past| self.jam.past(past));
                let is_here = past.is_none() || program.is_some();
                if is_here {
                    self.speaker.preview(program);
                }
                answer.send(is_here).ok();
            }
            Letter::Ears(mix) => self.speaker.set_ears(mix),
            Letter::Strike { track, pitch, velocity } => self.speaker.strike(track, pitch, velocity),
            Letter::SoundOpened(opened) => {
                let notice = self.speaker.opened(*opened);
                self.tell(notice);
            }
            Letter::SampleFetched(fetched) => {
                let notice = self.speaker.sample_fetched(*fetched);
                self.tell(notice);
            }
            Letter::Leave => {}
        }
    }

    fn command(&mut self, command: Command, answer: oneshot::Sender<Result<(), CommandError>>) {
        self.last_command += 1;
        let id = CommandId(self.last_command);
        self.answers.insert(id, answer);
        self.handle(Event::Date(HostClock::calendar()));
        self.handle(Event::Command { id, command });
    }

    fn linked(
        &mut self,
        link: Link,
        first: Option<Vec<u8>>,
        dialled: bool,
        ended: Option<oneshot::Sender<LinkEnd>>,
    ) {
        let (id, closing) = self.links.add(link, dialled, ended);
        let is_closing = closing.contains(&id);
        for closing in closing {
            if self.links.close(closing, LinkEnd::default()) && closing != id {
                self.handle(Event::LinkDown { link: closing });
            }
        }
        if is_closing {
            return;
        }
        if let Some((key, path)) = self.links.describe(id) {
            self.handle(Event::LinkUp { link: id, key, path });
        }
        if let Some(bytes) = first {
            self.handle(Event::Frame { link: id, bytes });
        }
    }

    fn arrived(&mut self, link: LinkId, arrived: Arrived) {
        match arrived {
            Arrived::Frame(bytes) => self.handle(Event::Frame { link, bytes }),
            Arrived::Datagram(bytes, came) => self.handle(Event::Datagram { link, bytes, came }),
            Arrived::End => {
                if self.links.close(link, LinkEnd::default()) {
                    self.handle(Event::LinkDown { link });
                }
            }
        }
    }

    /// Keeps the session linked with a server, and asks it to keep the session.
    fn reach_server(&mut self, addr: EndpointAddr) {
        self.links.note_server(PlayerKey(*addr.id.as_bytes()));
        self.handle(Event::Archive(true));
        self.links.reach(addr, self.letters.clone());
        self.look_at_paths();
    }

    fn look_at_paths(&mut self) {
        for (link, path) in self.links.paths() {
            self.handle(Event::PathChanged { link, path });
        }
    }

    /// Does all that the session asks for, and tells those who wait for something that has come about.
    async fn carry_out(&mut self) -> Result<(), StoreError> {
        while let Some(effect) = self.jam.next_effect() {
            self.carry_out_one(effect).await?;
        }
        self.waiting.saved(self.keeper.newest_stored(), self.keeper.trouble().as_deref());
        if self.waiting.wants_sync() && self.is_synced() {
            self.waiting.synced();
        }
        self.waiting.agreed(|peer| self.jam.agrees_with(peer));
        Ok(())
    }

    async fn carry_out_one(&mut self, effect: Effect) -> Result<(), StoreError> {
        match effect {
            Effect::Send { link, frame } => {
                let sent = self.links.send(link, frame);
                self.note_sent(link, sent);
            }
            Effect::Datagram { link, frame, asks } => {
                if let Some(number) = asks {
                    self.jam.asked(link, number, self.clock.now());
                }
                let sent = self.links.send_datagram(link, &frame);
                self.note_sent(link, sent);
            }
            Effect::Pause { link, until } => self.links.pause(link, self.clock.instant(until)),
            Effect::Close { link, reason, retry_after_millis } => {
                tracing::debug!(reason, "closed a link");
                let retry_after = Duration::from_millis(u64::from(retry_after_millis.unwrap_or(0)));
                self.links.close(link, LinkEnd { retry_after });
            }
            Effect::Store { ticket, entries } => self.keeper.keep(ticket, entries).await?,
            Effect::Patch(patch) => self.show(*patch),
            Effect::Program(program) => self.speaker.set_program(program, self.jam.session().score()),
            Effect::Reply { id, result } => {
                if let Some(answer) = self.answers.remove(&id) {
                    answer.send(result).ok();
                }
            }
            Effect::KnownPeers(peers) => {
                for (key, place) in peers {
                    if let Some(addr) = address::read(key, &place) {
                        self.links.dial(addr, self.letters.clone());
                    }
                }
            }
            Effect::Transport(transport) => {
                self.told_transport.send_replace(transport.clone());
                self.speaker.set_transport(transport);
            }
            Effect::ArchiveWanted { .. } => {}
            Effect::Refused { reason, .. } => tracing::warn!(reason, "refused a message"),
        }
        Ok(())
    }

    /// Gives a link up that can be sent no more.
    fn note_sent(&mut self, link: LinkId, sent: Result<(), NetError>) {
        if let Err(error) = sent {
            tracing::debug!(%error, "gave a link up");
            self.links.abort(link, "you read too slowly");
            self.handle(Event::LinkDown { link });
        }
    }

    fn show(&mut self, patch: ViewPatch) {
        if matches!(patch, ViewPatch::Score { .. } | ViewPatch::Reset(_)) && !self.jam.session().is_empty() {
            let name = &self.jam.session().score().name;
            if *name != self.name {
                self.name.clone_from(name);
                self.home.set_name(self.jam.session().id(), name);
            }
        }
        if cuts(&patch) {
            self.speaker.recut(self.jam.session().score());
        }
        // Nobody watches most sessions most of the time.
        self.patches.send(Arc::new(patch)).ok();
    }

    /// Tells those who watch, or else the first who will.
    fn tell(&mut self, notice: Option<String>) {
        if self.patches.receiver_count() == 0 {
            prelude::add(&mut self.notice, notice);
        } else if let Some(notice) = notice {
            self.show(ViewPatch::Notice(notice));
        }
    }

    fn is_synced(&self) -> bool {
        let connection = self.jam.view().connection;
        let is_in_sync = connection.links.iter().any(|link| link.in_sync);
        is_in_sync && connection.unacknowledged == 0 && !self.jam.session().is_empty()
    }
}

/// Whether a patch moves where samples are cut, which the program does not say.
fn cuts(patch: &ViewPatch) -> bool {
    let ViewPatch::Score { changes, .. } = patch else { return false };
    changes.iter().any(|change| matches!(change, ScorePatch::Slices(..)))
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
