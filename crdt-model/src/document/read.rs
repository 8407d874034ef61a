//! From a document to a score. Reading never fails: whatever a merge, an old version or a hostile player put there, the
//! outcome is a valid score.

use automerge::{AutoCommit, ChangeHash, ObjId, ObjType, ReadDoc, ScalarValue, Value};
use score::id::PlayerKey;
use score::patch::SessionField;
use score::score::{ChatMessage, Sample, Scene, SongEntry, Version};
use score::text::{MAX_CHAT_CHARS, MAX_LABEL_CHARS};
use score::{SceneId, Score, ScorePatch, Track, TrackId};

use super::place::{Index, Place, Root, TrackMap, sample_hash};
use super::schema::{
    SESSION_KEYS, TRACK_KEYS, effect, heads, label, length, moment, order, parameter, session_field,
    set_step, slices, step_key, track_field,
};
use super::value::{flag, integer_in, name, parsed, scalar, unsigned};

/// A document at its newest state or an earlier one.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    doc: &'a AutoCommit,
    heads: Option<&'a [ChangeHash]>,
}

/// The registers of one small map.
type Registers = std::collections::BTreeMap<String, ScalarValue>;

impl<'a> Reader<'a> {
    pub(crate) fn latest(doc: &'a AutoCommit) -> Self {
        Self { doc, heads: None }
    }

    pub(crate) fn at(doc: &'a AutoCommit, heads: &'a [ChangeHash]) -> Self {
        Self { doc, heads: Some(heads) }
    }

    /// The value that holds at a key, and its id.
    pub(crate) fn get(self, object: &ObjId, key: &str) -> Option<(Value<'a>, ObjId)> {
        match self.heads {
            None => self.doc.get(object, key),
            Some(heads) => self.doc.get_at(object, key, heads),
        }
        .ok()
        .flatten()
    }

    /// The scalar that holds at a key.
    pub(crate) fn register(self, object: &ObjId, key: &str) -> Option<ScalarValue> {
        self.get(object, key).and_then(|(value, _)| value.into_scalar().ok())
    }

    /// The map that holds at a key.
    pub(crate) fn map(self, object: &ObjId, key: &str) -> Option<ObjId> {
        self.get(object, key)
            .filter(|(value, _)| matches!(value, Value::Object(ObjType::Map)))
            .map(|(_, id)| id)
    }

    /// Every key of a map with what holds there, in the order of the keys.
    fn entries(self, object: &ObjId) -> impl Iterator<Item = (String, Value<'static>, ObjId)> + use<'a> {
        let held = self.doc.object_type(object).is_ok_and(|kind| kind == ObjType::Map);
        let entries = held.then(|| match self.heads {
            None => self.doc.map_range(object, ..),
            Some(heads) => self.doc.map_range_at(object, .., heads),
        });
        entries.into_iter().flatten().map(|item| {
            let id = item.id();
            (item.key.into_owned(), item.value.into_value(), id)
        })
    }

    fn registers(self, object: &ObjId) -> Registers {
        let scalars = self.entries(object).map(|(key, value, _)| (key, value.into_scalar()));
        scalars.filter_map(|(key, value)| Some((key, value.ok()?))).collect()
    }
}

/// The whole score. `index` comes out holding every object that the score was read from.
pub(crate) fn read(reader: Reader<'_>, index: &mut Index) -> Score {
    let mut score = Score::default();
    for key in SESSION_KEYS {
        if let Some(field) = session_field(key, reader.register(&ObjId::Root, key).as_ref()) {
            score.apply(ScorePatch::Session(field));
        }
    }
    for root in Root::ALL {
        let Some(object) = index.object(Place::Root(root)).cloned() else { continue };
        for (key, value, _) in reader.entries(&object) {
            if let Some(patch) = entry(reader, index, root, &key, Some(&value)) {
                score.apply(patch);
            }
        }
    }
    score
}

/// What stands under a key of a root container: `None` when nothing that a score holds does.
pub(crate) fn entry(
    reader: Reader<'_>,
    index: &mut Index,
    root: Root,
    key: &str,
    value: Option<&Value<'_>>,
) -> Option<ScorePatch> {
    match root {
        Root::Master => {
            let effect = effect(key, value.and_then(scalar));
            Some(ScorePatch::Session(SessionField::MasterEffect(key.to_owned(), effect)))
        }
        Root::Slices => Some(ScorePatch::Slices(sample_hash(key)?, slices(value.and_then(scalar))?)),
        _ => {
            let place = root.entry(key)?;
            let container = index.object(Place::Root(root))?.clone();
            index.clear(place);
            let object = reader.map(&container, key)?;
            index.set(place, object);
            whole(reader, index, place)
        }
    }
}

/// Everything that the map at a place holds; `None` when there is none, or it cannot be read as what it should be.
pub(crate) fn whole(reader: Reader<'_>, index: &mut Index, place: Place) -> Option<ScorePatch> {
    let object = index.object(place)?.clone();
    if let Place::Track(id) = place {
        return Some(ScorePatch::TrackAdded(id, Box::new(track(reader, index, id, &object))));
    }
    let registers = reader.registers(&object);
    match place {
        Place::Scene(id) => Some(ScorePatch::Scene(id, scene(&registers))),
        Place::Entry(id) => Some(ScorePatch::SongEntry(id, song_entry(&registers)?)),
        Place::Sample(hash) => Some(ScorePatch::Sample(hash, sample(&registers)?)),
        Place::Version(id) => Some(ScorePatch::Version(id, version(&registers)?)),
        Place::Message(id) => Some(ScorePatch::Chat(id, message(&registers)?)),
        Place::Session | Place::Root(_) | Place::Track(_) | Place::TrackMap(..) => None,
    }
}

fn track(reader: Reader<'_>, index: &mut Index, id: TrackId, object: &ObjId) -> Track {
    let mut track = Track::default();
    for key in TRACK_KEYS {
        if let Some(field) = track_field(key, reader.register(object, key).as_ref()) {
            track.apply(field);
        }
    }
    for map in TrackMap::ALL {
        let Some(object) = reader.map(object, map.key()) else { continue };
        for (key, value, _) in reader.entries(&object) {
            set_in_track(&mut track, map, &key, scalar(&value));
        }
        index.set(Place::TrackMap(id, map), object);
    }
    track.patterns.retain(|_, pattern| !pattern.is_blank());
    track
}

/// Puts what a register of a track's map says into the track. Patterns may come out blank.
fn set_in_track(track: &mut Track, map: TrackMap, key: &str, value: Option<&ScalarValue>) {
    match map {
        TrackMap::Params => {
            if let Some(value) = parameter(key, value) {
                track.params.insert(key.to_owned(), value);
            }
        }
        TrackMap::Effects => {
            if let Some(value) = effect(key, value) {
                track.effects.insert(key.to_owned(), value);
            }
        }
        TrackMap::Length => {
            let Ok(scene) = key.parse::<SceneId>() else { return };
            track.patterns.entry(scene).or_default().length = length(value);
        }
        _ => {
            let Some((scene, step, rest)) = step_key(key) else { return };
            let pattern = track.patterns.entry(scene).or_default();
            pattern.change_step(step, |step| set_step(step, map, rest, value));
        }
    }
}

fn scene(registers: &Registers) -> Scene {
    Scene {
        name: label(registers.get("name")),
        order: order(registers.get("order")),
        deleted: flag(registers.get("deleted")).unwrap_or_default(),
    }
}

/// Most repeats of an entry of the song.
pub(crate) const MAX_REPEATS: u8 = 64;

fn song_entry(registers: &Registers) -> Option<SongEntry> {
    Some(SongEntry {
        scene: parsed(registers.get("scene"))?,
        repeats: integer_in(registers.get("repeats"), 1, MAX_REPEATS.into()).unwrap_or(1) as u8,
        order: order(registers.get("order")),
        deleted: flag(registers.get("deleted")).unwrap_or_default(),
    })
}

fn sample(registers: &Registers) -> Option<Sample> {
    Some(Sample {
        name: label(registers.get("name")),
        frames: unsigned(registers.get("frames")).unwrap_or_default(),
        channels: integer_in(registers.get("channels"), 1, 2).unwrap_or(1) as u8,
        rate: integer_in(registers.get("rate"), 1, u32::MAX.into()).unwrap_or(48_000) as u32,
        bytes: unsigned(registers.get("bytes")).unwrap_or_default(),
        by: parsed::<PlayerKey>(registers.get("by"))?,
        at: moment(registers.get("at")),
    })
}

fn version(registers: &Registers) -> Option<Version> {
    Some(Version {
        name: name(registers.get("name"), MAX_LABEL_CHARS)?,
        heads: heads(registers.get("heads")),
        by: parsed(registers.get("by"))?,
        at: moment(registers.get("at")),
    })
}

fn message(registers: &Registers) -> Option<ChatMessage> {
    Some(ChatMessage {
        by: parsed(registers.get("by"))?,
        at: moment(registers.get("at")),
        text: name(registers.get("text"), MAX_CHAT_CHARS)?,
    })
}
