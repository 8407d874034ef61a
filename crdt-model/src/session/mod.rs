//! One session on this machine: the document, who wrote it, and what this player may take back.

mod edit;
mod history;
mod open;
mod receive;
mod reissue;
mod state;
mod undo;

use std::collections::{BTreeMap, BTreeSet};

use automerge::AutoCommit;
use score::{PlayerKey, ScorePatch, SessionId};

use crate::document::follow::Follower;
use crate::history::stacks::Stacks;
use crate::trust::{
    ActorId, ActorNonce, Admission, BatchOutcome, ChangeHash, Equivocation, Identity, Outcome, Record,
    SessionOrigin,
};

pub use open::{FoundingRandom, LoadError, Stored};

/// A change that this player made.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalChange {
    /// What to store and to send to every link.
    pub record: Record,
    /// What it changed in the score.
    pub patches: Vec<ScorePatch>,
    /// The change's hash.
    pub hash: ChangeHash,
}

/// What an author's changes did to the score.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthoredPatches {
    /// Who made the changes.
    pub by: PlayerKey,
    /// What the score holds afterwards.
    pub changes: Vec<ScorePatch>,
}

/// What became of something that came from a link, and what it did to the score.
#[derive(Clone, Debug, PartialEq)]
pub struct Received<T> {
    /// What became of it. The records that were applied are to be stored and relayed.
    pub outcome: T,
    /// What changed in the score, author by author, in the order in which the changes entered.
    pub patches: Vec<AuthoredPatches>,
}

/// What became of one record.
pub type ReceivedRecord = Received<Outcome>;
/// What became of a batch or a whole document.
pub type ReceivedBatch = Received<BatchOutcome>;

/// What a proof that was not known did.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceivedEquivocation {
    /// What fell out of the document, and what entered.
    pub equivocation: Equivocation,
    /// What changed in the score.
    pub patches: Vec<AuthoredPatches>,
}

/// Names one movement of the player's hand (a dragged fader, a painted stroke) within one opening of the session: its edits
/// are undone together. The caller counts upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Act(pub u32);

/// One session on this machine.
///
/// It is the one writer of its document: edits of this player ([`Session::apply`]) and changes of others ([`Session::admit`]) go in, the score
/// and what changed in it come out. It does no I/O; what is to be stored and sent is in what the calls return.
#[derive(Debug)]
pub struct Session {
    identity: Identity,
    me: PlayerKey,
    nonce: ActorNonce,
    origin: SessionOrigin,
    id: SessionId,
    doc: AutoCommit,
    admission: Admission,
    follower: Follower,
    stacks: Stacks,
    /// Every actor that this player has written as.
    own_actors: BTreeSet<ActorId>,
    /// The number of the first change of each recent act of this opening.
    acts: BTreeMap<Act, u64>,
    /// Seconds since 1970 that changes are dated with; 0 where nobody has said.
    dated: i64,
    /// Stored changes that found no place on loading.
    left_out: usize,
}

impl Session {
    /// The actor that writes this player's changes in this opening.
    pub fn actor(&self) -> ActorId {
        ActorId::derive(&self.me, &self.nonce)
    }

    /// Whose actor this is, if it has written here.
    fn player_of(&self, actor: ActorId) -> Option<PlayerKey> {
        self.admission.coverage(&actor).map(|coverage| coverage.voucher.key)
    }
}
