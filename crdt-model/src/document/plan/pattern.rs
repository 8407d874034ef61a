//! Edits of one pattern.

use std::collections::BTreeMap;
use std::fmt::Display;

use score::edit::{PatternEdit, PatternRef};
use score::pattern::MAX_STEPS;
use score::step::in_range;
use score::{Pattern, SceneId, Score, Step, TrackId};

use super::register::Register;
use super::{Write, Writes, check};
use crate::document::edit_error::EditError;
use crate::document::place::{Place, TrackMap};

pub(super) fn change(score: &Score, at: PatternRef, edit: &PatternEdit) -> Result<Vec<Write>, EditError> {
    let track = score.tracks.get(&at.track).ok_or(EditError::UnknownTrack(at.track))?;
    if !score.scenes.contains_key(&at.scene) && score.first_scene() != at.scene {
        return Err(EditError::UnknownScene(at.scene));
    }
    let before = track.pattern(at.scene);
    let mut writes = Vec::new();
    // The edits that a hand makes most look at their step alone; the others at the whole pattern.
    match edit {
        PatternEdit::Replace(after) => {
            check::pattern(after)?;
            write_pattern(at, &before, after, &mut writes);
        }
        PatternEdit::Operate(operation) => {
            check::operation(*operation, before.length)?;
            let after = score::pattern_op::apply(*operation, &before);
            write_pattern(at, &before, &after, &mut writes);
        }
        PatternEdit::SetLength(length) => {
            let length = in_range("length", *length, 1, MAX_STEPS)?;
            write_length(at, before.length, length, &mut writes);
        }
        PatternEdit::SetStep { step, .. }
        | PatternEdit::SetLock { step, .. }
        | PatternEdit::ClearLock { step, .. }
        | PatternEdit::SetNote { step, .. }
        | PatternEdit::SetParamLock { step, .. } => {
            let number = check::step_number(*step)?;
            let before = before.step(number).cloned().unwrap_or_default();
            let mut after = before.clone();
            change_step(&mut after, edit)?;
            write_step(at, number, &before, &after, &mut writes);
        }
    }
    Ok(writes)
}

fn change_step(step: &mut Step, edit: &PatternEdit) -> Result<(), EditError> {
    match edit {
        PatternEdit::SetStep { on, .. } => step.on = *on,
        PatternEdit::SetLock { lock, .. } => step.set(lock.checked()?),
        PatternEdit::ClearLock { kind, .. } => step.clear(*kind),
        PatternEdit::SetNote { pitch, velocity, .. } => {
            check::note(*pitch, velocity.unwrap_or_default())?;
            match velocity {
                Some(velocity) => _ = step.notes.insert(*pitch, *velocity),
                None => _ = step.notes.remove(pitch),
            }
        }
        PatternEdit::SetParamLock { parameter, value, .. } => match value {
            Some(value) => _ = step.locks.insert(parameter.clone(), check::lock_value(parameter, *value)?),
            None => _ = step.locks.remove(parameter),
        },
        PatternEdit::SetLength(_) | PatternEdit::Replace(_) | PatternEdit::Operate(_) => {}
    }
    Ok(())
}

/// Writes what differs between two patterns.
pub(super) fn write_pattern(at: PatternRef, before: &Pattern, after: &Pattern, writes: &mut Vec<Write>) {
    write_length(at, before.length, after.length, writes);
    let blank = Step::default();
    for number in 0..MAX_STEPS {
        let (before, after) = (before.step(number), after.step(number));
        if before.is_some() || after.is_some() {
            write_step(at, number, before.unwrap_or(&blank), after.unwrap_or(&blank), writes);
        }
    }
}

fn write_length(at: PatternRef, before: u16, after: u16, writes: &mut Vec<Write>) {
    if before != after {
        let place = Place::TrackMap(at.track, TrackMap::Length);
        writes.push(Write::Put(place, at.scene.to_string(), after.scalar()));
    }
}

/// Writes what differs between two states of a step, register by register.
fn write_step(at: PatternRef, number: u16, before: &Step, after: &Step, writes: &mut Vec<Write>) {
    let mut step = StepWrites { track: at.track, scene: at.scene, number, writes };
    let on = |on: bool| on.then_some(true);
    step.set(TrackMap::On, on(before.on).as_ref(), on(after.on).as_ref());
    step.set(TrackMap::Pitch, before.pitch.as_ref(), after.pitch.as_ref());
    step.set(TrackMap::VolumeLock, before.volume.as_ref(), after.volume.as_ref());
    step.set(TrackMap::Tie, on(before.tie).as_ref(), on(after.tie).as_ref());
    step.set(TrackMap::GateLength, before.gate_length.as_ref(), after.gate_length.as_ref());
    step.set(TrackMap::Chance, before.chance.as_ref(), after.chance.as_ref());
    step.set(TrackMap::Ratchet, before.ratchet.as_ref(), after.ratchet.as_ref());
    step.set(TrackMap::Nudge, before.nudge.as_ref(), after.nudge.as_ref());
    step.set(TrackMap::Condition, before.condition.as_ref(), after.condition.as_ref());
    step.set_all(TrackMap::Notes, &before.notes, &after.notes);
    step.set_all(TrackMap::Locks, &before.locks, &after.locks);
}

/// The writes to one step's registers, which lie in as many maps.
struct StepWrites<'a> {
    track: TrackId,
    scene: SceneId,
    number: u16,
    writes: &'a mut Vec<Write>,
}

impl StepWrites<'_> {
    fn set<T: Register>(&mut self, map: TrackMap, before: Option<&T>, after: Option<&T>) {
        if before != after {
            self.write(map, format!("{}/{}", self.scene, self.number), before, after);
        }
    }

    fn set_all<K: Ord + Display, V: Register>(
        &mut self,
        map: TrackMap,
        before: &BTreeMap<K, V>,
        after: &BTreeMap<K, V>,
    ) {
        let gone = before.keys().filter(|key| !after.contains_key(*key));
        for name in after.keys().chain(gone) {
            let key = format!("{}/{}/{name}", self.scene, self.number);
            self.write(map, key, before.get(name), after.get(name));
        }
    }

    fn write<T: Register>(&mut self, map: TrackMap, key: String, before: Option<&T>, after: Option<&T>) {
        let mut writes = Writes::at(Place::TrackMap(self.track, map));
        writes.set_optional(key, before, after);
        self.writes.append(&mut writes.writes);
    }
}
