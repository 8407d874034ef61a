//! Taking back and making again.

use std::collections::BTreeSet;

use automerge::{Change, ReadDoc};
use score::{PlayerKey, Score, VersionId};

use super::{LocalChange, Session};
use crate::document::edit_error::EditError;
use crate::document::plan::{Write, bring_to};
use crate::history::message::Message;
use crate::history::stacks::{Act, MAX_CHANGES_REREAD, Stacks};
use crate::history::take_back::take_back;
use crate::trust::{ActorId, ChangeHash};

impl Session {
    /// Whether this player has something to take back.
    pub fn can_undo(&self) -> bool {
        self.stacks.last_done().is_some()
    }

    /// Whether this player has something to make again.
    pub fn can_redo(&self) -> bool {
        self.stacks.last_undone().is_some()
    }

    /// Takes back this player's last act, whichever opening made it: each register that still holds what the act wrote gets back what it
    /// held before; what others have changed since is left alone. An act of which nothing is left is passed over. `None` when there
    /// is nothing to take back.
    ///
    /// # Errors
    /// When the document cannot be written.
    pub fn undo(&mut self) -> Result<Option<Vec<LocalChange>>, EditError> {
        while let Some(act) = self.stacks.last_done().cloned() {
            let writes = self.take_back_act(&act);
            let changes = self.write_act(&writes, Message::Undo(act.id))?;
            if !changes.is_empty() {
                return Ok(Some(changes));
            }
            self.stacks.skip_done();
        }
        Ok(None)
    }

    /// Makes again what this player took back last. `None` when there is nothing.
    ///
    /// # Errors
    /// When the document cannot be written.
    pub fn redo(&mut self) -> Result<Option<Vec<LocalChange>>, EditError> {
        while let Some(undone) = self.stacks.last_undone().cloned() {
            let writes = self.take_back_act(&undone);
            let changes = self.write_act(&writes, Message::Redo(undone.id))?;
            if !changes.is_empty() {
                return Ok(Some(changes));
            }
            self.stacks.skip_undone();
        }
        Ok(None)
    }

    fn take_back_act(&self, act: &Act) -> Vec<Write> {
        let changes: Vec<Change> = act
            .changes
            .iter()
            .filter_map(|hash| ReadDoc::get_change_by_hash(&self.doc, &(*hash).into()))
            .collect();
        take_back(&self.doc, &self.follower, &changes, |actor| self.own_actors.contains(&actor))
    }

    /// Returns the music to a named version, as one act that can be undone. What is not in the version is removed, not lost.
    ///
    /// # Errors
    /// When the version or its state is not here.
    pub fn restore(&mut self, version: VersionId) -> Result<Vec<LocalChange>, EditError> {
        let held = self.score().versions.get(&version).ok_or(EditError::UnknownVersion(version))?;
        let heads: Vec<_> = held.heads.iter().copied().map(ChangeHash).collect();
        self.restore_at(&heads).map_err(|error| match error {
            EditError::UnknownState => EditError::UnknownVersion(version),
            error => error,
        })
    }

    /// Returns the music to a state, as [`Session::restore`] does.
    ///
    /// # Errors
    /// When the state is not here.
    pub fn restore_at(&mut self, heads: &[ChangeHash]) -> Result<Vec<LocalChange>, EditError> {
        let target = self.score_at(heads).ok_or(EditError::UnknownState)?;
        self.write_act(&bring_to(self.score(), &target), Message::Do)
    }

    /// Brings the music to that of `score`, as one act that can be undone. What is not in it is removed, not lost; messages, versions and
    /// the seed stay.
    ///
    /// # Errors
    /// When the score holds more than a session can.
    pub fn replace(&mut self, score: &Score) -> Result<Vec<LocalChange>, EditError> {
        self.write_act(&bring_to(self.score(), score), Message::Do)
    }

    /// Takes back what `player` changed since the state at `since`, where it still holds, as one act of this player that can be undone:
    /// registers get back what others had left in them, and tracks and scenes that the player made are removed.
    ///
    /// # Errors
    /// When the state at `since` is not here.
    pub fn revert_player(
        &mut self,
        player: PlayerKey,
        since: &[ChangeHash],
    ) -> Result<Vec<LocalChange>, EditError> {
        if !since.iter().all(|hash| self.admission.holds(hash)) {
            return Err(EditError::UnknownState);
        }
        let since: Vec<automerge::ChangeHash> = since.iter().map(|&hash| hash.into()).collect();
        let actors = self.actors_of(player);
        let all = self.doc.get_changes_meta(&since);
        let theirs = all.iter().filter(|change| {
            ActorId::try_from(change.actor.as_ref()).is_ok_and(|actor| actors.contains(&actor))
        });
        let hashes: Vec<automerge::ChangeHash> = theirs.map(|change| change.hash).collect();
        drop(all);
        let changes: Vec<Change> =
            hashes.iter().filter_map(|hash| ReadDoc::get_change_by_hash(&self.doc, hash)).collect();
        let writes = take_back(&self.doc, &self.follower, &changes, |actor| actors.contains(&actor));
        self.write_act(&writes, Message::Do)
    }

    /// The actors of a player.
    fn actors_of(&self, player: PlayerKey) -> BTreeSet<ActorId> {
        let actors = self.admission.have().actors.into_keys();
        actors.filter(|actor| self.player_of(*actor) == Some(player)).collect()
    }

    /// Finds out from the document what this player can take back, whichever openings wrote it.
    pub(super) fn reread_stacks(&mut self) {
        let mut lines = Vec::new();
        let actors = self.actors_of(self.me);
        self.own_actors.extend(&actors);
        for actor in actors {
            let Some(line) = self.admission.lineage(&actor) else { continue };
            let started = line.changes.first().and_then(|&first| self.start_of(first));
            lines.push((started, actor, line.changes));
        }
        // One player's openings follow each other, so their first operations tell their order.
        lines.sort();
        let changes = lines
            .into_iter()
            .flat_map(|(_, actor, line)| (1..).zip(line).map(move |(seq, hash)| (actor, seq, hash)));
        let changes: Vec<_> = changes.collect();
        let recent = changes.len().saturating_sub(MAX_CHANGES_REREAD);
        self.stacks = Stacks::default();
        for &(actor, seq, hash) in &changes[recent..] {
            let Some(change) = self.doc.get_change_meta_by_hash(&hash.into()) else { continue };
            self.stacks.note(actor, seq, hash, Message::read(change.message.as_deref()));
        }
    }

    fn start_of(&mut self, change: ChangeHash) -> Option<u64> {
        self.doc.get_change_meta_by_hash(&change.into()).map(|change| change.start_op)
    }
}
