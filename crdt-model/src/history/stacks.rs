//! What a player can undo and redo.

use std::collections::VecDeque;

use super::message::{ActId, Message};
use crate::trust::{ActorId, ChangeHash};

/// How many acts can be taken back.
pub(crate) const MAX_ACTS: usize = 1_000;
/// How many of a player's own changes are looked at when a session opens.
pub(crate) const MAX_CHANGES_REREAD: usize = 4 * MAX_ACTS;

/// An act and its changes, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    pub(crate) id: ActId,
    pub(crate) changes: Vec<ChangeHash>,
}

/// The acts of one player that can be taken back, and those taken back that can be made again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stacks {
    undo: VecDeque<Act>,
    redo: VecDeque<Act>,
}

impl Stacks {
    /// Notes a change of the player. Changes are to be noted in the order in which they were made.
    pub(crate) fn note(&mut self, actor: ActorId, seq: u64, hash: ChangeHash, message: Message) {
        let id = ActId { actor, first: seq };
        let act = Act { id, changes: vec![hash] };
        match message {
            Message::Do => self.done(act),
            Message::Continue(first) => self.more(ActId { actor, first }, hash),
            Message::Undo(target) => {
                self.undo.retain(|act| act.id != target);
                push(&mut self.redo, act);
            }
            Message::Redo(target) => {
                self.redo.retain(|act| act.id != target);
                push(&mut self.undo, act);
            }
            Message::Aside => {}
        }
    }

    fn done(&mut self, act: Act) {
        self.redo.clear();
        push(&mut self.undo, act);
    }

    fn more(&mut self, id: ActId, hash: ChangeHash) {
        let open = self.undo.iter_mut().rev().chain(self.redo.iter_mut().rev()).find(|act| act.id == id);
        match open {
            Some(act) => act.changes.push(hash),
            // Its beginning was taken back, or lies further back than was looked: what follows is an act of its own.
            None => self.done(Act { id, changes: vec![hash] }),
        }
    }

    /// The act that is to be taken back next.
    pub(crate) fn last_done(&self) -> Option<&Act> {
        self.undo.back()
    }

    /// The undo that is to be taken back next.
    pub(crate) fn last_undone(&self) -> Option<&Act> {
        self.redo.back()
    }

    /// Passes over an act of which nothing is left to take back.
    pub(crate) fn skip_done(&mut self) {
        self.undo.pop_back();
    }

    /// Passes over an undo of which nothing is left to take back.
    pub(crate) fn skip_undone(&mut self) {
        self.redo.pop_back();
    }
}

fn push(stack: &mut VecDeque<Act>, act: Act) {
    if stack.len() == MAX_ACTS {
        stack.pop_front();
    }
    stack.push_back(act);
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTOR: ActorId = ActorId([1; 16]);

    fn hash(seq: u64) -> ChangeHash {
        ChangeHash([seq as u8; 32])
    }

    fn stacks(messages: &[Message]) -> Stacks {
        let mut stacks = Stacks::default();
        for (message, seq) in messages.iter().zip(1..) {
            stacks.note(ACTOR, seq, hash(seq), *message);
        }
        stacks
    }

    fn act(first: u64) -> ActId {
        ActId { actor: ACTOR, first }
    }

    #[test]
    fn changes_of_one_gesture_are_one_act() {
        let stacks = stacks(&[Message::Do, Message::Continue(1), Message::Aside, Message::Continue(1)]);
        assert_eq!(stacks.last_done().unwrap().changes, [hash(1), hash(2), hash(4)]);
    }

    #[test]
    fn undo_moves_an_act_over_and_redo_moves_it_back() {
        let mut stacks = stacks(&[Message::Do, Message::Do, Message::Undo(act(2))]);
        assert_eq!(stacks.last_done().unwrap().id, act(1));
        assert_eq!(stacks.last_undone().unwrap().id, act(3));
        stacks.note(ACTOR, 4, hash(4), Message::Redo(act(3)));
        assert_eq!(stacks.last_done().unwrap().id, act(4));
        assert!(stacks.last_undone().is_none());
    }

    #[test]
    fn a_fresh_act_ends_redo() {
        let stacks = stacks(&[Message::Do, Message::Undo(act(1)), Message::Do]);
        assert!(stacks.last_undone().is_none());
    }

    #[test]
    fn the_oldest_acts_are_forgotten() {
        let messages = vec![Message::Do; MAX_ACTS + 5];
        let mut stacks = stacks(&messages);
        let mut left = 0;
        while stacks.last_done().is_some() {
            stacks.skip_done();
            left += 1;
        }
        assert_eq!(left, MAX_ACTS);
    }
}
