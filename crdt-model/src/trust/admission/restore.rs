//! Opening a session again from its store.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use automerge::AutoCommit;

use super::batch::Lines;
use super::{Admission, BatchOutcome};
use crate::trust::gate::ForeignChange;
use crate::trust::ledger::ActorLog;
use crate::trust::limits::MAX_ACTOR_CHANGES;
use crate::trust::{ActorId, Coverage, Record, Voucher};

impl Admission {
    /// Enters what this player's own store holds: all records ever stored, in any order. The proofs that were stored with them are
    /// to be put in force first: changes that fell out by one stay out again.
    ///
    /// Every change is checked as a stranger's would be. A record that came by catching up holds its actor's newest voucher; where a
    /// power cut has torn such a write, the voucher speaks of changes that never reached the store. What no voucher covers as it
    /// stands is refused: nobody was told that it was kept, and catching up brings it back.
    pub fn restore(&mut self, document: &mut AutoCommit, records: &[Record]) -> BatchOutcome {
        let mut outcome = BatchOutcome::default();
        let parsed = records.iter().map(|record| ForeignChange::parse(&record.change));
        let lines = self.sort_by_actor(parsed, &mut outcome);
        let coverage = self.newest_within(&lines, records);
        self.admit_lines(document, lines, &coverage, outcome)
    }

    /// For each actor the newest stored voucher for no more than what is here of its changes: several where twins of a change were
    /// stored.
    fn newest_within(&self, lines: &Lines, records: &[Record]) -> Vec<Coverage> {
        let ends: BTreeMap<ActorId, u64> = lines
            .iter()
            .map(|(actor, line)| {
                let known = self.ledger.actor(actor).map_or(0, ActorLog::seq);
                let run =
                    (known + 1..=MAX_ACTOR_CHANGES).take_while(|seq| line.contains_key(seq)).count() as u64;
                (*actor, known + run)
            })
            .collect();
        let mut newest: BTreeMap<ActorId, Vec<&Voucher>> = BTreeMap::new();
        for Record { voucher, .. } in records {
            let actor = voucher.actor();
            if ends.get(&actor).is_none_or(|end| voucher.seq > *end) {
                continue;
            }
            let held = newest.entry(actor).or_default();
            match held.first().map_or(Ordering::Greater, |newest| voucher.seq.cmp(&newest.seq)) {
                Ordering::Less => {}
                Ordering::Equal if held.iter().any(|held| held.chain == voucher.chain) => {}
                Ordering::Equal => held.push(voucher),
                Ordering::Greater => *held = vec![voucher],
            }
        }
        newest.into_values().flatten().map(|voucher| Coverage::from(*voucher)).collect()
    }
}
