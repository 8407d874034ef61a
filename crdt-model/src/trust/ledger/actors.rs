//! The actors of a session and the linear runs of changes they wrote.

use std::collections::BTreeMap;

use score::id::SessionId;

use crate::trust::{ActorId, Chain, Coverage};

/// One actor's changes.
#[derive(Debug)]
pub(in crate::trust) struct ActorLog {
    pub(in crate::trust) id: ActorId,
    /// Indices into the ledger, by seq - 1.
    pub(in crate::trust) changes: Vec<u32>,
    /// The chain over `changes`.
    pub(in crate::trust) chain: Chain,
    /// The newest voucher that covers `changes`.
    pub(in crate::trust) coverage: Option<Coverage>,
}

impl ActorLog {
    /// The number of the actor's newest change; 0 if there is none.
    pub(in crate::trust) fn seq(&self) -> u64 {
        self.changes.len() as u64
    }
}

/// All actors, in order of appearance.
#[derive(Debug, Default)]
pub(in crate::trust) struct Actors {
    logs: Vec<ActorLog>,
    by_id: BTreeMap<ActorId, u32>,
}

impl Actors {
    pub(in crate::trust) fn len(&self) -> usize {
        self.logs.len()
    }

    pub(in crate::trust) fn index_of(&self, id: &ActorId) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    pub(in crate::trust) fn at(&self, index: u32) -> &ActorLog {
        &self.logs[index as usize]
    }

    pub(in crate::trust) fn at_mut(&mut self, index: u32) -> &mut ActorLog {
        &mut self.logs[index as usize]
    }

    /// All actors in order of appearance.
    pub(in crate::trust) fn logs(&self) -> &[ActorLog] {
        &self.logs
    }

    /// All actors in the order of their ids.
    pub(in crate::trust) fn iter(&self) -> impl Iterator<Item = &ActorLog> {
        self.by_id.values().map(|&index| self.at(index))
    }

    /// The index of `id`, entered if it is not there.
    pub(super) fn enter(&mut self, id: ActorId, session: &SessionId) -> u32 {
        let next = self.logs.len() as u32;
        let index = *self.by_id.entry(id).or_insert(next);
        if index == next {
            let chain = Chain::start(session, &id);
            self.logs.push(ActorLog { id, changes: Vec::new(), chain, coverage: None });
        }
        index
    }
}
