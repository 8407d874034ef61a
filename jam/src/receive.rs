//! A frame's way in, and what is due as time passes.

use score::LocalTime;

use crate::effect::Effect;
use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::{MAX_DATAGRAM_BYTES, MAX_FRAME_BYTES};
use crate::wire::{self, Clock, Kind, Message, Parting, WireError};

impl Jam {
    /// A frame arrived.
    pub(crate) fn frame(&mut self, now: LocalTime, id: LinkId, bytes: &[u8]) {
        let Some(link) = self.links.get_mut(&id) else { return };
        link.heard = now;
        if let Some(until) = link.budget.spend(now, bytes.len(), &self.config.limits) {
            self.push(Effect::Pause { link: id, until });
        }
        let message = if bytes.len() > MAX_FRAME_BYTES {
            Err(WireError::TooLong(bytes.len()))
        } else {
            wire::decode(bytes)
        };
        match message {
            Ok(message) => self.take(now, id, message),
            Err(error) => self.refuse_bytes(now, id, &error),
        }
    }

    /// A frame arrived by itself. Readings of clocks are all that may: what else comes so is not heard.
    pub(crate) fn datagram(&mut self, now: LocalTime, id: LinkId, bytes: &[u8], came: LocalTime) {
        let Some(link) = self.links.get_mut(&id).filter(|link| link.is_ready()) else { return };
        if bytes.len() > MAX_DATAGRAM_BYTES || Kind::of(bytes) != Ok(Kind::Clock) {
            return;
        }
        link.heard = now;
        if link.budget.spend(now, bytes.len(), &self.config.limits).is_some() {
            return;
        }
        if let Ok(Message::Clock(clock @ (Clock::Ask(_) | Clock::Answer { .. }))) = wire::decode(bytes) {
            self.take_clock(now, came.min(now), id, clock);
        }
    }

    fn take(&mut self, now: LocalTime, id: LinkId, message: Message) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if !link.is_ready() && !matches!(message, Message::Hello(_) | Message::Bye(_)) {
            return self.refuse(now, id, "a message before Hello");
        }
        match message {
            Message::Hello(hello) => self.take_hello(now, id, hello),
            Message::Bye(bye) => self.take_bye(id, &bye),
            Message::Change(record) => self.take_change(now, id, record),
            Message::Ack(acks) => self.take_ack(&acks),
            Message::Heads(heads) => self.take_heads(now, id, heads),
            Message::Have(have) => self.take_have(now, id, Box::new(have)),
            Message::Changes(changes) => self.take_changes(now, id, changes),
            Message::Vouchers(vouchers) => self.take_vouchers(now, id, vouchers),
            Message::Document(whole) => self.take_document(now, id, &whole),
            Message::More => self.take_more(id),
            Message::Part(part) => {
                let body = link.assembly.add(&part);
                self.answer_continues(now, id);
                match body.and_then(|body| body.map(|body| wire::decode(&body)).transpose()) {
                    Ok(Some(message)) => self.take(now, id, message),
                    Ok(None) => {}
                    Err(error) => self.refuse_bytes(now, id, &error),
                }
            }
            Message::Peers(peers) => self.take_peers(peers),
            Message::Proof(proof) => self.take_proof(now, id, proof),
            Message::Lineage(lineage) => self.take_lineage(now, id, &lineage),
            Message::Presence(presence) => self.take_presence(id, &presence),
            Message::Ping(number) => self.send(id, &Message::Pong(number)),
            Message::Pong(number) => link.pings.answered(number, now),
            Message::Linked(keys) => self.take_linked(id, keys),
            Message::Timeline(timeline) => self.take_timeline(now, id, timeline),
            Message::Clock(clock) => self.take_clock(now, now, id, clock),
            Message::Others(others) => self.take_others(now, id, others),
        }
    }

    /// Does all that is due.
    pub(crate) fn keep_time(&mut self, now: LocalTime) {
        let ids: Vec<LinkId> = self.links.keys().copied().collect();
        for id in ids {
            let Some(link) = self.links.get_mut(&id) else { continue };
            if link.dies_at() <= now {
                self.part(id, Parting::Silent, "nothing was heard for too long", Some(0));
                continue;
            }
            if !link.is_ready() {
                continue;
            }
            if link.pings.due() <= now {
                let number = link.pings.next(now);
                self.send_heads(id);
                self.send(id, &Message::Ping(number));
                self.send_timeline(id);
            }
            self.keep_asking(now, id);
            self.keep_pulling(now, id);
            self.keep_serving(now, id);
            self.tell_presence(now, id);
            self.tell_others(now, id);
            self.clock_news |=
                self.links.get(&id).is_some_and(|link| link.told_shared.due().is_some_and(|due| due <= now));
        }
        self.keep_music(now);
    }

    /// Keeps shared time and the timeline, where there is something to do.
    fn keep_music(&mut self, now: LocalTime) {
        let steering = self.shared.as_ref().and_then(|shared| shared.steered.due());
        if std::mem::take(&mut self.clock_news) || steering.is_some_and(|due| due <= now) {
            self.keep_shared_time(now);
            self.tell_shared_time(now);
        }
        self.keep_alone(now);
        self.keep_tempo(now);
        if let Some(shared_now) = self.shared_time(now) {
            self.timeline.segments.prune(shared_now);
        }
    }

    /// Tells a link what our document ends at, if that is news to it.
    pub(crate) fn send_heads(&mut self, id: LinkId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if link.told_heads.as_ref() != Some(&self.heads) {
            link.told_heads = Some(self.heads.clone());
            let message = Message::Heads(self.heads.clone());
            self.send(id, &message);
        }
    }

    /// Tells all links but one what our document ends at.
    pub(crate) fn announce_heads(&mut self, except: Option<LinkId>) {
        let ids: Vec<LinkId> =
            self.ready_links().map(|(id, _)| id).filter(|&id| Some(id) != except).collect();
        for id in ids {
            self.send_heads(id);
        }
    }
}
