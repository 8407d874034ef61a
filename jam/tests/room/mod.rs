//! Jams on in-memory links.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "test code, of which each test file takes a part"
)]

use std::collections::VecDeque;
use std::sync::Arc;

use crdt_model::trust::{ActorNonce, Identity, SessionOrigin};
use crdt_model::{FoundingRandom, Session};
use jam::wire::Kind;
use jam::{CommandId, Config, Effect, Event, Jam, LinkId};
use score::{Edit, LocalTime, PlayerKey, UnixMillis};
use view::{Command, LinkPath};

/// Jams that hear each other without delay.
pub struct Room {
    pub jams: Vec<Jam>,
    pub links: Vec<(usize, usize)>,
    pub now: LocalTime,
    /// Every frame sent: the link, the sender, the bytes.
    pub sent: Vec<(usize, usize, Arc<[u8]>)>,
    pub effects: Vec<(usize, Effect)>,
    /// A jam whose disk is slow: it is told of nothing that it stored.
    pub slow_disk: Option<usize>,
}

impl Room {
    /// `count` players, the first of whom founded the session; nobody is linked.
    pub fn new(count: u8) -> Self {
        Self::with(count, None)
    }

    /// The same, where one of them may be a server.
    pub fn with(count: u8, server: Option<PlayerKey>) -> Self {
        Self::configured(count, |config| {
            if server == Some(config.key) { Config::server(config.key, config.seed) } else { config }
        })
    }

    /// The same, where each may be configured.
    pub fn configured(count: u8, configure: impl Fn(Config) -> Config) -> Self {
        let founder = Identity::from_secret(&[1; 32]);
        let random = FoundingRandom { nonce: [7; 16], seed: 1 };
        let origin = SessionOrigin { founder: founder.player(), nonce: random.nonce };
        let mut sessions = vec![Session::create(founder, random, "Room", UnixMillis(0)).unwrap().0];
        let join = |n: u8| Session::join(Identity::from_secret(&[n; 32]), ActorNonce([n; 16]), origin);
        sessions.extend((2..=count).map(join));
        let open = |session: Session| {
            let key = session.player();
            let config = configure(Config::player(key, key.0));
            Jam::open(config, session)
        };
        let jams = sessions.into_iter().map(open).collect();
        Self {
            jams,
            links: Vec::new(),
            now: LocalTime(0),
            sent: Vec::new(),
            effects: Vec::new(),
            slow_disk: None,
        }
    }

    pub fn link(&mut self, a: usize, b: usize) -> LinkId {
        let id = LinkId(self.links.len() as u64);
        self.links.push((a, b));
        for (end, other) in [(a, b), (b, a)] {
            let key = self.jams[other].session().player();
            self.jams[end].handle(self.now, Event::LinkUp { link: id, key, path: LinkPath::Direct });
        }
        self.settle();
        id
    }

    pub fn tell(&mut self, jam: usize, event: Event) {
        self.jams[jam].handle(self.now, event);
        self.settle();
    }

    pub fn edit(&mut self, jam: usize, edit: Edit) {
        self.tell(jam, Event::Command { id: CommandId(0), command: Command::Edit(edit) });
    }

    /// Carries frames, and makes everything durable, until nothing is left to do.
    pub fn settle(&mut self) {
        let mut frames = VecDeque::new();
        loop {
            for index in 0..self.jams.len() {
                while let Some(effect) = self.jams[index].next_effect() {
                    if let Effect::Send { link, frame } | Effect::Datagram { link, frame, .. } = &effect {
                        let (a, b) = self.links[link.0 as usize];
                        self.sent.push((link.0 as usize, index, Arc::clone(frame)));
                        frames.push_back((*link, if a == index { b } else { a }, Arc::clone(frame)));
                    }
                    if let Effect::Store { ticket, .. } = &effect {
                        let (now, upto) = (self.now, *ticket);
                        if self.slow_disk != Some(index) {
                            self.jams[index].handle(now, Event::Stored { upto });
                        }
                    }
                    self.effects.push((index, effect));
                }
            }
            let Some((link, to, frame)) = frames.pop_front() else { return };
            self.jams[to].handle(self.now, Event::Frame { link, bytes: frame.to_vec() });
        }
    }

    pub fn pass(&mut self, nanos: i64) {
        self.now = self.now.plus_nanos(nanos);
        for index in 0..self.jams.len() {
            self.tell(index, Event::Tick);
        }
    }

    pub fn count(&self, kind: Kind) -> usize {
        self.sent.iter().filter(|(_, _, frame)| frame[0] == kind as u8).count()
    }

    pub fn agree(&self) -> bool {
        self.jams.windows(2).all(|pair| {
            pair[0].session().heads() == pair[1].session().heads()
                && pair[0].session().score() == pair[1].session().score()
        })
    }
}
