//! What a player does to a whole pattern.

use leptos::prelude::*;
use score::edit::{PatternEdit, PatternRef};
use score::pattern::MAX_STEPS;
use score::{Edit, Pattern, TrackId};
use view::Gesture;

use super::App;
use super::row::show;
use crate::model::touched::Place;

impl App {
    /// Writes a pattern in the place of a track's; it is shown at once. What lies past its length stays as it is, silent.
    pub(crate) fn write_pattern(self, track: TrackId, mut pattern: Pattern, hand: Option<Gesture>) {
        let Some(row) = self.session.row(track) else { return };
        let held = row.pattern();
        let past = held.steps.range(pattern.length..).map(|(number, step)| (*number, step.clone()));
        pattern.steps.extend(past);
        if pattern == held || !self.may_edit() {
            return;
        }
        let mut places = Vec::new();
        for number in 0..MAX_STEPS {
            let step = pattern.step(number).cloned().unwrap_or_default();
            if let Some(cell) = row.cell(number).filter(|cell| cell.with_untracked(|held| *held != step)) {
                show(cell, step);
                places.push(Place::Cell(track, number));
            }
        }
        if row.length.get_untracked() != pattern.length {
            show(&row.length, pattern.length);
            places.push(Place::Length(track));
        }
        let at = PatternRef { track, scene: self.session.scene() };
        self.edit(&places, hand, Edit::Pattern(at, PatternEdit::Replace(pattern)));
    }
}
