//! The boxes around a row of cells, which may go on in the next line.

use crate::state::Anchor;

/// Cells whose upper edges differ by less than this stand in one line, in pixels.
const LINE: f64 = 2.0;

/// One box for each line of cells, in their order. Cells that are not shown have no width and are left out.
pub(crate) fn runs(cells: impl IntoIterator<Item = Anchor>) -> Vec<Anchor> {
    let mut runs: Vec<Anchor> = Vec::new();
    for cell in cells.into_iter().filter(|cell| cell.right > cell.left) {
        match runs.last_mut() {
            Some(run) if (run.top - cell.top).abs() < LINE => {
                run.left = run.left.min(cell.left);
                run.right = run.right.max(cell.right);
                run.bottom = run.bottom.max(cell.bottom);
            }
            _ => runs.push(cell),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(left: f64, top: f64) -> Anchor {
        Anchor { left, top, right: left + 10.0, bottom: top + 20.0 }
    }

    #[test]
    fn cells_of_a_line_share_a_box_and_the_next_line_has_its_own() {
        let boxes = runs([cell(80.0, 0.0), cell(92.0, 1.0), Anchor::default(), cell(0.0, 30.0)]);
        assert_eq!(boxes, [Anchor { right: 102.0, bottom: 21.0, ..cell(80.0, 0.0) }, cell(0.0, 30.0)]);
        assert_eq!(runs([]), []);
    }
}
