//! Catching up: many changes at once, each actor's covered by one voucher.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use automerge::AutoCommit;

use super::Admission;
use crate::trust::gate::{self, ForeignChange};
use crate::trust::ledger::ActorLog;
use crate::trust::{ActorId, Applied, Chain, ChangeHash, Coverage, Refusal};

/// How many changes are handed to Automerge at a time: enough for speed, few enough to bound what it takes meanwhile.
const CHANGES_PER_APPLY: usize = 16_384;
/// How many vouchers for one actor are looked at in one batch.
const MAX_COVERAGES_PER_ACTOR: usize = 4;

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchOutcome {
    /// The changes that entered the document, in causal order.
    pub applied: Vec<Applied>,
    /// The changes that stay out, and why; without a hash where the bytes are not even a change.
    pub refused: Vec<(Option<ChangeHash>, Refusal)>,
    /// Actors of which the batch shows another line than the ledger. Exchange lineages with the peer.
    pub contradictions: BTreeSet<ActorId>,
    /// How many changes build on ones that are neither here nor in the batch. They are to be asked for again.
    pub incomplete: usize,
}

/// The changes of a batch, by actor and number.
pub(super) type Lines = BTreeMap<ActorId, BTreeMap<u64, ForeignChange>>;

/// The changes of a batch that a voucher covers.
#[derive(Default)]
struct Covered {
    changes: Vec<ForeignChange>,
    coverage: BTreeMap<ActorId, Coverage>,
    /// For each actor, the hashes that its voucher covers, in order, and the number of the first.
    lines: BTreeMap<ActorId, (u64, Vec<ChangeHash>)>,
}

impl Admission {
    /// Takes many changes at once, in any order. For each actor one voucher covers all of its changes up to the voucher's own; changes
    /// past it are refused. Changes that are known are passed over.
    pub fn admit_batch(
        &mut self,
        document: &mut AutoCommit,
        changes: &[Vec<u8>],
        coverage: &[Coverage],
    ) -> BatchOutcome {
        let parsed = changes.iter().map(|bytes| ForeignChange::parse(bytes));
        self.admit_changes(document, parsed, coverage)
    }

    /// Takes changes that were taken apart already, or were found not to be changes.
    pub(in crate::trust) fn admit_changes(
        &mut self,
        document: &mut AutoCommit,
        changes: impl Iterator<Item = Result<ForeignChange, Refusal>>,
        coverage: &[Coverage],
    ) -> BatchOutcome {
        let mut outcome = BatchOutcome::default();
        let lines = self.sort_by_actor(changes, &mut outcome);
        self.admit_lines(document, lines, coverage, outcome)
    }

    /// Takes changes that are sorted by actor.
    pub(super) fn admit_lines(
        &mut self,
        document: &mut AutoCommit,
        lines: Lines,
        coverage: &[Coverage],
        mut outcome: BatchOutcome,
    ) -> BatchOutcome {
        let covered = self.cover(lines, coverage, &mut outcome);
        let first = self.len() as u32;
        self.enter_all(document, covered.changes, &mut outcome);
        for (actor, coverage) in covered.coverage {
            self.keep_coverage(&actor, coverage, &covered.lines);
        }
        let entered = first..self.len() as u32;
        outcome.applied.extend(entered.filter_map(|index| self.applied(index)));
        self.admit_released(document, &mut outcome.applied);
        outcome
    }

    /// Sorts the batch by actor and number, leaving out what is known, refused or contradictory.
    pub(super) fn sort_by_actor(
        &self,
        changes: impl Iterator<Item = Result<ForeignChange, Refusal>>,
        outcome: &mut BatchOutcome,
    ) -> Lines {
        let mut lines = Lines::new();
        for change in changes {
            let change = match change {
                Ok(change) => change,
                Err(refusal) => {
                    outcome.refused.push((None, refusal));
                    continue;
                }
            };
            let (writer, seq) = (change.writer(), change.seq);
            if self.holds(&change.hash) || self.forks.has_closed(&writer) {
                continue;
            }
            if seq <= self.ledger.actor(&writer).map_or(0, ActorLog::seq) {
                if self.forks.drops(&writer, seq, &change.hash) {
                    outcome.refused.push((Some(change.hash), Refusal::Equivocated));
                } else {
                    outcome.contradictions.insert(writer);
                }
                continue;
            }
            let line = lines.entry(writer).or_default();
            let Some(other) = line.get(&seq) else {
                line.insert(seq, change);
                continue;
            };
            if other.hash == change.hash || self.forks.drops(&writer, seq, &change.hash) {
                continue;
            }
            if self.forks.drops(&writer, seq, &other.hash) {
                line.insert(seq, change);
            } else {
                outcome.contradictions.insert(writer);
            }
        }
        lines
    }

    /// Keeps the part of each line that follows on the ledger and that a voucher covers.
    fn cover(&self, lines: Lines, coverage: &[Coverage], outcome: &mut BatchOutcome) -> Covered {
        let mut offered: BTreeMap<ActorId, Vec<&Coverage>> = BTreeMap::new();
        for coverage in coverage {
            offered.entry(coverage.voucher.actor()).or_default().push(coverage);
        }
        let mut covered = Covered::default();
        for (actor, line) in lines {
            let (known, start) =
                self.position(&actor).unwrap_or_else(|| (0, Chain::start(&self.session, &actor)));
            let run: Vec<_> =
                (known + 1..).map_while(|seq| line.get(&seq).map(|change| change.hash)).collect();
            let next = |chain: &mut Chain, hash: &ChangeHash| {
                *chain = chain.then(hash);
                Some(*chain)
            };
            let chains: Vec<_> = run.iter().scan(start, next).collect();
            let offers = offered.get(&actor).map(Vec::as_slice).unwrap_or_default();
            let offers = &offers[..offers.len().min(MAX_COVERAGES_PER_ACTOR)];
            let reach = self.reach(known, &chains, offers);
            if reach.is_none()
                && offers
                    .iter()
                    .any(|offer| contradicts(known, &chains, offer) && offer.voucher.verify(&self.session))
            {
                outcome.contradictions.insert(actor);
            }
            let end = reach.map_or(known, |(end, _)| end);
            if let Some((end, coverage)) = reach {
                covered.coverage.insert(actor, coverage.clone());
                covered.lines.insert(actor, (known + 1, run[..(end - known) as usize].to_vec()));
            }
            for (seq, change) in line {
                if seq <= end {
                    covered.changes.push(change);
                } else {
                    outcome.refused.push((Some(change.hash), Refusal::NoVoucher { seq }));
                }
            }
        }
        covered
    }

    /// The longest part of a run that a valid voucher covers: the number it ends with, and the voucher.
    fn reach<'a>(
        &self,
        known: u64,
        chains: &[Chain],
        offers: &[&'a Coverage],
    ) -> Option<(u64, &'a Coverage)> {
        let mut reached: Vec<_> = offers
            .iter()
            .filter_map(|offer| {
                let end = offer.voucher.seq.checked_sub(offer.beyond.len() as u64)?;
                let chain = chains.get(usize::try_from(end.checked_sub(known + 1)?).ok()?)?;
                offer.reaches(end, *chain).then_some((end, *offer))
            })
            .collect();
        reached.sort_by_key(|(end, _)| *end);
        reached.into_iter().rev().find(|(_, offer)| offer.voucher.verify(&self.session))
    }

    /// Enters covered changes, each after its dependencies.
    fn enter_all(
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

    /// Notes what vouches for an actor's changes, with the hashes of those that did not enter.
    fn keep_coverage(
        &mut self,
        actor: &ActorId,
        coverage: Coverage,
        lines: &BTreeMap<ActorId, (u64, Vec<ChangeHash>)>,
    ) {
        let (Some(log), Some((first, line))) = (self.ledger.actor_mut(actor), lines.get(actor)) else {
            return;
        };
        let entered = (log.seq() + 1).saturating_sub(*first) as usize;
        let beyond = line.iter().skip(entered).copied().chain(coverage.beyond).collect();
        log.coverage = Some(Coverage { voucher: coverage.voucher, beyond });
    }
}

/// Whether a voucher speaks of another line than the ledger and the batch hold.
fn contradicts(known: u64, chains: &[Chain], offer: &Coverage) -> bool {
    let end = offer.voucher.seq.checked_sub(known + 1).and_then(|end| usize::try_from(end).ok());
    end.and_then(|end| chains.get(end)).is_some_and(|chain| *chain != offer.voucher.chain)
}

/// Changes in the ledger that the document does not hold yet.
#[derive(Default)]
struct Pending {
    hashes: Vec<ChangeHash>,
    changes: Vec<automerge::Change>,
}

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable as _;
    use automerge::{ExpandedChange, ROOT};
    use score::id::SessionId;

    use super::*;
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
