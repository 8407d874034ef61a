//! From a step as it is to a step as it shall be: the fewest edits.

use score::edit::{PatternEdit, PatternRef};
use score::step::LockKind;
use score::{Edit, Step};

/// The edit that makes `from` into `to`; `None` when they are the same.
pub(crate) fn between(at: PatternRef, number: u16, from: &Step, to: &Step) -> Option<Edit> {
    let mut edits: Vec<Edit> =
        changes(number, from, to).into_iter().map(|edit| Edit::Pattern(at, edit)).collect();
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

    const AT: fn() -> PatternRef =
        || PatternRef { track: TrackId::from_random(1), scene: SceneId::from_random(2) };

    #[test]
    fn one_change_is_one_edit_and_none_is_none() {
        let on = Step::active();
        let edit = between(AT(), 3, &Step::default(), &on);
        assert_eq!(edit, Some(Edit::Pattern(AT(), PatternEdit::SetStep { step: 3, on: true })));
        assert_eq!(between(AT(), 3, &on, &on), None);
    }

    #[test]
    fn a_paste_sets_what_is_there_and_clears_what_is_not() {
        let from = Step { pitch: Some(2), notes: [(0, 0.5)].into(), ..Step::active() };
        let to = Step { volume: Some(0.3), locks: [("cutoff".to_owned(), 900.0)].into(), ..Step::active() };
        let Some(Edit::All(edits)) = between(AT(), 0, &from, &to) else { panic!("several edits") };
        let expected = [
            PatternEdit::ClearLock { step: 0, kind: LockKind::Pitch },
            PatternEdit::SetLock { step: 0, lock: StepLock::Volume(0.3) },
            PatternEdit::SetNote { step: 0, pitch: 0, velocity: None },
            PatternEdit::SetParamLock { step: 0, parameter: "cutoff".to_owned(), value: Some(900.0) },
        ];
        assert_eq!(edits, expected.map(|edit| Edit::Pattern(AT(), edit)));
    }
}
