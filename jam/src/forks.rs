//! Equivocation: what happens when an actor turns out to have written two changes with one number.

use crdt_model::ReceivedEquivocation;
use crdt_model::trust::{ActorId, ActorNonce, Equivocation, Lineage, Proof, Refusal};
use score::LocalTime;

use crate::effect::Entry;
use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::MAX_LINEAGES_PER_LINK;
use crate::live::is_offence;
use crate::wire::Message;

impl Jam {
    pub(crate) fn take_proof(&mut self, now: LocalTime, id: LinkId, proof: Proof) {
        let received = self.session.admit_proof(proof);
        self.take_fork(now, id, received);
    }

    pub(crate) fn take_lineage(&mut self, now: LocalTime, id: LinkId, lineage: &Lineage) {
        let received = self.session.admit_lineage(lineage);
        self.take_fork(now, id, received);
    }

    fn take_fork(
        &mut self,
        now: LocalTime,
        id: LinkId,
        received: Result<Option<ReceivedEquivocation>, Refusal>,
    ) {
        match received {
            Ok(Some(ReceivedEquivocation { equivocation, patches })) => {
                self.show_all(patches);
                self.equivocated(id, equivocation);
            }
            Err(refusal) if is_offence(&refusal) => self.refuse(now, id, &refusal.to_string()),
            Ok(None) | Err(_) => {}
        }
    }

    /// A proof is in force: it is kept and told to everyone, and what this player had built on the losing branch is made again.
    pub(crate) fn equivocated(&mut self, from: LinkId, equivocation: Equivocation) {
        let Equivocation { proof, fell_out, applied } = equivocation;
        self.metrics.equivocations += 1;
        self.notice(format!(
            "Player {} wrote two histories at once; one of them was dropped.",
            &proof.kept.voucher.key.to_string()[..6]
        ));
        self.update_proofs();
        let links: Vec<LinkId> = self.ready_links().map(|(id, _)| id).collect();
        self.send_to(&links, &Message::Proof(proof.clone()));
        for fallen in &fell_out {
            self.durability.fell_out(&fallen.actor, fallen.seq);
        }
        let nonce = ActorNonce(self.random.bytes());
        let reissued = self.session.reissue(&fell_out, nonce);
        // Where changes fell out, the log holds a line that no voucher covers as it stands: a snapshot takes its place. It is
        // written before anything that builds on the verdict, and holds all of that: a power cut leaves the store as it was
        // before the verdict or as it is after it.
        let ticket = self.durability.ticket();
        let entry = if fell_out.is_empty() {
            Entry::Proof(Box::new(proof))
        } else {
            Entry::Snapshot(Box::new(self.session.snapshot()))
        };
        self.store(ticket, vec![entry]);
        if !fell_out.is_empty() {
            self.pass_on_verdict(ticket, from, &fell_out);
        }
        self.entered(from, applied);
        match reissued {
            Ok(changes) => {
                self.metrics.reissued += changes.len() as u64;
                for change in changes {
                    self.publish(change);
                }
            }
            Err(error) => self.notice(format!("Some of your edits were lost with it: {error}")),
        }
    }

    /// Sends our hashes of an actor, so that the other end can find where two histories of it part. Once for each length.
    pub(crate) fn send_lineage(&mut self, id: LinkId, actor: ActorId) {
        let Some(lineage) = self.session.admission().lineage(&actor) else { return };
        let Some(link) = self.links.get_mut(&id) else { return };
        let seq = lineage.voucher.seq;
        let room =
            link.lineages_sent.len() < MAX_LINEAGES_PER_LINK || link.lineages_sent.contains_key(&actor);
        if room && link.lineages_sent.insert(actor, seq) != Some(seq) {
            self.send(id, &Message::Lineage(lineage));
        }
    }

    /// Sends the proofs in force, unless this link was sent these very ones.
    pub(crate) fn send_proofs(&mut self, id: LinkId) {
        let digest = self.heads.proofs;
        let Some(link) = self.links.get_mut(&id) else { return };
        if link.told_proofs.replace(digest) == Some(digest) {
            return;
        }
        let proofs: Vec<Proof> = self.session.admission().proofs().cloned().collect();
        for proof in proofs {
            self.send(id, &Message::Proof(proof));
        }
    }

    /// Hashes the ids of the proofs in force, in order.
    pub(crate) fn update_proofs(&mut self) {
        let mut ids: Vec<_> = self.session.admission().proofs().map(Proof::id).collect();
        ids.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        for id in ids {
            hasher.update(&id.0);
        }
        self.heads.proofs.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    }
}
