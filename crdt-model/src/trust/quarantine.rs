//! Changes that wait for changes they build on.

use std::collections::{BTreeMap, BTreeSet};

use score::id::PlayerKey;

use super::gate::ForeignChange;
use super::limits::{MAX_QUARANTINED_BYTES, MAX_QUARANTINED_CHANGES};
use super::{ChangeHash, Record};

/// A change whose voucher is good and whose dependencies are not all here.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) change: ForeignChange,
    pub(super) record: Record,
    arrival: u64,
}

/// The quarantine: bounded by count and bytes. When it is full, the key that takes the most room gives way with its oldest
/// change, so a flood from one key displaces that key's own changes. What is displaced comes back by catching up.
#[derive(Debug, Default)]
pub(super) struct Quarantine {
    waiting: BTreeMap<ChangeHash, Waiting>,
    /// By missing dependency, the changes that wait for it.
    waiting_for: BTreeMap<ChangeHash, BTreeSet<ChangeHash>>,
    bytes_of: BTreeMap<PlayerKey, usize>,
    bytes: usize,
    arrivals: u64,
}

impl Quarantine {
    pub(super) fn contains(&self, hash: &ChangeHash) -> bool {
        self.waiting.contains_key(hash)
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Lets `change` wait for one of the dependencies it misses. Returns whether it found room.
    pub(super) fn insert(&mut self, change: ForeignChange, record: Record, missing: ChangeHash) -> bool {
        let hash = change.hash;
        let size = weight(&change, &record);
        self.waiting_for.entry(missing).or_default().insert(hash);
        self.bytes += size;
        *self.bytes_of.entry(record.voucher.key).or_default() += size;
        self.arrivals += 1;
        self.waiting.insert(hash, Waiting { change, record, arrival: self.arrivals });
        while self.waiting.len() > MAX_QUARANTINED_CHANGES || self.bytes > MAX_QUARANTINED_BYTES {
            self.displace();
        }
        self.contains(&hash)
    }

    /// Takes out the changes that waited for `dependency`.
    pub(super) fn release(&mut self, dependency: &ChangeHash) -> Vec<Waiting> {
        let released = self.waiting_for.remove(dependency).unwrap_or_default();
        released.iter().filter_map(|hash| self.remove(hash)).collect()
    }

    fn displace(&mut self) {
        let Some((&key, _)) = self.bytes_of.iter().max_by_key(|(_, bytes)| **bytes) else { return };
        let of_key = self.waiting.iter().filter(|(_, waiting)| waiting.record.voucher.key == key);
        let oldest = of_key.min_by_key(|(_, waiting)| waiting.arrival).map(|(hash, _)| *hash);
        if let Some(hash) = oldest {
            self.remove(&hash);
            self.waiting_for.retain(|_, waiting| {
                waiting.remove(&hash);
                !waiting.is_empty()
            });
        }
    }

    fn remove(&mut self, hash: &ChangeHash) -> Option<Waiting> {
        let waiting = self.waiting.remove(hash)?;
        let size = weight(&waiting.change, &waiting.record);
        self.bytes -= size;
        if let Some(bytes) = self.bytes_of.get_mut(&waiting.record.voucher.key) {
            *bytes -= size;
            if *bytes == 0 {
                self.bytes_of.remove(&waiting.record.voucher.key);
            }
        }
        Some(waiting)
    }
}

/// What a waiting change takes: its bytes as they came and as inflated, and what surrounds them.
fn weight(change: &ForeignChange, record: &Record) -> usize {
    const AROUND: usize = 512;
    AROUND + record.change.len() + change.heap_bytes()
}
