//! Which steps are selected: by a click, along a stretch, in a rectangle over several tracks.

use std::collections::BTreeSet;

use score::TrackId;

/// Names a step: its track, and its number from 0.
pub(crate) type Cell = (TrackId, u16);

/// The tracks in the players' order, each with the length of its pattern: what there is to select from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Field(pub(crate) Vec<(TrackId, u16)>);

impl Field {
    /// Where a track stands in the order, from 0.
    pub(crate) fn place(&self, track: TrackId) -> Option<usize> {
        self.0.iter().position(|(id, _)| *id == track)
    }

    /// How many steps a track's pattern has; 0 where there is no such track.
    pub(crate) fn length(&self, track: TrackId) -> u16 {
        self.0.iter().find(|(id, _)| *id == track).map_or(0, |(_, length)| *length)
    }

    /// Whether there is such a step.
    pub(crate) fn holds(&self, (track, step): Cell) -> bool {
        step < self.length(track)
    }

    /// The steps of the rectangle between two.
    pub(crate) fn between(&self, a: Cell, b: Cell) -> BTreeSet<Cell> {
        let (Some(from), Some(to)) = (self.place(a.0), self.place(b.0)) else { return BTreeSet::new() };
        let (first, last) = (a.1.min(b.1), a.1.max(b.1));
        self.0[from.min(to)..=from.max(to)]
            .iter()
            .flat_map(|&(track, length)| {
                (first..=last.min(length.saturating_sub(1))).map(move |step| (track, step))
            })
            .collect()
    }

    /// Every step of a track.
    pub(crate) fn row(&self, track: TrackId) -> BTreeSet<Cell> {
        (0..self.length(track)).map(|step| (track, step)).collect()
    }
}

/// The steps that are selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    cells: BTreeSet<Cell>,
    /// Where a stretch is extended from.
    anchor: Option<Cell>,
}

impl Selection {
    /// These steps; a stretch is extended from `anchor`.
    pub(crate) fn of(cells: BTreeSet<Cell>, anchor: Option<Cell>) -> Self {
        Self { cells, anchor }
    }

    /// The steps, track by track.
    pub(crate) fn cells(&self) -> &BTreeSet<Cell> {
        &self.cells
    }

    /// Whether nothing is selected.
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Adds a step, or takes it out.
    pub(crate) fn toggle(&mut self, cell: Cell) {
        if !self.cells.remove(&cell) {
            self.cells.insert(cell);
        }
        self.anchor = Some(cell);
    }

    /// Selects the rectangle from where it began to a step; from `cursor` where nothing was selected.
    pub(crate) fn extend(&mut self, field: &Field, cursor: Cell, to: Cell) {
        let anchor = self.anchor.filter(|_| !self.is_empty()).unwrap_or(cursor);
        *self = Self::of(field.between(anchor, to), Some(anchor));
    }

    /// What an act at a step is done to: the selection where the step belongs to it, else that step alone.
    pub(crate) fn targets(&self, cell: Cell) -> Vec<Cell> {
        if self.cells.contains(&cell) { self.cells.iter().copied().collect() } else { vec![cell] }
    }

    /// The first and the last step that are selected, whatever their tracks.
    pub(crate) fn span(&self) -> Option<(u16, u16)> {
        let steps = || self.cells.iter().map(|(_, step)| *step);
        Some((steps().min()?, steps().max()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field() -> (Field, [TrackId; 3]) {
        let tracks = [3, 1, 2].map(TrackId::from_random);
        (Field(tracks.into_iter().zip([16, 4, 8]).collect()), tracks)
    }

    #[test]
    fn a_rectangle_follows_the_order_of_tracks_and_ends_with_each_pattern() {
        let (field, [a, b, c]) = field();
        let selected = field.between((c, 2), (a, 5));
        assert_eq!(selected.len(), 4 + 2 + 4);
        assert!(selected.contains(&(b, 3)) && !selected.contains(&(b, 4)));
        assert_eq!(field.row(b).len(), 4);
    }

    #[test]
    fn a_stretch_is_extended_from_where_it_began() {
        let (field, [a, _, _]) = field();
        let mut selection = Selection::default();
        selection.extend(&field, (a, 4), (a, 6));
        assert_eq!(selection.span(), Some((4, 6)));
        selection.extend(&field, (a, 6), (a, 2));
        assert_eq!(selection.span(), Some((2, 4)));
    }

    #[test]
    fn a_second_click_takes_a_step_out() {
        let (_, [a, b, _]) = field();
        let mut selection = Selection::default();
        selection.toggle((a, 1));
        selection.toggle((b, 2));
        selection.toggle((a, 1));
        assert_eq!(selection.cells().iter().copied().collect::<Vec<_>>(), [(b, 2)]);
    }

    #[test]
    fn an_act_outside_the_selection_means_its_step_alone() {
        let (field, [a, b, _]) = field();
        let selection = Selection::of(field.row(b), None);
        assert_eq!(selection.targets((a, 0)), [(a, 0)]);
        assert_eq!(selection.targets((b, 0)).len(), 4);
    }
}
