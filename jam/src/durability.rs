//! Which changes are safe: durable here, and durable elsewhere.

use std::collections::{BTreeMap, VecDeque};

use crdt_model::trust::ActorId;
use score::PlayerKey;

use crate::event::{LinkId, Ticket};

/// A change that was handed to the store.
#[derive(Clone, Copy, Debug)]
struct Pending {
    ticket: Ticket,
    actor: ActorId,
    seq: u64,
    author: PlayerKey,
    /// The link it came on.
    from: Option<LinkId>,
}

/// What was written and is not yet durable, and what others have said is durable with them.
#[derive(Debug, Default)]
pub(crate) struct Durability {
    last_ticket: Ticket,
    stored: Ticket,
    pending: VecDeque<Pending>,
    /// For each actor, its player and its newest change that is durable here.
    durable: BTreeMap<ActorId, (PlayerKey, u64)>,
    /// For each actor of this opening: its newest change, and the newest that any other replica acknowledged.
    own: BTreeMap<ActorId, Own>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Own {
    newest: u64,
    acknowledged: u64,
}

/// A change that has just become durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Durable {
    pub(crate) actor: ActorId,
    pub(crate) seq: u64,
    pub(crate) author: PlayerKey,
    pub(crate) from: Option<LinkId>,
}

impl Durability {
    /// A ticket for one write.
    pub(crate) fn ticket(&mut self) -> Ticket {
        self.last_ticket.0 += 1;
        self.last_ticket
    }

    /// A ticket for the write of a change that was made here.
    pub(crate) fn made(&mut self, actor: ActorId, seq: u64, author: PlayerKey) -> Ticket {
        let ticket = self.ticket();
        self.pending.push_back(Pending { ticket, actor, seq, author, from: None });
        let own = self.own.entry(actor).or_default();
        own.newest = own.newest.max(seq);
        ticket
    }

    /// A change that came on a link is part of a write.
    pub(crate) fn arrived(
        &mut self,
        ticket: Ticket,
        actor: ActorId,
        seq: u64,
        author: PlayerKey,
        from: LinkId,
    ) {
        self.pending.push_back(Pending { ticket, actor, seq, author, from: Some(from) });
    }

    /// An actor's changes up to `seq` were durable when the session was opened.
    pub(crate) fn opened_with(&mut self, actor: ActorId, author: PlayerKey, seq: u64) {
        self.durable.insert(actor, (author, seq));
    }

    /// An actor of this opening had written changes up to `seq` before anything was counted here.
    pub(crate) fn wrote_before(&mut self, actor: ActorId, seq: u64) {
        let own = self.own.entry(actor).or_default();
        own.newest = own.newest.max(seq);
    }

    /// A change has no place in the document any more: nobody will say that it is durable.
    pub(crate) fn fell_out(&mut self, actor: &ActorId, seq: u64) {
        if let Some(own) = self.own.get_mut(actor) {
            own.newest = own.newest.min(seq.saturating_sub(1));
            own.acknowledged = own.acknowledged.min(own.newest);
        }
    }

    /// Everything up to a ticket is durable. Returns the changes among it.
    pub(crate) fn stored(&mut self, upto: Ticket) -> Vec<Durable> {
        self.stored = self.stored.max(upto);
        let mut stored = Vec::new();
        while let Some(pending) = self.pending.front().copied().filter(|pending| pending.ticket <= upto) {
            self.pending.pop_front();
            let Pending { actor, seq, author, from, .. } = pending;
            let (_, newest) = self.durable.entry(actor).or_insert((author, 0));
            *newest = seq.max(*newest);
            stored.push(Durable { actor, seq, author, from });
        }
        stored
    }

    /// The newest write, while it is not durable.
    pub(crate) fn awaited(&self) -> Option<Ticket> {
        (self.last_ticket > self.stored).then_some(self.last_ticket)
    }

    /// The newest durable change of each actor of a player.
    pub(crate) fn durable_of(&self, author: PlayerKey) -> Vec<(ActorId, u64)> {
        let by_author = self.durable.iter().filter(|(_, (key, _))| *key == author);
        by_author.map(|(actor, (_, seq))| (*actor, *seq)).collect()
    }

    /// Another replica says that it will not lose an actor's changes up to `seq`. Returns whether that is news.
    pub(crate) fn acknowledged(&mut self, actor: &ActorId, seq: u64) -> bool {
        let Some(own) = self.own.get_mut(actor) else { return false };
        let seq = seq.min(own.newest);
        let news = seq > own.acknowledged;
        own.acknowledged = own.acknowledged.max(seq);
        news
    }

    /// Changes of this player that no other replica has acknowledged.
    pub(crate) fn unacknowledged(&self) -> u32 {
        let count: u64 = self.own.values().map(|own| own.newest - own.acknowledged).sum();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Changes of this player that are not durable here.
    pub(crate) fn unsaved(&self) -> u32 {
        self.pending.iter().filter(|pending| pending.from.is_none()).count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: ActorId = ActorId([1; 16]);
    const OTHER: ActorId = ActorId([2; 16]);

    #[test]
    fn saved_and_acknowledged_are_counted_apart() {
        let mut durability = Durability::default();
        let (ada, bob) = (PlayerKey([1; 32]), PlayerKey([2; 32]));
        let first = durability.made(ME, 1, ada);
        durability.made(ME, 2, ada);
        let third = durability.ticket();
        durability.arrived(third, OTHER, 9, bob, LinkId(4));
        assert_eq!((durability.unsaved(), durability.unacknowledged()), (2, 2));
        assert_eq!(durability.stored(first), [Durable { actor: ME, seq: 1, author: ada, from: None }]);
        assert_eq!((durability.unsaved(), durability.unacknowledged()), (1, 2));
        assert!(durability.acknowledged(&ME, 2));
        assert!(!durability.acknowledged(&ME, 1), "an old acknowledgement is no news");
        assert_eq!((durability.unsaved(), durability.unacknowledged()), (1, 0));
    }

    #[test]
    fn what_was_written_before_counts_until_it_is_acknowledged() {
        let mut durability = Durability::default();
        durability.wrote_before(ME, 2);
        assert_eq!((durability.unsaved(), durability.unacknowledged()), (0, 2));
        durability.acknowledged(&ME, 2);
        durability.made(ME, 3, PlayerKey([1; 32]));
        assert_eq!(durability.unacknowledged(), 1);
    }

    #[test]
    fn nobody_can_acknowledge_what_was_not_made() {
        let mut durability = Durability::default();
        durability.made(ME, 1, PlayerKey([1; 32]));
        durability.acknowledged(&ME, u64::MAX);
        durability.acknowledged(&OTHER, u64::MAX);
        durability.made(ME, 2, PlayerKey([1; 32]));
        assert_eq!(durability.unacknowledged(), 1);
    }
}
