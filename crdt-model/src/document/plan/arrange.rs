//! Edits of scenes and of the song, and the order of things.

use std::collections::BTreeMap;

use score::edit::{PatternRef, SceneEdit, SongEntryEdit};
use score::id::EntryId;
use score::score::{Scene, SongEntry};
use score::step::in_range;
use score::text::MAX_LABEL_CHARS;
use score::{Pattern, SceneId, Score};

use super::pattern::write_pattern;
use super::{Write, Writes, check};
use crate::document::edit_error::EditError;
use crate::document::order::{between, spread};
use crate::document::place::Place;
use crate::document::read::MAX_REPEATS;

/// What stands in an order that players choose.
pub(super) trait Ordered {
    type Id: Copy + Ord;
    fn place(id: Self::Id) -> Place;
    fn order(&self) -> &str;
    fn is_deleted(&self) -> bool;
}

/// Everything that is not removed, in order.
fn in_order<T: Ordered>(all: &BTreeMap<T::Id, T>) -> Vec<(T::Id, &str)> {
    let mut list: Vec<_> =
        all.iter().filter(|(_, held)| !held.is_deleted()).map(|(&id, held)| (id, held.order())).collect();
    list.sort_by(|a, b| a.1.cmp(b.1).then(a.0.cmp(&b.0)));
    list
}

/// The index of something to stand after all others, removed ones too, so that these come back where they were.
pub(super) fn last_order<T: Ordered>(all: &BTreeMap<T::Id, T>) -> String {
    let last = all.values().map(Ordered::order).max();
    // After a text that is no index, any will do: moving the thing spreads all of them out again.
    between(last, None).unwrap_or_else(|| "z".to_owned())
}

/// Moves a thing to a place among those that are not removed, from 0; past the end is the end. Where its neighbours leave no
/// room between them, all get indices anew.
pub(super) fn move_to<T: Ordered>(all: &BTreeMap<T::Id, T>, id: T::Id, place: usize) -> Vec<Write> {
    let mut list = in_order(all);
    let from = list.iter().position(|(held, _)| *held == id);
    list.retain(|(held, _)| *held != id);
    let place = place.min(list.len());
    if from == Some(place) {
        return Vec::new();
    }
    let after = place.checked_sub(1).map(|at| list[at].1);
    let write = |id, order: String| Write::Put(T::place(id), "order".to_owned(), order.into());
    if let Some(order) = between(after, list.get(place).map(|next| next.1)) {
        return vec![write(id, order)];
    }
    list.insert(place, (id, ""));
    let orders = spread(list.len());
    list.into_iter()
        .zip(orders)
        .filter(|((_, held), order)| held != order)
        .map(|((id, _), order)| write(id, order))
        .collect()
}

impl Ordered for Scene {
    type Id = SceneId;

    fn place(id: SceneId) -> Place {
        Place::Scene(id)
    }

    fn order(&self) -> &str {
        &self.order
    }

    fn is_deleted(&self) -> bool {
        self.deleted
    }
}

impl Ordered for SongEntry {
    type Id = EntryId;

    fn place(id: EntryId) -> Place {
        Place::Entry(id)
    }

    fn order(&self) -> &str {
        &self.order
    }

    fn is_deleted(&self) -> bool {
        self.deleted
    }
}

pub(super) fn add_scene(
    score: &Score,
    id: SceneId,
    name: &str,
    copy_of: Option<SceneId>,
) -> Result<Vec<Write>, EditError> {
    if score.scenes.contains_key(&id) {
        return Err(EditError::Exists { what: "scene", id: id.to_string() });
    }
    let name = check::name("a scene's name", name, 0, MAX_LABEL_CHARS)?;
    let mut writes = make_scene(id, &Scene { name, order: last_order(&score.scenes), deleted: false });
    let Some(source) = copy_of else { return Ok(writes) };
    if !score.scenes.contains_key(&source) && score.first_scene() != source {
        return Err(EditError::UnknownScene(source));
    }
    let blank = Pattern::default();
    for (&track, held) in &score.tracks {
        let before = held.patterns.get(&id).unwrap_or(&blank);
        let copied = held.patterns.get(&source).unwrap_or(&blank);
        write_pattern(PatternRef { track, scene: id }, before, copied, &mut writes);
    }
    Ok(writes)
}

pub(super) fn make_scene(id: SceneId, scene: &Scene) -> Vec<Write> {
    let mut writes = Writes::made(Place::Scene(id));
    writes.put("name", &scene.name);
    writes.put("order", &scene.order);
    writes.put("deleted", &scene.deleted);
    writes.writes
}

pub(super) fn change_scene(score: &Score, id: SceneId, edit: &SceneEdit) -> Result<Vec<Write>, EditError> {
    let before = score.scenes.get(&id).ok_or(EditError::UnknownScene(id))?;
    let mut after = before.clone();
    match edit {
        SceneEdit::MoveTo(place) => return Ok(move_to(&score.scenes, id, *place)),
        SceneEdit::SetName(name) => after.name = check::name("a scene's name", name, 0, MAX_LABEL_CHARS)?,
        SceneEdit::SetDeleted(deleted) => after.deleted = *deleted,
    }
    Ok(write_scene(id, before, &after))
}

pub(super) fn write_scene(id: SceneId, before: &Scene, after: &Scene) -> Vec<Write> {
    let mut writes = Writes::at(Place::Scene(id));
    writes.set("name", &before.name, &after.name);
    writes.set("order", &before.order, &after.order);
    writes.set("deleted", &before.deleted, &after.deleted);
    writes.writes
}

pub(super) fn add_entry(
    score: &Score,
    id: EntryId,
    scene: SceneId,
    repeats: u8,
) -> Result<Vec<Write>, EditError> {
    if score.song.contains_key(&id) {
        return Err(EditError::Exists { what: "song entry", id: id.to_string() });
    }
    let entry = SongEntry {
        scene: known_scene(score, scene)?,
        repeats: in_range("repeats", repeats, 1, MAX_REPEATS)?,
        order: last_order(&score.song),
        deleted: false,
    };
    Ok(make_entry(id, &entry))
}

fn known_scene(score: &Score, id: SceneId) -> Result<SceneId, EditError> {
    if score.scenes.contains_key(&id) { Ok(id) } else { Err(EditError::UnknownScene(id)) }
}

pub(super) fn make_entry(id: EntryId, entry: &SongEntry) -> Vec<Write> {
    let mut writes = Writes::made(Place::Entry(id));
    writes.put("scene", &entry.scene);
    writes.put("repeats", &entry.repeats);
    writes.put("order", &entry.order);
    writes.put("deleted", &entry.deleted);
    writes.writes
}

pub(super) fn change_entry(
    score: &Score,
    id: EntryId,
    edit: &SongEntryEdit,
) -> Result<Vec<Write>, EditError> {
    let before = score.song.get(&id).ok_or(EditError::UnknownEntry(id))?;
    let mut after = before.clone();
    match edit {
        SongEntryEdit::MoveTo(place) => return Ok(move_to(&score.song, id, *place)),
        SongEntryEdit::SetScene(scene) => after.scene = known_scene(score, *scene)?,
        SongEntryEdit::SetRepeats(repeats) => after.repeats = in_range("repeats", *repeats, 1, MAX_REPEATS)?,
        SongEntryEdit::SetDeleted(deleted) => after.deleted = *deleted,
    }
    Ok(write_entry(id, before, &after))
}

pub(super) fn write_entry(id: EntryId, before: &SongEntry, after: &SongEntry) -> Vec<Write> {
    let mut writes = Writes::at(Place::Entry(id));
    writes.set("scene", &before.scene, &after.scene);
    writes.set("repeats", &before.repeats, &after.repeats);
    writes.set("order", &before.order, &after.order);
    writes.set("deleted", &before.deleted, &after.deleted);
    writes.writes
}
