//! The live path: changes as they are made, and word that they are safe.

use std::collections::BTreeMap;

use crdt_model::Received;
use crdt_model::trust::{ActorId, Applied, Outcome, Record, Refusal};
use score::LocalTime;
use view::Role;

use crate::effect::Entry;
use crate::event::{LinkId, Ticket};
use crate::jam::Jam;
use crate::limits::MAX_RELAYED_CHANGES;
use crate::wire::Message;

/// Whether only a hostile or broken peer sends what is refused so. An honest one may not have heard of a fork, or of what was
/// refused here; and room that is short is not the sender's fault: catching up brings the change back.
pub(crate) fn is_offence(refusal: &Refusal) -> bool {
    !matches!(
        refusal,
        Refusal::Equivocated
            | Refusal::RefusedDependency
            | Refusal::KnownRefused
            | Refusal::QuarantineFull
            | Refusal::TooManyActors
            | Refusal::TooManyProofs
            // An answer that was asked for before a proof took changes away here does not join on to what is left.
            | Refusal::NoVoucher { .. }
    )
}

impl Jam {
    /// A change came on a link.
    pub(crate) fn take_change(&mut self, now: LocalTime, id: LinkId, record: Record) {
        if self.config.role == Role::Archive && self.is_listening(id, &record) {
            return self.refuse(now, id, "a listener's change: join the session as an editor to change it");
        }
        let Received { outcome, patches } = self.session.admit(record);
        self.show_all(patches);
        match outcome {
            Outcome::Applied(applied) => self.entered(id, applied),
            Outcome::Waiting | Outcome::AlreadyKnown => {}
            Outcome::Equivocation(equivocation) => self.equivocated(id, *equivocation),
            Outcome::Contradiction(actor) => self.send_lineage(id, actor),
            Outcome::Refused(refusal) => self.refuse_change(now, id, &refusal),
        }
    }

    /// Changes entered the document: they are stored, and passed on.
    pub(crate) fn entered(&mut self, from: LinkId, applied: Vec<Applied>) {
        if applied.is_empty() {
            return;
        }
        let ticket = self.durability.ticket();
        // What came by catching up has its actor's newest voucher, which proves nothing without the changes in between.
        let proven = |change: &Applied| change.record.voucher.seq == change.seq;
        let one_by_one = applied.len() <= MAX_RELAYED_CHANGES && applied.iter().all(proven);
        let records = one_by_one.then(|| applied.iter().map(|change| change.record.clone()).collect());
        self.pass_on(ticket, Some(from), records);
        for Applied { actor, seq, record, .. } in &applied {
            self.durability.arrived(ticket, *actor, *seq, record.voucher.key, from);
        }
        // A voucher that covers changes which fell out proves nothing of a record by itself.
        let admission = self.session.admission();
        let stands_alone = |change: &Applied| {
            admission.coverage(&change.actor).is_none_or(|coverage| coverage.beyond.is_empty())
        };
        let entries = if applied.iter().all(stands_alone) {
            applied.into_iter().map(|change| Entry::Change(change.record)).collect()
        } else {
            vec![Entry::Snapshot(Box::new(self.session.snapshot()))]
        };
        self.store(ticket, entries);
    }

    /// Whether a change was made by the player at the other end, who only listens.
    fn is_listening(&self, id: LinkId, record: &Record) -> bool {
        self.links.get(&id).is_some_and(|link| {
            let role = link.remote.as_ref().map(|remote| remote.role);
            role == Some(Role::Listener) && record.voucher.key == link.key
        })
    }

    fn refuse_change(&mut self, now: LocalTime, id: LinkId, refusal: &Refusal) {
        match refusal {
            Refusal::Equivocated | Refusal::RefusedDependency | Refusal::KnownRefused => self.send_proofs(id),
            offence if is_offence(offence) => self.refuse(now, id, &offence.to_string()),
            _ => {}
        }
    }

    /// The store has made everything up to a ticket durable: their authors are told, where they are linked.
    pub(crate) fn stored(&mut self, upto: Ticket) {
        let durable = self.durability.stored(upto);
        let mut acks: BTreeMap<LinkId, BTreeMap<ActorId, u64>> = BTreeMap::new();
        for change in durable {
            // Nobody else counts them: a server would be sent as many words of thanks as changes that it passes on.
            let links =
                self.ready_links().filter(|(_, link)| change.from.is_some() && link.key == change.author);
            for (id, _) in links {
                let newest = acks.entry(id).or_default().entry(change.actor).or_default();
                *newest = change.seq.max(*newest);
            }
        }
        for (id, acks) in acks {
            self.send(id, &Message::Ack(acks.into_iter().collect()));
        }
        self.pass_on_durable(upto);
    }

    /// Tells a link how much of its player's work is durable here.
    pub(crate) fn send_durable(&mut self, id: LinkId) {
        let Some(author) = self.links.get(&id).map(|link| link.key) else { return };
        let durable = self.durability.durable_of(author);
        if !durable.is_empty() {
            self.send(id, &Message::Ack(durable));
        }
    }

    /// What the session held when it was opened came from the store.
    pub(crate) fn note_what_is_stored(&mut self) {
        let admission = self.session.admission();
        for (actor, (seq, _)) in admission.have().actors {
            if let Some(coverage) = admission.coverage(&actor) {
                self.durability.opened_with(actor, coverage.voucher.key, seq);
            }
        }
        // Who has just founded it wrote its beginning before, and nobody else has that yet.
        let actor = self.session.actor();
        if let Some((seq, _)) = self.session.admission().position(&actor) {
            self.durability.wrote_before(actor, seq);
        }
    }

    /// The other end says what will survive a crash there.
    pub(crate) fn take_ack(&mut self, acks: &[(ActorId, u64)]) {
        for (actor, seq) in acks {
            self.durability.acknowledged(actor, *seq);
        }
    }
}
