//! One session on this machine: the document, who wrote it, and what this player may take back.

use score::{Edit, PlayerKey, Score, ScorePatch, SessionId, UnixMillis, VersionId};

use crate::trust::{ActorNonce, ChangeHash, Identity, Outcome, Proof, Record, SessionOrigin};

/// Randomness that founding a session needs, from a cryptographic source.
#[derive(Clone, Copy, Debug)]
pub struct FoundingRandom {
    /// With the founder's key it makes the session's id. The founder's first actor has this nonce too, so the id also
    /// says which change the session begins with.
    pub nonce: [u8; 16],
    /// Decides what plays by chance.
    pub seed: u64,
}

/// What a store keeps of a session.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Who founded the session, and with which nonce.
    pub origin: SessionOrigin,
    /// A whole document saved by [`Session::snapshot`], if any.
    pub snapshot: Option<Vec<u8>>,
    /// Every change since the snapshot, in any order.
    pub records: Vec<Record>,
    /// Every equivocation proof.
    pub proofs: Vec<Proof>,
}

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

/// What became of a record, and what it did to the score.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// What became of it; the applied records in it are to be stored and relayed.
    pub outcome: Outcome,
    /// What changed in the score, author by author in the order in which the changes entered.
    pub patches: Vec<AuthoredPatches>,
}

/// Names one movement of the player's hand (a dragged fader, a painted stroke) within one opening of the session: its edits
/// are undone together. The caller counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Act(pub u32);

/// Why an edit was refused. (The variants follow.)
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The session's first change has not arrived.
    #[error("this session has not arrived yet: wait until it is connected to a player who has it")]
    Empty,
}

/// Why a stored session did not open.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A stored record was refused.
    #[error("the stored session holds a change that cannot be: {0}")]
    Refused(#[from] crate::trust::Refusal),
}

/// One session on this machine.
#[derive(Debug)]
pub struct Session {
    origin: SessionOrigin,
    score: Score,
}

#[allow(unused_variables, clippy::needless_pass_by_value, reason = "the bodies follow")]
impl Session {
    /// Founds a session. The records are its first changes: store them.
    pub fn create(
        identity: Identity,
        random: FoundingRandom,
        name: &str,
        now: UnixMillis,
    ) -> Result<(Self, Vec<Record>), EditError> {
        unimplemented!()
    }
    /// Founds a session that starts as `score` (an import, a remix; its own `seed`, `created_at` and `parent` are kept).
    pub fn create_from(
        identity: Identity,
        random: FoundingRandom,
        score: &Score,
        now: UnixMillis,
    ) -> Result<(Self, Vec<Record>), EditError> {
        unimplemented!()
    }
    /// Opens a session from this machine's store.
    pub fn load(identity: Identity, nonce: ActorNonce, stored: Stored) -> Result<Self, LoadError> {
        unimplemented!()
    }
    /// An empty replica of somebody else's session, to be filled from links.
    pub fn join(identity: Identity, nonce: ActorNonce, origin: SessionOrigin) -> Self {
        unimplemented!()
    }
    /// The session's id.
    pub fn id(&self) -> SessionId {
        self.origin.id()
    }
    /// Who founded it.
    pub fn origin(&self) -> SessionOrigin {
        self.origin
    }
    /// The newest changes, sorted.
    pub fn heads(&self) -> Vec<ChangeHash> {
        unimplemented!()
    }
    /// The session as plain data.
    pub fn score(&self) -> &Score {
        &self.score
    }
    /// Whether nothing of the session has arrived yet.
    pub fn is_empty(&self) -> bool {
        unimplemented!()
    }
    /// Makes one edit: one change. `None` when it would change nothing.
    pub fn apply(&mut self, edit: &Edit, act: Option<Act>) -> Result<Option<LocalChange>, EditError> {
        unimplemented!()
    }
    /// Whether this player has something to take back.
    pub fn can_undo(&self) -> bool {
        unimplemented!()
    }
    /// Whether this player has something to make again.
    pub fn can_redo(&self) -> bool {
        unimplemented!()
    }
    /// Takes back this player's last act. `None` when there is none.
    pub fn undo(&mut self) -> Result<Option<Vec<LocalChange>>, EditError> {
        unimplemented!()
    }
    /// Makes again what this player took back last. `None` when there is nothing.
    pub fn redo(&mut self) -> Result<Option<Vec<LocalChange>>, EditError> {
        unimplemented!()
    }
    /// Returns the session to a named version, as one act that can be undone.
    pub fn restore(&mut self, version: VersionId) -> Result<Vec<LocalChange>, EditError> {
        unimplemented!()
    }
    /// Returns what `player` changed since `since` to what others had made of it, as one act.
    pub fn revert_player(
        &mut self,
        player: PlayerKey,
        since: &[ChangeHash],
    ) -> Result<Vec<LocalChange>, EditError> {
        unimplemented!()
    }
    /// The score as it was at `heads`; `None` when some of them are unknown.
    pub fn score_at(&self, heads: &[ChangeHash]) -> Option<Score> {
        unimplemented!()
    }
    /// Takes a change from a link.
    pub fn admit(&mut self, record: Record) -> Received {
        unimplemented!()
    }
    /// The whole document, to be stored as [`Stored::snapshot`].
    pub fn snapshot(&mut self) -> Vec<u8> {
        unimplemented!()
    }
    /// A small picture of the present state, for the next opening.
    pub fn checkpoint(&self) -> Vec<u8> {
        unimplemented!()
    }
}
