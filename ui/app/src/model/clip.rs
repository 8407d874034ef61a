//! Steps that are carried: copied and put elsewhere, or moved along their patterns.

use std::collections::{BTreeMap, BTreeSet};

use score::Step;

use super::selection::{Cell, Field};

/// Copied steps, each with how far it lies from the upper left corner of them all: tracks down, steps to the right.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Clip {
    steps: Vec<(usize, u16, Step)>,
}

impl Clip {
    /// A copy of these steps.
    pub(crate) fn of(field: &Field, cells: &[Cell], step: impl Fn(Cell) -> Step) -> Self {
        let placed: Vec<(usize, Cell)> =
            cells.iter().filter_map(|&cell| Some((field.place(cell.0)?, cell))).collect();
        let top = placed.iter().map(|(place, _)| *place).min().unwrap_or(0);
        let left = cells.iter().map(|(_, step)| *step).min().unwrap_or(0);
        let steps = placed.into_iter().map(|(place, cell)| (place - top, cell.1 - left, step(cell)));
        Self { steps: steps.collect() }
    }

    /// How many steps it holds.
    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    /// What becomes of the steps where its upper left corner is put; what has no place there is left out.
    pub(crate) fn placed(&self, field: &Field, (track, first): Cell) -> Vec<(Cell, Step)> {
        let Some(top) = field.place(track) else { return Vec::new() };
        let put = |(down, right, step): &(usize, u16, Step)| {
            let &(track, _) = field.0.get(top + down)?;
            let cell = (track, first.checked_add(*right)?);
            field.holds(cell).then(|| (cell, step.clone()))
        };
        self.steps.iter().filter_map(put).collect()
    }
}

/// What becomes of the steps when some are moved along their patterns, around the loop, with all that they carry.
pub(crate) fn moved(
    field: &Field,
    cells: &BTreeSet<Cell>,
    by: i16,
    step: impl Fn(Cell) -> Step,
) -> (BTreeSet<Cell>, Vec<(Cell, Step)>) {
    let cells = || cells.iter().copied().filter(|&cell| field.holds(cell));
    let place = |(track, number): Cell| {
        let length = i32::from(field.length(track));
        (track, (i32::from(number) + i32::from(by)).rem_euclid(length) as u16)
    };
    let mut changes: BTreeMap<Cell, Step> = cells().map(|cell| (cell, Step::default())).collect();
    changes.extend(cells().map(|cell| (place(cell), step(cell))));
    (cells().map(place).collect(), changes.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use score::TrackId;

    use super::*;

    fn field() -> (Field, TrackId, TrackId) {
        let (a, b) = (TrackId::from_random(1), TrackId::from_random(2));
        (Field(vec![(a, 8), (b, 4)]), a, b)
    }

    /// A step that can be told from others.
    fn marked((_, number): Cell) -> Step {
        Step { pitch: Some(number as i8), ..Step::active() }
    }

    #[test]
    fn a_copy_keeps_its_shape_and_leaves_out_what_has_no_place() {
        let (field, a, b) = field();
        let clip = Clip::of(&field, &[(a, 2), (a, 4), (b, 3)], marked);
        assert_eq!(clip.len(), 3);
        let placed = clip.placed(&field, (a, 1));
        let cells: Vec<Cell> = placed.iter().map(|(cell, _)| *cell).collect();
        assert_eq!(cells, [(a, 1), (a, 3), (b, 2)]);
        assert_eq!(placed[1].1.pitch, Some(4));
        let on_another: Vec<Cell> = clip.placed(&field, (b, 3)).into_iter().map(|(cell, _)| cell).collect();
        assert_eq!(on_another, [(b, 3)]);
    }

    #[test]
    fn moved_steps_leave_silence_behind_and_go_around_the_loop() {
        let (field, a, b) = field();
        let cells = [(a, 0), (a, 1), (b, 3)].into();
        let (selected, changes) = moved(&field, &cells, 1, marked);
        assert_eq!(selected, [(a, 1), (a, 2), (b, 0)].into());
        let pitches: Vec<(Cell, Option<i8>)> =
            changes.into_iter().map(|(cell, step)| (cell, step.pitch)).collect();
        let mut expected =
            vec![((a, 0), None), ((a, 1), Some(0)), ((a, 2), Some(1)), ((b, 0), Some(3)), ((b, 3), None)];
        expected.sort_unstable();
        assert_eq!(pitches, expected);
    }

    #[test]
    fn steps_past_a_pattern_stay_where_they_are() {
        let (field, _, b) = field();
        assert_eq!(moved(&field, &[(b, 6)].into(), 1, marked).1, []);
    }
}
