//! What a player does to steps: to one, or to all that are selected, as one edit.

use leptos::prelude::*;
use score::edit::{PatternEdit, PatternRef};
use score::pattern::{MAX_STEPS, Pattern};
use score::{Edit, Step, TrackId};
use view::Gesture;

use super::App;
use super::row::show;
use crate::model::lock::Lock;
use crate::model::selection::{Cell, Field};
use crate::model::step_edits;
use crate::model::touched::Place;

impl App {
    /// The tracks in their order, each with its length.
    pub(crate) fn field(self) -> Field {
        let length = |row: &std::sync::Arc<super::Row>| (row.id, row.length.get_untracked());
        Field(self.session.rows.with_untracked(|rows| rows.iter().map(length).collect()))
    }

    /// A step as it is shown.
    pub(crate) fn step(self, (track, number): Cell) -> Step {
        self.session.row(track).map(|row| row.step(number)).unwrap_or_default()
    }

    /// Makes these steps what is given, as one edit; they are shown at once.
    pub(crate) fn put_steps(self, steps: Vec<(Cell, Step)>, hand: Option<Gesture>) {
        let mut changes: Vec<_> = steps.into_iter().map(|(cell, to)| (cell, self.step(cell), to)).collect();
        changes.retain(|(_, from, to)| from != to);
        let Some(edit) = step_edits::edit_of(self.session.scene(), &changes) else { return };
        if !self.may_edit() {
            return;
        }
        let mut places = Vec::with_capacity(changes.len());
        for ((track, number), _, to) in changes {
            if let Some(cell) = self.session.row(track).as_ref().and_then(|row| row.cell(number)) {
                show(cell, to);
            }
            places.push(Place::Cell(track, number));
        }
        self.edit(&places, hand, edit);
    }

    /// Changes a step.
    pub(crate) fn change_step(
        self,
        track: TrackId,
        number: u16,
        hand: Option<Gesture>,
        change: impl FnOnce(&mut Step),
    ) {
        let mut step = self.step((track, number));
        change(&mut step);
        self.put_steps(vec![((track, number), step)], hand);
    }

    /// What an act at a step is done to: the selection where the step belongs to it, else that step alone.
    pub(crate) fn targets(self, cell: Cell) -> Vec<Cell> {
        let field = self.field();
        let mut cells = self.ui.selection.with_untracked(|selection| selection.targets(cell));
        cells.retain(|cell| field.holds(*cell));
        cells
    }

    /// The same, without steps that are silent; all of them where none plays.
    pub(crate) fn sounding_targets(self, cell: Cell) -> Vec<Cell> {
        let cells = self.targets(cell);
        let sounding: Vec<Cell> = cells.iter().copied().filter(|cell| self.step(*cell).on).collect();
        if sounding.is_empty() { cells } else { sounding }
    }

    /// Changes a step, and with it the others that are selected and play.
    pub(crate) fn change_targets(self, cell: Cell, hand: Option<Gesture>, change: &dyn Fn(&mut Step)) {
        let changed = |cell: Cell| {
            let mut step = self.step(cell);
            change(&mut step);
            (cell, step)
        };
        self.put_steps(self.sounding_targets(cell).into_iter().map(changed).collect(), hand);
    }

    /// Sets a lock, or takes it away, of a step and of the others that are selected and play.
    pub(crate) fn set_lock(self, cell: Cell, lock: Lock, value: Option<f64>, hand: Option<Gesture>) {
        self.change_targets(cell, hand, &|step| lock.write(step, value));
    }

    /// Switches a step on or off.
    pub(crate) fn switch_step(self, track: TrackId, number: u16, on: bool, hand: Option<Gesture>) {
        self.change_step(track, number, hand, |step| step.on = on);
    }

    /// Sets how many steps a track's pattern has, 1..=128.
    pub(crate) fn set_length(self, track: TrackId, length: u16, hand: Option<Gesture>) {
        let Some(row) = self.session.row(track) else { return };
        let length = length.clamp(1, MAX_STEPS);
        if !self.may_edit() {
            return;
        }
        show(&row.length, length);
        let at = PatternRef { track, scene: self.session.scene() };
        self.edit(&[Place::Length(track)], hand, Edit::Pattern(at, PatternEdit::SetLength(length)));
    }

    /// Puts a whole pattern in the place of a track's.
    pub(crate) fn replace_pattern(self, track: TrackId, pattern: Pattern) {
        if self.may_edit() {
            let at = PatternRef { track, scene: self.session.scene() };
            self.edit(&[], None, Edit::Pattern(at, PatternEdit::Replace(pattern)));
        }
    }
}
