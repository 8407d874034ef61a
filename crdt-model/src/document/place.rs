//! Where things stand in a document: its maps by what they hold, and the ids by which Automerge knows them.

use std::collections::BTreeMap;

use automerge::ObjId;
use score::{EntryId, MessageId, SampleHash, SceneId, TrackId, VersionId};

use crate::trust::ActorId;

/// The maps that the founder's first change makes, in the order in which it makes them: the n-th is made by its n-th operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Root {
    Tracks,
    Master,
    Scenes,
    Song,
    Samples,
    Slices,
    Versions,
    Chat,
}

impl Root {
    pub(crate) const ALL: [Self; 8] = [
        Self::Tracks,
        Self::Master,
        Self::Scenes,
        Self::Song,
        Self::Samples,
        Self::Slices,
        Self::Versions,
        Self::Chat,
    ];

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Tracks => "tracks",
            Self::Master => "master",
            Self::Scenes => "scenes",
            Self::Song => "song",
            Self::Samples => "samples",
            Self::Slices => "slices",
            Self::Versions => "versions",
            Self::Chat => "chat",
        }
    }

    /// The id of this map in the session whose founder's first actor is `founder`. Knowing it from the start, nobody can
    /// put another map in its place.
    pub(crate) fn object(self, founder: ActorId) -> ObjId {
        ObjId::Id(self as u64 + 1, founder.into(), 0)
    }

    /// The map that an entry with this key of this map is, if its entries are maps and the key is one of theirs.
    pub(crate) fn entry(self, key: &str) -> Option<Place> {
        match self {
            Self::Tracks => key.parse().ok().map(Place::Track),
            Self::Scenes => key.parse().ok().map(Place::Scene),
            Self::Song => key.parse().ok().map(Place::Entry),
            Self::Samples => sample_hash(key).map(Place::Sample),
            Self::Versions => key.parse().ok().map(Place::Version),
            Self::Chat => key.parse().ok().map(Place::Message),
            Self::Master | Self::Slices => None,
        }
    }
}

/// A sample's hash in its one spelling: with two, two keys would speak of one sample.
pub(crate) fn sample_hash(key: &str) -> Option<SampleHash> {
    key.parse().ok().filter(|hash: &SampleHash| hash.to_string() == key)
}

/// The maps inside a track. They are made together with it, so no two players ever make one of them twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TrackMap {
    Params,
    Effects,
    Length,
    On,
    Pitch,
    VolumeLock,
    Tie,
    GateLength,
    Chance,
    Ratchet,
    Nudge,
    Condition,
    Notes,
    Locks,
}

impl TrackMap {
    pub(crate) const ALL: [Self; 14] = [
        Self::Params,
        Self::Effects,
        Self::Length,
        Self::On,
        Self::Pitch,
        Self::VolumeLock,
        Self::Tie,
        Self::GateLength,
        Self::Chance,
        Self::Ratchet,
        Self::Nudge,
        Self::Condition,
        Self::Notes,
        Self::Locks,
    ];

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Params => "params",
            Self::Effects => "effects",
            Self::Length => "length",
            Self::On => "on",
            Self::Pitch => "pitch",
            Self::VolumeLock => "volume_lock",
            Self::Tie => "tie",
            Self::GateLength => "gate_length",
            Self::Chance => "chance",
            Self::Ratchet => "ratchet",
            Self::Nudge => "nudge",
            Self::Condition => "condition",
            Self::Notes => "notes",
            Self::Locks => "locks",
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|map| map.key() == key)
    }
}

/// A map of the document, by what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// The document itself: the session's own registers.
    Session,
    Root(Root),
    Track(TrackId),
    TrackMap(TrackId, TrackMap),
    Scene(SceneId),
    Entry(EntryId),
    Sample(SampleHash),
    Version(VersionId),
    Message(MessageId),
}

impl Place {
    /// The map that holds this one, and the key under which it does. The document itself and the maps in it have none
    /// that an edit could make.
    pub(crate) fn parent(self) -> Option<(Root, String)> {
        match self {
            Self::Session | Self::Root(_) | Self::TrackMap(..) => None,
            Self::Track(id) => Some((Root::Tracks, id.to_string())),
            Self::Scene(id) => Some((Root::Scenes, id.to_string())),
            Self::Entry(id) => Some((Root::Song, id.to_string())),
            Self::Sample(hash) => Some((Root::Samples, hash.to_string())),
            Self::Version(id) => Some((Root::Versions, id.to_string())),
            Self::Message(id) => Some((Root::Chat, id.to_string())),
        }
    }

    /// The track, scene or entry that this map is or is a part of; itself for all others.
    pub(crate) fn whole(self) -> Self {
        if let Self::TrackMap(id, _) = self { Self::Track(id) } else { self }
    }
}

/// Which object stands at which place. Objects that lost their place (another was put there) are at none.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    by_place: BTreeMap<Place, ObjId>,
    by_object: BTreeMap<ObjId, Place>,
}

impl Index {
    /// The index of a session that holds nothing but its containers.
    pub(crate) fn new(founder: ActorId) -> Self {
        let mut index = Self { by_place: BTreeMap::new(), by_object: BTreeMap::new() };
        index.set(Place::Session, ObjId::Root);
        for root in Root::ALL {
            index.set(Place::Root(root), root.object(founder));
        }
        index
    }

    pub(crate) fn object(&self, place: Place) -> Option<&ObjId> {
        self.by_place.get(&place)
    }

    pub(crate) fn place(&self, object: &ObjId) -> Option<Place> {
        self.by_object.get(object).copied()
    }

    pub(crate) fn set(&mut self, place: Place, object: ObjId) {
        self.clear(place);
        self.by_place.insert(place, object.clone());
        self.by_object.insert(object, place);
    }

    /// Forgets what stands at a place, and in the maps of it when it is a track.
    pub(crate) fn clear(&mut self, place: Place) {
        if let Some(object) = self.by_place.remove(&place) {
            self.by_object.remove(&object);
        }
        if let Place::Track(id) = place {
            for map in TrackMap::ALL {
                self.clear(Place::TrackMap(id, map));
            }
        }
    }
}
