//! What a pointer means that is pressed on a cell, moved and released.
//!
//! A press on a silent cell paints at once, so that it sounds with the finger's touch. On an active cell nothing is known yet:
//! a release there silences it, a move along the row paints silence, and a vertical move sets velocity or pitch. With Alt a
//! stroke selects what it spans; on an active cell a vertical one still moves the pitch.

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
    /// Selects from a cell to another.
    Span(C, C),
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
    Span,
}

/// A pointer that is down.
#[derive(Clone, Debug)]
pub(crate) struct Stroke<C> {
    first: C,
    was_on: bool,
    last: C,
    selects: bool,
    meaning: Meaning,
}

impl<C: Copy + PartialEq> Stroke<C> {
    /// The pointer is pressed on a cell that is on or not, with Alt or without.
    pub(crate) fn press(cell: C, is_on: bool, pointer: Pointer, alt: bool) -> (Self, Option<Act<C>>) {
        let paints = !is_on && !alt && pointer == Pointer::Fine;
        let selects_at_once = alt && !is_on;
        let meaning = if selects_at_once { Meaning::Span } else { Meaning::Open { painted: paints } };
        let stroke = Self { first: cell, was_on: is_on, last: cell, selects: alt, meaning };
        let act = paints.then_some(Act::Paint(cell, true));
        (stroke, act.or(selects_at_once.then_some(Act::Span(cell, cell))))
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
            let leaves = over.is_some_and(|cell| cell != self.first) && rise.abs() < 4.0 * DRAG_PIXELS;
            if leaves && self.selects {
                self.meaning = Meaning::Span;
            } else if leaves {
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
            Meaning::Span => {
                if let Some(cell) = over.filter(|cell| *cell != self.last) {
                    self.last = cell;
                    acts.push(Act::Span(self.first, cell));
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
        let (stroke, act) = Stroke::press(3, false, Pointer::Fine, false);
        assert_eq!(act, Some(Act::Paint(3, true)));
        assert_eq!(stroke.release(), None);
    }

    #[test]
    fn a_click_switches_an_active_cell_off_with_the_release() {
        let (stroke, act) = Stroke::press(3, true, Pointer::Fine, false);
        assert_eq!(act, None);
        assert_eq!(stroke.release(), Some(Act::Paint(3, false)));
    }

    #[test]
    fn a_drag_along_the_row_paints_what_the_first_cell_became() {
        let (mut stroke, _) = Stroke::press(3, true, Pointer::Fine, false);
        assert_eq!(stroke.moves(Some(4), 0.0, false), [Act::Paint(3, false), Act::Paint(4, false)]);
        assert_eq!(stroke.moves(Some(4), 1.0, false), []);
        assert_eq!(stroke.moves(Some(5), 40.0, false), [Act::Paint(5, false)]);
        assert_eq!(stroke.release(), None);
    }

    #[test]
    fn a_vertical_drag_sets_velocity_or_pitch_and_switches_nothing() {
        let (mut stroke, _) = Stroke::press(3, true, Pointer::Fine, false);
        assert_eq!(stroke.moves(Some(3), 2.0, false), []);
        assert_eq!(stroke.moves(Some(3), 60.0, false), [Act::Velocity(3, 0.5)]);
        assert_eq!(stroke.moves(None, -30.0, false), [Act::Velocity(3, -0.25)]);
        assert_eq!(stroke.release(), None);
        let (mut stroke, _) = Stroke::press(3, true, Pointer::Fine, true);
        assert_eq!(stroke.moves(Some(3), -16.0, true), [Act::Pitch(3, -2)]);
    }

    #[test]
    fn with_alt_a_drag_selects_and_paints_nothing() {
        let (mut stroke, act) = Stroke::press(3, false, Pointer::Fine, true);
        assert_eq!(act, Some(Act::Span(3, 3)));
        assert_eq!(stroke.moves(Some(5), 40.0, true), [Act::Span(3, 5)]);
        assert_eq!(stroke.release(), None);
        let (mut stroke, act) = Stroke::press(3, true, Pointer::Fine, true);
        assert_eq!(act, None);
        assert_eq!(stroke.moves(Some(2), 1.0, true), [Act::Span(3, 2)]);
        assert_eq!(stroke.release(), None);
    }

    #[test]
    fn a_finger_that_scrolls_away_has_painted_nothing() {
        let (mut stroke, act) = Stroke::press(3, false, Pointer::Finger, false);
        assert_eq!(act, None);
        assert_eq!(stroke.moves(Some(3), 30.0, false), []);
        assert_eq!(stroke.release(), Some(Act::Paint(3, true)), "unless the browser takes the pointer away");
    }
}
