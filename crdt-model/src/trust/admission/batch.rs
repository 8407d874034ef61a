//! Catching up: many changes at once, each actor's covered by one voucher.

use std::collections::{BTreeMap, BTreeSet};

use automerge::AutoCommit;

use super::Admission;
use crate::trust::gate::ForeignChange;
use crate::trust::ledger::ActorLog;
use crate::trust::{ActorId, Applied, Chain, ChangeHash, Coverage, Refusal};

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
