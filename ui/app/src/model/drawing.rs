//! A line that a pointer draws over the steps of a lane.

/// Where a pointer is over a lane: the step, and how high above the lane's foot, 0 to 1.
pub(crate) type Point = (u16, f64);

/// What each step becomes as a pointer goes from one point to another, the first of them left out: a pointer that is fast
/// jumps over steps.
pub(crate) fn drawn(from: Point, to: Point) -> Vec<Point> {
    let distance = i32::from(to.0) - i32::from(from.0);
    if distance == 0 {
        return vec![to];
    }
    let at = |way: i32| {
        let share = f64::from(way) / f64::from(distance.abs());
        let step = i32::from(from.0) + way * distance.signum();
        (step as u16, from.1 + (to.1 - from.1) * share)
    };
    (1..=distance.abs()).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_pointer_leaves_no_step_out() {
        assert_eq!(drawn((2, 0.0), (6, 1.0)), [(3, 0.25), (4, 0.5), (5, 0.75), (6, 1.0)]);
        assert_eq!(drawn((6, 1.0), (4, 0.5)), [(5, 0.75), (4, 0.5)]);
        assert_eq!(drawn((4, 0.5), (4, 0.25)), [(4, 0.25)]);
    }
}
