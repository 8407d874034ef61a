//! Catching up: what a peer has, what it lacks, and how that is sent.
//!
//! Actors are linear, so a version vector is exact: [`Have`] says for each actor how far a replica has come and by which chain. The peer answers with
//! [`Missing`]: first the proofs and lineages that settle forks, then the vouchers, then the changes in causal order, cut into batches that fit a
//! frame. The receiver stages what comes ([`Staging`]) until all is there, and hands it to
//! [`Admission::admit_batch`]. A replica that holds nothing may take a [`WholeDocument`] instead.

mod pack;
mod staging;
mod unpack;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

use super::limits::{MAX_ACTORS, MAX_BATCH_BYTES, MAX_PROOFS};
use super::{ActorId, Admission, Chain, ChangeHash, Coverage, Lineage, Proof, ProofId};

pub use staging::{Staging, StagingFull};
pub use whole::WholeDocument;

/// How many lineages one answer holds; the next `Have` settles the other forks.
const MAX_LINEAGES: usize = 4;

/// What a replica has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Have {
    /// For each actor, the number and chain of its newest change here; at most [`MAX_ACTORS`].
    #[serde(deserialize_with = "bounded_actors")]
    pub actors: BTreeMap<ActorId, (u64, Chain)>,
    /// The equivocation proofs in force; at most [`MAX_PROOFS`].
    #[serde(deserialize_with = "bounded_proofs")]
    pub proofs: BTreeSet<ProofId>,
}

/// What another replica lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Proofs it does not hold. To be sent first.
    pub proofs: Vec<Proof>,
    /// The lines of actors of which it holds another one.
    pub lineages: Vec<Lineage>,
    /// What vouches for the changes.
    pub coverage: Vec<Coverage>,
    /// The changes, in causal order. [`Admission::batch`] turns them into bytes.
    pub changes: Vec<ChangeHash>,
}

impl Missing {
    /// Whether the other replica lacks nothing.
    pub fn is_empty(&self) -> bool {
        self.proofs.is_empty() && self.lineages.is_empty() && self.changes.is_empty()
    }
}

impl Admission {
    /// What this replica has.
    pub fn have(&self) -> Have {
        let actors = self.ledger().actors().iter().map(|log| (log.id, (log.seq(), log.chain))).collect();
        Have { actors, proofs: self.forks().proofs().map(|(id, _)| *id).collect() }
    }

    /// What a replica that has `have` lacks of what is here.
    pub fn missing(&self, have: &Have) -> Missing {
        let mut missing = Missing::default();
        missing.proofs.extend(
            self.forks().proofs().filter(|(id, _)| !have.proofs.contains(id)).map(|(_, proof)| proof.clone()),
        );
        // By index of the actor here, the first number to send.
        let mut from: Vec<Option<u64>> = vec![None; self.ledger().actors().len()];
        for (index, log) in self.ledger().actors().logs().iter().enumerate() {
            let Some(coverage) = &log.coverage else { continue };
            let theirs = have.actors.get(&log.id);
            let continues = theirs.is_none_or(|(seq, chain)| {
                *seq > log.seq() || self.ledger().chain_at(self.session(), log, *seq) == *chain
            });
            let known = theirs.map_or(0, |(seq, _)| *seq);
            if !continues {
                if missing.lineages.len() < MAX_LINEAGES {
                    missing.lineages.extend(self.lineage(&log.id));
                }
            } else if known < log.seq() {
                from[index] = Some(known + 1);
                missing.coverage.push(coverage.clone());
            }
        }
        let lacks = |actor: u32, seq: u64| from[actor as usize].is_some_and(|from| seq >= from);
        let entries = self.ledger().entries().iter().filter(|entry| lacks(entry.actor, entry.seq));
        missing.changes = entries.map(|entry| entry.hash).collect();
        missing
    }

    /// The first of `changes` as bytes, as many as fit one batch, and how many of `changes` that took. Changes that have fallen out
    /// meanwhile are passed over.
    pub fn batch(&self, changes: &[ChangeHash]) -> (Vec<Vec<u8>>, usize) {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        for (taken, hash) in changes.iter().enumerate() {
            let Some(index) = self.ledger().index_of(hash) else { continue };
            let chunk = &self.ledger().entry(index).chunk;
            if bytes + chunk.len() > MAX_BATCH_BYTES && !batch.is_empty() {
                return (batch, taken);
            }
            bytes += chunk.len();
            batch.push(chunk.to_vec());
        }
        (batch, changes.len())
    }
}

fn bounded_actors<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<ActorId, (u64, Chain)>, D::Error> {
    let actors = BTreeMap::deserialize(deserializer)?;
    if actors.len() <= MAX_ACTORS { Ok(actors) } else { Err(serde::de::Error::custom("too many actors")) }
}

fn bounded_proofs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<ProofId>, D::Error> {
    let proofs = BTreeSet::deserialize(deserializer)?;
    if proofs.len() <= MAX_PROOFS { Ok(proofs) } else { Err(serde::de::Error::custom("too many proofs")) }
}
