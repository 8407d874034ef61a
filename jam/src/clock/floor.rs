//! Lines from below: what the quickest messages of one direction say.

/// What one direction took: seconds since some moment, and nanoseconds by two clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// The nearest points to a line from which its surroundings are judged: enough to even out chance, few enough to be near.
const NEAREST: usize = 6;

/// The points of one direction, and those among them that a line from below can touch.
#[derive(Debug)]
pub(super) struct Floor {
    points: Vec<Point>,
    hull: Vec<Point>,
}

impl Floor {
    /// Of points in ascending order.
    pub(super) fn of(points: Vec<Point>) -> Self {
        let hull = lower_hull(&points);
        Self { points, hull }
    }

    /// Where the highest line of a slope that lies under all points is at x = 0.
    pub(super) fn at(&self, slope: f64) -> f64 {
        self.hull.iter().map(|point| point.y - slope * point.x).fold(f64::INFINITY, f64::min)
    }

    /// How far apart points lie above that line, close to it, on average: what the line may be wrong by.
    pub(super) fn gap(&self, slope: f64) -> f64 {
        let floor = self.at(slope);
        let mut above: Vec<f64> = self.points.iter().map(|point| point.y - slope * point.x - floor).collect();
        let near = NEAREST.max(above.len() / 10).min(above.len() - 1);
        let (_, nth, _) = above.select_nth_unstable_by(near, f64::total_cmp);
        *nth / near.max(1) as f64
    }
}

/// The points that a line from below can touch (Andrew's monotone chain, 1979).
fn lower_hull(points: &[Point]) -> Vec<Point> {
    let mut hull: Vec<Point> = Vec::new();
    for &point in points {
        while let [.., a, b] = hull[..]
            && (b.x - a.x) * (point.y - a.y) <= (b.y - a.y) * (point.x - a.x)
        {
            hull.pop();
        }
        hull.push(point);
    }
    hull
}

/// Where a function with one peak is highest: search by golden section (Kiefer, 1953).
pub(super) fn highest(of: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    /// Enough for a hundredth of a part per billion.
    const STEPS: usize = 40;
    let (mut a, mut b) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_a, mut at_b) = (of(a), of(b));
    for _ in 0..STEPS {
        if at_a > at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - GOLDEN * (high - low);
            at_a = of(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + GOLDEN * (high - low);
            at_b = of(b);
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_touches_the_lowest_points_and_lies_under_all() {
        let points: Vec<Point> = (0..200)
            .map(|n| {
                let x = f64::from(n) / 10.0 - 20.0;
                Point { x, y: 5.0 * x + 100.0 + f64::from(n * 37 % 101) }
            })
            .collect();
        let floor = Floor::of(points.clone());
        for slope in [-3.0, 0.0, 5.0, 8.0] {
            let lowest = points.iter().map(|point| point.y - slope * point.x).fold(f64::INFINITY, f64::min);
            assert!((floor.at(slope) - lowest).abs() < 1e-9);
        }
        let gap = floor.gap(5.0);
        assert!(
            (0.3..0.8).contains(&gap),
            "200 points over 101 nanoseconds lie half a nanosecond apart: {gap}"
        );
    }
}
