//! Taking changes out again: a losing branch and all that was built on it.

use std::collections::BTreeMap;

use score::id::SessionId;

use super::{ActorLog, Entry, Ledger};
use crate::trust::{ChangeHash, Coverage};

impl Ledger {
    /// The ledger without the changes `drops` names and without their descendants, and the changes taken out, in causal order.
    pub(in crate::trust) fn without(
        self,
        session: &SessionId,
        drops: impl Fn(&ActorLog, &Entry) -> bool,
    ) -> (Self, Vec<Entry>) {
        let Self { entries, actors, .. } = self;
        let mut kept = Self::default();
        let mut fallen = Vec::new();
        let mut moved: Vec<Option<u32>> = Vec::with_capacity(entries.len());
        for entry in entries {
            let log = actors.at(entry.actor);
            let dependencies: Option<Box<[u32]>> =
                entry.dependencies.iter().map(|&dep| moved[dep as usize]).collect();
            match dependencies {
                Some(dependencies) if !drops(log, &entry) => {
                    let actor = kept.actors.enter(log.id, session);
                    moved.push(Some(kept.place(Entry { actor, dependencies, ..entry })));
                }
                _ => {
                    moved.push(None);
                    fallen.push(entry);
                }
            }
        }
        let mut lost: BTreeMap<u32, Vec<ChangeHash>> = BTreeMap::new();
        for entry in &fallen {
            lost.entry(entry.actor).or_default().push(entry.hash);
        }
        for (index, log) in actors.logs().iter().enumerate() {
            let lost = lost.remove(&(index as u32)).unwrap_or_default();
            kept.keep_coverage(log, lost);
        }
        (kept, fallen)
    }

    /// Keeps the voucher of `log`, noting the changes it covers that were lost.
    fn keep_coverage(&mut self, log: &ActorLog, lost: Vec<ChangeHash>) {
        let (Some(remaining), Some(coverage)) = (self.actor_mut(&log.id), &log.coverage) else { return };
        let beyond = lost.into_iter().chain(coverage.beyond.iter().copied()).collect();
        remaining.coverage = Some(Coverage { voucher: coverage.voucher, beyond });
    }
}
