//! Edits of tracks.

use std::collections::BTreeMap;

use score::edit::TrackEdit;
use score::id::SampleHash;
use score::step::{MAX_PITCH_SEMITONES, in_range};
use score::text::MAX_SHORT_NAME_CHARS;
use score::track::{MAX_CHOKE_GROUP, MAX_TRACKS};
use score::{Score, Track, TrackId};

use super::arrange::{Ordered, last_order, move_to};
use super::register::Register;
use super::{Write, Writes, check};
use crate::document::edit_error::EditError;
use crate::document::place::{Place, TrackMap};
use crate::document::schema::MAX_INSTRUMENT_CHARS;

pub(super) fn add(score: &Score, id: TrackId, instrument: &str, name: &str) -> Result<Vec<Write>, EditError> {
    if score.tracks.contains_key(&id) {
        return Err(EditError::Exists { what: "track", id: id.to_string() });
    }
    if !has_room(score) {
        return Err(EditError::TooManyTracks);
    }
    let track = Track {
        name: check::name("a track's name", name, 1, MAX_SHORT_NAME_CHARS)?,
        instrument: self::instrument(instrument)?,
        order: last_order(&score.tracks),
        ..Track::default()
    };
    Ok(make(id, &track))
}

/// Whether this player may add a track. A merge may bring more than fit; those are parked.
fn has_room(score: &Score) -> bool {
    score.tracks.values().filter(|track| !track.deleted).count() < MAX_TRACKS
}

/// An instrument's id. One that the catalogue does not hold is kept, and played by its nearest neighbour.
fn instrument(id: &str) -> Result<String, EditError> {
    let id = check::name("an instrument's id", id, 1, MAX_INSTRUMENT_CHARS)?;
    Ok(match id.strip_prefix("sample:").and_then(|hash| hash.parse::<SampleHash>().ok()) {
        Some(hash) => format!("sample:{hash}"),
        None => id,
    })
}

/// Makes a track with everything but its patterns and settings.
pub(super) fn make(id: TrackId, track: &Track) -> Vec<Write> {
    let mut writes = Writes::made(Place::Track(id));
    writes.put("name", &track.name);
    writes.put("instrument", &track.instrument);
    writes.put("order", &track.order);
    writes.put("deleted", &track.deleted);
    writes.put("volume", &track.volume);
    writes.put("pan", &track.pan);
    writes.put("mute", &track.mute);
    writes.put("transpose", &track.transpose);
    writes.put("swing", &track.swing);
    writes.put("gate", &track.gate);
    writes.put("choke", &track.choke);
    writes.set("colour", &None, &track.colour);
    writes.writes
}

pub(super) fn change(score: &Score, id: TrackId, edit: &TrackEdit) -> Result<Vec<Write>, EditError> {
    let before = score.tracks.get(&id).ok_or(EditError::UnknownTrack(id))?;
    let mut after = strip(before);
    match edit {
        TrackEdit::MoveTo(place) => return Ok(move_to(&score.tracks, id, *place)),
        TrackEdit::SetName(name) => {
            after.name = check::name("a track's name", name, 1, MAX_SHORT_NAME_CHARS)?;
        }
        TrackEdit::SetInstrument(id) => after.instrument = instrument(id)?,
        TrackEdit::SetDeleted(deleted) => {
            if before.deleted && !deleted && !has_room(score) {
                return Err(EditError::TooManyTracks);
            }
            after.deleted = *deleted;
        }
        TrackEdit::SetVolume(volume) => after.volume = in_range("volume", *volume, 0.0, 1.0)?,
        TrackEdit::SetPan(pan) => after.pan = in_range("pan", *pan, -1.0, 1.0)?,
        TrackEdit::SetMute(mute) => after.mute = *mute,
        TrackEdit::SetTranspose(semitones) => {
            let max = MAX_PITCH_SEMITONES;
            after.transpose = in_range("transpose", *semitones, -max, max)?;
        }
        TrackEdit::SetSwing(swing) => after.swing = in_range("swing", *swing, 0.0, 100.0)?,
        TrackEdit::SetGate(gate) => after.gate = *gate,
        TrackEdit::SetChoke(group) => after.choke = in_range("choke", *group, 0, MAX_CHOKE_GROUP)?,
        TrackEdit::SetColour(colour) => after.colour = *colour,
        TrackEdit::SetParam(key, value) => {
            let value = value.map(|value| check::instrument_value(key, value)).transpose()?;
            set_in(&mut after.params, key, value);
        }
        TrackEdit::SetEffect(key, value) => {
            value.iter().try_for_each(|value| check::effect_value(key, value))?;
            set_in(&mut after.effects, key, value.clone());
        }
    }
    let mut writes = Vec::new();
    write_strip(id, before, &after, &mut writes);
    Ok(writes)
}

/// A track without its patterns.
fn strip(track: &Track) -> Track {
    Track {
        name: track.name.clone(),
        instrument: track.instrument.clone(),
        order: track.order.clone(),
        deleted: track.deleted,
        volume: track.volume,
        pan: track.pan,
        mute: track.mute,
        transpose: track.transpose,
        swing: track.swing,
        gate: track.gate,
        choke: track.choke,
        colour: track.colour,
        params: track.params.clone(),
        effects: track.effects.clone(),
        patterns: BTreeMap::new(),
    }
}

fn set_in<V>(map: &mut BTreeMap<String, V>, key: &str, value: Option<V>) {
    match value {
        Some(value) => _ = map.insert(key.to_owned(), value),
        None => _ = map.remove(key),
    }
}

/// Writes what differs between two states of a track, but for its patterns.
pub(super) fn write_strip(id: TrackId, before: &Track, after: &Track, out: &mut Vec<Write>) {
    let mut writes = Writes::at(Place::Track(id));
    writes.set("name", &before.name, &after.name);
    writes.set("instrument", &before.instrument, &after.instrument);
    writes.set("order", &before.order, &after.order);
    writes.set("deleted", &before.deleted, &after.deleted);
    writes.set("volume", &before.volume, &after.volume);
    writes.set("pan", &before.pan, &after.pan);
    writes.set("mute", &before.mute, &after.mute);
    writes.set("transpose", &before.transpose, &after.transpose);
    writes.set("swing", &before.swing, &after.swing);
    writes.set("gate", &before.gate, &after.gate);
    writes.set("choke", &before.choke, &after.choke);
    writes.set("colour", &before.colour, &after.colour);
    out.append(&mut writes.writes);
    write_settings(Place::TrackMap(id, TrackMap::Params), &before.params, &after.params, out);
    write_settings(Place::TrackMap(id, TrackMap::Effects), &before.effects, &after.effects, out);
}

/// Writes what differs between two maps of settings.
pub(super) fn write_settings<V: Register>(
    place: Place,
    before: &BTreeMap<String, V>,
    after: &BTreeMap<String, V>,
    out: &mut Vec<Write>,
) {
    let mut writes = Writes::at(place);
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    for key in after.keys().chain(gone) {
        writes.set_optional(key, before.get(key), after.get(key));
    }
    out.append(&mut writes.writes);
}

impl Ordered for Track {
    type Id = TrackId;

    fn place(id: TrackId) -> Place {
        Place::Track(id)
    }

    fn order(&self) -> &str {
        &self.order
    }

    fn is_deleted(&self) -> bool {
        self.deleted
    }
}
