//! Passing changes on: to whom, and when.

use std::collections::{BTreeSet, VecDeque};

use crdt_model::trust::{ChangeHash, FellOut, Record};
use score::PlayerKey;

use crate::config::Relay;
use crate::event::{LinkId, Ticket};
use crate::jam::Jam;
use crate::limits::MAX_WAITING_RELAYS;
use crate::wire::Message;

/// Changes that entered the document together, and who is to hear of them.
#[derive(Debug)]
pub(crate) struct Passing {
    /// The write that makes them durable.
    pub(crate) ticket: Ticket,
    /// The link they came on; `None` for changes of our own.
    pub(crate) from: Option<LinkId>,
    /// Those who were sent them already: the sender, and whom it is linked with.
    reached: BTreeSet<PlayerKey>,
    /// The changes one by one; `None` where they travel by catching up.
    pub(crate) records: Option<Vec<Record>>,
    /// What the document ends at with them; `None` where a later verdict took some of that away.
    heads: Option<Vec<ChangeHash>>,
}

/// What is passed on once it is durable, by ticket.
#[derive(Debug, Default)]
pub(crate) struct WaitingRelays {
    queue: VecDeque<Passing>,
    records: usize,
}

impl WaitingRelays {
    /// Past [`MAX_WAITING_RELAYS`] the changes are not held one by one any more: the links are told that there is something to
    /// fetch.
    fn push(&mut self, mut passing: Passing) {
        let count = passing.records.as_ref().map_or(0, Vec::len);
        if self.records + count > MAX_WAITING_RELAYS {
            passing.records = None;
        } else {
            self.records += count;
        }
        self.queue.push_back(passing);
    }

    fn pop(&mut self, upto: Ticket) -> Option<Passing> {
        let passing = self.queue.pop_front_if(|passing| passing.ticket <= upto)?;
        self.records -= passing.records.as_ref().map_or(0, Vec::len);
        Some(passing)
    }

    /// Changes lost their place in the document: nobody is to be sent them, nor heads among them.
    fn fell_out(&mut self, fallen: &[FellOut]) {
        let falls = |record: &Record| {
            fallen
                .iter()
                .any(|fallen| (fallen.actor, fallen.seq) == (record.voucher.actor(), record.voucher.seq))
        };
        for passing in &mut self.queue {
            if let Some(records) = &mut passing.records {
                let before = records.len();
                records.retain(|record| !falls(record));
                self.records -= before - records.len();
            }
            passing.heads = None;
        }
    }
}

impl Jam {
    /// Passes changes on that a write makes durable: at once, or when that is done.
    pub(crate) fn pass_on(&mut self, ticket: Ticket, from: Option<LinkId>, records: Option<Vec<Record>>) {
        let sender = from.and_then(|from| self.links.get(&from));
        let reached = sender.map(|link| link.linked.iter().copied().chain([link.key]).collect());
        let reached = reached.unwrap_or_default();
        let passing = Passing { ticket, from, reached, records, heads: Some(self.session.heads()) };
        match self.config.relay {
            Relay::AtOnce => self.pass(passing),
            Relay::WhenDurable => self.waiting_relays.push(passing),
        }
    }

    /// A write and all before it are durable: what waited for them goes out, in the order in which it came in.
    pub(crate) fn pass_on_durable(&mut self, upto: Ticket) {
        while let Some(passing) = self.waiting_relays.pop(upto) {
            self.pass(passing);
        }
        self.release_answers(upto);
    }

    /// Sends changes to the links that lack them: not to the one they came from, nor to those whom its other end has sent them
    /// itself, nor to one that finds them in an answer which waits for the same write. What goes wrong with that is mended by
    /// comparing heads.
    fn pass(&mut self, passing: Passing) {
        let Passing { ticket, from, reached, records, heads } = passing;
        if let Some(heads) = heads {
            self.heads.changes = heads;
        }
        let Some(records) = records else {
            // The sender too was told too little, while the changes waited.
            let except = from.filter(|_| self.config.relay == Relay::AtOnce);
            return self.announce_heads(except);
        };
        let lacking = self.ready_links().filter(|(id, link)| {
            Some(*id) != from && !reached.contains(&link.key) && !link.serve.answers_after(ticket)
        });
        let links: Vec<LinkId> = lacking.map(|(id, _)| id).collect();
        for record in records {
            self.metrics.sent_changes += links.len() as u64;
            self.send_to(&links, &Message::Change(record));
        }
    }

    /// Changes fell out of the document in a verdict, which a write makes durable.
    pub(crate) fn pass_on_verdict(&mut self, ticket: Ticket, from: LinkId, fallen: &[FellOut]) {
        self.waiting_relays.fell_out(fallen);
        self.pass_on(ticket, Some(from), None);
    }
}
