//! What is known of one link.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crdt_model::trust::ActorId;
use score::{LocalTime, PlayerKey};
use view::{LinkPath, Role};

use crate::budget::Budget;
use crate::clock::RemoteClock;
use crate::limits::{
    DEAD_LINK_NANOS, HEARTBEAT_NANOS, HELLO_NANOS, MAX_FRAME_BYTES, MILLISECOND, PRESENCE_INTERVAL_NANOS,
};
use crate::others::{People, ToldOthers};
use crate::pull::Pull;
use crate::serve::Serve;
use crate::shared::ToldShared;
use crate::timeline::SignedTimeline;
use crate::wire::{self, Address, Assembly, Heads, Message, Person, Presence, SharedClockState};

/// One link to another replica.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) key: PlayerKey,
    pub(crate) path: LinkPath,
    /// What the other end said of itself; nothing else is heard before it.
    pub(crate) remote: Option<Remote>,
    /// The version of the protocol that both ends speak.
    pub(crate) version: u16,
    pub(crate) opened: LocalTime,
    /// When something was last heard.
    pub(crate) heard: LocalTime,
    pub(crate) budget: Budget,
    pub(crate) refusals: u32,
    pub(crate) assembly: Assembly,
    next_body: u32,
    pub(crate) pings: Pings,
    pub(crate) clock: RemoteClock,
    /// What the other end last said of shared time, and was told of it.
    pub(crate) shared: Option<SharedClockState>,
    pub(crate) told_shared: ToldShared,
    /// The latest timeline that the other end has, as far as is known.
    pub(crate) timeline: Option<SignedTimeline>,
    /// What the other end last said its document ends at.
    pub(crate) their_heads: Option<Heads>,
    /// What it was last told of ours.
    pub(crate) told_heads: Option<Heads>,
    /// The proofs that it was last sent, by our hash over them.
    pub(crate) told_proofs: Option<[u8; 16]>,
    /// Whether it was asked for changes since it opened.
    pub(crate) asked_once: bool,
    pub(crate) pull: Pull,
    pub(crate) serve: Serve,
    /// Lineages sent, by actor and number, so that a contradiction is answered once.
    pub(crate) lineages_sent: BTreeMap<ActorId, u64>,
    /// Whom the other end is linked with itself.
    pub(crate) linked: BTreeSet<PlayerKey>,
    /// Whom it was told that we are linked with.
    pub(crate) told_linked: Vec<PlayerKey>,
    /// Its player, as it last said.
    pub(crate) presence: Presence,
    pub(crate) told_presence: ToldPresence,
    /// Who else is here, as the other end, a server, last said.
    pub(crate) others: BTreeMap<PlayerKey, Person>,
    pub(crate) told_others: ToldOthers,
}

/// What the other end's `Hello` said.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    pub(crate) role: Role,
    pub(crate) address: Option<Address>,
}

/// Heartbeats of one link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pings {
    last: LocalTime,
    number: u32,
    answered: bool,
    pub(crate) round_trip_micros: Option<u32>,
}

/// What the other end knows of our player.
#[derive(Clone, Debug)]
pub(crate) struct ToldPresence {
    told: Presence,
    at: LocalTime,
}

impl Link {
    pub(crate) fn new(key: PlayerKey, path: LinkPath, now: LocalTime) -> Self {
        Self {
            key,
            path,
            remote: None,
            version: wire::PROTOCOLS.oldest,
            opened: now,
            heard: now,
            budget: Budget::full(now),
            refusals: 0,
            assembly: Assembly::default(),
            next_body: 0,
            pings: Pings { last: now, number: 0, answered: true, round_trip_micros: None },
            clock: RemoteClock::default(),
            shared: None,
            told_shared: ToldShared::default(),
            timeline: None,
            their_heads: None,
            told_heads: None,
            told_proofs: None,
            asked_once: false,
            pull: Pull::default(),
            serve: Serve::default(),
            lineages_sent: BTreeMap::new(),
            linked: BTreeSet::new(),
            told_linked: Vec::new(),
            presence: Presence::default(),
            told_presence: ToldPresence {
                told: Presence::default(),
                at: now.plus_nanos(-PRESENCE_INTERVAL_NANOS),
            },
            others: BTreeMap::new(),
            told_others: ToldOthers::new(now),
        }
    }

    /// Whether the other end has said who it is, so that it takes part.
    pub(crate) fn is_ready(&self) -> bool {
        self.remote.is_some()
    }

    /// A message as frames: one, or as many parts as it takes.
    pub(crate) fn frames(&mut self, message: &Message) -> Vec<Arc<[u8]>> {
        let bytes = wire::encode_as(self.version, message);
        if bytes.len() <= MAX_FRAME_BYTES {
            return vec![bytes.into()];
        }
        self.next_body = self.next_body.wrapping_add(1);
        wire::split(self.next_body, &bytes).map(|part| wire::encode(&Message::Part(part)).into()).collect()
    }

    /// When the link is given up unless something is heard.
    pub(crate) fn dies_at(&self) -> LocalTime {
        let silent = self.heard.plus_nanos(DEAD_LINK_NANOS);
        if self.is_ready() { silent } else { silent.min(self.opened.plus_nanos(HELLO_NANOS)) }
    }

    /// The next moment at which something is to be done for this link.
    pub(crate) fn next_deadline(&self, presence: &Presence, people: &People) -> LocalTime {
        let mut deadline = self.dies_at();
        if self.is_ready() {
            deadline = deadline.min(self.pings.due()).min(self.clock.due());
            let told =
                [self.told_presence.due(presence), self.told_others.due(people), self.told_shared.due()];
            let later = [self.pull.deadline(), self.serve.deadline()].into_iter().chain(told);
            deadline = later.flatten().fold(deadline, LocalTime::min);
        }
        deadline
    }
}

impl Pings {
    pub(crate) fn due(&self) -> LocalTime {
        self.last.plus_nanos(HEARTBEAT_NANOS)
    }

    /// The number of the next ping, which is sent at `now`.
    pub(crate) fn next(&mut self, now: LocalTime) -> u32 {
        self.last = now;
        self.number = self.number.wrapping_add(1);
        self.answered = false;
        self.number
    }

    /// An answer arrived. Answers to anything but the last ping are too old to tell anything.
    pub(crate) fn answered(&mut self, number: u32, now: LocalTime) {
        if number == self.number && !self.answered {
            self.answered = true;
            let micros = now.nanos_since(self.last) * 1000 / MILLISECOND;
            self.round_trip_micros = u32::try_from(micros).ok();
        }
    }
}

impl ToldPresence {
    /// When the other end may and should hear of `presence`.
    pub(crate) fn due(&self, presence: &Presence) -> Option<LocalTime> {
        (self.told != *presence).then(|| self.at.plus_nanos(PRESENCE_INTERVAL_NANOS))
    }

    pub(crate) fn tell(&mut self, presence: &Presence, now: LocalTime) {
        *self = Self { told: presence.clone(), at: now };
    }
}
