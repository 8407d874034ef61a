//! What a pointer means that is pressed on a cell, moved and released.
//!
//! A press on a silent cell paints at once, so that it sounds with the finger's touch. On an active cell nothing is known yet:
//! a release there silences it, a move along the row paints silence, and a vertical move sets velocity or pitch.

/// A vertical move this far is a drag; below it is a hand's tremble.
const DRAG_PIXELS: f64 = 5.0;
/// A whole range of velocity in a vertical move.
const PIXELS_PER_VELOCITY_RANGE: f64 = 120.0;
/// One semitone in a vertical move.
const PIXELS_PER_SEMITONE: f64 = 8.0;

/// Whether the pointer is a finger, which also scrolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pointer {
    /// A mouse or a pen.
    Fine,
    /// A finger: what it means is known when it leaves or moves along the row.
    Finger,
}

/// What a stroke does to cells, `C` being how cells are named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Act<C> {
    /// Switches a cell on or off.
    Paint(C, bool),
    /// Moves a cell's velocity to this much (may lie outside 0..=1) from where it was when the stroke began.
    Velocity(C, f32),
    /// Moves a cell's pitch by this many semitones from where it was when the stroke began.
    Pitch(C, i8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Not known yet; whether the first cell was painted by the press already.
    Open {
        painted: bool,
    },
    Paint(bool),
    Velocity,
    Pitch,
}

/// A pointer that is down.
#[derive(Clone, Debug)]
pub(crate) struct Stroke<C> {
    first: C,
    was_on: bool,
    last: C,
    meaning: Meaning,
}

impl<C: Copy + PartialEq> Stroke<C> {
    /// The pointer is pressed on a cell that is on or not.
    pub(crate) fn press(cell: C, is_on: bool, pointer: Pointer) -> (Self, Option<Act<C>>) {
        let paints = !is_on && pointer == Pointer::Fine;
        let stroke =
            Self { first: cell, was_on: is_on, last: cell, meaning: Meaning::Open { painted: paints } };
        (stroke, paints.then_some(Act::Paint(cell, true)))
    }

    /// The cell where the stroke began.
    pub(crate) fn first(&self) -> C {
        self.first
    }

    /// Whether the stroke's meaning is open: it may still become a long press.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.meaning, Meaning::Open { .. })
    }

    /// The pointer moved: what is under it, how far it rose since the press in pixels, whether Alt is held.
    pub(crate) fn moves(&mut self, over: Option<C>, rise: f64, alt: bool) -> Vec<Act<C>> {
        let mut acts = Vec::new();
        if let Meaning::Open { painted } = self.meaning {
            let sounds = painted || self.was_on;
            if over.is_some_and(|cell| cell != self.first) && rise.abs() < 4.0 * DRAG_PIXELS {
                self.meaning = Meaning::Paint(!self.was_on);
                if !painted {
                    acts.push(Act::Paint(self.first, !self.was_on));
                }
            } else if sounds && rise.abs() >= DRAG_PIXELS {
                self.meaning = if alt { Meaning::Pitch } else { Meaning::Velocity };
            }
        }
        match self.meaning {
            Meaning::Paint(on) => {
                if let Some(cell) = over.filter(|cell| *cell != self.last) {
                    self.last = cell;
                    acts.push(Act::Paint(cell, on));
                }
            }
            Meaning::Velocity => {
                acts.push(Act::Velocity(self.first, (rise / PIXELS_PER_VELOCITY_RANGE) as f32));
            }
            Meaning::Pitch => {
                let semitones = (rise / PIXELS_PER_SEMITONE).round().clamp(-48.0, 48.0);
                acts.push(Act::Pitch(self.first, semitones as i8));
            }
            Meaning::Open { .. } => {}
        }
        acts
    }

    /// The pointer is released.
    pub(crate) fn release(self) -> Option<Act<C>> {
        match self.meaning {
            Meaning::Open { painted: false } => Some(Act::Paint(self.first, !self.was_on)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_switches_a_silent_cell_on_with_the_press() {
        let (stroke, act) = Stroke::press(3, false, Pointer::Fine);
        assert_eq!(act, Some(Act::Paint(3, true)));
        assert_eq!(stroke.release(), None);
    }

    #[test]
    fn a_click_switches_an_active_cell_off_with_the_release() {
        let (stroke, act) = Stroke::press(3, true, Pointer::Fine);
        assert_eq!(act, None);
        assert_eq!(stroke.release(), Some(Act::Paint(3, false)));
    }

    #[test]
    fn a_drag_along_the_row_paints_what_the_first_cell_became() {
        let (mut stroke, _) = Stroke::press(3, true, Pointer::Fine);
        assert_eq!(stroke.moves(Some(4), 0.0, false), [Act::Paint(3, false), Act::Paint(4, false)]);
        assert_eq!(stroke.moves(Some(4), 1.0, false), []);
        assert_eq!(stroke.moves(Some(5), 40.0, false), [Act::Paint(5, false)]);
        assert_eq!(stroke.release(), None);
    }

    #[test]
    fn a_vertical_drag_sets_velocity_or_pitch_and_switches_nothing() {
        let (mut stroke, _) = Stroke::press(3, true, Pointer::Fine);
        assert_eq!(stroke.moves(Some(3), 2.0, false), []);
        assert_eq!(stroke.moves(Some(3), 60.0, false), [Act::Velocity(3, 0.5)]);
        assert_eq!(stroke.moves(None, -30.0, false), [Act::Velocity(3, -0.25)]);
        assert_eq!(stroke.release(), None);
        let (mut stroke, _) = Stroke::press(3, true, Pointer::Fine);
        assert_eq!(stroke.moves(Some(3), -16.0, true), [Act::Pitch(3, -2)]);
    }

    #[test]
    fn a_finger_that_scrolls_away_has_painted_nothing() {
        let (mut stroke, act) = Stroke::press(3, false, Pointer::Finger);
        assert_eq!(act, None);
        assert_eq!(stroke.moves(Some(3), 30.0, false), []);
        assert_eq!(stroke.release(), Some(Act::Paint(3, true)), "unless the browser takes the pointer away");
    }
}
