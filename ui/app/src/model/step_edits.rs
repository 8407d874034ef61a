//! From a step as it is to a step as it shall be: the fewest edits.

use score::edit::{PatternEdit, PatternRef};
use score::step::LockKind;
use score::{Edit, SceneId, Step};

use super::selection::Cell;

/// A step that changes: where it is, what it is, and what it shall be.
pub(crate) type StepChange = (Cell, Step, Step);

/// The one edit that makes all these changes; `None` when they change nothing.
pub(crate) fn edit_of(scene: SceneId, steps: &[StepChange]) -> Option<Edit> {
    let mut edits = Vec::new();
    for ((track, number), from, to) in steps {
        let at = PatternRef { track: *track, scene };
        edits.extend(changes(*number, from, to).into_iter().map(|edit| Edit::Pattern(at, edit)));
    }
    match edits.len() {
        0 => None,
        1 => edits.pop(),
        _ => Some(Edit::All(edits)),
    }
}

fn changes(step: u16, from: &Step, to: &Step) -> Vec<PatternEdit> {
    let mut edits = Vec::new();
    if from.on != to.on {
        edits.push(PatternEdit::SetStep { step, on: to.on });
    }
    for kind in LockKind::ALL {
        let held = |of: &Step| of.step_locks().find(|lock| lock.kind() == kind);
        match (held(from), held(to)) {
            (before, Some(lock)) if before != Some(lock) => edits.push(PatternEdit::SetLock { step, lock }),
            (Some(_), None) => edits.push(PatternEdit::ClearLock { step, kind }),
            _ => {}
        }
    }
    let pitches = from.notes.keys().chain(to.notes.keys().filter(|pitch| !from.notes.contains_key(pitch)));
    for &pitch in pitches {
        let velocity = to.notes.get(&pitch).copied();
        if from.notes.get(&pitch).copied() != velocity {
            edits.push(PatternEdit::SetNote { step, pitch, velocity });
        }
    }
    let locked = from.locks.keys().chain(to.locks.keys().filter(|id| !from.locks.contains_key(*id)));
    for parameter in locked {
        let value = to.locks.get(parameter).copied();
        if from.locks.get(parameter).copied() != value {
            edits.push(PatternEdit::SetParamLock { step, parameter: parameter.clone(), value });
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use score::step::StepLock;
    use score::{SceneId, TrackId};

    use super::*;

    fn at(track: u64) -> PatternRef {
        PatternRef { track: TrackId::from_random(track), scene: SceneId::from_random(2) }
    }

    fn change(track: u64, number: u16, from: &Step, to: &Step) -> StepChange {
        ((at(track).track, number), from.clone(), to.clone())
    }

    #[test]
    fn one_change_is_one_edit_and_none_is_none() {
        let on = Step::active();
        let edit = edit_of(at(1).scene, &[change(1, 3, &Step::default(), &on)]);
        assert_eq!(edit, Some(Edit::Pattern(at(1), PatternEdit::SetStep { step: 3, on: true })));
        assert_eq!(edit_of(at(1).scene, &[change(1, 3, &on, &on)]), None);
    }

    #[test]
    fn a_paste_sets_what_is_there_and_clears_what_is_not() {
        let from = Step { pitch: Some(2), notes: [(0, 0.5)].into(), ..Step::active() };
        let to = Step { volume: Some(0.3), locks: [("cutoff".to_owned(), 900.0)].into(), ..Step::active() };
        let Some(Edit::All(edits)) = edit_of(at(1).scene, &[change(1, 0, &from, &to)]) else {
            panic!("several edits")
        };
        let expected = [
            PatternEdit::ClearLock { step: 0, kind: LockKind::Pitch },
            PatternEdit::SetLock { step: 0, lock: StepLock::Volume(0.3) },
            PatternEdit::SetNote { step: 0, pitch: 0, velocity: None },
            PatternEdit::SetParamLock { step: 0, parameter: "cutoff".to_owned(), value: Some(900.0) },
        ];
        assert_eq!(edits, expected.map(|edit| Edit::Pattern(at(1), edit)));
    }

    #[test]
    fn steps_of_several_tracks_change_in_one_edit() {
        let (on, off) = (Step::active(), Step::default());
        let edit = edit_of(at(1).scene, &[change(1, 3, &off, &on), change(2, 5, &on, &off)]);
        let expected = [(1, 3, true), (2, 5, false)]
            .map(|(track, step, on)| Edit::Pattern(at(track), PatternEdit::SetStep { step, on }));
        assert_eq!(edit, Some(Edit::All(expected.into())));
    }
}
