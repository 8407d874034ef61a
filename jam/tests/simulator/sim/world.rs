//! The loop: takes the next thing that happens, tells the peer, carries out what it asks.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use crdt_model::trust::{ActorNonce, Identity, SessionOrigin};
use crdt_model::{FoundingRandom, Session};
use jam::{CommandId, Effect, Event, LinkId, Ticket};
use score::UnixMillis;
use view::{Command, Cursor, LinkPath, ViewPatch};

use super::network::{MILLI, Network, SECOND};
use super::node::{Mark, Node};
use super::random::Random;
use super::saboteur::Sabotage;
use super::script::{self, Action, TROUBLED_NANOS};

/// Something that is going to happen.
#[derive(Debug)]
enum Future {
    Script(Action),
    Dial(usize, usize),
    Frame { link: u64, to: usize, frame: Arc<[u8]> },
    LinkDown { link: u64, node: usize },
    Tick { node: usize },
    Synced { node: usize, opening: u32, upto: Ticket },
}

/// What went over links between honest peers.
#[derive(Debug, Default)]
pub struct Traffic {
    /// Bytes by link, length prefixes included, both directions together.
    pub bytes: BTreeMap<u64, u64>,
    /// `Change` messages by link.
    pub changes: BTreeMap<u64, u64>,
}

pub struct World {
    pub seed: u64,
    pub random: Random,
    pub now: i64,
    pub nodes: Vec<Node>,
    pub network: Network,
    pub traffic: Traffic,
    pub edits: u64,
    pub cuts: u64,
    pub crashes: u64,
    pub frames: u64,
    future: BinaryHeap<Reverse<(i64, u64)>>,
    happenings: BTreeMap<u64, Future>,
    counter: u64,
}

impl World {
    /// Every other seed has an equivocator and a saboteur among its five players; the others have one of them, or none.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let origin =
            SessionOrigin { founder: Identity::from_secret(&[1; 32]).player(), nonce: random.bytes() };
        let mut nodes: Vec<Node> = (1..=5).map(|secret| Node::new(secret, origin, &mut random)).collect();
        let mut twins = None;
        if seed.is_multiple_of(2) || seed % 4 == 1 {
            nodes[4].honest = false;
            nodes[4].fixed_nonce = Some(ActorNonce(random.bytes()));
            let mut twin = Node::new(5, origin, &mut random);
            (twin.honest, twin.fixed_nonce) = (false, nodes[4].fixed_nonce);
            nodes.push(twin);
            twins = Some((4, 5));
        }
        if seed.is_multiple_of(2) || seed % 8 == 3 {
            nodes[3].honest = false;
            nodes[3].sabotage = Some(Sabotage::random(&mut random));
        }
        let script = script::draw(nodes.len(), twins, &mut random);
        let mut world = Self {
            seed,
            random,
            now: 0,
            nodes,
            network: Network::default(),
            traffic: Traffic::default(),
            edits: 0,
            cuts: 0,
            crashes: 0,
            frames: 0,
            future: BinaryHeap::new(),
            happenings: BTreeMap::new(),
            counter: 0,
        };
        for (at, action) in script {
            world.at(at, Future::Script(action));
        }
        world.open_all(origin.nonce);
        world
    }

    fn open_all(&mut self, nonce: [u8; 16]) {
        let founding = FoundingRandom { nonce, seed: self.seed };
        let founder = self.nodes[0].identity.clone();
        let (_, records) = Session::create(founder, founding, "Simulated", UnixMillis(0)).unwrap();
        self.nodes[0].found(records);
        for node in 0..self.nodes.len().min(5) {
            self.open(node);
        }
        for a in 0..self.nodes.len() {
            for b in a + 1..self.nodes.len() {
                let at = self.random.between(0, SECOND);
                self.at(at, Future::Dial(a, b));
            }
        }
    }

    fn at(&mut self, at: i64, future: Future) {
        self.counter += 1;
        self.happenings.insert(self.counter, future);
        self.future.push(Reverse((at, self.counter)));
    }

    /// The troubled part of a run, and what mends it.
    pub fn play(&mut self) {
        self.run_until(TROUBLED_NANOS + 15 * SECOND);
        self.network.partition = 0;
        for node in 0..self.nodes.len() {
            if self.nodes[node].jam.is_none() {
                self.open(node);
            }
        }
    }

    pub fn run_until(&mut self, end: i64) {
        while let Some(&Reverse((at, id))) = self.future.peek().filter(|Reverse((at, _))| *at <= end) {
            self.future.pop();
            self.now = at;
            let future = self.happenings.remove(&id).unwrap();
            self.happen(future);
        }
        self.now = end;
    }

    fn happen(&mut self, future: Future) {
        match future {
            Future::Script(action) => self.act(action),
            Future::Dial(a, b) => self.dial(a, b),
            Future::Frame { link, to, frame } => self.deliver(link, to, frame),
            Future::LinkDown { link, node } => self.link_down(link, node),
            Future::Tick { node } => {
                if self.nodes[node].tick_at == Some(self.now) {
                    self.nodes[node].tick_at = None;
                    self.handle(node, Event::Tick);
                }
            }
            Future::Synced { node, opening, upto } => {
                if self.nodes[node].opening == opening && self.nodes[node].jam.is_some() {
                    self.nodes[node].disk.sync(upto);
                    for mark in self.nodes[node].marks.iter_mut().filter(|mark| mark.ticket <= upto) {
                        mark.saved = true;
                    }
                    self.handle(node, Event::Stored { upto });
                }
            }
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Edit(node) => self.edit(node),
            Action::Point(node) => self.point(node),
            Action::Drop(a, b) => self.kill_pair(a, b, false),
            Action::Cut { side, silent } => {
                self.cuts += 1;
                self.network.partition = side;
                let cut: Vec<_> =
                    self.network.pairs.keys().copied().filter(|&(a, b)| self.network.is_cut(a, b)).collect();
                for (a, b) in cut {
                    self.kill_pair(a, b, silent);
                }
            }
            Action::Mend => self.network.partition = 0,
            Action::Crash { node, silent } => self.crash(node, silent),
            Action::Restart(node) => {
                if self.nodes[node].jam.is_none() {
                    self.open(node);
                }
            }
            Action::Fork { node, twin } => {
                self.crash(node, false);
                let copied = self.nodes[node].disk.synced.clone();
                self.nodes[twin].disk.synced = copied;
                self.open(node);
                self.open(twin);
            }
        }
    }

    fn open(&mut self, node: usize) {
        self.nodes[node].open(&mut self.random);
        self.drain(node);
    }

    fn crash(&mut self, node: usize, silent: bool) {
        self.crashes += u64::from(self.nodes[node].jam.is_some());
        self.nodes[node].crash();
        let links: Vec<_> =
            self.network.pairs.keys().copied().filter(|&(a, b)| a == node || b == node).collect();
        for (a, b) in links {
            self.kill_pair(a, b, silent);
            if let Some(&link) = self.network.pairs.get(&(a, b)) {
                self.given_up(link, node, None);
            }
        }
    }

    /// A link dies. Both ends notice soon, or, if it dies in silence, only by hearing nothing.
    fn kill_pair(&mut self, a: usize, b: usize, silent: bool) {
        let Some(&id) = self.network.pairs.get(&(a, b)) else { return };
        let Some(link) = self.network.links.get_mut(&id) else { return };
        link.dead = true;
        if !silent {
            for node in [a, b] {
                let at = self.now + self.random.between(0, 300) * MILLI;
                self.at(at, Future::LinkDown { link: id, node });
            }
        }
    }

    fn link_down(&mut self, id: u64, node: usize) {
        let Some(link) = self.network.links.get(&id) else { return };
        if link.up[link.side(node)] {
            self.handle(node, Event::LinkDown { link: LinkId(id) });
            self.given_up(id, node, None);
        }
    }

    /// One end has given a link up. When both have, they try again after a while.
    fn given_up(&mut self, id: u64, node: usize, retry_after_millis: Option<u32>) {
        let Some(link) = self.network.links.get_mut(&id) else { return };
        let side = link.side(node);
        link.up[side] = false;
        if let Some([a, b]) = self.network.forget(id) {
            let pause =
                self.random.between(500, 3_000).max(i64::from(retry_after_millis.unwrap_or(0))) * MILLI;
            self.at(self.now + pause, Future::Dial(a, b));
        }
    }

    fn dial(&mut self, a: usize, b: usize) {
        if self.network.pairs.contains_key(&(a, b)) {
            return;
        }
        let down = self.nodes[a].jam.is_none() || self.nodes[b].jam.is_none();
        if down || self.network.is_cut(a, b) {
            let at = self.now + self.random.between(500, 3_000) * MILLI;
            return self.at(at, Future::Dial(a, b));
        }
        let id = self.network.connect(a, b, &mut self.random);
        for (node, other) in [(a, b), (b, a)] {
            let key = self.nodes[other].key();
            self.handle(node, Event::LinkUp { link: LinkId(id), key, path: LinkPath::Direct });
        }
    }

    fn deliver(&mut self, id: u64, to: usize, frame: Arc<[u8]>) {
        let Some(link) = self.network.links.get(&id) else { return };
        let side = link.side(to);
        if link.dead || !link.up[side] {
            return;
        }
        let resume = link.paused_until[side];
        if resume > self.now {
            return self.at(resume, Future::Frame { link: id, to, frame });
        }
        self.handle(to, Event::Frame { link: LinkId(id), bytes: frame.to_vec() });
    }

    pub fn edit(&mut self, node: usize) {
        let key = self.nodes[node].key();
        let Some(jam) = &self.nodes[node].jam else { return };
        if jam.session().is_empty() {
            return;
        }
        let (edit, mark) = script::edit(jam.session().score(), key, &mut self.random);
        let undo = matches!(edit, score::Edit::SetTempo(_)) && self.random.chance(50);
        self.edits += 1;
        let ticket = self.command(node, Command::Edit(edit));
        if let (Some(id), Some(ticket)) = (mark, ticket) {
            self.nodes[node].marks.push(Mark { id, ticket, saved: false });
        }
        if undo && ticket.is_some() {
            self.command(node, Command::Undo);
        }
    }

    fn point(&mut self, node: usize) {
        let Some(jam) = &self.nodes[node].jam else { return };
        let (score, random) = (jam.session().score(), &mut self.random);
        let Some(track) = score.tracks_in_order().first().map(|(id, _)| *id) else { return };
        let cursor = Cursor { scene: score.first_scene(), track, step: random.below(16) as u16, selected: 0 };
        self.command(node, Command::Point(Some(cursor)));
    }

    /// Gives a command. Returns the ticket of what it wrote.
    fn command(&mut self, node: usize, command: Command) -> Option<Ticket> {
        self.counter += 1;
        self.handle(node, Event::Command { id: CommandId(self.counter), command })
    }

    /// Tells a peer what happened. Returns the ticket of the last thing that it wrote.
    fn handle(&mut self, node: usize, event: Event) -> Option<Ticket> {
        let local = self.nodes[node].local(self.now);
        self.nodes[node].jam.as_mut()?.handle(local, event);
        self.drain(node)
    }

    fn drain(&mut self, node: usize) -> Option<Ticket> {
        let mut written = None;
        while let Some(effect) = self.nodes[node].jam.as_mut().and_then(jam::Jam::next_effect) {
            match effect {
                Effect::Send { link, frame } => self.send(node, link.0, frame),
                Effect::Close { link, retry_after_millis, .. } => {
                    self.close(node, link.0, retry_after_millis)
                }
                Effect::Pause { link, until } => {
                    let until = until.0 - self.nodes[node].clock_offset;
                    if let Some(link) = self.network.links.get_mut(&link.0) {
                        let side = link.side(node);
                        link.paused_until[side] = until;
                    }
                }
                Effect::Store { ticket, entries } => {
                    written = Some(ticket);
                    self.store(node, ticket, entries);
                }
                Effect::Patch(patch) => self.show(node, *patch),
                Effect::Program(_) => self.nodes[node].programs += 1,
                Effect::Refused { link, reason } => self.refused(node, link.0, &reason),
                Effect::Reply { .. } | Effect::KnownPeers(_) => {}
            }
        }
        self.plan_tick(node);
        written
    }

    fn plan_tick(&mut self, node: usize) {
        let Some(deadline) = self.nodes[node].jam.as_ref().and_then(jam::Jam::next_deadline) else { return };
        let at = (deadline.0 - self.nodes[node].clock_offset).max(self.now);
        if self.nodes[node].tick_at.is_none_or(|planned| at < planned || planned < self.now) {
            self.nodes[node].tick_at = Some(at);
            self.at(at, Future::Tick { node });
        }
    }

    fn store(&mut self, node: usize, ticket: Ticket, entries: Vec<jam::Entry>) {
        self.nodes[node].disk.written.push_back((ticket, entries));
        let opening = self.nodes[node].opening;
        let at = self.now + self.random.between(1, 40) * MILLI;
        self.at(at, Future::Synced { node, opening, upto: ticket });
    }

    fn show(&mut self, node: usize, patch: ViewPatch) {
        match (&mut self.nodes[node].view, patch) {
            (Some(view), patch) => view.apply(patch),
            (view @ None, ViewPatch::Reset(whole)) => *view = Some(*whole),
            (None, patch) => panic!("{}: {patch:?} before the view", self.replay()),
        }
    }

    fn send(&mut self, from: usize, id: u64, frame: Arc<[u8]>) {
        let Some(link) = self.network.links.get_mut(&id) else { return };
        let to = link.ends[1 - link.side(from)];
        if link.dead {
            return;
        }
        let frames = match &mut self.nodes[from].sabotage {
            Some(sabotage) => sabotage.spoil(frame, &mut self.random),
            None => vec![frame],
        };
        for frame in frames {
            self.frames += 1;
            if self.nodes[from].honest && self.nodes[to].honest {
                *self.traffic.bytes.entry(id).or_default() += frame.len() as u64 + 4;
                let is_change = frame.first() == Some(&(jam::wire::Kind::Change as u8));
                *self.traffic.changes.entry(id).or_default() += u64::from(is_change);
            }
            let Some(link) = self.network.links.get_mut(&id) else { return };
            let side = link.side(to);
            let at = link.arrival(side, self.now, &mut self.random);
            self.at(at, Future::Frame { link: id, to, frame });
        }
    }

    /// A peer closes a link: the other end notices after all that was sent.
    fn close(&mut self, node: usize, id: u64, retry_after_millis: Option<u32>) {
        let Some(link) = self.network.links.get_mut(&id) else { return };
        let other = link.ends[1 - link.side(node)];
        let side = link.side(other);
        if link.up[side] {
            let at = link.arrival(side, self.now, &mut self.random) + 1;
            self.at(at, Future::LinkDown { link: id, node: other });
        }
        self.given_up(id, node, retry_after_millis);
    }

    fn refused(&self, node: usize, id: u64, reason: &str) {
        let Some(link) = self.network.links.get(&id) else { return };
        if link.ends.iter().all(|&end| self.nodes[end].honest) {
            panic!("{}: honest peer {node} refused what an honest one sent: {reason}", self.replay());
        }
    }

    pub fn replay(&self) -> String {
        format!(
            "seed {} at {} ms (replay: OFFBEAT_SIM_SEED={} cargo test -p jam --test simulator)",
            self.seed,
            self.now / MILLI,
            self.seed
        )
    }

    pub fn honest(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(|(_, node)| node.honest)
    }
}
