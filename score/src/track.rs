//! A track: one instrument with its patterns, mixer strip and effects.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::colour::TrackColour;
use crate::id::SceneId;
use crate::pattern::Pattern;

/// Tracks that play; those past them, by order and then id, are parked: silent, but editable.
pub const MAX_TRACKS: usize = 16;
/// Volume of a track that nobody has set.
pub const DEFAULT_VOLUME: f32 = 0.8;
/// Choke groups of a session: a note of a track silences the others of its group.
pub const MAX_CHOKE_GROUP: u8 = 8;

/// A value of an effect parameter: most are numbers, some are names of choices ("1/8", "lowpass").
///
/// Where people read it is a bare number or text. Compact formats do not say what a value is, so there it carries a tag.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectValue {
    /// A number in the parameter's unit.
    Number(f64),
    /// The name of a choice.
    Text(String),
}

/// Settings of a chain of effects: `<slot>.<parameter>` to value.
pub type EffectSettings = BTreeMap<String, EffectValue>;

/// One instrument with its patterns, mixer strip and effects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// At most 32 characters.
    pub name: String,
    /// An id of the catalogue, `sample:<hash>`, or an id that this version does not know.
    pub instrument: String,
    /// Fractional index; equal ones are ordered by track id.
    pub order: String,
    /// Removed, but kept so that an edit made meanwhile is not lost.
    pub deleted: bool,
    /// Fader position, 0..=1.
    pub volume: f32,
    /// -1 (left) ..= 1 (right).
    pub pan: f32,
    /// The shared mix's mute.
    pub mute: bool,
    /// Semitones, -24..=24.
    pub transpose: i8,
    /// Swing of this track alone, 0..=100 percent; combined with the session's.
    pub swing: f32,
    /// Cut one-shots at the end of their step.
    pub gate: bool,
    /// Choke group, 1..=8, or 0 for none.
    pub choke: u8,
    /// `None` for the colour of the instrument's family.
    pub colour: Option<TrackColour>,
    /// Settings of the instrument: parameter id to value.
    pub params: BTreeMap<String, f64>,
    /// Settings of the track's effects.
    pub effects: EffectSettings,
    /// The track's pattern in each scene where it was touched.
    pub patterns: BTreeMap<SceneId, Pattern>,
}

impl Default for Track {
    fn default() -> Self {
        Self {
            name: String::new(),
            instrument: String::new(),
            order: String::new(),
            deleted: false,
            volume: DEFAULT_VOLUME,
            pan: 0.0,
            mute: false,
            transpose: 0,
            swing: 0.0,
            gate: false,
            choke: 0,
            colour: None,
            params: BTreeMap::new(),
            effects: BTreeMap::new(),
            patterns: BTreeMap::new(),
        }
    }
}

impl Track {
    /// The pattern in a scene (the default one where nothing was written).
    pub fn pattern(&self, scene: SceneId) -> std::borrow::Cow<'_, Pattern> {
        self.patterns
            .get(&scene)
            .map_or_else(|| std::borrow::Cow::Owned(Pattern::default()), std::borrow::Cow::Borrowed)
    }
}
