//! The loop: takes the next thing that happens, and tells the peer. What the peer asks for is carried out in [`super::effects`].

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use crdt_model::trust::{ActorNonce, Identity, SessionOrigin};
use crdt_model::{FoundingRandom, Session};
use jam::wire::Parting;
use jam::{CommandId, Event, Ticket};
use score::UnixMillis;
use view::{Command, Cursor};

use super::network::{MILLI, Network, SECOND};
use super::node::{Mark, Node};
use super::random::Random;
use super::saboteur::Sabotage;
use super::script::{self, Action, TROUBLED_NANOS};

/// Something that is going to happen.
#[derive(Debug)]
pub(super) enum Future {
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

/// Who is linked with whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// Everyone with everyone.
    Mesh,
    /// Everyone with the last of them, a server.
    Star,
}

pub struct World {
    pub seed: u64,
    pub topology: Topology,
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
    /// Every other seed has an equivocator and a saboteur among its five players; the others have one of them, or none. They are
    /// linked with each other, or, in a star, with an honest server alone.
    pub fn new(seed: u64, topology: Topology) -> Self {
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
        let mut script = script::draw(nodes.len(), twins, &mut random);
        if topology == Topology::Star {
            script.extend(script::draw_server(nodes.len(), &mut random));
            let mut server = Node::new(6, origin, &mut random);
            server.server = true;
            nodes.push(server);
        }
        let mut world = Self {
            seed,
            topology,
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
        for node in 0..self.nodes.len() {
            if node < 5 || self.nodes[node].server {
                self.open(node);
            }
        }
        for a in 0..self.nodes.len() {
            for b in a + 1..self.nodes.len() {
                if self.topology == Topology::Star && !self.nodes[b].server {
                    continue;
                }
                let at = self.random.between(0, SECOND);
                self.at(at, Future::Dial(a, b));
            }
        }
    }

    pub(super) fn at(&mut self, at: i64, future: Future) {
        self.counter += 1;
        self.happenings.insert(self.counter, future);
        self.future.push(Reverse((at, self.counter)));
    }

    /// The troubled part of a run, and what mends it.
    pub fn play(&mut self) {
        self.run_until(TROUBLED_NANOS + 15 * SECOND);
        self.network.partition = 0;
        for node in 0..self.nodes.len() {
            self.nodes[node].doomed = false;
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
                    // Its power is cut between the moment at which the disk has something and the one at which it tells.
                    if self.nodes[node].server && self.nodes[node].doomed {
                        return self.crash_for_a_moment(node);
                    }
                    self.handle(node, Event::Stored { upto });
                }
            }
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Edit(node) => {
                let count = self.players();
                let able = (node..node + count).map(|node| node % count).find(|&node| self.can_edit(node));
                if let Some(node) = able {
                    self.edit(node);
                }
            }
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
                    let doomed = !self.nodes[node].server && self.random.chance(50);
                    self.nodes[node].doomed = doomed;
                }
            }
            Action::Doom(node) => self.nodes[node].doomed = true,
            Action::Leave(node) => {
                self.handle(node, Event::Leave(Parting::Restarting));
                self.nodes[node].disk.sync(Ticket(u64::MAX));
                self.crash_for_a_moment(node);
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
        self.nodes[node].crash(&mut self.random);
        let links: Vec<_> =
            self.network.pairs.keys().copied().filter(|&(a, b)| a == node || b == node).collect();
        for (a, b) in links {
            self.kill_pair(a, b, silent);
            if let Some(&link) = self.network.pairs.get(&(a, b)) {
                self.given_up(link, node, None);
            }
        }
    }

    fn crash_for_a_moment(&mut self, node: usize) {
        self.crash(node, false);
        let back = self.now + self.random.between(1, 4) * SECOND;
        self.at(back, Future::Script(Action::Restart(node)));
    }

    /// How many may play, honest or not: all but the server.
    fn players(&self) -> usize {
        self.nodes.iter().filter(|node| !node.server).count()
    }

    fn can_edit(&self, node: usize) -> bool {
        self.nodes[node].jam.as_ref().is_some_and(|jam| !jam.session().is_empty())
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
            self.nodes[node].marks.push(Mark { id, ticket, saved: false, acknowledged: false });
        }
        if undo && ticket.is_some() {
            self.command(node, Command::Undo);
        }
    }

    fn point(&mut self, node: usize) {
        let Some(jam) = &self.nodes[node].jam else { return };
        let (score, random) = (jam.session().score(), &mut self.random);
        let Some(track) = score.tracks_in_order().first().map(|(id, _)| *id) else { return };
        let cursor =
            Cursor { scene: score.first_scene(), track, step: random.below(16) as u16, selected: None };
        self.command(node, Command::Point(Some(cursor)));
    }

    /// Gives a command. Returns the ticket of what it wrote.
    fn command(&mut self, node: usize, command: Command) -> Option<Ticket> {
        self.counter += 1;
        self.handle(node, Event::Command { id: CommandId(self.counter), command })
    }

    pub fn replay(&self) -> String {
        format!(
            "{:?}, seed {} at {} ms (replay: OFFBEAT_SIM_SEED={} cargo test -p jam --test simulator)",
            self.topology,
            self.seed,
            self.now / MILLI,
            self.seed
        )
    }

    pub fn honest(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(|(_, node)| node.honest)
    }
}
