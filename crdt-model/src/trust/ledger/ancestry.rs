//! Which changes are ancestors of which.
//!
//! Actors are linear, so the ancestors of a change are, for each actor, a prefix of its changes: a clock of one number per actor. Clocks
//! are kept for one change in so many along every path, and worked out from those for the others.

use std::collections::{BTreeMap, BTreeSet};

use super::Entry;

/// How many changes a path may run through between two kept clocks.
const CLOCK_STEP: u8 = 16;

/// For each actor of the ledger, by index, how many of its changes are meant. Actors past the end have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock(Vec<u32>);

impl Clock {
    pub(super) fn covers(&self, actor: u32, seq: u64) -> bool {
        self.0.get(actor as usize).is_some_and(|&known| u64::from(known) >= seq)
    }

    fn include(&mut self, actor: u32, seq: u32) {
        let actor = actor as usize;
        if self.0.len() <= actor {
            self.0.resize(actor + 1, 0);
        }
        self.0[actor] = self.0[actor].max(seq);
    }

    fn include_all(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (known, &others) in self.0.iter_mut().zip(&other.0) {
            *known = (*known).max(others);
        }
    }
}

#[derive(Debug)]
struct Node {
    actor: u32,
    seq: u32,
    /// The longest way back to a kept clock.
    steps: u8,
    dependencies: Box<[u32]>,
}

/// The graph of changes, by index in the ledger.
#[derive(Debug, Default)]
pub(super) struct Ancestry {
    nodes: Vec<Node>,
    kept: BTreeMap<u32, Clock>,
}

impl Ancestry {
    /// Enters the next change.
    pub(super) fn enter(&mut self, entry: &Entry) {
        let steps =
            entry.dependencies.iter().map(|&dep| self.nodes[dep as usize].steps + 1).max().unwrap_or(0);
        let index = self.nodes.len() as u32;
        let kept = steps >= CLOCK_STEP;
        let dependencies = entry.dependencies.clone();
        self.nodes.push(Node {
            actor: entry.actor,
            seq: entry.seq as u32,
            steps: if kept { 0 } else { steps },
            dependencies,
        });
        if kept {
            let clock = self.clock([index]);
            self.kept.insert(index, clock);
        }
    }

    /// The clock of `changes` and all their ancestors.
    pub(super) fn clock(&self, changes: impl IntoIterator<Item = u32>) -> Clock {
        let mut clock = Clock::default();
        let mut open: Vec<u32> = changes.into_iter().collect();
        let mut seen: BTreeSet<u32> = open.iter().copied().collect();
        while let Some(index) = open.pop() {
            if let Some(kept) = self.kept.get(&index) {
                clock.include_all(kept);
                continue;
            }
            let node = &self.nodes[index as usize];
            clock.include(node.actor, node.seq);
            open.extend(node.dependencies.iter().copied().filter(|&dep| seen.insert(dep)));
        }
        clock
    }
}
