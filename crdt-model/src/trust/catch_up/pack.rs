//! The whole history as one compact stream of bytes.
//!
//! Changes stand in causal order. What a reader can work out is left out: hashes of dependencies become distances back, actors become
//! indices, checksums and the actor's own numbers go. What remains goes through DEFLATE as one stream (RFC 1951).

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::trust::ActorId;
use crate::trust::gate::{ForeignChange, write_signed, write_unsigned};
use crate::trust::ledger::{Entry, Ledger};

/// A history, packed.
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    /// How long the stream is that `bytes` inflates to.
    pub(super) inflated: usize,
}

/// Packs all changes of a ledger.
pub(super) fn pack(ledger: &Ledger) -> Packed {
    let mut packer = Packer { actors: BTreeMap::new(), start_op: 0, timestamp: 0 };
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let mut packed = Vec::new();
    for (index, entry) in ledger.entries().iter().enumerate() {
        packed.clear();
        packer.pack(index, entry, &mut packed);
        encoder.write_all(&packed).expect("writing into memory does not fail");
    }
    let inflated = encoder.total_in() as usize;
    Packed { bytes: encoder.finish().expect("writing into memory does not fail"), inflated }
}

struct Packer {
    actors: BTreeMap<ActorId, u64>,
    start_op: i64,
    timestamp: i64,
}

impl Packer {
    fn pack(&mut self, index: usize, entry: &Entry, out: &mut Vec<u8>) {
        let change = ForeignChange::parse(&entry.chunk).expect("a change in the ledger was parsed before");
        let parts = change.parts();
        write_unsigned(entry.dependencies.len() as u64, out);
        // The order of dependencies is that of their hashes, which the reader restores.
        for &dependency in &entry.dependencies {
            write_unsigned(index as u64 - u64::from(dependency), out);
        }
        self.pack_actor(change.writer(), out);
        write_signed(change.start_op as i64 - self.start_op, out);
        write_signed(parts.timestamp.wrapping_sub(self.timestamp), out);
        (self.start_op, self.timestamp) = (change.start_op as i64, parts.timestamp);
        write_unsigned(parts.message.len() as u64, out);
        out.extend(parts.message);
        write_unsigned(change.actors.len() as u64 - 1, out);
        for &actor in &change.actors[1..] {
            self.pack_actor(actor, out);
        }
        write_unsigned(parts.columns.len() as u64, out);
        out.extend(parts.columns);
    }

    fn pack_actor(&mut self, actor: ActorId, out: &mut Vec<u8>) {
        let next = self.actors.len() as u64;
        let index = *self.actors.entry(actor).or_insert(next);
        write_unsigned(index, out);
        if index == next {
            out.extend(actor.0);
        }
    }
}
