//! The ledger: every change of the session, who wrote it, what it builds on, and which operations it holds.
//!
//! The ledger is the log the document can always be rebuilt from, and what catching up is served from. It decides whether a change is valid, and
//! decides by the change's ancestors alone: so whatever order changes arrive in, all replicas decide alike.

mod actors;
mod ancestry;
mod check;
mod place;
mod prune;

use std::collections::BTreeMap;

pub(super) use actors::ActorLog;
pub(super) use check::Checked;
use place::OpSlot;

use score::id::SessionId;

use super::{ActorId, Chain, ChangeHash};
use actors::Actors;
use ancestry::Ancestry;

/// One admitted change.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) hash: ChangeHash,
    /// Index of its actor in the ledger.
    pub(super) actor: u32,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) dependencies: Box<[u32]>,
    /// The change chunk, as it came.
    pub(super) chunk: Box<[u8]>,
    slots: Box<[OpSlot]>,
}

impl Entry {
    /// The counter of its last operation; larger than that of any ancestor.
    pub(super) fn max_op(&self) -> u64 {
        self.start_op + self.slots.len() as u64 - 1
    }
}

/// All changes of one session, in a causal order.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Vec<Entry>,
    by_hash: BTreeMap<ChangeHash, u32>,
    actors: Actors,
    ancestry: Ancestry,
    heads: Vec<u32>,
}

impl Ledger {
    /// The changes in the order they entered: each after its dependencies.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn entry(&self, index: u32) -> &Entry {
        &self.entries[index as usize]
    }

    pub(super) fn index_of(&self, hash: &ChangeHash) -> Option<u32> {
        self.by_hash.get(hash).copied()
    }

    pub(super) fn actors(&self) -> &Actors {
        &self.actors
    }

    pub(super) fn actor(&self, id: &ActorId) -> Option<&ActorLog> {
        self.actors.index_of(id).map(|index| self.actors.at(index))
    }

    pub(super) fn actor_mut(&mut self, id: &ActorId) -> Option<&mut ActorLog> {
        self.actors.index_of(id).map(|index| self.actors.at_mut(index))
    }

    /// The changes nothing builds on yet.
    pub(super) fn heads(&self) -> impl Iterator<Item = &Entry> {
        self.heads.iter().map(|&index| self.entry(index))
    }

    /// The hashes of an actor's changes from number `seq` on.
    pub(super) fn hashes_from(&self, log: &ActorLog, seq: u64) -> Vec<ChangeHash> {
        let first = (seq.max(1) - 1) as usize;
        log.changes.get(first..).unwrap_or_default().iter().map(|&index| self.entry(index).hash).collect()
    }

    /// An actor's chain over its changes up to number `seq`, of which it has at least that many.
    pub(super) fn chain_at(&self, session: &SessionId, log: &ActorLog, seq: u64) -> Chain {
        if seq == log.seq() {
            return log.chain;
        }
        let changes = log.changes.iter().take(seq as usize);
        Chain::start(session, &log.id).then_all(changes.map(|&index| &self.entry(index).hash))
    }

    /// Enters a change that was checked against this ledger as it is.
    pub(super) fn enter(&mut self, checked: Checked) -> u32 {
        let entry = checked.into_entry(&mut self.actors);
        self.place(entry)
    }

    /// Enters an entry whose indices are this ledger's own.
    fn place(&mut self, entry: Entry) -> u32 {
        let index = self.entries.len() as u32;
        let log = self.actors.at_mut(entry.actor);
        log.changes.push(index);
        log.chain = log.chain.then(&entry.hash);
        self.ancestry.enter(&entry);
        self.heads.retain(|head| !entry.dependencies.contains(head));
        self.heads.push(index);
        self.by_hash.insert(entry.hash, index);
        self.entries.push(entry);
        index
    }
}
