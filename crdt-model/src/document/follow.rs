//! Keeping a score equal to its document, register by register.
//!
//! Automerge's own patches leave out what happens inside a map that another map has displaced from view, so a stranger who puts
//! a map at `tracks` would stop them. So a change is followed by its operations: each names a map and a key, and what that register
//! holds afterwards is read anew. The cost is that of the change, whatever the history.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::{Key, ObjectId};
use automerge::{AutoCommit, Change, ObjId};
use score::edit::PatternRef;
use score::patch::TrackField;
use score::{Score, ScorePatch, Step, TrackId};

use super::place::{Index, Place, Root, TrackMap};
use super::read::{Reader, entry, read, whole};
use super::schema::{
    effect, is_parameter, length, parameter, session_field, set_step, step_key, track_field,
};
use super::value::scalar;
use crate::trust::ActorId;

/// Registers that changes wrote.
pub(crate) type Touched = BTreeSet<(Place, String)>;

/// A score with the places of everything in it.
#[derive(Clone, Debug)]
pub(crate) struct Follower {
    founder: ActorId,
    score: Score,
    index: Index,
}

impl Follower {
    /// The score of an empty document, in the session whose founder's first actor is `founder`.
    pub(crate) fn new(founder: ActorId) -> Self {
        Self { founder, score: Score::default(), index: Index::new(founder) }
    }

    pub(crate) fn score(&self) -> &Score {
        &self.score
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    pub(crate) fn index_mut(&mut self) -> &mut Index {
        &mut self.index
    }

    /// The score of the document at earlier heads.
    pub(crate) fn score_at(&self, reader: Reader<'_>) -> Score {
        read(reader, &mut Index::new(self.founder))
    }

    /// Reads everything anew.
    pub(crate) fn reset(&mut self, doc: &AutoCommit) -> ScorePatch {
        self.index = Index::new(self.founder);
        self.score = read(Reader::latest(doc), &mut self.index);
        ScorePatch::Reset(Box::new(self.score.clone()))
    }

    /// The registers that a change wrote. Those in maps that the change itself made are left out: the register that holds the map
    /// stands for them.
    pub(crate) fn touched(&self, change: &Change) -> Touched {
        let operations = change.decode().operations;
        operations.into_iter().filter_map(|op| self.register(&op.obj, &op.key)).collect()
    }

    pub(crate) fn register(&self, object: &ObjectId, key: &Key) -> Option<(Place, String)> {
        let object = match object {
            ObjectId::Root => ObjId::Root,
            ObjectId::Id(id) => ObjId::Id(id.counter(), id.actor().clone(), 0),
        };
        let Key::Map(key) = key else { return None };
        Some((self.index.place(&object)?, key.to_string()))
    }

    /// Brings the score up to date with registers that were written, and says what they hold.
    pub(crate) fn follow(&mut self, doc: &AutoCommit, touched: &Touched) -> Vec<ScorePatch> {
        let mut pass = Pass { reader: Reader::latest(doc), follower: self, patches: Vec::new(), lost: false };
        let mut steps = BTreeMap::new();
        let mut reread = BTreeSet::new();
        // Places are ordered from the outside in, so what was read whole is not disturbed by what was written inside it.
        for (place, key) in touched {
            match *place {
                Place::Session => pass.session(key),
                Place::Root(root) => pass.entry(root, key),
                Place::Track(id) => pass.track(id, key),
                Place::TrackMap(id, map) => pass.in_track(id, map, key, &mut steps),
                place => {
                    if reread.insert(place) {
                        pass.whole(place);
                    }
                }
            }
        }
        for ((at, number), step) in steps {
            pass.emit(ScorePatch::Step(at, number, Box::new(step)));
        }
        let Pass { patches, lost, .. } = pass;
        if lost { vec![self.reset(doc)] } else { patches }
    }
}

/// The steps that registers were written in, as they come out.
type Steps = BTreeMap<(PatternRef, u16), Step>;

/// One run over the registers that were written.
struct Pass<'a> {
    reader: Reader<'a>,
    follower: &'a mut Follower,
    patches: Vec<ScorePatch>,
    /// Something that the score held is gone from the document. Nothing of ours does that, so the score is read anew.
    lost: bool,
}

impl Pass<'_> {
    fn emit(&mut self, patch: ScorePatch) {
        self.follower.score.apply(patch.clone());
        self.patches.push(patch);
    }

    fn session(&mut self, key: &str) {
        let value = self.reader.register(&ObjId::Root, key);
        if let Some(field) = session_field(key, value.as_ref()) {
            self.emit(ScorePatch::Session(field));
        }
    }

    fn entry(&mut self, root: Root, key: &str) {
        let Some(object) = self.follower.index.object(Place::Root(root)).cloned() else { return };
        let value = self.reader.get(&object, key).map(|(value, _)| value);
        match entry(self.reader, &mut self.follower.index, root, key, value.as_ref()) {
            Some(patch) => self.emit(patch),
            None => self.lost |= self.follower.holds(root, key),
        }
    }

    fn whole(&mut self, place: Place) {
        if let Some(patch) = whole(self.reader, &mut self.follower.index, place) {
            self.emit(patch);
        } else {
            self.lost |= place.parent().is_some_and(|(root, key)| self.follower.holds(root, &key));
        }
    }

    fn track(&mut self, id: TrackId, key: &str) {
        let Some(object) = self.follower.index.object(Place::Track(id)).cloned() else { return };
        if TrackMap::from_key(key).is_some() {
            self.follower.index.clear(Place::Track(id));
            self.follower.index.set(Place::Track(id), object);
            self.whole(Place::Track(id));
        } else if let Some(field) = track_field(key, self.reader.register(&object, key).as_ref()) {
            self.emit(ScorePatch::Track(id, field));
        }
    }

    fn in_track(&mut self, id: TrackId, map: TrackMap, key: &str, steps: &mut Steps) {
        let Some(object) = self.follower.index.object(Place::TrackMap(id, map)) else { return };
        let value = self.reader.get(object, key);
        let value = value.as_ref().and_then(|(value, _)| scalar(value));
        match map {
            TrackMap::Params if is_parameter(key) => {
                self.emit(ScorePatch::Track(id, TrackField::Param(key.to_owned(), parameter(key, value))));
            }
            TrackMap::Effects if is_parameter(key) => {
                self.emit(ScorePatch::Track(id, TrackField::Effect(key.to_owned(), effect(key, value))));
            }
            TrackMap::Params | TrackMap::Effects => {}
            TrackMap::Length => {
                let Ok(scene) = key.parse() else { return };
                self.emit(ScorePatch::Length(PatternRef { track: id, scene }, length(value)));
            }
            _ => {
                let Some((scene, number, rest)) = step_key(key) else { return };
                let at = PatternRef { track: id, scene };
                let step = steps.entry((at, number)).or_insert_with(|| self.follower.step(at, number));
                set_step(step, map, rest, value);
            }
        }
    }
}

impl Follower {
    fn step(&self, at: PatternRef, number: u16) -> Step {
        let pattern = self.score.tracks.get(&at.track).and_then(|track| track.patterns.get(&at.scene));
        pattern.and_then(|pattern| pattern.step(number)).cloned().unwrap_or_default()
    }

    /// Whether the score holds an entry of a root container.
    fn holds(&self, root: Root, key: &str) -> bool {
        match root.entry(key) {
            Some(Place::Track(id)) => self.score.tracks.contains_key(&id),
            Some(Place::Scene(id)) => self.score.scenes.contains_key(&id),
            Some(Place::Entry(id)) => self.score.song.contains_key(&id),
            Some(Place::Sample(hash)) => self.score.samples.contains_key(&hash),
            Some(Place::Version(id)) => self.score.versions.contains_key(&id),
            Some(Place::Message(id)) => self.score.chat.contains_key(&id),
            _ => {
                root == Root::Slices
                    && super::place::sample_hash(key)
                        .is_some_and(|hash| self.score.slices.contains_key(&hash))
            }
        }
    }
}
