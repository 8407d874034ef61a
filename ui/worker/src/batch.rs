//! Which entries go into the database's next transaction.

use jam::{Entry, Ticket};

use crate::kept::write_entry;

/// Most entries that wait while the database refuses to write: a long evening's edits. Past it nothing more is kept.
pub(crate) const MAX_WAITING_ENTRIES: usize = 32 * 1024;

/// An entry on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) bytes: Vec<u8>,
    /// Whether it stands for everything that was written before it.
    pub(crate) replaces_all: bool,
}

/// One transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Transaction {
    pub(crate) entries: Vec<Waiting>,
    upto: Ticket,
}

/// Entries that wait for the transaction before theirs, all to go together in the next.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    waiting: Transaction,
    writing: Option<Transaction>,
}

impl Batch {
    /// Takes entries in; false when there is no more room for them.
    pub(crate) fn add(&mut self, ticket: Ticket, entries: &[Entry]) -> bool {
        if self.waiting.entries.len() + entries.len() > MAX_WAITING_ENTRIES {
            return false;
        }
        self.waiting.upto = ticket;
        for entry in entries {
            let replaces_all = matches!(entry, Entry::Snapshot(_));
            self.waiting.entries.push(Waiting { bytes: write_entry(entry), replaces_all });
        }
        true
    }

    /// What to write now: nothing while a transaction is under way.
    pub(crate) fn begin(&mut self) -> Option<&Transaction> {
        if self.writing.is_some() || self.waiting.upto == Ticket::default() {
            return None;
        }
        self.writing = Some(std::mem::take(&mut self.waiting));
        self.writing.as_ref()
    }

    /// The transaction is durable: everything up to this ticket is.
    pub(crate) fn written(&mut self) -> Option<Ticket> {
        self.writing.take().map(|transaction| transaction.upto)
    }

    /// The transaction has failed: its entries wait again, before those that came later.
    pub(crate) fn failed(&mut self) {
        let Some(mut first) = self.writing.take() else { return };
        first.entries.append(&mut self.waiting.entries);
        first.upto = first.upto.max(self.waiting.upto);
        self.waiting = first;
    }

    /// What waits, for a last transaction beside the one that is under way.
    pub(crate) fn rest(&mut self) -> Transaction {
        std::mem::take(&mut self.waiting)
    }

    /// Whether nothing waits and nothing is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.writing.is_none() && self.waiting.upto == Ticket::default()
    }
}

#[cfg(test)]
mod tests {
    use crdt_model::trust::Identity;
    use crdt_model::{FoundingRandom, Session};
    use score::UnixMillis;

    use super::*;

    fn entry() -> Entry {
        let random = FoundingRandom { nonce: [2; 16], seed: 3 };
        let identity = Identity::from_secret(&[1; 32]);
        let (_, mut records) = Session::create(identity, random, "", UnixMillis(0)).unwrap();
        Entry::Change(records.remove(0))
    }

    #[test]
    fn what_comes_during_a_write_goes_with_the_next_one() {
        let mut batch = Batch::default();
        assert_eq!(batch.begin(), None);
        assert!(batch.add(Ticket(1), &[entry()]));
        assert_eq!(batch.begin().unwrap().entries.len(), 1);
        assert!(batch.add(Ticket(2), &[entry()]) && batch.add(Ticket(3), &[entry(), entry()]));
        assert_eq!(batch.begin(), None, "one at a time");
        assert_eq!(batch.written(), Some(Ticket(1)));
        assert_eq!(batch.begin().unwrap().entries.len(), 3);
        assert_eq!(batch.written(), Some(Ticket(3)));
        assert!(batch.is_idle());
    }

    #[test]
    fn a_failed_write_is_tried_again_first() {
        let mut batch = Batch::default();
        batch.add(Ticket(1), &[entry()]);
        let first = batch.begin().unwrap().entries.clone();
        batch.add(Ticket(2), &[entry(), entry()]);
        batch.failed();
        let again = batch.begin().unwrap();
        assert_eq!((again.entries.len(), &again.entries[..1]), (3, &first[..]));
        assert_eq!(batch.written(), Some(Ticket(2)));
    }

    #[test]
    fn what_waits_at_the_end_needs_no_turn() {
        let mut batch = Batch::default();
        batch.add(Ticket(1), &[entry()]);
        batch.begin();
        batch.add(Ticket(2), &[entry(), entry()]);
        assert_eq!(batch.rest().entries.len(), 2);
        assert!(batch.rest().entries.is_empty());
    }

    #[test]
    fn room_is_bounded() {
        let mut batch = Batch::default();
        let entries = vec![entry(); MAX_WAITING_ENTRIES];
        assert!(batch.add(Ticket(1), &entries));
        assert!(!batch.add(Ticket(2), &entries[..1]));
    }
}
