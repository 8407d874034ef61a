//! From the ledger into the document: changes in their causal order, many at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use automerge::AutoCommit;

use super::Admission;
use super::batch::BatchOutcome;
use crate::trust::gate::{self, ForeignChange};
use crate::trust::{ChangeHash, Refusal};

/// How many changes are handed to Automerge at a time: enough for speed, few enough to bound what it takes meanwhile.
const CHANGES_PER_APPLY: usize = 16_384;

/// Changes in the ledger that the document does not hold yet.
#[derive(Default)]
struct Pending {
    hashes: Vec<ChangeHash>,
    changes: Vec<automerge::Change>,
}

impl Admission {
    /// Enters covered changes, each after its dependencies.
    pub(super) fn enter_all(
        &mut self,
        document: &mut AutoCommit,
        changes: Vec<ForeignChange>,
        outcome: &mut BatchOutcome,
    ) {
        let in_batch: BTreeMap<ChangeHash, usize> =
            changes.iter().enumerate().map(|(i, change)| (change.hash, i)).collect();
        let mut blocked_by: Vec<usize> = vec![0; changes.len()];
        let mut unblocks: BTreeMap<ChangeHash, Vec<usize>> = BTreeMap::new();
        let mut ready = VecDeque::new();
        for (i, change) in changes.iter().enumerate() {
            let missing = self.ledger.missing(change);
            blocked_by[i] = missing.len();
            if missing.is_empty() {
                ready.push_back(i);
            }
            for hash in missing.into_iter().filter(|hash| in_batch.contains_key(hash)) {
                unblocks.entry(hash).or_default().push(i);
            }
        }
        let mut changes: Vec<Option<ForeignChange>> = changes.into_iter().map(Some).collect();
        let mut pending = Pending::default();
        while let Some(i) = ready.pop_front() {
            let Some(change) = changes[i].take() else { continue };
            if self.enter_unapplied(document, &change, &mut pending, outcome) {
                for blocked in unblocks.remove(&change.hash).unwrap_or_default() {
                    blocked_by[blocked] -= 1;
                    if blocked_by[blocked] == 0 {
                        ready.push_back(blocked);
                    }
                }
            }
        }
        self.apply_pending(document, &mut pending, outcome);
        self.sort_out_blocked(changes.into_iter().flatten(), outcome);
    }

    /// Enters one change into the ledger; the document follows with the next apply. Returns whether it entered.
    fn enter_unapplied(
        &mut self,
        document: &mut AutoCommit,
        change: &ForeignChange,
        pending: &mut Pending,
        outcome: &mut BatchOutcome,
    ) -> bool {
        match self.examine(change) {
            Ok((checked, loaded)) => {
                self.ledger.enter(checked);
                pending.hashes.push(change.hash);
                pending.changes.push(loaded);
                if pending.changes.len() >= CHANGES_PER_APPLY {
                    self.apply_pending(document, pending, outcome);
                }
                true
            }
            Err(refusal) => {
                outcome.refused.push((Some(change.hash), self.refuse(change.hash, refusal)));
                false
            }
        }
    }

    /// Writes the entered changes to the document. If Automerge will not have them, they are taken back and tried one by one.
    fn apply_pending(
        &mut self,
        document: &mut AutoCommit,
        pending: &mut Pending,
        outcome: &mut BatchOutcome,
    ) {
        let Pending { hashes, changes } = std::mem::take(pending);
        if changes.is_empty() || gate::apply(document, changes.clone()).is_ok() {
            return;
        }
        let suspects: BTreeSet<ChangeHash> = hashes.into_iter().collect();
        self.rebuild(document, |_, _, hash| suspects.contains(hash));
        self.refused.forget(&suspects);
        for change in changes {
            let foreign = ForeignChange::parse(change.raw_bytes());
            let entered = foreign.and_then(|foreign| {
                let (checked, loaded) = self.examine(&foreign)?;
                gate::apply(document, vec![loaded]).inspect_err(|_| self.rewrite(document))?;
                self.ledger.enter(checked);
                Ok(())
            });
            if let Err(refusal) = entered {
                let hash = ChangeHash::from(change.hash());
                outcome.refused.push((Some(hash), self.refuse(hash, refusal)));
            }
        }
    }

    /// Tells changes that build on refused ones from those whose dependencies are yet to come.
    fn sort_out_blocked(&mut self, blocked: impl Iterator<Item = ForeignChange>, outcome: &mut BatchOutcome) {
        let mut blocked: Vec<_> = blocked.collect();
        loop {
            let hopeless =
                |change: &ForeignChange| change.dependencies.iter().any(|hash| self.refused.contains(hash));
            let (refused, rest): (Vec<_>, Vec<_>) = blocked.into_iter().partition(hopeless);
            blocked = rest;
            if refused.is_empty() {
                break;
            }
            for change in refused {
                let refusal = self.refuse(change.hash, Refusal::RefusedDependency);
                outcome.refused.push((Some(change.hash), refusal));
            }
        }
        outcome.incomplete += blocked.len();
    }
}

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable as _;
    use automerge::{ExpandedChange, ROOT};
    use score::id::SessionId;

    use super::*;
    use crate::trust::ActorId;
    use crate::trust::{ActorNonce, Identity};

    /// A document and its admission after three edits, and a change that makes Automerge panic: it writes into a map that
    /// is none.
    fn scene() -> (Admission, AutoCommit, automerge::Change) {
        let (identity, nonce) = (Identity::from_secret(&[1; 32]), ActorNonce([0; 16]));
        let actor = ActorId::derive(&identity.player(), &nonce);
        let mut document = AutoCommit::new().with_actor(actor.into());
        let mut admission = Admission::new(SessionId([5; 16]));
        for i in 0..3 {
            document.put(ROOT, "tempo", i).unwrap();
            document.commit();
            let change = document.get_last_local_change().unwrap();
            admission.vouch_local(&identity, nonce, change).unwrap();
        }
        let mut breaking: ExpandedChange = document.get_last_local_change().unwrap().decode();
        let object = automerge::legacy::OpId(1, actor.into());
        breaking.operations[0].obj = automerge::legacy::ObjectId::Id(object);
        breaking.actor_id = automerge::ActorId::from([9; 16]);
        breaking.seq = 1;
        (admission, document, breaking.into())
    }

    fn tempo(document: &AutoCommit) -> Option<i64> {
        use automerge::ReadDoc as _;
        document.get(ROOT, "tempo").unwrap().and_then(|(value, _)| value.as_i64())
    }

    #[test]
    fn a_panic_inside_automerge_becomes_a_refusal_and_the_document_is_written_anew() {
        let (mut admission, mut document, breaking) = scene();
        assert_eq!(gate::apply(&mut document, vec![breaking]), Err(Refusal::Panicked));
        admission.rewrite(&mut document);
        assert_eq!((tempo(&document), admission.rewrites()), (Some(2), 1));
        assert_eq!(document.get_heads().len(), 1);
    }

    #[test]
    fn when_a_batch_breaks_automerge_the_others_of_it_enter_one_by_one() {
        let (source, mut original, breaking) = scene();
        let mut admission = Admission::new(*source.session());
        let mut document = AutoCommit::new();
        let mut outcome = BatchOutcome::default();
        let mut pending = Pending::default();
        for entry in source.ledger.entries() {
            let change = ForeignChange::parse(&entry.chunk).unwrap();
            assert!(admission.enter_unapplied(&mut document, &change, &mut pending, &mut outcome));
        }
        let culprit = ChangeHash::from(breaking.hash());
        pending.hashes.push(culprit);
        pending.changes.push(breaking);
        admission.apply_pending(&mut document, &mut pending, &mut outcome);
        assert_eq!(outcome.refused.len(), 1);
        assert_eq!(outcome.refused[0].0, Some(culprit));
        assert_eq!((admission.len(), tempo(&document)), (3, Some(2)));
        assert_eq!(document.get_heads(), original.get_heads());
        assert!(admission.has_refused(&culprit));
        let held = admission.heads();
        assert!(!admission.has_refused(&held[0]), "those that entered are not held against");
    }
}
