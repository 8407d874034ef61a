//! Admission: what enters the document, and what does not.

mod batch;
mod entering;
mod fork;
mod local;
mod reenter;
mod restore;
mod single;

use automerge::AutoCommit;
use score::id::SessionId;

use super::forks::Forks;
use super::gate::{self, ForeignChange};
use super::ledger::{Checked, Ledger};
use super::quarantine::Quarantine;
use super::refused::RefusedHashes;
use super::{ActorId, Applied, Chain, ChangeHash, Coverage, FellOut, Proof, Record, Refusal};

pub use batch::BatchOutcome;

/// The one door into a session's document.
///
/// It keeps a ledger of all changes with what vouches for them, a bounded quarantine for changes whose dependencies are on their way, and the
/// equivocation proofs in force. The document is handed in with every call and belongs to the caller, who commits own edits to it and
/// then has them vouched for by [`vouch_local`](Self::vouch_local); nobody else may change it.
///
/// Whether a change is valid depends on its bytes and its ancestors alone, never on what else a replica holds or when it came. So
/// replicas that have seen the same records and proofs hold the same document, whatever the order.
#[derive(Debug)]
pub struct Admission {
    session: SessionId,
    ledger: Ledger,
    quarantine: Quarantine,
    refused: RefusedHashes,
    forks: Forks,
    rewrites: u64,
}

impl Admission {
    /// Admission to the empty document of `session`.
    pub fn new(session: SessionId) -> Self {
        Self {
            session,
            ledger: Ledger::default(),
            quarantine: Quarantine::default(),
            refused: RefusedHashes::default(),
            forks: Forks::default(),
            rewrites: 0,
        }
    }

    /// The session whose vouchers are taken.
    pub fn session(&self) -> &SessionId {
        &self.session
    }

    /// How many changes the document holds.
    pub fn len(&self) -> usize {
        self.ledger.entries().len()
    }

    /// Whether the document is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the document holds the change.
    pub fn holds(&self, hash: &ChangeHash) -> bool {
        self.ledger.index_of(hash).is_some()
    }

    /// Whether the change was refused for what it is, so that asking for it again is idle.
    pub fn has_refused(&self, hash: &ChangeHash) -> bool {
        self.refused.contains(hash)
    }

    /// The changes nothing builds on yet, in ascending order.
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<_> = self.ledger.heads().map(|entry| entry.hash).collect();
        heads.sort_unstable();
        heads
    }

    /// The number and chain of an actor's newest change here.
    pub fn position(&self, actor: &ActorId) -> Option<(u64, Chain)> {
        self.ledger.actor(actor).map(|log| (log.seq(), log.chain))
    }

    /// How many changes wait for their dependencies, and how many bytes they take.
    pub fn waiting(&self) -> (usize, usize) {
        (self.quarantine.len(), self.quarantine.bytes())
    }

    /// How often the document was written anew, because changes fell out of it or Automerge broke on a change. Whenever this has
    /// grown during a call, the document handed in is a fresh one: its diff cursor is gone, and views of it are to be read
    /// anew.
    pub fn rewrites(&self) -> u64 {
        self.rewrites
    }

    /// The equivocation proofs in force.
    pub fn proofs(&self) -> impl Iterator<Item = &Proof> {
        self.forks.proofs().map(|(_, proof)| proof)
    }

    pub(super) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(super) fn forks(&self) -> &Forks {
        &self.forks
    }

    /// Looks at a change by itself: everything but its voucher. Its dependencies must be here.
    fn examine(&self, change: &ForeignChange) -> Result<(Checked, automerge::Change), Refusal> {
        if self.forks.drops(&change.writer(), change.seq, &change.hash) {
            return Err(Refusal::Equivocated);
        }
        let checked = self.ledger.check(&self.session, change)?;
        Ok((checked, gate::load_change(change)?))
    }

    /// Remembers a change refused for what it is.
    fn refuse(&mut self, hash: ChangeHash, refusal: Refusal) -> Refusal {
        let depends_on_room = matches!(refusal, Refusal::TooManyActors);
        if !depends_on_room {
            self.refused.insert(hash);
        }
        refusal
    }

    /// Writes the document anew from the ledger, without the changes `drops` names and whatever was built on them.
    fn rebuild(
        &mut self,
        document: &mut AutoCommit,
        drops: impl Fn(&ActorId, u64, &ChangeHash) -> bool,
    ) -> Vec<FellOut> {
        let ledger = std::mem::take(&mut self.ledger);
        let writers: Vec<ActorId> = ledger.actors().logs().iter().map(|log| log.id).collect();
        let (kept, fallen) =
            ledger.without(&self.session, |log, entry| drops(&log.id, entry.seq, &entry.hash));
        self.ledger = kept;
        self.rewrite(document);
        let mut fell_out = Vec::with_capacity(fallen.len());
        for entry in fallen {
            self.refused.insert(entry.hash);
            let actor = writers[entry.actor as usize];
            fell_out.push(FellOut { hash: entry.hash, actor, seq: entry.seq, change: entry.chunk.into() });
        }
        fell_out
    }

    /// Replays the ledger into a fresh document of the same actor.
    fn rewrite(&mut self, document: &mut AutoCommit) {
        self.rewrites += 1;
        let actor = document.get_actor().clone();
        let spoilt = std::mem::replace(document, AutoCommit::new().with_actor(actor));
        gate::discard(spoilt);
        let changes = self.ledger.entries().iter().map(|entry| {
            let change = ForeignChange::parse(&entry.chunk).and_then(|change| gate::load_change(&change));
            change.expect("a change in the ledger was loaded before")
        });
        gate::apply(document, changes.collect()).expect("changes in the ledger were applied before");
    }

    /// The record of a change in the ledger, with the voucher that covers it.
    fn applied(&self, index: u32) -> Option<Applied> {
        let entry = self.ledger.entry(index);
        let log = self.ledger.actors().at(entry.actor);
        let voucher = log.coverage.as_ref()?.voucher;
        let record = Record { change: entry.chunk.to_vec(), voucher };
        Some(Applied { hash: entry.hash, actor: log.id, seq: entry.seq, record })
    }

    /// What vouches for an actor's changes here.
    pub fn coverage(&self, actor: &ActorId) -> Option<&Coverage> {
        self.ledger.actor(actor).and_then(|log| log.coverage.as_ref())
    }
}
