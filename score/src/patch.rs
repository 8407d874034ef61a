//! What changed in a score, as values: the maintainer of a score tells everyone who holds a copy.

use serde::{Deserialize, Serialize};

use crate::colour::TrackColour;
use crate::edit::PatternRef;
use crate::id::{EntryId, MessageId, SampleHash, SceneId, TrackId, VersionId};
use crate::meter::{LoopRegion, Meter};
use crate::scale::Scale;
use crate::score::{ChatMessage, Parent, Sample, Scene, Score, SongEntry, Version};
use crate::step::Step;
use crate::time::{Tempo, UnixMillis};
use crate::track::{EffectValue, Track};

/// One changed place of a score with what it holds afterwards. Applying a patch twice changes nothing more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ScorePatch {
    /// Everything: after opening, restoring or rebuilding.
    Reset(Box<Score>),
    /// A property of the session.
    Session(SessionField),
    /// A track appeared, with all it holds.
    TrackAdded(TrackId, Box<Track>),
    /// A property of a track.
    Track(TrackId, TrackField),
    /// A pattern's length.
    Length(PatternRef, u16),
    /// One step, whole (blank when it holds nothing any more).
    Step(PatternRef, u16, Box<Step>),
    /// A scene, whole.
    Scene(SceneId, Scene),
    /// An entry of the song, whole.
    SongEntry(EntryId, SongEntry),
    /// A sample, whole.
    Sample(SampleHash, Sample),
    /// A sample's cuts.
    Slices(SampleHash, Vec<u64>),
    /// A named version.
    Version(VersionId, Version),
    /// A chat message.
    Chat(MessageId, ChatMessage),
}

/// A property of the session with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each variant is the field of `Score` with its name")]
pub enum SessionField {
    Name(String),
    Seed(u64),
    CreatedAt(UnixMillis),
    Parent(Option<Parent>),
    Tempo(Tempo),
    Swing(f32),
    Meter(Meter),
    Scale(Scale),
    ScaleLock(bool),
    LoopRegion(Option<LoopRegion>),
    MasterEffect(String, Option<EffectValue>),
}

/// A property of a track with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each variant is the field of `Track` with its name")]
pub enum TrackField {
    Name(String),
    Instrument(String),
    Order(String),
    Deleted(bool),
    Volume(f32),
    Pan(f32),
    Mute(bool),
    Transpose(i8),
    Swing(f32),
    Gate(bool),
    Choke(u8),
    Colour(Option<TrackColour>),
    Param(String, Option<f64>),
    Effect(String, Option<EffectValue>),
}

impl Score {
    /// Brings this copy up to date.
    pub fn apply(&mut self, patch: ScorePatch) {
        match patch {
            ScorePatch::Reset(score) => *self = *score,
            ScorePatch::Session(field) => self.apply_session(field),
            ScorePatch::TrackAdded(id, track) => _ = self.tracks.insert(id, *track),
            ScorePatch::Track(id, field) => self.tracks.entry(id).or_default().apply(field),
            ScorePatch::Length(at, length) => {
                let patterns = &mut self.tracks.entry(at.track).or_default().patterns;
                patterns.entry(at.scene).or_default().length = length;
                patterns.retain(|_, pattern| !pattern.is_blank());
            }
            ScorePatch::Step(at, number, step) => {
                let patterns = &mut self.tracks.entry(at.track).or_default().patterns;
                patterns.entry(at.scene).or_default().change_step(number, |held| *held = *step);
                patterns.retain(|_, pattern| !pattern.is_blank());
            }
            ScorePatch::Scene(id, scene) => _ = self.scenes.insert(id, scene),
            ScorePatch::SongEntry(id, entry) => _ = self.song.insert(id, entry),
            ScorePatch::Sample(hash, sample) => _ = self.samples.insert(hash, sample),
            ScorePatch::Slices(hash, cuts) => _ = self.slices.insert(hash, cuts),
            ScorePatch::Version(id, version) => _ = self.versions.insert(id, version),
            ScorePatch::Chat(id, message) => _ = self.chat.insert(id, message),
        }
    }

    fn apply_session(&mut self, field: SessionField) {
        match field {
            SessionField::Name(value) => self.name = value,
            SessionField::Seed(value) => self.seed = value,
            SessionField::CreatedAt(value) => self.created_at = value,
            SessionField::Parent(value) => self.parent = value,
            SessionField::Tempo(value) => self.tempo = value,
            SessionField::Swing(value) => self.swing = value,
            SessionField::Meter(value) => self.meter = value,
            SessionField::Scale(value) => self.scale = value,
            SessionField::ScaleLock(value) => self.scale_lock = value,
            SessionField::LoopRegion(value) => self.loop_region = value,
            SessionField::MasterEffect(key, value) => set(&mut self.master, key, value),
        }
    }
}

impl Track {
    /// Sets one property.
    pub fn apply(&mut self, field: TrackField) {
        match field {
            TrackField::Name(value) => self.name = value,
            TrackField::Instrument(value) => self.instrument = value,
            TrackField::Order(value) => self.order = value,
            TrackField::Deleted(value) => self.deleted = value,
            TrackField::Volume(value) => self.volume = value,
            TrackField::Pan(value) => self.pan = value,
            TrackField::Mute(value) => self.mute = value,
            TrackField::Transpose(value) => self.transpose = value,
            TrackField::Swing(value) => self.swing = value,
            TrackField::Gate(value) => self.gate = value,
            TrackField::Choke(value) => self.choke = value,
            TrackField::Colour(value) => self.colour = value,
            TrackField::Param(key, value) => set(&mut self.params, key, value),
            TrackField::Effect(key, value) => set(&mut self.effects, key, value),
        }
    }
}

/// Puts a value, or takes the key away.
fn set<V>(map: &mut std::collections::BTreeMap<String, V>, key: String, value: Option<V>) {
    match value {
        Some(value) => _ = map.insert(key, value),
        None => _ = map.remove(&key),
    }
}
