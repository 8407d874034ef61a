//! The operations of a change: which columns there are, and reading them row by row.

use std::ops::Range;

use super::change::ForeignChange;
use super::reader::Reader;
use super::runs::{Deltas, Runs};
use crate::trust::limits::{MAX_CHANGE_BYTES, MAX_CHANGE_OPS, MAX_CHANGE_PREDECESSORS, MAX_OP_COUNTER};
use crate::trust::{ActorId, Refusal};

/// Where each column lies in the body of a change.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    object_actor: Range<usize>,
    object_counter: Range<usize>,
    key: Range<usize>,
    insert: Range<usize>,
    action: Range<usize>,
    value_kind: Range<usize>,
    value: Range<usize>,
    predecessor_count: Range<usize>,
    predecessor_actor: Range<usize>,
    predecessor_counter: Range<usize>,
}

/// Column ids with their type in the low four bits, as Automerge numbers them in a change.
const OBJECT_ACTOR: u64 = 0x01;
const OBJECT_COUNTER: u64 = 0x02;
const ELEMENT_ACTOR: u64 = 0x11;
const ELEMENT_COUNTER: u64 = 0x13;
const KEY: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_KIND: u64 = 0x56;
const VALUE: u64 = 0x57;
const PREDECESSOR_COUNT: u64 = 0x70;
const PREDECESSOR_ACTOR: u64 = 0x71;
const PREDECESSOR_COUNTER: u64 = 0x73;
const EXPAND: u64 = 0x94;
const MARK: u64 = 0xa5;
const MAX_COLUMNS: usize = 14;

impl Columns {
    /// Reads the list of columns, which must be the one Automerge writes, and checks that they fill the body's rest.
    pub(super) fn read(reader: &mut Reader<'_>, body_length: usize) -> Result<Self, Refusal> {
        let count = reader.count(MAX_COLUMNS, "too many columns")?;
        let mut lengths = [(0, 0); MAX_COLUMNS];
        for column in &mut lengths[..count] {
            *column = (reader.unsigned()?, reader.unsigned()?);
        }
        let mut columns = Self::default();
        let mut start = body_length - reader.rest().len();
        let mut previous = None;
        for &(id, length) in &lengths[..count] {
            if previous >= Some(id) {
                return Err(Refusal::Malformed("columns out of order"));
            }
            previous = Some(id);
            let end = start + reader.take(length)?.len();
            if end == start {
                return Err(Refusal::Malformed("an empty column, which is to be left out"));
            }
            columns.place(id, start..end)?;
            start = end;
        }
        if !reader.is_empty() {
            return Err(Refusal::Unsupported("bytes after a change's columns"));
        }
        Ok(columns)
    }

    fn place(&mut self, id: u64, range: Range<usize>) -> Result<(), Refusal> {
        let column = match id {
            OBJECT_ACTOR => &mut self.object_actor,
            OBJECT_COUNTER => &mut self.object_counter,
            KEY => &mut self.key,
            INSERT => &mut self.insert,
            ACTION => &mut self.action,
            VALUE_KIND => &mut self.value_kind,
            VALUE => &mut self.value,
            PREDECESSOR_COUNT => &mut self.predecessor_count,
            PREDECESSOR_ACTOR => &mut self.predecessor_actor,
            PREDECESSOR_COUNTER => &mut self.predecessor_counter,
            ELEMENT_ACTOR | ELEMENT_COUNTER => return Err(Refusal::Unsupported("lists and texts")),
            EXPAND | MARK => return Err(Refusal::Unsupported("marks")),
            _ => return Err(Refusal::Malformed("an unknown column")),
        };
        *column = range;
        Ok(())
    }
}

/// An operation's id: its counter, and the index of its actor in [`ForeignChange::actors`]. Counters start at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::trust) struct OpRef {
    pub(in crate::trust) counter: u64,
    pub(in crate::trust) actor: usize,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::trust) enum OpKind {
    /// Puts a scalar under a key of a map.
    Put,
    /// Puts an empty map under a key of a map.
    MakeMap,
    /// Removes what is under a key of a map.
    Delete,
}

/// One operation. Sessions use maps and scalars alone, so that is all there is.
#[derive(Clone, Copy, Debug)]
pub(in crate::trust) struct Op<'a> {
    /// The map operated on; `None` for the root.
    pub(in crate::trust) object: Option<OpRef>,
    pub(in crate::trust) key: &'a str,
    pub(in crate::trust) kind: OpKind,
}

/// Reads a change's operations one after the other, checking each.
pub(in crate::trust) struct Ops<'a> {
    actors: &'a [ActorId],
    actors_used: Vec<bool>,
    start_op: u64,
    read: usize,
    key_bytes: usize,
    predecessors_read: usize,
    object_actor: Runs<'a, u64>,
    object_counter: Runs<'a, u64>,
    key: Runs<'a, &'a str>,
    insert: &'a [u8],
    action: Runs<'a, u64>,
    value_kind: Runs<'a, u64>,
    value: Reader<'a>,
    predecessor_count: Runs<'a, u64>,
    predecessor_actor: Runs<'a, u64>,
    predecessor_counter: Deltas<'a>,
}

impl<'a> Ops<'a> {
    pub(super) fn new(change: &'a ForeignChange) -> Self {
        let column = |range: &Range<usize>| &change.body[range.clone()];
        let columns = &change.columns;
        let mut actors_used = vec![false; change.actors.len()];
        actors_used[0] = true;
        Self {
            actors: &change.actors,
            actors_used,
            start_op: change.start_op,
            read: 0,
            key_bytes: 0,
            predecessors_read: 0,
            object_actor: Runs::new(column(&columns.object_actor), MAX_CHANGE_OPS),
            object_counter: Runs::new(column(&columns.object_counter), MAX_CHANGE_OPS),
            key: Runs::new(column(&columns.key), MAX_CHANGE_OPS),
            insert: column(&columns.insert),
            action: Runs::new(column(&columns.action), MAX_CHANGE_OPS),
            value_kind: Runs::new(column(&columns.value_kind), MAX_CHANGE_OPS),
            value: Reader::new(column(&columns.value)),
            predecessor_count: Runs::new(column(&columns.predecessor_count), MAX_CHANGE_OPS),
            predecessor_actor: Runs::new(column(&columns.predecessor_actor), MAX_CHANGE_PREDECESSORS),
            predecessor_counter: Deltas::new(column(&columns.predecessor_counter), MAX_CHANGE_PREDECESSORS),
        }
    }

    /// The next operation; its predecessors, the values it replaces, are put into `predecessors`. `None` once all rows of all
    /// columns have been read and found sound.
    pub(in crate::trust) fn next(
        &mut self,
        predecessors: &mut Vec<OpRef>,
    ) -> Result<Option<Op<'a>>, Refusal> {
        predecessors.clear();
        let Some(action) = self.action.next()? else { return self.finish().map(|()| None) };
        if self.read == MAX_CHANGE_OPS {
            return Err(Refusal::TooManyOps);
        }
        let own_counter = self.start_op + self.read as u64;
        if own_counter > MAX_OP_COUNTER {
            return Err(Refusal::Malformed("an operation counter past the highest one"));
        }
        let object = self.next_object(own_counter)?;
        let key = self.next_key()?;
        let kind = self.next_kind(action)?;
        self.next_predecessors(own_counter, predecessors)?;
        if kind == OpKind::Delete && predecessors.is_empty() {
            return Err(Refusal::Malformed("a deletion of nothing"));
        }
        self.read += 1;
        Ok(Some(Op { object, key, kind }))
    }

    fn next_object(&mut self, own_counter: u64) -> Result<Option<OpRef>, Refusal> {
        match (self.object_actor.next_or_null()?, self.object_counter.next_or_null()?) {
            (None, None) => Ok(None),
            (Some(actor), Some(counter)) => self.reference(actor, counter, own_counter).map(Some),
            _ => Err(Refusal::Malformed("half an object id")),
        }
    }

    /// Checks a reference to another operation: by a listed actor, and to an earlier one.
    fn reference(&mut self, actor: u64, counter: u64, own_counter: u64) -> Result<OpRef, Refusal> {
        let actor = usize::try_from(actor).ok().filter(|&actor| actor < self.actors.len());
        let actor = actor.ok_or(Refusal::Malformed("a reference to an actor that is not listed"))?;
        if counter == 0 || counter >= own_counter {
            return Err(Refusal::Malformed("a reference to an operation that is not earlier"));
        }
        self.actors_used[actor] = true;
        Ok(OpRef { counter, actor })
    }

    /// Keys repeat for the price of a run, and Automerge writes out each: so what they amount to is bounded.
    fn next_key(&mut self) -> Result<&'a str, Refusal> {
        let key = self.key.next_value()?;
        if key.is_empty() {
            return Err(Refusal::Unsupported("empty keys"));
        }
        self.key_bytes += key.len();
        if self.key_bytes > MAX_CHANGE_BYTES { Err(Refusal::TooLarge) } else { Ok(key) }
    }

    fn next_kind(&mut self, action: Option<u64>) -> Result<OpKind, Refusal> {
        let kind = match action {
            Some(0) => OpKind::MakeMap,
            Some(1) => OpKind::Put,
            Some(3) => OpKind::Delete,
            Some(2 | 4) => return Err(Refusal::Unsupported("lists and texts")),
            Some(5) => return Err(Refusal::Unsupported("counters")),
            _ => return Err(Refusal::Unsupported("an unknown action")),
        };
        let value_kind = self.value_kind.next_value()?;
        if kind == OpKind::Put {
            check_value(value_kind & 15, self.value.take(value_kind >> 4)?)?;
        } else if value_kind != 0 {
            return Err(Refusal::Malformed("a value where none belongs"));
        }
        Ok(kind)
    }

    fn next_predecessors(&mut self, own_counter: u64, predecessors: &mut Vec<OpRef>) -> Result<(), Refusal> {
        let count = self.predecessor_count.next_value()?;
        self.predecessors_read =
            self.predecessors_read.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
        if self.predecessors_read > MAX_CHANGE_PREDECESSORS {
            return Err(Refusal::TooManyOps);
        }
        for _ in 0..count {
            let actor = self.predecessor_actor.next_value()?;
            let counter = self.predecessor_counter.next_value()?;
            let counter =
                u64::try_from(counter).map_err(|_| Refusal::Malformed("a negative operation counter"))?;
            let predecessor = self.reference(actor, counter, own_counter)?;
            let order = |id: &OpRef| (id.counter, self.actors[id.actor]);
            if predecessors.last().is_some_and(|previous| order(previous) >= order(&predecessor)) {
                return Err(Refusal::Malformed("predecessors out of order"));
            }
            predecessors.push(predecessor);
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Refusal> {
        if self.read == 0 {
            return Err(Refusal::Unsupported("changes without operations"));
        }
        self.object_actor.finish()?;
        self.object_counter.finish()?;
        self.key.finish()?;
        self.value_kind.finish()?;
        self.predecessor_count.finish()?;
        self.predecessor_actor.finish()?;
        self.predecessor_counter.finish()?;
        if !self.value.is_empty() {
            return Err(Refusal::Malformed("more values than operations"));
        }
        if self.actors_used.contains(&false) {
            return Err(Refusal::Malformed("an actor is listed that no operation refers to"));
        }
        // One run of `false` says that nothing is inserted into lists.
        let mut insert = Reader::new(self.insert);
        if insert.unsigned()? == self.read as u64 && insert.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Unsupported("lists and texts"))
        }
    }
}

/// Checks a scalar: known kind, right length, its only spelling.
fn check_value(kind: u64, bytes: &[u8]) -> Result<(), Refusal> {
    let mut reader = Reader::new(bytes);
    match kind {
        0..=2 => {}
        3 => drop(reader.unsigned()?),
        4 | 9 => drop(reader.signed()?),
        5 => {
            if f64::from_le_bytes(*reader.array()?).is_nan() {
                return Err(Refusal::Unsupported("NaN"));
            }
        }
        6 => {
            std::str::from_utf8(bytes).map_err(|_| Refusal::Malformed("text that is not UTF-8"))?;
            return Ok(());
        }
        7 => return Ok(()),
        8 => return Err(Refusal::Unsupported("counters")),
        _ => return Err(Refusal::Unsupported("an unknown kind of value")),
    }
    if reader.is_empty() { Ok(()) } else { Err(Refusal::Malformed("a value of the wrong length")) }
}
