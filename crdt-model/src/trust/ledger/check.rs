//! Whether a change is valid, by what its ancestors hold.

use score::id::SessionId;

use super::ancestry::Clock;
use super::place::{OpSlot, Place};
use super::{Actors, Entry, Ledger};
use crate::trust::gate::{ForeignChange, Op, OpKind, OpRef};
use crate::trust::limits::{MAX_ACTOR_CHANGES, MAX_ACTORS};
use crate::trust::{ActorId, Chain, ChangeHash, Refusal};

/// A change found valid; only [`Ledger::check`] makes one.
#[derive(Debug)]
pub(in crate::trust) struct Checked {
    session: SessionId,
    writer: ActorId,
    hash: ChangeHash,
    seq: u64,
    start_op: u64,
    dependencies: Box<[u32]>,
    slots: Box<[OpSlot]>,
    chunk: Box<[u8]>,
}

impl Checked {
    pub(super) fn into_entry(self, actors: &mut Actors) -> Entry {
        let actor = actors.enter(self.writer, &self.session);
        let Self { hash, seq, start_op, dependencies, slots, chunk, .. } = self;
        Entry { hash, actor, seq, start_op, dependencies, chunk, slots }
    }
}

impl Ledger {
    /// The dependencies of `change` that are not here.
    pub(in crate::trust) fn missing(&self, change: &ForeignChange) -> Vec<ChangeHash> {
        change.dependencies.iter().filter(|hash| self.index_of(hash).is_none()).copied().collect()
    }

    /// The actor's chain once `change` has entered, if its number is the next.
    pub(in crate::trust) fn next_chain(&self, session: &SessionId, change: &ForeignChange) -> Chain {
        let writer = change.writer();
        let chain = self.actor(&writer).map_or_else(|| Chain::start(session, &writer), |log| log.chain);
        chain.then(&change.hash)
    }

    /// Checks a change whose dependencies are all here.
    pub(in crate::trust) fn check(
        &self,
        session: &SessionId,
        change: &ForeignChange,
    ) -> Result<Checked, Refusal> {
        let dependencies: Option<Box<[u32]>> =
            change.dependencies.iter().map(|hash| self.index_of(hash)).collect();
        let dependencies = dependencies.ok_or(Refusal::RefusedDependency)?;
        let ancestors = Ancestors::new(self, &dependencies);
        self.check_turn(change, &ancestors)?;
        let expected = 1 + dependencies.iter().map(|&index| self.entry(index).max_op()).max().unwrap_or(0);
        if change.start_op != expected {
            return Err(Refusal::AbsurdStartOp { start_op: change.start_op, expected });
        }
        let slots = self.check_ops(change, &ancestors)?;
        Ok(Checked {
            session: *session,
            writer: change.writer(),
            hash: change.hash,
            seq: change.seq,
            start_op: change.start_op,
            dependencies,
            slots,
            chunk: change.stored_chunk().into(),
        })
    }

    /// Whether it is the actor's turn to write this number, building on its previous change.
    fn check_turn(&self, change: &ForeignChange, ancestors: &Ancestors<'_>) -> Result<(), Refusal> {
        let (writer, seq) = (change.writer(), change.seq);
        if seq > MAX_ACTOR_CHANGES {
            return Err(Refusal::ActorExhausted);
        }
        let index = self.actors().index_of(&writer);
        let expected = 1 + index.map_or(0, |index| self.actors().at(index).seq());
        if seq != expected {
            return Err(Refusal::Gap { seq, expected });
        }
        match index {
            None if self.actors().len() >= MAX_ACTORS => Err(Refusal::TooManyActors),
            Some(actor) if seq > 1 && !ancestors.hold(actor, seq - 1) => {
                Err(Refusal::MissingPrevious { seq })
            }
            _ => Ok(()),
        }
    }

    fn check_ops(&self, change: &ForeignChange, ancestors: &Ancestors<'_>) -> Result<Box<[OpSlot]>, Refusal> {
        let indices: Vec<Option<u32>> =
            change.actors.iter().map(|actor| self.actors().index_of(actor)).collect();
        let mut checker = OpChecker { ledger: self, change, ancestors, indices, slots: Vec::new() };
        let mut ops = change.ops();
        let mut predecessors = Vec::new();
        while let Some(op) = ops.next(&mut predecessors)? {
            let slot = checker.check(&op, &predecessors)?;
            checker.slots.push(slot);
        }
        Ok(checker.slots.into())
    }
}

/// The ancestors of a change, found without a clock where that suffices.
struct Ancestors<'a> {
    ledger: &'a Ledger,
    dependencies: &'a [u32],
    everything: bool,
    clock: std::cell::OnceCell<Clock>,
}

impl<'a> Ancestors<'a> {
    fn new(ledger: &'a Ledger, dependencies: &'a [u32]) -> Self {
        let everything = ledger.heads.iter().all(|head| dependencies.contains(head));
        Self { ledger, dependencies, everything, clock: std::cell::OnceCell::new() }
    }

    fn hold(&self, actor: u32, seq: u64) -> bool {
        if self.everything {
            return seq <= self.ledger.actors.at(actor).seq();
        }
        let clock = self.clock.get_or_init(|| self.ledger.ancestry.clock(self.dependencies.iter().copied()));
        clock.covers(actor, seq)
    }
}

struct OpChecker<'a> {
    ledger: &'a Ledger,
    change: &'a ForeignChange,
    ancestors: &'a Ancestors<'a>,
    /// The ledger's index of each actor the change lists.
    indices: Vec<Option<u32>>,
    slots: Vec<OpSlot>,
}

impl OpChecker<'_> {
    fn check(&self, op: &Op<'_>, predecessors: &[OpRef]) -> Result<OpSlot, Refusal> {
        if let Some(object) = op.object {
            let made = self.slot(object).is_some_and(|slot| slot.kind == OpKind::MakeMap);
            if !made {
                return Err(self.dangling("a map"));
            }
        }
        let object = op.object.map(|id| (self.change.actors[id.actor], id.counter));
        let place = Place::new(object, op.key);
        for &predecessor in predecessors {
            let replaceable = |slot: &OpSlot| slot.kind != OpKind::Delete && slot.place == place;
            if !self.slot(predecessor).as_ref().is_some_and(replaceable) {
                return Err(self.dangling("a value under the same key"));
            }
        }
        Ok(OpSlot { kind: op.kind, place })
    }

    fn dangling(&self, what: &'static str) -> Refusal {
        Refusal::DanglingReference { op: self.slots.len(), what }
    }

    /// The operation that `id` names, if it is an ancestor's or an earlier one of this change.
    fn slot(&self, id: OpRef) -> Option<OpSlot> {
        if id.actor == 0 && id.counter >= self.change.start_op {
            return self.slots.get((id.counter - self.change.start_op) as usize).copied();
        }
        let actor = self.indices[id.actor]?;
        let changes = &self.ledger.actors().at(actor).changes;
        let started = changes.partition_point(|&index| self.ledger.entry(index).start_op <= id.counter);
        let entry = self.ledger.entry(*changes.get(started.checked_sub(1)?)?);
        let slot = entry.slots.get((id.counter - entry.start_op) as usize)?;
        self.ancestors.hold(actor, entry.seq).then_some(*slot)
    }
}
