//! What was done, and when.

use automerge::ReadDoc;
use score::UnixMillis;
use score::id::PlayerKey;

use super::Session;
use crate::history::acts::{ActListing, acts};
use crate::trust::ChangeHash;

impl Session {
    /// Dates this player's changes from here on, to the second. Nothing but lists of what was done ever looks at it.
    pub fn set_date(&mut self, now: UnixMillis) {
        self.dated = (now.0 / 1_000).max(0);
    }

    /// The newest acts of all players, newest first, without those that take others back.
    pub fn acts(&mut self, limit: usize) -> Vec<ActListing> {
        let admission = &self.admission;
        let player =
            |actor| -> Option<PlayerKey> { admission.coverage(&actor).map(|coverage| coverage.voucher.key) };
        acts(&mut self.doc, &self.follower, player, limit)
    }

    /// The state before a change: the heads that its author saw. `None` when the change is not here.
    pub fn heads_before(&self, change: ChangeHash) -> Option<Vec<ChangeHash>> {
        let change = ReadDoc::get_change_by_hash(&self.doc, &change.into())?;
        Some(change.deps().iter().map(|&hash| hash.into()).collect())
    }
}
