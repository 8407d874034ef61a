//! The shape of the JSON: its keys, in their order.
//!
//! The order of the fields here is the order of the keys; `docs/json.md` describes them.

use std::collections::BTreeMap;

use score::meter::LoopRegion;
use score::scale::Scale;
use score::score::{ChatMessage, Parent, Sample};
use score::step::Condition;
use score::{
    EntryId, MessageId, Meter, PlayerKey, SampleHash, SceneId, SessionId, TrackColour, TrackId, UnixMillis,
    VersionId,
};
use serde::{Deserialize, Serialize};

use crate::exchange::number::{Number, Single};

/// Effect settings.
pub(super) type EffectsForm = BTreeMap<String, EffectForm>;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SessionForm {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<SessionId>,
    pub(super) name: String,
    pub(super) tempo: Option<Number>,
    pub(super) swing: Single,
    pub(super) meter: Meter,
    pub(super) scale: Scale,
    pub(super) tracks: Vec<TrackForm>,
    pub(super) scale_lock: bool,
    #[serde(rename = "loop")]
    pub(super) loop_region: Option<LoopRegion>,
    pub(super) master: EffectsForm,
    pub(super) scenes: Vec<SceneForm>,
    pub(super) song: Vec<EntryForm>,
    pub(super) samples: BTreeMap<SampleHash, Sample>,
    pub(super) slices: BTreeMap<SampleHash, Vec<u64>>,
    pub(super) versions: BTreeMap<VersionId, VersionForm>,
    pub(super) chat: BTreeMap<MessageId, ChatMessage>,
    /// In hexadecimal: JSON readers round integers past 2^53.
    pub(super) seed: String,
    pub(super) created_at: UnixMillis,
    pub(super) parent: Option<Parent>,
    pub(super) removed: RemovedForm,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RemovedForm {
    pub(super) tracks: Vec<TrackForm>,
    pub(super) scenes: Vec<SceneForm>,
    pub(super) song: Vec<EntryForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct TrackForm {
    pub(super) id: Option<TrackId>,
    pub(super) name: String,
    pub(super) instrument: String,
    pub(super) length: Option<u16>,
    pub(super) volume: Single,
    pub(super) pan: Single,
    pub(super) mute: bool,
    pub(super) transpose: i8,
    pub(super) swing: Single,
    pub(super) steps: Vec<Option<StepForm>>,
    pub(super) beyond: BTreeMap<u16, StepForm>,
    pub(super) gate: bool,
    pub(super) choke: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) colour: Option<TrackColour>,
    pub(super) params: BTreeMap<String, Number>,
    pub(super) effects: EffectsForm,
    pub(super) scenes: BTreeMap<SceneId, PatternForm>,
    pub(super) order: Option<String>,
}

impl Default for TrackForm {
    fn default() -> Self {
        Self {
            id: None,
            name: String::new(),
            instrument: String::new(),
            length: None,
            volume: Single(score::track::DEFAULT_VOLUME),
            pan: Single::default(),
            mute: false,
            transpose: 0,
            swing: Single::default(),
            steps: Vec::new(),
            beyond: BTreeMap::new(),
            gate: false,
            choke: 0,
            colour: None,
            params: BTreeMap::new(),
            effects: BTreeMap::new(),
            scenes: BTreeMap::new(),
            order: None,
        }
    }
}

/// A pattern of a scene other than the first.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PatternForm {
    pub(super) length: Option<u16>,
    pub(super) steps: Vec<Option<StepForm>>,
    pub(super) beyond: BTreeMap<u16, StepForm>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct StepForm {
    pub(super) on: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pitch: Option<i8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) volume: Option<Single>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub(super) tie: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) gate: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) chance: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ratchet: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nudge: Option<i8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) condition: Option<Condition>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<NoteForm>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) locks: BTreeMap<String, Number>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct NoteForm {
    pub(super) pitch: i8,
    pub(super) velocity: Single,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum EffectForm {
    Number(Number),
    Text(String),
}

#[derive(Serialize, Deserialize)]
pub(super) struct SceneForm {
    pub(super) id: SceneId,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) order: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EntryForm {
    pub(super) id: EntryId,
    pub(super) scene: SceneId,
    pub(super) repeats: u8,
    #[serde(default)]
    pub(super) order: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct VersionForm {
    pub(super) name: String,
    /// Change hashes in hexadecimal.
    pub(super) heads: Vec<SampleHash>,
    pub(super) by: PlayerKey,
    pub(super) at: UnixMillis,
}
