//! One peer: a jam, its disk, and its interface's copy of the view.

use std::collections::VecDeque;

use crdt_model::trust::{ActorNonce, Identity, Record, SessionOrigin};
use crdt_model::{Session, Stored};
use jam::{Config, Entry, Jam, Ticket};
use score::{LocalTime, MessageId, PlayerKey};
use view::View;

use super::random::Random;
use super::saboteur::Sabotage;

/// A disk that keeps what was synced, and tears the rest in a crash.
#[derive(Debug, Default)]
pub struct Disk {
    pub synced: Vec<Entry>,
    pub written: VecDeque<(Ticket, Vec<Entry>)>,
}

impl Disk {
    pub fn sync(&mut self, upto: Ticket) {
        while self.written.front().is_some_and(|(ticket, _)| *ticket <= upto) {
            let (_, entries) = self.written.pop_front().unwrap();
            self.synced.extend(entries);
        }
    }

    /// The power is cut: a prefix of what was written and not synced survives, which may end within a write, for the log keeps no
    /// batches together. A record that is cut in its middle fails its checksum, and so ends the prefix before it.
    pub fn cut_power(&mut self, random: &mut Random) {
        let written: Vec<Entry> = self.written.drain(..).flat_map(|(_, entries)| entries).collect();
        let surviving = random.index(written.len() + 1);
        self.synced.extend(written.into_iter().take(surviving));
    }

    pub fn stored(&self, origin: SessionOrigin) -> Stored {
        let mut stored = Stored { origin, snapshot: None, records: Vec::new(), proofs: Vec::new() };
        for entry in &self.synced {
            match entry {
                Entry::Change(record) => stored.records.push(record.clone()),
                Entry::Proof(proof) => stored.proofs.push((**proof).clone()),
                Entry::Snapshot(whole) => {
                    stored = Stored {
                        snapshot: Some((**whole).clone()),
                        records: vec![],
                        proofs: vec![],
                        ..stored
                    };
                }
            }
        }
        stored
    }
}

/// An edit that nothing overwrites, so that it can be looked for in the end.
#[derive(Debug)]
pub struct Mark {
    pub id: MessageId,
    pub ticket: Ticket,
    pub saved: bool,
    /// An honest server has said that it is durable there.
    pub acknowledged: bool,
}

pub struct Node {
    pub identity: Identity,
    /// Whether it is a server, through which the others are linked.
    pub server: bool,
    pub origin: SessionOrigin,
    /// Whether what is promised is promised to and of this one.
    pub honest: bool,
    pub sabotage: Option<Sabotage>,
    /// An equivocator opens its store under this nonce again and again.
    pub fixed_nonce: Option<ActorNonce>,
    pub jam: Option<Jam>,
    pub disk: Disk,
    pub view: Option<View>,
    pub marks: Vec<Mark>,
    /// Its power is cut while it stores the next batch that it caught up with.
    pub doomed: bool,
    /// How far this machine's clock is from true time.
    pub clock_offset: i64,
    pub tick_at: Option<i64>,
    /// Counts openings, so that what was meant for an earlier one is known.
    pub opening: u32,
    pub programs: u64,
    /// Openings at which the disk held changes that found no place.
    pub torn: u64,
}

impl Node {
    pub fn new(secret: u8, origin: SessionOrigin, random: &mut Random) -> Self {
        Self {
            identity: Identity::from_secret(&[secret; 32]),
            server: false,
            origin,
            honest: true,
            sabotage: None,
            fixed_nonce: None,
            jam: None,
            disk: Disk::default(),
            view: None,
            marks: Vec::new(),
            doomed: false,
            clock_offset: random.between(-1_000_000_000_000, 1_000_000_000_000),
            tick_at: None,
            opening: 0,
            programs: 0,
            torn: 0,
        }
    }

    pub fn key(&self) -> PlayerKey {
        self.identity.player()
    }

    pub fn local(&self, now: i64) -> LocalTime {
        LocalTime(now + self.clock_offset)
    }

    /// Writes the founding records as a host does before it opens the session.
    pub fn found(&mut self, records: Vec<Record>) {
        self.disk.synced.extend(records.into_iter().map(Entry::Change));
    }

    pub fn open(&mut self, random: &mut Random) {
        let nonce = self.fixed_nonce.unwrap_or(ActorNonce(random.bytes()));
        let stored = self.disk.stored(self.origin);
        let session = if stored.records.is_empty() && stored.snapshot.is_none() {
            Session::join(self.identity.clone(), nonce, self.origin)
        } else {
            Session::load(self.identity.clone(), nonce, stored).expect("what was stored loads")
        };
        let config = if self.server {
            Config::server(self.key(), random.bytes())
        } else {
            Config::player(self.key(), random.bytes())
        };
        self.opening += 1;
        self.torn += u64::from(session.left_out() > 0);
        self.tick_at = None;
        self.jam = Some(Jam::open(config, session));
    }

    pub fn crash(&mut self, random: &mut Random) {
        self.jam = None;
        self.view = None;
        self.disk.cut_power(random);
        self.marks.retain(|mark| mark.saved || mark.acknowledged);
        self.doomed = false;
    }
}
