//! Catching up, the answering side: sending a link what it lacks, no faster than it digests.

use std::collections::VecDeque;
use std::sync::Arc;

use crdt_model::trust::{ChangeHash, Coverage, Have};
use score::LocalTime;

use crate::config::Relay;
use crate::effect::Effect;
use crate::event::{LinkId, Ticket};
use crate::jam::Jam;
use crate::limits::{
    CATCH_UP_WINDOW, MAX_WHOLE_BYTES, MIN_SERVE_INTERVAL_NANOS, MIN_WHOLE_CHANGES, VOUCHERS_BYTES,
};
use crate::wire::{Changes, Message};

/// What one link is being sent.
#[derive(Debug, Default)]
pub(crate) struct Serve {
    /// A question that came too soon after the last one.
    waiting: Option<Box<Have>>,
    /// When the next question is answered at the earliest.
    not_before: Option<LocalTime>,
    left: Left,
    /// An answer that tells of changes which are not durable yet, and the write that makes them so.
    held: Option<(Ticket, Held)>,
    /// How many more pieces may be on their way.
    credit: u32,
}

/// An answer that waits.
#[derive(Debug)]
struct Held {
    coverage: Vec<Coverage>,
    left: Left,
}

/// What is still to be sent of an answer.
#[derive(Debug, Default)]
enum Left {
    #[default]
    Nothing,
    /// These changes, from the index on.
    Changes(Vec<ChangeHash>, usize),
    /// These frames.
    Document(VecDeque<Arc<[u8]>>),
}

impl Serve {
    pub(crate) fn deadline(&self) -> Option<LocalTime> {
        self.waiting.as_ref().and(self.not_before)
    }

    /// Whether an answer waits that holds the changes of a write.
    pub(crate) fn answers_after(&self, write: Ticket) -> bool {
        self.held.as_ref().is_some_and(|(ticket, _)| *ticket >= write)
    }
}

impl Jam {
    /// The other end says what it has: it is sent what it lacks. An answer costs a walk over the history, so one link gets one a
    /// second.
    pub(crate) fn take_have(&mut self, now: LocalTime, id: LinkId, have: Box<Have>) {
        let Some(link) = self.links.get_mut(&id) else { return };
        link.serve.waiting = Some(have);
        link.serve.not_before.get_or_insert(now);
        self.keep_serving(now, id);
    }

    /// Answers a question that waited, if it is time.
    pub(crate) fn keep_serving(&mut self, now: LocalTime, id: LinkId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if link.serve.deadline().is_none_or(|due| due > now) {
            return;
        }
        let Some(have) = link.serve.waiting.take() else { return };
        link.serve.not_before = Some(now.plus_nanos(MIN_SERVE_INTERVAL_NANOS));
        self.answer(id, &have);
    }

    fn answer(&mut self, id: LinkId, have: &Have) {
        let missing = self.session.admission().missing(have);
        for proof in missing.proofs {
            self.send(id, &Message::Proof(proof));
        }
        for lineage in missing.lineages {
            self.send_lineage(id, lineage.voucher.actor());
        }
        let held = if let Some(frames) = self.whole_for(have, id) {
            Held { coverage: Vec::new(), left: Left::Document(frames) }
        } else {
            Held { coverage: missing.coverage, left: Left::Changes(missing.changes, 0) }
        };
        let waits = self.config.relay == Relay::WhenDurable;
        match self.durability.awaited().filter(|_| waits) {
            Some(ticket) => {
                if let Some(link) = self.links.get_mut(&id) {
                    link.serve.held = Some((ticket, held));
                }
            }
            None => self.release(id, held),
        }
    }

    fn release(&mut self, id: LinkId, held: Held) {
        self.send_vouchers(id, held.coverage);
        if let Some(link) = self.links.get_mut(&id) {
            link.serve.held = None;
            link.serve.left = held.left;
            link.serve.credit = CATCH_UP_WINDOW;
        }
        self.pump(id);
    }

    /// Everything up to a ticket is durable: the answers that waited for it go out.
    pub(crate) fn release_answers(&mut self, upto: Ticket) {
        let ids: Vec<LinkId> = self.links.keys().copied().collect();
        for id in ids {
            let serve = self.links.get_mut(&id).map(|link| &mut link.serve);
            let held = serve.and_then(|serve| serve.held.take_if(|(ticket, _)| *ticket <= upto));
            if let Some((_, held)) = held {
                self.release(id, held);
            }
        }
    }

    /// The whole document in frames, for a replica that is empty, where that is worth it.
    fn whole_for(&mut self, have: &Have, id: LinkId) -> Option<VecDeque<Arc<[u8]>>> {
        let admission = self.session.admission();
        if !have.actors.is_empty() || admission.len() < MIN_WHOLE_CHANGES {
            return None;
        }
        let whole = admission.whole_for_others().filter(|whole| whole.history.len() <= MAX_WHOLE_BYTES)?;
        Some(self.links.get_mut(&id)?.frames(&Message::Document(whole)).into())
    }

    fn send_vouchers(&mut self, id: LinkId, coverage: Vec<Coverage>) {
        let mut message = Vec::new();
        let mut bytes = 0;
        for coverage in coverage {
            bytes += size_of::<Coverage>() + 32 * coverage.beyond.len();
            message.push(coverage);
            if bytes > VOUCHERS_BYTES {
                self.send(id, &Message::Vouchers(std::mem::take(&mut message)));
                bytes = 0;
            }
        }
        if !message.is_empty() {
            self.send(id, &Message::Vouchers(message));
        }
    }

    /// The other end digested a piece.
    pub(crate) fn take_more(&mut self, id: LinkId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        link.serve.credit = (link.serve.credit + 1).min(CATCH_UP_WINDOW);
        self.pump(id);
    }

    /// Sends pieces while the window has room.
    fn pump(&mut self, id: LinkId) {
        while let Some(link) = self.links.get_mut(&id).filter(|link| link.serve.credit > 0) {
            link.serve.credit -= 1;
            match std::mem::take(&mut link.serve.left) {
                Left::Nothing => {
                    link.serve.credit += 1;
                    return;
                }
                Left::Document(mut frames) => {
                    let Some(frame) = frames.pop_front() else { continue };
                    link.serve.left = Left::Document(frames);
                    self.count_frame(&frame);
                    self.push(Effect::Send { link: id, frame });
                }
                Left::Changes(hashes, sent) => self.send_batch(id, hashes, sent),
            }
        }
    }

    fn send_batch(&mut self, id: LinkId, hashes: Vec<ChangeHash>, sent: usize) {
        let (changes, taken) = self.session.admission().batch(&hashes[sent..]);
        let sent = sent + taken;
        let left = (hashes.len() - sent) as u32;
        if left > 0
            && let Some(link) = self.links.get_mut(&id)
        {
            link.serve.left = Left::Changes(hashes, sent);
        }
        self.send(id, &Message::Changes(Changes { changes, left }));
    }
}
