//! From one whole score to another: founding, importing, restoring.

use std::collections::BTreeMap;

use score::edit::PatternRef;
use score::{Pattern, Score, Track};

use super::arrange::{make_entry, make_scene, write_entry, write_scene};
use super::pattern::write_pattern;
use super::session::{found_registers, make_sample, write_registers, write_slices};
use super::track::{make, write_settings, write_strip};
use super::{Write, Writes};
use crate::document::place::{Place, Root};

/// The registers that a session is founded with.
pub(crate) fn found(score: &Score) -> Vec<Write> {
    found_registers(score)
}

/// What brings the music of one score to that of another. What `to` does not hold is marked as removed, never deleted. What is no music
/// stays: seed, lineage, messages, versions and news of samples (those that `to` has besides are added).
pub(crate) fn bring_to(from: &Score, to: &Score) -> Vec<Write> {
    let mut writes = write_registers(from, to);
    write_settings(Place::Root(Root::Master), &from.master, &to.master, &mut writes);
    bring_scenes(from, to, &mut writes);
    bring_tracks(from, to, &mut writes);
    bring_song(from, to, &mut writes);
    for (&hash, sample) in &to.samples {
        if !from.samples.contains_key(&hash) {
            writes.append(&mut make_sample(hash, sample));
        }
    }
    let kept = from.slices.keys().filter(|hash| !to.slices.contains_key(hash));
    for &hash in to.slices.keys().chain(kept) {
        let cuts = to.slices.get(&hash).map_or(&[][..], Vec::as_slice);
        writes.append(&mut write_slices(from, hash, cuts));
    }
    writes
}

fn bring_scenes(from: &Score, to: &Score, writes: &mut Vec<Write>) {
    for (&id, scene) in &to.scenes {
        match from.scenes.get(&id) {
            Some(held) => writes.append(&mut write_scene(id, held, scene)),
            None => writes.append(&mut make_scene(id, scene)),
        }
    }
    let extra = from.scenes.iter().filter(|(id, held)| !held.deleted && !to.scenes.contains_key(id));
    extra.for_each(|(&id, _)| writes.push(removed(Place::Scene(id))));
}

fn bring_tracks(from: &Score, to: &Score, writes: &mut Vec<Write>) {
    for (&id, track) in &to.tracks {
        if let Some(held) = from.tracks.get(&id) {
            bring_track(id, held, track, writes);
        } else {
            writes.append(&mut make(id, track));
            let (params, effects, patterns) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
            bring_track(id, &Track { params, effects, patterns, ..track.clone() }, track, writes);
        }
    }
    let extra = from.tracks.iter().filter(|(id, held)| !held.deleted && !to.tracks.contains_key(id));
    extra.for_each(|(&id, _)| writes.push(removed(Place::Track(id))));
}

fn bring_track(track: score::TrackId, from: &Track, to: &Track, writes: &mut Vec<Write>) {
    write_strip(track, from, to, writes);
    let blank = Pattern::default();
    let gone = from.patterns.keys().filter(|scene| !to.patterns.contains_key(scene));
    for &scene in to.patterns.keys().chain(gone) {
        let before = from.patterns.get(&scene).unwrap_or(&blank);
        let after = to.patterns.get(&scene).unwrap_or(&blank);
        write_pattern(PatternRef { track, scene }, before, after, writes);
    }
}

fn bring_song(from: &Score, to: &Score, writes: &mut Vec<Write>) {
    for (&id, entry) in &to.song {
        match from.song.get(&id) {
            Some(held) => writes.append(&mut write_entry(id, held, entry)),
            None => writes.append(&mut make_entry(id, entry)),
        }
    }
    let extra = from.song.iter().filter(|(id, held)| !held.deleted && !to.song.contains_key(id));
    extra.for_each(|(&id, _)| writes.push(removed(Place::Entry(id))));
}

fn removed(place: Place) -> Write {
    let mut writes = Writes::at(place);
    writes.put("deleted", &true);
    writes.writes.remove(0)
}
