//! One open session.

use std::collections::BTreeMap;
use std::sync::Arc;

use crdt_model::Session;
use score::{LocalTime, Program};
use view::{Connection, Player, Role, Timeline, Transport, View, ViewPatch};

use crate::config::Config;
use crate::durability::Durability;
use crate::effect::{Effect, Effects, Entry};
use crate::event::{Event, LinkId, Ticket};
use crate::greeting::Shunned;
use crate::link::Link;
use crate::metrics::Metrics;
use crate::others::People;
use crate::random::Random;
use crate::relay::WaitingRelays;
use crate::shared::SharedClock;
use crate::timeline::Timelines;
use crate::wire::{Address, Heads, Message, Presence};

/// Everything that happens in one open session, without I/O: hand in what happened with [`handle`](Jam::handle), carry out what
/// comes out of [`next_effect`](Jam::next_effect), and come back with [`Event::Tick`] at [`next_deadline`](Jam::next_deadline).
#[derive(Debug)]
pub struct Jam {
    pub(crate) config: Config,
    pub(crate) session: Session,
    pub(crate) links: BTreeMap<LinkId, Link>,
    pub(crate) durability: Durability,
    pub(crate) waiting_relays: WaitingRelays,
    /// Whom a server tells its links of.
    pub(crate) people: People,
    pub(crate) shunned: Shunned,
    pub(crate) random: Random,
    pub(crate) address: Option<Address>,
    /// Our player, as the others are to see it.
    pub(crate) presence: Presence,
    /// The heads of our document, as they go on the wire: of what is durable, where that is all that is passed on.
    pub(crate) heads: Heads,
    pub(crate) metrics: Metrics,
    pub(crate) score_changed: bool,
    pub(crate) shared: Option<SharedClock>,
    pub(crate) timeline: Timelines,
    /// Whether something was heard that says whose clock to follow, or what shared time is.
    pub(crate) clock_news: bool,
    /// When the first thing happened.
    pub(crate) opened: Option<LocalTime>,
    effects: Effects,
    shown: Shown,
    program: Option<Box<Program>>,
    transport: Option<Transport>,
}

/// What the interface was last told, but for the score.
#[derive(Debug, Default)]
struct Shown {
    players: Vec<Player>,
    connection: Connection,
    can_undo: bool,
    can_redo: bool,
    timeline: Timeline,
}

impl Jam {
    /// Opens a session: one that was founded, loaded from the store, or joined and still empty.
    ///
    /// The first effects show and play it. Whatever the session holds counts as durable: the records of a session that was just
    /// founded are stored before this is called.
    pub fn open(config: Config, session: Session) -> Self {
        let presence = Presence { name: crate::players::bounded_name(&config.name), cursor: None };
        let mut jam = Self {
            random: Random::new(&config.seed),
            config,
            session,
            links: BTreeMap::new(),
            durability: Durability::default(),
            waiting_relays: WaitingRelays::default(),
            people: People::default(),
            shunned: Shunned::default(),
            address: None,
            presence,
            heads: Heads::default(),
            metrics: Metrics::default(),
            score_changed: true,
            shared: None,
            timeline: Timelines::default(),
            clock_news: false,
            opened: None,
            effects: Effects::default(),
            shown: Shown::default(),
            program: None,
            transport: None,
        };
        jam.note_what_is_stored();
        jam.heads.changes = jam.session.heads();
        jam.update_proofs();
        jam.shown = jam.showing();
        jam.push(Effect::Patch(Box::new(ViewPatch::Reset(Box::new(jam.view())))));
        jam.replace_torn_store();
        jam.settle();
        jam
    }

    /// Where the store holds changes that found no place, a snapshot takes its place: what other replicas bring of the same actors
    /// must not stand behind them.
    fn replace_torn_store(&mut self) {
        let left_out = self.session.left_out();
        if left_out == 0 {
            return;
        }
        self.notice(format!(
            "{left_out} changes that were still being saved when this session last ended were set aside; other \
             players' copies bring them back."
        ));
        let ticket = self.durability.ticket();
        self.store(ticket, vec![Entry::Snapshot(Box::new(self.session.snapshot()))]);
    }

    /// Takes in something that happened.
    pub fn handle(&mut self, now: LocalTime, event: Event) {
        self.opened.get_or_insert(now);
        match event {
            Event::Command { id, command } => self.command(now, id, command),
            Event::LinkUp { link, key, path } => self.link_up(now, link, key, path),
            Event::PathChanged { link, path } => {
                if let Some(link) = self.links.get_mut(&link).filter(|link| link.path != path) {
                    link.path = path;
                    link.clock.path_changed(now);
                }
            }
            Event::Frame { link, bytes } => self.frame(now, link, &bytes),
            Event::Datagram { link, bytes, came } => self.datagram(now, link, &bytes, came),
            Event::LinkDown { link } => self.link_down(link),
            Event::Stored { upto } => self.stored(upto),
            Event::Reachable(address) => self.address = address,
            Event::Archive(archive) => self.config.archive = archive,
            Event::Date(now) => self.session.set_date(now),
            Event::Tick => {}
            Event::Leave(parting) => self.leave(parting),
        }
        self.keep_time(now);
        self.settle();
    }

    /// The next thing to do; `None` when all is done.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop()
    }

    /// When to come back with [`Event::Tick`] at the latest; `None` while no link is open and nothing plays.
    pub fn next_deadline(&self) -> Option<LocalTime> {
        let steering = self.shared.as_ref().and_then(|shared| shared.steered.due());
        let links = self.links.values().map(|link| link.next_deadline(&self.presence, &self.people));
        links.chain(steering).chain(self.tempo_due()).chain(self.alone_due()).min()
    }

    /// All that an interface shows, for one that starts late.
    pub fn view(&self) -> View {
        let Shown { players, connection, can_undo, can_redo, timeline } = self.showing();
        let (session, score) = (self.session.id(), self.session.score().clone());
        View { session, score, players, connection, can_undo, can_redo, timeline }
    }

    /// The document and its history.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The document and its history, for reading that keeps notes: snapshots, checkpoints, exports. Edits go through
    /// [`Event::Command`] alone.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// What has been counted since the session was opened.
    pub fn metrics(&self) -> Metrics {
        Metrics { dropped_effects: self.effects.dropped(), ..self.metrics }
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn notice(&mut self, text: String) {
        self.push(Effect::Patch(Box::new(ViewPatch::Notice(text))));
    }

    pub(crate) fn store(&mut self, ticket: Ticket, entries: Vec<Entry>) {
        self.push(Effect::Store { ticket, entries });
    }

    /// Sends a message on one link.
    pub(crate) fn send(&mut self, id: LinkId, message: &Message) {
        let Some(link) = self.links.get_mut(&id) else { return };
        for frame in link.frames(message) {
            self.count_frame(&frame);
            self.push(Effect::Send { link: id, frame });
        }
    }

    pub(crate) fn count_frame(&mut self, frame: &[u8]) {
        self.metrics.sent_bytes += frame.len() as u64;
        self.metrics.sent_frames += 1;
    }

    /// Sends one message on several links; it is written once, so it has to be one that every version of the protocol has alike.
    pub(crate) fn send_to(&mut self, links: &[LinkId], message: &Message) {
        let [first, rest @ ..] = links else { return };
        let Some(link) = self.links.get_mut(first) else { return };
        let frames = link.frames(message);
        if frames.len() > 1 {
            // Parts are numbered by link.
            for &link in links {
                self.send(link, message);
            }
            return;
        }
        let Some(frame) = frames.into_iter().next() else { return };
        for &link in [first].into_iter().chain(rest) {
            self.count_frame(&frame);
            self.push(Effect::Send { link, frame: Arc::clone(&frame) });
        }
    }

    pub(crate) fn ready_links(&self) -> impl Iterator<Item = (LinkId, &Link)> {
        self.links.iter().filter(|(_, link)| link.is_ready()).map(|(&id, link)| (id, link))
    }

    /// Tells interface and engine what is different after an event. A server has neither: whoever asks it is given a
    /// [`view`](Jam::view), and what hundreds of links do costs nothing here.
    fn settle(&mut self) {
        if self.config.role == Role::Archive {
            return;
        }
        let showing = self.showing();
        if showing.players != self.shown.players {
            self.push(Effect::Patch(Box::new(ViewPatch::Players(showing.players.clone()))));
        }
        if showing.connection != self.shown.connection {
            self.push(Effect::Patch(Box::new(ViewPatch::Connection(showing.connection.clone()))));
        }
        let Shown { can_undo, can_redo, .. } = showing;
        if (can_undo, can_redo) != (self.shown.can_undo, self.shown.can_redo) {
            self.push(Effect::Patch(Box::new(ViewPatch::History { can_undo, can_redo })));
        }
        if showing.timeline != self.shown.timeline {
            self.push(Effect::Patch(Box::new(ViewPatch::Timeline(showing.timeline))));
        }
        self.shown = showing;
        let transport = self.transport();
        if transport != self.transport {
            self.transport.clone_from(&transport);
            self.push(Effect::Transport(transport));
        }
        if std::mem::take(&mut self.score_changed) {
            self.lower();
        }
    }

    fn showing(&self) -> Shown {
        Shown {
            players: self.players(),
            connection: self.connection(),
            can_undo: self.session.can_undo(),
            can_redo: self.session.can_redo(),
            timeline: self.shown_timeline(),
        }
    }

    /// Compiles the score, and hands it to the engine if it sounds different.
    fn lower(&mut self) {
        let program = Box::new(score::lower::lower_first_scene(self.session.score()));
        if self.program.as_ref() != Some(&program) {
            self.program = Some(program.clone());
            self.push(Effect::Program(program));
        }
    }
}
