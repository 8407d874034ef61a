//! A session as plain data: what front ends show and the engine's program is compiled from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{EntryId, MessageId, PlayerKey, SampleHash, SceneId, TrackId, VersionId};
use crate::meter::{LoopRegion, Meter};
use crate::scale::Scale;
use crate::time::{Tempo, UnixMillis};
use crate::track::{EffectSettings, MAX_TRACKS, Track};

/// What a session is, as plain data. It holds removed tracks, scenes and song entries too (`deleted`); [`Score::tracks_in_order`]
/// and its siblings leave them out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// At most 100 characters.
    pub name: String,
    /// Seed of everything that plays by chance.
    pub seed: u64,
    /// When the session was made.
    pub created_at: UnixMillis,
    /// What this session is a remix of.
    pub parent: Option<Parent>,
    /// The tempo.
    pub tempo: Tempo,
    /// Swing of the whole session, 0..=100 percent.
    pub swing: f32,
    /// The time signature.
    pub meter: Meter,
    /// The scale of the melodic grid.
    pub scale: Scale,
    /// Whether the melodic grid offers the scale's pitches alone.
    pub scale_lock: bool,
    /// The repeated stretch, if any.
    pub loop_region: Option<LoopRegion>,
    /// Every track.
    pub tracks: BTreeMap<TrackId, Track>,
    /// Settings of the master's effects.
    pub master: EffectSettings,
    /// Every scene.
    pub scenes: BTreeMap<SceneId, Scene>,
    /// Every entry of the song.
    pub song: BTreeMap<EntryId, SongEntry>,
    /// Recordings and files that tracks may play.
    pub samples: BTreeMap<SampleHash, Sample>,
    /// Where samples are cut: ascending frame numbers.
    pub slices: BTreeMap<SampleHash, Vec<u64>>,
    /// Named versions.
    pub versions: BTreeMap<VersionId, Version>,
    /// Chat messages.
    pub chat: BTreeMap<MessageId, ChatMessage>,
}

/// What a session is a remix of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Id of the session or beat.
    pub id: String,
    /// The state that was copied: its heads.
    pub heads: String,
    /// The name that it had.
    pub name: String,
}

/// A row of patterns, one per track, launched together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// At most 64 characters.
    pub name: String,
    /// Fractional index; equal ones are ordered by id.
    pub order: String,
    /// Removed, but kept.
    pub deleted: bool,
}

/// A scene's place in the song.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SongEntry {
    /// Which scene plays.
    pub scene: SceneId,
    /// How often, 1..=64.
    pub repeats: u8,
    /// Fractional index; equal ones are ordered by id.
    pub order: String,
    /// Removed, but kept.
    pub deleted: bool,
}

/// A recording or file that tracks may play.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// At most 64 characters.
    pub name: String,
    /// Length in frames of its own rate.
    pub frames: u64,
    /// 1 or 2.
    pub channels: u8,
    /// Frames per second.
    pub rate: u32,
    /// Size of the stored file.
    pub bytes: u64,
    /// Who added it.
    pub by: PlayerKey,
    /// When it was added.
    pub at: UnixMillis,
}

/// A named state of the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// At most 64 characters.
    pub name: String,
    /// The change hashes that the state ends at.
    pub heads: Vec<[u8; 32]>,
    /// Who named it.
    pub by: PlayerKey,
    /// When it was named.
    pub at: UnixMillis,
}

/// A message to the other players.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Who wrote it.
    pub by: PlayerKey,
    /// When.
    pub at: UnixMillis,
    /// At most 500 characters.
    pub text: String,
}

impl Score {
    /// The tracks that are not removed, in the players' order; those from the seventeenth on are parked.
    pub fn tracks_in_order(&self) -> Vec<(TrackId, &Track)> {
        in_order(&self.tracks, |track| (!track.deleted).then_some(track.order.as_str()))
    }

    /// The tracks that sound, at most [`MAX_TRACKS`].
    pub fn playing_tracks(&self) -> Vec<(TrackId, &Track)> {
        let mut tracks = self.tracks_in_order();
        tracks.truncate(MAX_TRACKS);
        tracks
    }

    /// The scenes that are not removed, in the players' order.
    pub fn scenes_in_order(&self) -> Vec<(SceneId, &Scene)> {
        in_order(&self.scenes, |scene| (!scene.deleted).then_some(scene.order.as_str()))
    }

    /// The entries of the song that are not removed, in the players' order.
    pub fn song_in_order(&self) -> Vec<(EntryId, &SongEntry)> {
        in_order(&self.song, |entry| (!entry.deleted).then_some(entry.order.as_str()))
    }

    /// The scene that plays when none was launched: the first, or a fixed id in a document that has none.
    pub fn first_scene(&self) -> SceneId {
        let kept = self.scenes.iter().filter(|(_, scene)| !scene.deleted);
        let first = kept.min_by(|a, b| a.1.order.cmp(&b.1.order).then(a.0.cmp(b.0)));
        first.map_or_else(|| SceneId::from_random(0), |(&id, _)| id)
    }
}

/// The entries that have an order (removed ones have none), by order and then id.
fn in_order<K: Copy + Ord, V>(entries: &BTreeMap<K, V>, order: impl Fn(&V) -> Option<&str>) -> Vec<(K, &V)> {
    let mut kept: Vec<_> =
        entries.iter().filter(|(_, value)| order(value).is_some()).map(|(&id, value)| (id, value)).collect();
    kept.sort_by(|a, b| order(a.1).cmp(&order(b.1)).then(a.0.cmp(&b.0)));
    kept
}
