//! Players for tests: each with a session of its own, and a copy of the score kept up to date by patches alone.

use crdt_model::trust::{ActorNonce, Identity, Record};
use crdt_model::{Act, AuthoredPatches, EditError, FoundingRandom, LocalChange, Session, Stored};
use score::edit::{PatternEdit, PatternRef, TrackEdit};
use score::{Edit, SceneId, Score, ScorePatch, TrackId, UnixMillis};

pub(crate) const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

pub(crate) struct Player {
    pub(crate) secret: u8,
    pub(crate) session: Session,
    /// What somebody who only ever saw patches holds.
    pub(crate) copy: Score,
    /// Everything that entered here, as a store would keep it.
    pub(crate) records: Vec<Record>,
    openings: u8,
}

fn identity(secret: u8) -> Identity {
    Identity::from_secret(&[secret; 32])
}

pub(crate) fn found(secret: u8) -> Player {
    let random = FoundingRandom { nonce: [secret; 16], seed: 7 };
    let (session, records) = Session::create(identity(secret), random, "Night shift", NOW).unwrap();
    Player { secret, copy: session.score().clone(), session, records, openings: 0 }
}

/// A session of two players, with a track that both know.
pub(crate) fn pair() -> (Player, Player, TrackId, SceneId) {
    let mut ada = found(1);
    let track = ada.add_track(1);
    let mut bob = ada.invite(2);
    sync(&mut ada, &mut bob);
    let scene = ada.session.score().first_scene();
    (ada, bob, track, scene)
}

impl Player {
    /// Somebody who joins this player's session and holds nothing of it yet.
    pub(crate) fn invite(&self, secret: u8) -> Self {
        let nonce = ActorNonce([secret; 16]);
        let session = Session::join(identity(secret), nonce, self.session.origin());
        Self { secret, session, copy: Score::default(), records: Vec::new(), openings: 0 }
    }

    /// Closes the session and opens it again from what was stored.
    pub(crate) fn reopen(&mut self) {
        self.openings += 1;
        let mut nonce = [self.secret; 16];
        nonce[0] = 100 + self.openings;
        let stored = Stored {
            origin: self.session.origin(),
            snapshot: None,
            records: self.records.clone(),
            proofs: self.session.admission().proofs().cloned().collect(),
        };
        self.session = Session::load(identity(self.secret), ActorNonce(nonce), stored).unwrap();
        self.copy = self.session.score().clone();
    }

    pub(crate) fn edit(&mut self, edit: Edit) -> Option<LocalChange> {
        self.try_edit(&edit, None).unwrap()
    }

    pub(crate) fn try_edit(
        &mut self,
        edit: &Edit,
        act: Option<Act>,
    ) -> Result<Option<LocalChange>, EditError> {
        let change = self.session.apply(edit, act)?;
        change.iter().for_each(|change| self.keep(change));
        Ok(change)
    }

    pub(crate) fn undo(&mut self) -> bool {
        let changes = self.session.undo().unwrap();
        changes.iter().flatten().for_each(|change| self.keep(change));
        changes.is_some()
    }

    pub(crate) fn redo(&mut self) -> bool {
        let changes = self.session.redo().unwrap();
        changes.iter().flatten().for_each(|change| self.keep(change));
        changes.is_some()
    }

    pub(crate) fn keep(&mut self, change: &LocalChange) {
        self.records.push(change.record.clone());
        self.see(&change.patches);
    }

    fn see(&mut self, patches: &[ScorePatch]) {
        patches.iter().for_each(|patch| self.copy.apply(patch.clone()));
    }

    fn see_all(&mut self, patches: &[AuthoredPatches]) {
        patches.iter().for_each(|authored| self.see(&authored.changes));
    }

    pub(crate) fn receive(&mut self, record: Record) {
        let received = self.session.admit(record);
        if let crdt_model::trust::Outcome::Applied(applied) = &received.outcome {
            self.records.extend(applied.iter().map(|applied| applied.record.clone()));
        }
        self.see_all(&received.patches);
    }

    /// Takes everything that `other` has besides.
    pub(crate) fn pull(&mut self, other: &Self) {
        let missing = other.session.missing(&self.session.have());
        let (changes, taken) = other.session.admission().batch(&missing.changes);
        assert_eq!(taken, missing.changes.len(), "tests stay below one batch");
        let received = self.session.admit_batch(&changes, &missing.coverage);
        assert_eq!(received.outcome.refused, []);
        self.records.extend(received.outcome.applied.iter().map(|applied| applied.record.clone()));
        self.see_all(&received.patches);
    }

    /// What must hold at all times: the score that was followed equals one that is read anew, and what the patches made of the copy.
    pub(crate) fn check(&self) {
        let fresh = self.session.score_at(&self.session.heads());
        assert_eq!(fresh.as_ref(), Some(self.session.score()), "followed differs from read");
        assert_eq!(&self.copy, self.session.score(), "patches lead elsewhere");
    }

    pub(crate) fn add_track(&mut self, id: u64) -> TrackId {
        let id = TrackId::from_random(id);
        self.edit(Edit::AddTrack { id, instrument: "kick".to_owned(), name: "Kick".to_owned() });
        id
    }

    pub(crate) fn track(&mut self, id: TrackId, edit: TrackEdit) {
        self.edit(Edit::Track(id, edit));
    }

    pub(crate) fn step(&mut self, track: TrackId, scene: SceneId, step: u16, on: bool) {
        self.edit(Edit::Pattern(PatternRef { track, scene }, PatternEdit::SetStep { step, on }));
    }

    pub(crate) fn is_on(&self, track: TrackId, scene: SceneId, step: u16) -> bool {
        let track = &self.session.score().tracks[&track];
        track.pattern(scene).step(step).is_some_and(|step| step.on)
    }
}

/// Lets two players hold the same.
pub(crate) fn sync(one: &mut Player, other: &mut Player) {
    one.pull(other);
    other.pull(one);
    assert_eq!(one.session.heads(), other.session.heads());
    assert_eq!(one.session.score(), other.session.score());
    one.check();
    other.check();
}
