//! Founding, opening and joining sessions.

use std::collections::{BTreeMap, BTreeSet};

use automerge::AutoCommit;
use score::id::SceneId;
use score::score::Scene;
use score::{Score, UnixMillis};

use super::Session;
use crate::document::edit_error::EditError;
use crate::document::execute::make_containers;
use crate::document::follow::Follower;
use crate::document::plan::{bring_to, found};
use crate::history::message::Message;
use crate::history::stacks::Stacks;
use crate::trust::{
    ActorId, ActorNonce, Admission, BatchOutcome, Identity, Proof, Record, Refusal, SessionOrigin,
    WholeDocument,
};

/// Randomness that founding a session needs, from a cryptographic source.
#[derive(Clone, Copy, Debug)]
pub struct FoundingRandom {
    /// With the founder's key it makes the session's id. The founder's first actor has this nonce too, so the id also
    /// says which change the session begins with.
    pub nonce: [u8; 16],
    /// Decides what plays by chance.
    pub seed: u64,
}

/// What a store keeps of a session.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Who founded the session, and with which nonce.
    pub origin: SessionOrigin,
    /// Everything up to some moment, from [`Session::snapshot`].
    pub snapshot: Option<WholeDocument>,
    /// Every change since, in any order; changes of the snapshot are passed over.
    pub records: Vec<Record>,
    /// Every equivocation proof.
    pub proofs: Vec<Proof>,
}

/// Why a stored session did not open.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The snapshot was refused.
    #[error("the stored snapshot is damaged or of another session: {0}")]
    Snapshot(Refusal),
    /// A proof was refused.
    #[error("a stored proof is damaged or of another session: {0}")]
    Proof(Refusal),
    /// Changes were refused.
    #[error("{count} stored changes are damaged or of another session, the first because: {first}")]
    Refused {
        /// How many.
        count: usize,
        /// Why the first one was.
        first: Refusal,
    },
}

/// The actor that the session of this origin begins with: its first change makes the containers.
fn founding_actor(origin: &SessionOrigin) -> ActorId {
    ActorId::derive(&origin.founder, &ActorNonce(origin.nonce))
}

impl Session {
    /// Founds a session. The records are its first changes: store them.
    ///
    /// # Errors
    /// When the name is too long.
    pub fn create(
        identity: Identity,
        random: FoundingRandom,
        name: &str,
        now: UnixMillis,
    ) -> Result<(Self, Vec<Record>), EditError> {
        let score = Score { name: name.to_owned(), seed: random.seed, ..Score::default() };
        Self::create_from(identity, random, &score, now)
    }

    /// Founds a session that begins as `score`: an import, or a remix (whose `parent` says of what). Its seed is kept, so that it sounds the
    /// same; messages and versions stay behind.
    ///
    /// # Errors
    /// When the score holds more than a session can.
    pub fn create_from(
        identity: Identity,
        random: FoundingRandom,
        score: &Score,
        now: UnixMillis,
    ) -> Result<(Self, Vec<Record>), EditError> {
        let origin = SessionOrigin { founder: identity.player(), nonce: random.nonce };
        let mut session = Self::empty(identity, ActorNonce(random.nonce), origin);
        let mut score = Score { created_at: now, ..score.clone() };
        session.add_first_scene(&mut score);
        let mut records = vec![session.found(&score)?];
        let writes = bring_to(session.score(), &score);
        records.extend(session.write_act(&writes, Message::Aside)?.into_iter().map(|change| change.record));
        Ok((session, records))
    }

    /// A session has a scene from the start: made at once by two players there would be two.
    fn add_first_scene(&self, score: &mut Score) {
        if !score.scenes_in_order().is_empty() {
            return;
        }
        // Patterns of a score without scenes stand under the id that it falls back to.
        let has_patterns = score.tracks.values().any(|track| !track.patterns.is_empty());
        let random =
            blake3::hash(&self.id.0).as_bytes()[..8].iter().fold(0, |id, &byte| id << 8 | u64::from(byte));
        let id = if has_patterns { score.first_scene() } else { SceneId::from_random(random) };
        score.scenes.insert(id, Scene { name: "Scene 1".to_owned(), order: "V".to_owned(), deleted: false });
    }

    /// Makes the first change.
    fn found(&mut self, score: &Score) -> Result<Record, EditError> {
        make_containers(&mut self.doc)?;
        self.write(&found(score))?;
        let change = self.commit(Message::Aside, Vec::new())?;
        change
            .map(|change| change.record)
            .ok_or_else(|| EditError::Document("the first change is empty".to_owned()))
    }

    /// Opens a session from this machine's store. `nonce` must never have been used: it names the writer of this opening.
    ///
    /// What a power cut has left of a write is passed over, and counted in [`Session::left_out`].
    ///
    /// # Errors
    /// When the store holds what no session can: it was damaged.
    pub fn load(identity: Identity, nonce: ActorNonce, stored: Stored) -> Result<Self, LoadError> {
        Self::load_with(identity, nonce, stored, None)
    }

    /// As [`load`](Self::load), in a part of the time: `document` is what [`automerge`](Self::automerge) gave when the snapshot was
    /// taken, from this machine's own store and nowhere else. One that is damaged or another's is passed over.
    ///
    /// # Errors
    /// When the store holds what no session can: it was damaged.
    pub fn load_with(
        identity: Identity,
        nonce: ActorNonce,
        mut stored: Stored,
        document: Option<&[u8]>,
    ) -> Result<Self, LoadError> {
        let mut session = Self::empty(identity, nonce, stored.origin);
        if let (Some(whole), Some(saved)) = (&stored.snapshot, document)
            && session.admission.restore_whole(&mut session.doc, whole, saved).is_ok()
        {
            stored.snapshot = None;
        }
        for proof in stored.proofs {
            session.admission.admit_proof(&mut session.doc, proof).map_err(LoadError::Proof)?;
        }
        let mut outcomes = Vec::new();
        if let Some(whole) = stored.snapshot {
            let outcome = session.admission.admit_own_whole(&mut session.doc, &whole);
            outcomes.push(outcome.map_err(LoadError::Snapshot)?);
        }
        outcomes.push(session.admission.restore(&mut session.doc, &stored.records));
        session.left_out = left_out(&outcomes)?;
        session.follower.reset(&session.doc);
        session.reread_stacks();
        Ok(session)
    }

    /// An empty replica of somebody else's session, to be filled from links.
    pub fn join(identity: Identity, nonce: ActorNonce, origin: SessionOrigin) -> Self {
        Self::empty(identity, nonce, origin)
    }

    fn empty(identity: Identity, nonce: ActorNonce, origin: SessionOrigin) -> Self {
        let (me, id) = (identity.player(), origin.id());
        let actor = ActorId::derive(&me, &nonce);
        Self {
            identity,
            me,
            nonce,
            origin,
            id,
            doc: AutoCommit::new().with_actor(actor.into()),
            admission: Admission::new(id),
            follower: Follower::new(founding_actor(&origin)),
            stacks: Stacks::default(),
            own_actors: BTreeSet::from([actor]),
            acts: BTreeMap::new(),
            dated: 0,
            left_out: 0,
        }
    }

    /// How many stored changes found no place on loading: the rest of a write that a power cut tore, or what was built on a branch
    /// that lost. Write a [`snapshot`](Session::snapshot) in the place of such a store, lest they stand in the way of what other
    /// replicas bring.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Whether nothing of the session has arrived yet, so that it can neither be shown nor edited.
    pub fn is_empty(&self) -> bool {
        self.admission.position(&founding_actor(&self.origin)).is_none()
    }

    /// Goes on writing under another nonce: after the actor of the present one has written as many changes as it may, or has been caught
    /// writing two with one number (a folder that was copied). `nonce` must never have been used.
    pub fn renew_actor(&mut self, nonce: ActorNonce) {
        self.nonce = nonce;
        let actor = self.actor();
        self.doc.set_actor(actor.into());
        self.own_actors.insert(actor);
        self.acts.clear();
    }
}

/// How many stored changes stayed out through no damage: those that lost to their twins or were built on such, and those whose
/// voucher or dependencies did not reach the store.
fn left_out(outcomes: &[BatchOutcome]) -> Result<usize, LoadError> {
    let lost = |refusal: &Refusal| {
        matches!(refusal, Refusal::Equivocated | Refusal::RefusedDependency | Refusal::KnownRefused)
    };
    let torn = |refusal: &Refusal| matches!(refusal, Refusal::NoVoucher { .. });
    let refused: Vec<&Refusal> =
        outcomes.iter().flat_map(|outcome| &outcome.refused).map(|(_, refusal)| refusal).collect();
    let mut damaged = refused.iter().filter(|refusal| !lost(refusal) && !torn(refusal));
    if let Some(&first) = damaged.next() {
        return Err(LoadError::Refused { count: 1 + damaged.count(), first: first.clone() });
    }
    Ok(refused.len() + outcomes.iter().map(|outcome| outcome.incomplete).sum::<usize>())
}
