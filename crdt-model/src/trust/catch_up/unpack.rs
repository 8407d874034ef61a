//! Reading a packed history, one change at a time.

use crate::trust::gate::{Reader, body_hash, write_signed, write_unsigned};
use crate::trust::limits::{
    MAX_ACTOR_CHANGES, MAX_ACTORS, MAX_CHANGE_BYTES, MAX_CHANGE_DEPENDENCIES, MAX_OP_COUNTER,
};
use crate::trust::{ActorId, ChangeHash, Refusal};

/// A change as it comes out of a packed history.
pub(super) struct Unpacked {
    pub(super) actor: ActorId,
    pub(super) hash: ChangeHash,
    /// The body of the change chunk.
    pub(super) body: Vec<u8>,
}

/// Takes a packed and inflated history apart.
pub(super) struct Unpacker<'a> {
    reader: Reader<'a>,
    /// Each actor with the number of changes it has so far.
    actors: Vec<(ActorId, u64)>,
    hashes: Vec<ChangeHash>,
    start_op: i64,
    timestamp: i64,
    max_changes: usize,
}

impl<'a> Unpacker<'a> {
    pub(super) fn new(inflated: &'a [u8], max_changes: usize) -> Self {
        let reader = Reader::new(inflated);
        Self { reader, actors: Vec::new(), hashes: Vec::new(), start_op: 0, timestamp: 0, max_changes }
    }

    /// The next change; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Unpacked>, Refusal> {
        if self.reader.is_empty() {
            return Ok(None);
        }
        if self.hashes.len() >= self.max_changes {
            return Err(Refusal::DocumentTooLarge);
        }
        let mut body = Vec::with_capacity(256);
        self.unpack_dependencies(&mut body)?;
        let index = self.unpack_actor()?;
        let (actor, seq) = &mut self.actors[index];
        *seq += 1;
        if *seq > MAX_ACTOR_CHANGES {
            return Err(Refusal::ActorExhausted);
        }
        let (actor, seq) = (*actor, *seq);
        write_actor(actor, &mut body);
        write_unsigned(seq, &mut body);
        self.unpack_numbers(&mut body)?;
        self.unpack_message(&mut body)?;
        self.unpack_actors(&mut body)?;
        let length = self.reader.count(MAX_CHANGE_BYTES, "too large a change")?;
        body.extend(self.reader.take(length as u64)?);
        if body.len() > MAX_CHANGE_BYTES {
            return Err(Refusal::TooLarge);
        }
        let hash = body_hash(&body);
        self.hashes.push(hash);
        Ok(Some(Unpacked { actor, hash, body }))
    }

    fn unpack_dependencies(&mut self, body: &mut Vec<u8>) -> Result<(), Refusal> {
        let count =
            self.reader.count(MAX_CHANGE_DEPENDENCIES.min(self.hashes.len()), "too many dependencies")?;
        write_unsigned(count as u64, body);
        let mut dependencies = Vec::with_capacity(count);
        for _ in 0..count {
            let back = self.reader.count(self.hashes.len(), "a dependency before the first change")?;
            let hash = self.hashes.len().checked_sub(back).and_then(|index| self.hashes.get(index));
            dependencies.push(*hash.ok_or(Refusal::Malformed("a change that depends on itself"))?);
        }
        dependencies.sort_unstable();
        body.extend(dependencies.iter().flat_map(|hash| hash.0));
        Ok(())
    }

    fn unpack_actor(&mut self) -> Result<usize, Refusal> {
        let index = self.reader.count(self.actors.len().min(MAX_ACTORS - 1), "an unknown actor")?;
        if index == self.actors.len() {
            self.actors.push((ActorId(*self.reader.array()?), 0));
        }
        Ok(index)
    }

    fn unpack_numbers(&mut self, body: &mut Vec<u8>) -> Result<(), Refusal> {
        let start_op = self.start_op.checked_add(self.reader.signed()?);
        let start_op = start_op.filter(|start_op| (1..=MAX_OP_COUNTER as i64).contains(start_op));
        self.start_op = start_op.ok_or(Refusal::Malformed("an operation counter out of range"))?;
        self.timestamp = self.timestamp.wrapping_add(self.reader.signed()?);
        write_unsigned(self.start_op as u64, body);
        write_signed(self.timestamp, body);
        Ok(())
    }

    fn unpack_message(&mut self, body: &mut Vec<u8>) -> Result<(), Refusal> {
        let length = self.reader.unsigned()?;
        let message = self.reader.take(length)?;
        write_unsigned(length, body);
        body.extend(message);
        Ok(())
    }

    fn unpack_actors(&mut self, body: &mut Vec<u8>) -> Result<(), Refusal> {
        let count = self.reader.count(self.actors.len(), "too many actors")?;
        write_unsigned(count as u64, body);
        for _ in 0..count {
            let index = self.unpack_actor()?;
            write_actor(self.actors[index].0, body);
        }
        Ok(())
    }
}

fn write_actor(actor: ActorId, body: &mut Vec<u8>) {
    write_unsigned(16, body);
    body.extend(actor.0);
}
