//! What a player does with steps that are selected: copy, cut, paste, move, clear.

use std::collections::BTreeSet;

use leptos::prelude::*;
use score::{Step, TrackId};

use super::{App, clipboard};
use crate::model::clip::{Clip, moved};
use crate::model::selection::{Cell, Selection};

impl App {
    /// Selects the rectangle up to a step.
    pub(crate) fn extend_selection(self, to: Cell) {
        let (field, cursor) = (self.field(), self.ui.cursor.get_untracked().unwrap_or(to));
        self.ui.selection.update(|selection| selection.extend(&field, cursor, to));
        self.say_selected();
    }

    /// Adds a step to the selection, or takes it out.
    pub(crate) fn toggle_selected(self, cell: Cell) {
        self.ui.selection.update(|selection| selection.toggle(cell));
        self.say_selected();
    }

    /// Selects these steps.
    pub(crate) fn select(self, cells: BTreeSet<Cell>, anchor: Option<Cell>) {
        let selection = Selection::of(cells, anchor);
        if self.ui.selection.with_untracked(|held| *held != selection) {
            self.ui.selection.set(selection);
        }
    }

    /// Selects all steps of a track.
    pub(crate) fn select_track(self, track: TrackId) {
        self.select(self.field().row(track), Some((track, 0)));
        self.say_selected();
    }

    /// Selects nothing.
    pub(crate) fn deselect(self) {
        self.select(BTreeSet::new(), None);
    }

    /// Has the number of selected steps said.
    pub(crate) fn say_selected(self) {
        match self.ui.selection.with_untracked(|selection| selection.cells().len()) {
            1 => self.ui.say("1 step selected"),
            steps => self.ui.say(format!("{steps} steps selected")),
        }
    }

    /// Copies a step, or the selection that it belongs to.
    pub(crate) fn copy_steps(self, cell: Cell) {
        let clip = Clip::of(&self.field(), &self.targets(cell), |cell| self.step(cell));
        self.ui.say(if clip.len() == 1 {
            "Copied".to_owned()
        } else {
            format!("{} steps copied", clip.len())
        });
        clipboard::copy(clip);
    }

    /// Puts the copied steps here, and selects them where they are several.
    pub(crate) fn paste_steps(self, at: Cell) {
        let Some(clip) = clipboard::copied() else { return self.ui.remark("Nothing was copied yet.") };
        let steps = clip.placed(&self.field(), at);
        if steps.len() > 1 {
            self.select(steps.iter().map(|(cell, _)| *cell).collect(), Some(at));
        }
        self.put_steps(steps, None);
    }

    /// Silences a step, or the selection that it belongs to, and takes all locks away.
    pub(crate) fn clear_steps(self, cell: Cell) {
        let blank = |cell| (cell, Step::default());
        self.put_steps(self.targets(cell).into_iter().map(blank).collect(), None);
    }

    /// Moves a step, or the selection that it belongs to, along its pattern with all that it carries; where it is then.
    pub(crate) fn move_steps(self, cell: Cell, by: i16) -> Cell {
        if !self.may_edit() {
            return cell;
        }
        let (field, targets) = (self.field(), self.targets(cell).into_iter().collect());
        let (cells, steps) = moved(&field, &targets, by, |cell| self.step(cell));
        if cells.len() > 1 {
            let anchor = cells.first().copied();
            self.select(cells, anchor);
        }
        self.put_steps(steps, None);
        let length = i32::from(field.length(cell.0)).max(1);
        (cell.0, (i32::from(cell.1) + i32::from(by)).rem_euclid(length) as u16)
    }

    /// Switches a step; where it belongs to the selection, all of that become what it becomes.
    pub(crate) fn toggle_steps(self, cell: Cell) {
        let on = !self.step(cell).on;
        let switched = |cell| (cell, Step { on, ..self.step(cell) });
        self.put_steps(self.targets(cell).into_iter().map(switched).collect(), None);
    }

    /// Copies a track's whole pattern.
    pub(crate) fn copy_pattern(self, track: TrackId) {
        if let Some(row) = self.session.row(track) {
            clipboard::copy_pattern(row.pattern());
            self.ui.say("Pattern copied");
        }
    }

    /// Puts the copied pattern in the place of a track's.
    pub(crate) fn paste_pattern(self, track: TrackId) {
        match clipboard::copied_pattern() {
            Some(pattern) => self.replace_pattern(track, pattern),
            None => self.ui.remark("No pattern was copied yet."),
        }
    }
}
