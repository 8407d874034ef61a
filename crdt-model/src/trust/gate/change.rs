//! A change chunk, taken apart without Automerge.

use std::borrow::Cow;
use std::ops::Range;

use super::chunk::{self, Chunk};
use super::ops::{Columns, Ops};
use super::reader::Reader;
use crate::trust::limits::{
    MAX_ACTORS, MAX_CHANGE_BYTES, MAX_CHANGE_DEPENDENCIES, MAX_CHANGE_MESSAGE_BYTES, MAX_OP_COUNTER,
};
use crate::trust::{ActorId, ChangeHash, Refusal};

/// A foreign change whose frame and header are sound. Its operations are looked at one by one as they are read.
#[derive(Clone, Debug)]
pub(in crate::trust) struct ForeignChange {
    pub(in crate::trust) hash: ChangeHash,
    pub(in crate::trust) dependencies: Vec<ChangeHash>,
    /// The writer, then the other actors that operations refer to, in ascending order.
    pub(in crate::trust) actors: Vec<ActorId>,
    pub(in crate::trust) seq: u64,
    pub(in crate::trust) start_op: u64,
    timestamp: i64,
    message: Range<usize>,
    columns_start: usize,
    pub(super) columns: Columns,
    pub(super) body: Vec<u8>,
    /// The chunk as it came, where it came compressed.
    compressed: Option<Vec<u8>>,
}

/// The parts of a change that a packed history keeps as they are.
pub(in crate::trust) struct Parts<'a> {
    pub(in crate::trust) timestamp: i64,
    pub(in crate::trust) message: &'a [u8],
    /// The list of columns and their data.
    pub(in crate::trust) columns: &'a [u8],
}

impl ForeignChange {
    /// Reads a change chunk, compressed or not.
    pub(in crate::trust) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let Chunk { hash, body } = chunk::open(bytes)?;
        let compressed =
            matches!(&body, Cow::Owned(body) if body.len() > bytes.len()).then(|| bytes.to_vec());
        Ok(Self { compressed, ..Self::parse_body(hash, body.into_owned())? })
    }

    /// Reads the body of a change chunk whose hash is known.
    pub(in crate::trust) fn parse_body(hash: ChangeHash, body: Vec<u8>) -> Result<Self, Refusal> {
        let mut reader = Reader::new(&body);
        let dependencies = read_dependencies(&mut reader)?;
        let writer = read_actor(&mut reader)?;
        let seq = reader.unsigned()?;
        let start_op = reader.unsigned()?;
        if seq == 0 || start_op == 0 || start_op > MAX_OP_COUNTER {
            return Err(Refusal::Malformed("numbers of changes and operations start at 1"));
        }
        let timestamp = reader.signed()?;
        let length = reader.count(MAX_CHANGE_MESSAGE_BYTES, "too long a message")?;
        let message = reader.take(length as u64)?;
        std::str::from_utf8(message).map_err(|_| Refusal::Malformed("a message that is not UTF-8"))?;
        let message_end = body.len() - reader.rest().len();
        let actors = read_actors(&mut reader, writer)?;
        let columns_start = body.len() - reader.rest().len();
        let columns = Columns::read(&mut reader, body.len())?;
        let message = message_end - length..message_end;
        Ok(Self {
            hash,
            dependencies,
            actors,
            seq,
            start_op,
            timestamp,
            message,
            columns_start,
            columns,
            body,
            compressed: None,
        })
    }

    /// The parts that a packed history keeps.
    pub(in crate::trust) fn parts(&self) -> Parts<'_> {
        let message = &self.body[self.message.clone()];
        Parts { timestamp: self.timestamp, message, columns: &self.body[self.columns_start..] }
    }

    /// Who wrote the change.
    pub(in crate::trust) fn writer(&self) -> ActorId {
        self.actors[0]
    }

    /// About how much memory this takes.
    pub(in crate::trust) fn heap_bytes(&self) -> usize {
        let compressed = self.compressed.as_ref().map_or(0, Vec::len);
        self.body.len() + compressed + 32 * self.dependencies.len() + 16 * self.actors.len()
    }

    /// The operations, in order.
    pub(in crate::trust) fn ops(&self) -> Ops<'_> {
        Ops::new(self)
    }

    /// The chunk as it is kept and sent on: compressed if it came so and that is shorter.
    pub(in crate::trust) fn stored_chunk(&self) -> Vec<u8> {
        self.compressed.clone().unwrap_or_else(|| self.chunk())
    }

    /// The uncompressed chunk.
    pub(in crate::trust) fn chunk(&self) -> Vec<u8> {
        chunk::close(&self.hash, &self.body)
    }
}

fn read_dependencies(reader: &mut Reader<'_>) -> Result<Vec<ChangeHash>, Refusal> {
    let count = reader.count(MAX_CHANGE_DEPENDENCIES, "too many dependencies")?;
    let dependencies =
        (0..count).map(|_| reader.array().copied().map(ChangeHash)).collect::<Result<Vec<_>, _>>()?;
    let ascending = dependencies.is_sorted_by(|one, next| one < next);
    if ascending { Ok(dependencies) } else { Err(Refusal::Malformed("dependencies out of order")) }
}

fn read_actor(reader: &mut Reader<'_>) -> Result<ActorId, Refusal> {
    let length = reader.unsigned()?;
    let bytes = reader.take(length)?;
    bytes.try_into().map(ActorId).map_err(|_| Refusal::Malformed("an actor of a length other than 16 bytes"))
}

fn read_actors(reader: &mut Reader<'_>, writer: ActorId) -> Result<Vec<ActorId>, Refusal> {
    // Each actor takes 17 bytes, so the count that fits the bytes bounds the allocation.
    let count = reader.count(MAX_ACTORS.min(MAX_CHANGE_BYTES / 17), "too many actors")?;
    let mut actors = Vec::with_capacity(1 + count.min(reader.rest().len() / 17));
    actors.push(writer);
    for _ in 0..count {
        actors.push(read_actor(reader)?);
    }
    let others = &actors[1..];
    if !others.is_sorted_by(|one, next| one < next) || others.binary_search(&writer).is_ok() {
        return Err(Refusal::Malformed("actors out of order"));
    }
    Ok(actors)
}
