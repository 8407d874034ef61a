//! Players with clocks of their own, on paths that delay and lose, in simulated time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crdt_model::trust::{ActorNonce, Identity, SessionOrigin};
use crdt_model::{FoundingRandom, Session};
use jam::wire::Kind;
use jam::{CommandId, Config, Effect, Event, Jam, LinkId};
use score::{LocalTime, Program, UnixMillis};
use view::{Command, LinkPath, Playing, Transport};

pub const MILLI: i64 = 1_000_000;
pub const SECOND: i64 = 1_000_000_000;

/// A way between two machines.
#[derive(Clone, Copy)]
pub struct Path {
    /// Least time of one way, in nanoseconds.
    pub way: i64,
    /// Most that is added, evenly spread.
    pub jitter: i64,
    /// Messages lost of a thousand; a stream brings them, and all behind them, a round trip later.
    pub lost: u64,
    /// How much longer it takes from the first end to the second than back, in nanoseconds.
    pub lean: i64,
}

pub const LAN: Path = Path { way: 180_000, jitter: 40_000, lost: 0, lean: 0 };
pub const FAR: Path = Path { way: 65 * MILLI, jitter: 20 * MILLI, lost: 20, lean: 0 };
pub const WIFI: Path = Path { way: MILLI, jitter: 4 * MILLI, lost: 10, lean: 0 };
pub const WAN: Path = Path { way: 15 * MILLI, jitter: 10 * MILLI, lost: 10, lean: 0 };

/// A machine.
pub struct Player {
    pub jam: Jam,
    pub transport: Option<Transport>,
    pub program: Option<Box<Program>>,
    /// What its clock reads at true time 0, and how much too fast it runs, in parts per billion.
    offset: i64,
    pub ppb: i64,
    tick_at: Option<i64>,
    /// Since when it sleeps, and how long it slept before: its clock stands still meanwhile.
    asleep_since: Option<i64>,
    slept: i64,
    /// Links that ended while it slept.
    missed: Vec<u64>,
    /// Bytes that it sent: to read clocks, and all others but heartbeats.
    pub clock_bytes: u64,
    pub other_bytes: u64,
}

struct Link {
    ends: [usize; 2],
    path: Path,
    arrives: [i64; 2],
    up: bool,
}

enum Future {
    Frame { link: u64, to: usize, bytes: Vec<u8> },
    Datagram { link: u64, to: usize, bytes: Vec<u8> },
    Tick(usize),
}

pub struct Stage {
    pub now: i64,
    pub players: Vec<Player>,
    pub random: u64,
    origin: SessionOrigin,
    links: BTreeMap<u64, Link>,
    future: BinaryHeap<Reverse<(i64, u64)>>,
    happenings: BTreeMap<u64, Future>,
    counter: u64,
}

impl Stage {
    /// A session that its founder, player 0, has open alone.
    pub fn new(seed: u64) -> Self {
        let founder = Identity::from_secret(&[1; 32]);
        let random = FoundingRandom { nonce: [7; 16], seed };
        let origin = SessionOrigin { founder: founder.player(), nonce: random.nonce };
        let mut stage = Self {
            now: 0,
            players: Vec::new(),
            random: seed,
            origin,
            links: BTreeMap::new(),
            future: BinaryHeap::new(),
            happenings: BTreeMap::new(),
            counter: 0,
        };
        let session = Session::create(founder, random, "Stage", UnixMillis(0)).unwrap().0;
        stage.enter(session, |config| config, 0);
        stage
    }

    /// Another player, whose clock is wrong by that much.
    pub fn player(&mut self, ppb: i64) -> usize {
        self.join(|config| config, ppb)
    }

    pub fn server(&mut self) -> usize {
        self.join(|config| Config::server(config.key, config.seed), 31_000)
    }

    pub fn join(&mut self, configure: impl Fn(Config) -> Config, ppb: i64) -> usize {
        let secret = [self.players.len() as u8 + 1; 32];
        let session = Session::join(Identity::from_secret(&secret), ActorNonce([secret[0]; 16]), self.origin);
        self.enter(session, configure, ppb)
    }

    fn enter(&mut self, session: Session, configure: impl Fn(Config) -> Config, ppb: i64) -> usize {
        let key = session.player();
        let mut seed = key.0;
        seed[0] ^= self.random as u8;
        let jam = Jam::open(configure(Config::player(key, seed)), session);
        let offset = self.below(1_000_000 * SECOND);
        self.players.push(Player {
            jam,
            transport: None,
            program: None,
            offset,
            ppb,
            tick_at: None,
            asleep_since: None,
            slept: 0,
            missed: Vec::new(),
            clock_bytes: 0,
            other_bytes: 0,
        });
        let index = self.players.len() - 1;
        self.drain(index);
        index
    }

    /// Everybody linked with everybody.
    pub fn mesh(&mut self, path: Path) {
        for a in 0..self.players.len() {
            for b in a + 1..self.players.len() {
                self.link(a, b, path);
            }
        }
    }

    pub fn link(&mut self, a: usize, b: usize, path: Path) -> u64 {
        self.counter += 1;
        let id = self.counter;
        self.links.insert(id, Link { ends: [a, b], path, arrives: [0; 2], up: true });
        for (end, other) in [(a, b), (b, a)] {
            let key = self.players[other].jam.session().player();
            self.tell(end, Event::LinkUp { link: LinkId(id), key, path: LinkPath::Direct });
        }
        id
    }

    pub fn cut(&mut self, id: u64) {
        let Some(link) = self.links.get_mut(&id).filter(|link| link.up) else { return };
        link.up = false;
        for end in link.ends {
            if self.players[end].asleep_since.is_some() {
                self.players[end].missed.push(id);
            } else {
                self.tell(end, Event::LinkDown { link: LinkId(id) });
            }
        }
    }

    /// A machine falls asleep: nothing happens on it, and its clock stands still.
    pub fn suspend(&mut self, player: usize) {
        self.players[player].asleep_since = Some(self.now);
    }

    /// It wakes up, and learns what it missed.
    pub fn wake(&mut self, player: usize) {
        let woken = &mut self.players[player];
        let Some(since) = woken.asleep_since.take() else { return };
        woken.slept += self.now - since;
        woken.tick_at = None;
        for link in std::mem::take(&mut woken.missed) {
            self.tell(player, Event::LinkDown { link: LinkId(link) });
        }
        self.tell(player, Event::Tick);
    }

    /// Somebody sets a machine's clock.
    pub fn set_clock(&mut self, player: usize, by: i64) {
        self.players[player].offset += by;
        self.players[player].tick_at = None;
        self.tell(player, Event::Tick);
    }

    /// Whether two players are linked.
    pub fn are_linked(&self, a: usize, b: usize) -> bool {
        self.links.values().any(|link| link.up && link.ends.contains(&a) && link.ends.contains(&b))
    }

    /// A player is gone, and all their links.
    pub fn leave(&mut self, player: usize) {
        let with = |(id, link): (&u64, &Link)| link.ends.contains(&player).then_some(*id);
        let ids: Vec<u64> = self.links.iter().filter_map(with).collect();
        for id in ids {
            self.cut(id);
        }
        self.players[player].transport = None;
    }

    pub fn command(&mut self, player: usize, command: Command) {
        self.tell(player, Event::Command { id: CommandId(0), command });
    }

    pub fn run(&mut self, nanos: i64) {
        let end = self.now + nanos;
        while let Some(&Reverse((at, id))) = self.future.peek().filter(|Reverse((at, _))| *at <= end) {
            self.future.pop();
            self.now = at;
            match self.happenings.remove(&id).unwrap() {
                Future::Frame { link, to, bytes } => {
                    if self.hears(link, to) {
                        self.tell(to, Event::Frame { link: LinkId(link), bytes });
                    }
                }
                Future::Datagram { link, to, bytes } => {
                    if self.hears(link, to) {
                        let came = self.local(to);
                        self.tell(to, Event::Datagram { link: LinkId(link), bytes, came });
                    }
                }
                Future::Tick(player) => {
                    let awake = self.players[player].asleep_since.is_none();
                    if awake && self.players[player].tick_at == Some(at) {
                        self.players[player].tick_at = None;
                        self.tell(player, Event::Tick);
                    }
                }
            }
        }
        self.now = end;
    }

    fn hears(&self, link: u64, to: usize) -> bool {
        self.players[to].asleep_since.is_none() && self.links.get(&link).is_some_and(|link| link.up)
    }

    /// The beat that a player hears now, in nanobeats of a thousandth of the interface's: micro-beats.
    pub fn beat(&self, player: usize) -> i64 {
        let local = self.local(player);
        self.players[player].transport.as_ref().map_or(0, |transport| transport.beat_at(local).0)
    }

    pub fn playing(&self, player: usize) -> Playing {
        self.players[player].jam.view().timeline.playing
    }

    pub fn below(&mut self, end: i64) -> i64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as i64
    }

    pub fn local(&self, player: usize) -> LocalTime {
        self.local_at(player, self.now)
    }

    /// What a player's clock reads at a true time, as it is set.
    pub fn local_at(&self, player: usize, at: i64) -> LocalTime {
        let Player { offset, ppb, slept, asleep_since, .. } = &self.players[player];
        let awake = asleep_since.unwrap_or(at) - slept;
        let gained = i128::from(awake) * i128::from(*ppb) / i128::from(SECOND);
        LocalTime(offset + awake + gained as i64)
    }

    /// When a player's clock reads this, rounded up.
    fn true_time(&self, player: usize, local: LocalTime) -> i64 {
        let Player { offset, ppb, slept, .. } = &self.players[player];
        let billion = i128::from(SECOND);
        (i128::from(local.0 - offset) * billion / (billion + i128::from(*ppb))) as i64 + 1 + slept
    }

    pub fn tell(&mut self, player: usize, event: Event) {
        let now = self.local(player);
        self.players[player].jam.handle(now, event);
        self.drain(player);
    }

    fn drain(&mut self, player: usize) {
        while let Some(effect) = self.players[player].jam.next_effect() {
            match effect {
                Effect::Send { link, frame } => self.send(player, link.0, frame.to_vec()),
                Effect::Datagram { link, frame, .. } => self.send_datagram(player, link.0, frame.to_vec()),
                Effect::Store { ticket, .. } => {
                    let now = self.local(player);
                    self.players[player].jam.handle(now, Event::Stored { upto: ticket });
                }
                Effect::Transport(transport) => self.players[player].transport = transport,
                Effect::Program(program) => self.players[player].program = Some(program),
                Effect::Close { link, .. } => self.cut(link.0),
                Effect::Refused { reason, .. } => panic!("player {player} refused: {reason}"),
                _ => {}
            }
        }
        if let Some(deadline) = self.players[player].jam.next_deadline() {
            let at = self.true_time(player, deadline).max(self.now);
            let planned = self.players[player].tick_at;
            if planned.is_none_or(|planned| at < planned || planned < self.now) {
                self.players[player].tick_at = Some(at);
                self.at(at, Future::Tick(player));
            }
        }
    }

    fn send(&mut self, from: usize, id: u64, bytes: Vec<u8>) {
        let length = bytes.len() as u64 + 4;
        match Kind::of(&bytes) {
            Ok(Kind::Ping | Kind::Pong) => {}
            Ok(Kind::Clock) => self.players[from].clock_bytes += length,
            _ => self.players[from].other_bytes += length,
        }
        let (jitter, again) = (self.below(1 << 30), self.below(1_000));
        let Some(link) = self.links.get_mut(&id).filter(|link| link.up) else { return };
        let side = usize::from(link.ends[0] == from);
        let Path { way, jitter: most, lost, lean } = link.path;
        let way = way + if side == 1 { lean } else { 0 };
        let late = if (again as u64) < lost { 2 * way } else { 0 };
        let at = self.now + way + ((jitter * most) >> 30) + late;
        link.arrives[side] = link.arrives[side].max(at);
        let (at, to) = (link.arrives[side], link.ends[side]);
        self.at(at, Future::Frame { link: id, to, bytes });
    }

    /// What travels by itself: it may be lost, and overtake.
    fn send_datagram(&mut self, from: usize, id: u64, bytes: Vec<u8>) {
        self.players[from].clock_bytes += bytes.len() as u64;
        let (jitter, lost) = (self.below(1 << 30), self.below(1_000));
        let Some(link) = self.links.get(&id).filter(|link| link.up) else { return };
        if (lost as u64) < link.path.lost {
            return;
        }
        let to = link.ends[usize::from(link.ends[0] == from)];
        let lean = if link.ends[0] == from { link.path.lean } else { 0 };
        let at = self.now + link.path.way + lean + ((jitter * link.path.jitter) >> 30);
        self.at(at, Future::Datagram { link: id, to, bytes });
    }

    fn at(&mut self, at: i64, future: Future) {
        self.counter += 1;
        self.happenings.insert(self.counter, future);
        self.future.push(Reverse((at, self.counter)));
    }
}
