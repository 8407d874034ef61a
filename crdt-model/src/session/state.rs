//! What a session says about itself.

use score::id::PlayerKey;
use score::{Score, SessionId};

use super::Session;
use crate::checkpoint::Checkpoint;
use crate::document::read::Reader;
use crate::trust::{Admission, ChangeHash, Identity, SessionOrigin, WholeDocument};

impl Session {
    /// The session's id.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Who founded it, and with which nonce.
    pub fn origin(&self) -> SessionOrigin {
        self.origin
    }

    /// The player who edits here.
    pub fn player(&self) -> PlayerKey {
        self.me
    }

    /// The newest changes, in ascending order.
    pub fn heads(&self) -> Vec<ChangeHash> {
        self.admission.heads()
    }

    /// The player who writes here, to sign what is no part of the document.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The session as plain data.
    pub fn score(&self) -> &Score {
        self.follower.score()
    }

    /// The ledger of who wrote what: positions, batches for catching up, lineages, proofs.
    pub fn admission(&self) -> &Admission {
        &self.admission
    }

    /// The score as it was at `heads`; `None` when some of them are not here.
    pub fn score_at(&self, heads: &[ChangeHash]) -> Option<Score> {
        if heads.is_empty() || !heads.iter().all(|hash| self.admission.holds(hash)) {
            return None;
        }
        let heads: Vec<automerge::ChangeHash> = heads.iter().map(|&hash| hash.into()).collect();
        Some(self.follower.score_at(Reader::at(&self.doc, &heads)))
    }

    /// Everything that this replica holds, to be stored as [`Stored::snapshot`](super::Stored::snapshot) or sent to an empty replica.
    pub fn snapshot(&self) -> WholeDocument {
        self.admission.whole()
    }

    /// The document in Automerge's own format, for other programs.
    pub fn automerge(&mut self) -> Vec<u8> {
        self.doc.save()
    }

    /// A small picture of the present state, for the next opening.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint::new(self.origin, self.heads(), self.score())
    }
}
