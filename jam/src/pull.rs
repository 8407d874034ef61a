//! Catching up, the asking side: noticing that a link has more, and fetching it.

use crdt_model::trust::{Coverage, Refusal, Staging, StagingFull, WholeDocument};
use crdt_model::{Received, ReceivedBatch};
use score::LocalTime;

use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::{
    CATCH_UP_ANSWER_NANOS, CATCH_UP_PATIENCE_NANOS, FUTILE_PAUSE_NANOS, MAX_FUTILE_PAUSE_NANOS,
    MISMATCH_NANOS,
};
use crate::link::Link;
use crate::live::is_offence;
use crate::wire::{Changes, Heads, Message};

/// What one link is being asked for.
#[derive(Debug, Default)]
pub(crate) struct Pull {
    /// When to ask, while the other end announces changes that are not here.
    due: Option<LocalTime>,
    open: Option<Open>,
    /// How often asking brought nothing of what was announced.
    futile: u32,
}

/// An answer that is on its way.
#[derive(Debug)]
struct Open {
    asked: LocalTime,
    heard: LocalTime,
    staging: Staging,
}

impl Pull {
    /// When something is to be done about it.
    pub(crate) fn deadline(&self) -> Option<LocalTime> {
        self.open.as_ref().map(|open| open.heard.plus_nanos(CATCH_UP_ANSWER_NANOS)).or(self.due)
    }

    /// Whether all that the other end announced is here, as far as is known.
    pub(crate) fn is_idle(&self) -> bool {
        self.open.is_none() && self.due.is_none()
    }

    /// How long to wait after asking in vain once more: doubled each time.
    fn next_pause(&mut self) -> i64 {
        let pause = FUTILE_PAUSE_NANOS << self.futile.min(8);
        self.futile += 1;
        pause.min(MAX_FUTILE_PAUSE_NANOS)
    }
}

impl Jam {
    /// Whether the other end announced changes that are neither here nor known to be refused.
    fn lacks_from(&self, link: &Link) -> bool {
        let admission = self.session.admission();
        link.their_heads.as_ref().is_some_and(|heads| {
            heads.changes.iter().any(|hash| !admission.holds(hash) && !admission.has_refused(hash))
        })
    }

    /// The other end says what its document ends at. Right after connecting what is missing is asked for at once; later on it is
    /// given time to arrive by itself.
    pub(crate) fn take_heads(&mut self, now: LocalTime, id: LinkId, heads: Heads) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let first = link.their_heads.is_none();
        let proofs_differ = heads.proofs != self.heads.proofs;
        link.their_heads = Some(heads);
        if proofs_differ {
            self.send_proofs(id);
        }
        let lacking = self.links.get(&id).is_some_and(|link| self.lacks_from(link));
        let Some(link) = self.links.get_mut(&id) else { return };
        if !lacking {
            link.pull.due = None;
            link.pull.futile = 0;
        } else if link.pull.due.is_none() {
            link.pull.due = Some(now.plus_nanos(if first { 0 } else { MISMATCH_NANOS }));
        }
    }

    /// Does what is due on one link: asks, or gives an answer up.
    pub(crate) fn keep_pulling(&mut self, now: LocalTime, id: LinkId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if link.pull.deadline().is_none_or(|deadline| deadline > now) {
            return;
        }
        if link.pull.open.take().is_some() {
            self.metrics.futile_catch_ups += 1;
            let pause = link.pull.next_pause();
            link.pull.due = Some(now.plus_nanos(pause));
            return;
        }
        if self.links.get(&id).is_some_and(|link| !self.lacks_from(link)) {
            if let Some(link) = self.links.get_mut(&id) {
                link.pull.due = None;
            }
            return;
        }
        self.ask(now, id);
    }

    /// Asks for what is missing, unless another link is just answering: it may bring the same.
    fn ask(&mut self, now: LocalTime, id: LinkId) {
        let patient_until =
            |link: &Link| Some(link.pull.open.as_ref()?.asked.plus_nanos(CATCH_UP_PATIENCE_NANOS));
        let busy_until = self.links.values().filter_map(patient_until).max();
        let have = busy_until.is_none_or(|until| until <= now).then(|| self.session.admission().have());
        let Some(link) = self.links.get_mut(&id) else { return };
        let Some(have) = have else {
            link.pull.due = busy_until;
            return;
        };
        link.pull.due = None;
        link.pull.open = Some(Open { asked: now, heard: now, staging: Staging::default() });
        if link.asked_once {
            self.metrics.mismatches += 1;
        }
        link.asked_once = true;
        self.send(id, &Message::Have(have));
    }

    /// Something of an answer arrived: the next piece is welcome.
    pub(crate) fn answer_continues(&mut self, now: LocalTime, id: LinkId) {
        let open = self.links.get_mut(&id).and_then(|link| link.pull.open.as_mut());
        if let Some(open) = open {
            open.heard = now;
            self.send(id, &Message::More);
        }
    }

    pub(crate) fn take_vouchers(&mut self, now: LocalTime, id: LinkId, vouchers: Vec<Coverage>) {
        let open = self.links.get_mut(&id).and_then(|link| link.pull.open.as_mut());
        if let Some(Err(full)) = open.map(|open| open.staging.push_coverage(vouchers)) {
            self.overflow(now, id, full);
        }
    }

    pub(crate) fn take_changes(&mut self, now: LocalTime, id: LinkId, changes: Changes) {
        // Without a question this is the late end of an answer that was given up.
        let Some(open) = self.links.get_mut(&id).and_then(|link| link.pull.open.as_mut()) else { return };
        self.metrics.batches += 1;
        if let Err(full) = open.staging.push_changes(changes.changes) {
            return self.overflow(now, id, full);
        }
        if changes.left > 0 {
            return self.answer_continues(now, id);
        }
        let (changes, coverage) = open.staging.take();
        let received = self.session.admit_batch(&changes, &coverage);
        self.caught_up(now, id, received);
    }

    pub(crate) fn take_document(&mut self, now: LocalTime, id: LinkId, whole: &WholeDocument) {
        if self.links.get(&id).is_none_or(|link| link.pull.open.is_none()) {
            return;
        }
        if !self.session.is_empty() {
            // Another link was quicker; what is still missing is asked for anew.
            return self.end_pull(now, id, true);
        }
        match self.session.admit_whole(whole) {
            Ok(received) => self.caught_up(now, id, received),
            Err(refusal) => {
                self.end_pull(now, id, false);
                self.refuse(now, id, &format!("the whole document: {refusal}"));
            }
        }
    }

    fn overflow(&mut self, now: LocalTime, id: LinkId, full: StagingFull) {
        self.end_pull(now, id, false);
        self.refuse(now, id, &full.to_string());
    }

    /// An answer is complete, and what was good in it has entered the document.
    fn caught_up(&mut self, now: LocalTime, id: LinkId, received: ReceivedBatch) {
        let Received { outcome, patches } = received;
        self.show_all(patches);
        let progress = !outcome.applied.is_empty();
        self.entered(id, outcome.applied);
        self.end_pull(now, id, progress);
        for actor in outcome.contradictions {
            self.send_lineage(id, actor);
        }
        self.send_heads(id);
        let forked = |refusal: &Refusal| matches!(refusal, Refusal::Equivocated | Refusal::RefusedDependency);
        if outcome.refused.iter().any(|(_, refusal)| forked(refusal)) {
            self.send_proofs(id);
        }
        if let Some((_, refusal)) = outcome.refused.iter().find(|(_, refusal)| is_offence(refusal)) {
            self.refuse(now, id, &format!("while catching up: {refusal}"));
        }
    }

    /// Notes whether asking helped, and lets the other links ask for what they announced beyond it.
    fn end_pull(&mut self, now: LocalTime, id: LinkId, progress: bool) {
        let lacking = self.links.get(&id).is_some_and(|link| self.lacks_from(link));
        if let Some(link) = self.links.get_mut(&id) {
            link.pull.open = None;
            if progress || !lacking {
                link.pull.futile = 0;
            }
            let pause = lacking.then(|| link.pull.next_pause());
            link.pull.due = pause.map(|pause| now.plus_nanos(pause));
            self.metrics.futile_catch_ups += u64::from(lacking);
        }
        for link in self.links.values_mut() {
            if link.pull.open.is_none() && link.pull.futile == 0 && link.pull.due.is_some() {
                link.pull.due = Some(now);
            }
        }
    }
}
