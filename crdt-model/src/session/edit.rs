//! This player's edits.

use automerge::transaction::CommitOptions;
use score::{Edit, ScorePatch};

use super::{Act, LocalChange, Session};
use crate::document::edit_error::EditError;
use crate::document::execute::execute;
use crate::document::plan::{Context, Write, is_music, plan};
use crate::history::message::Message;

/// Most operations of one change of this player, well below what others would refuse.
const MAX_CHANGE_WRITES: usize = 16_384;
/// Most bytes of one change of this player, about.
const MAX_CHANGE_BYTES: usize = 512 << 10;
/// How many acts can be under way at once (as many hands).
const MAX_OPEN_ACTS: usize = 16;
/// How deep edits may contain edits.
const MAX_EDIT_DEPTH: usize = 8;

impl Session {
    /// Makes one edit: one change. `None` when it would change nothing. Edits of one `act` are undone together.
    ///
    /// # Errors
    /// What is wrong with the edit; the session is then as it was.
    pub fn apply(&mut self, edit: &Edit, act: Option<Act>) -> Result<Option<LocalChange>, EditError> {
        if self.is_empty() {
            return Err(EditError::Empty);
        }
        let message = self.message_of(edit, act);
        let heads: Vec<[u8; 32]> = self.admission.heads().iter().map(|head| head.0).collect();
        let mut patches = Vec::new();
        if let Err(error) = self.write_edit(edit, &heads, &mut patches, 0) {
            self.roll_back();
            return Err(error);
        }
        let change = self.commit(message, patches)?;
        if let (Some(act), Some(_), Message::Do) = (act, &change, message) {
            self.open_act(act);
        }
        Ok(change)
    }

    fn message_of(&self, edit: &Edit, act: Option<Act>) -> Message {
        let first = act.and_then(|act| self.acts.get(&act)).copied();
        if is_music(edit) { first.map_or(Message::Do, Message::Continue) } else { Message::Aside }
    }

    /// Notes that `act` began with the change just made.
    fn open_act(&mut self, act: Act) {
        let first = self.seq();
        self.acts.insert(act, first);
        if self.acts.len() > MAX_OPEN_ACTS {
            self.acts.pop_first();
        }
    }

    /// The number of this actor's newest change, 0 before the first.
    fn seq(&self) -> u64 {
        self.admission.position(&self.actor()).map_or(0, |(seq, _)| seq)
    }

    fn write_edit(
        &mut self,
        edit: &Edit,
        heads: &[[u8; 32]],
        patches: &mut Vec<ScorePatch>,
        depth: usize,
    ) -> Result<(), EditError> {
        if let Edit::All(edits) = edit {
            if depth == MAX_EDIT_DEPTH {
                return Err(EditError::TooDeep { max: MAX_EDIT_DEPTH });
            }
            return edits.iter().try_for_each(|edit| self.write_edit(edit, heads, patches, depth + 1));
        }
        let context = Context { score: self.follower.score(), me: self.me, heads };
        let writes = plan(context, edit)?;
        patches.append(&mut self.write(&writes)?);
        Ok(())
    }

    /// Carries writes out within the change under way.
    pub(super) fn write(&mut self, writes: &[Write]) -> Result<Vec<ScorePatch>, EditError> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let touched = execute(&mut self.doc, self.follower.index_mut(), writes)?;
        Ok(self.follower.follow(&self.doc, &touched))
    }

    /// Ends the change under way: signs it and notes it in the history. `None` when it holds nothing.
    pub(super) fn commit(
        &mut self,
        message: Message,
        patches: Vec<ScorePatch>,
    ) -> Result<Option<LocalChange>, EditError> {
        let writes = automerge::transaction::Transactable::pending_ops(&self.doc);
        if writes == 0 {
            return Ok(None);
        }
        if writes > MAX_CHANGE_WRITES {
            self.roll_back();
            return Err(EditError::TooLarge { writes, max: MAX_CHANGE_WRITES });
        }
        let mut options = CommitOptions::default().with_time(self.dated);
        if let Some(text) = message.text() {
            options = options.with_message(text);
        }
        self.doc.commit_with(options);
        let change = self.doc.get_last_local_change();
        let change = change.ok_or_else(|| EditError::Document("the change was not kept".to_owned()))?;
        let (hash, seq) = (change.hash().into(), change.seq());
        let vouched = self.admission.vouch_local(&self.identity, self.nonce, change);
        let record = vouched.inspect_err(|_| {
            self.admission.forget_local(&mut self.doc);
            self.follower.reset(&self.doc);
        })?;
        self.stacks.note(self.actor(), seq, hash, message);
        Ok(Some(LocalChange { record, patches, hash }))
    }

    /// Makes all writes as one act, in as many changes as it takes; `first` is the message of the first one.
    pub(super) fn write_act(
        &mut self,
        writes: &[Write],
        first: Message,
    ) -> Result<Vec<LocalChange>, EditError> {
        let mut changes: Vec<LocalChange> = Vec::new();
        let mut message = first;
        for part in in_parts(writes) {
            let patches = match self.write(part) {
                Ok(patches) => patches,
                Err(error) => {
                    self.roll_back();
                    return Err(error);
                }
            };
            changes.extend(self.commit(message, patches)?);
            if message == first && first != Message::Aside && !changes.is_empty() {
                message = Message::Continue(self.seq());
            }
        }
        Ok(changes)
    }

    /// Drops the change under way.
    fn roll_back(&mut self) {
        if self.doc.rollback() > 0 {
            self.follower.reset(&self.doc);
        }
    }
}

/// Cuts writes into parts that fit a change.
fn in_parts(mut writes: &[Write]) -> impl Iterator<Item = &[Write]> {
    std::iter::from_fn(move || {
        let (mut bytes, mut operations) = (0, 0);
        let fits = |write: &Write| {
            let (more_bytes, more_operations) = write.weight();
            (bytes, operations) = (bytes + more_bytes, operations + more_operations);
            bytes <= MAX_CHANGE_BYTES && operations <= MAX_CHANGE_WRITES
        };
        let end = writes.iter().map(fits).take_while(|fits| *fits).count().max(1).min(writes.len());
        let (part, rest) = writes.split_at(end);
        writes = rest;
        (!part.is_empty()).then_some(part)
    })
}
