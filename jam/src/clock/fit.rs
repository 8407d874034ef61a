//! A straight line through readings of another clock.
//!
//! A message is never quicker than its path allows, and the quickest ones lie close to that. So the way there and the way back are
//! each taken as a line that all readings lie above: the two lines are as high as they can be, have opposite slopes (what one
//! clock gains the other loses), and half their difference is how far the other clock is ahead. (Moon, Skelly and Towsley,
//! "Estimation and removal of clock skew from network delay measurements", 1999, whose linear program this is, for both
//! directions at once.) What is known of clocks beforehand, that none is wrong by much more than a ten-thousandth, keeps the slope
//! from running off while the readings are close together.
//!
//! Of n readings the quickest is off by about an n-th of the usual jitter; an average would be off by that over the root of n.
//!
//! A path that always takes longer in one direction than in the other looks like a clock that is ahead: half the difference
//! remains, and cannot be seen from inside.

use std::collections::VecDeque;

use score::LocalTime;

use super::reading::Reading;

/// How well a reading can be at best: what a machine takes to notice a message, in nanoseconds.
const FINEST_NANOS: f64 = 10_000.0;
/// How much clocks differ in speed before anything was measured, in parts per billion (one standard deviation).
const USUAL_RATE_PPB: f64 = 60_000.0;
/// No clock that works is wrong by more, in parts per billion.
pub(crate) const MAX_RATE_PPB: f64 = 1_000_000.0;
/// Steps of the search for the slope: enough for a hundredth of a part per billion.
const SEARCH_STEPS: usize = 40;
/// Readings from which on the line counts: the first alone could be the slowest.
const MIN_READINGS: usize = 3;
/// What the gaps between the quickest readings say about how far off the line is: measured over paths of which the truth is known.
const GAPS_OF_A_DEVIATION: f64 = 1.3;
/// How much a clock's speed wanders, in parts per billion: what a line says about later grows less sure by that.
const WANDER_PPB: f64 = 100.0;

/// What is known of another clock: how far it is ahead of ours, and how much faster it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fit {
    /// The latest reading, by our clock: the line's origin.
    at: LocalTime,
    ahead: i64,
    /// Parts per billion by which the other clock runs faster.
    rate_ppb: f64,
    /// One standard deviation of `ahead`, in nanoseconds, and of the rate, in parts per billion.
    deviation: f64,
    rate_deviation: f64,
}

/// What one direction took, relative to the latest reading: seconds, and nanoseconds by two clocks.
#[derive(Clone, Copy, Debug)]
struct Point {
    x: f64,
    y: f64,
}

impl Fit {
    /// The line through readings; `None` while there are too few.
    pub(crate) fn of(readings: &VecDeque<Reading>) -> Option<Self> {
        let last = readings.back().filter(|_| readings.len() >= MIN_READINGS)?;
        let x = |reading: &Reading| reading.at.nanos_since(last.at) as f64 / 1e9;
        let there = |reading: &Reading| reading.there.saturating_sub(last.there) as f64;
        let back = |reading: &Reading| reading.back.saturating_sub(last.back) as f64;
        let there: Vec<Point> =
            readings.iter().map(|reading| Point { x: x(reading), y: there(reading) }).collect();
        let back: Vec<Point> =
            readings.iter().map(|reading| Point { x: x(reading), y: back(reading) }).collect();
        let (low_there, low_back) = (lower_hull(&there), lower_hull(&back));
        let count = readings.len() as f64;
        let jitter = mean_delay_above_least(readings) + FINEST_NANOS;
        let likelihood = |rate: f64| {
            let unlikely = rate / USUAL_RATE_PPB;
            floor(&low_there, rate) + floor(&low_back, -rate) - jitter / (2.0 * count) * unlikely * unlikely
        };
        let rate = highest(likelihood, -MAX_RATE_PPB, MAX_RATE_PPB);
        let ahead = (floor(&low_there, rate) - floor(&low_back, -rate)) / 2.0;
        let deviation = GAPS_OF_A_DEVIATION * (gap(&there, rate) + gap(&back, -rate)) + FINEST_NANOS / 2.0;
        let span = readings.front().map_or(0.0, |first| -x(first)).max(1e-3);
        Some(Self {
            at: last.at,
            ahead: (last.there.saturating_sub(last.back) / 2).saturating_add(ahead as i64),
            rate_ppb: rate,
            deviation,
            rate_deviation: (2.0 * deviation / span).min(USUAL_RATE_PPB),
        })
    }

    /// How long ago the latest of its readings was, in nanoseconds.
    pub(crate) fn age_nanos(&self, now: LocalTime) -> i64 {
        now.nanos_since(self.at)
    }

    /// How far the other clock is ahead at a moment of ours, in nanoseconds.
    pub(crate) fn ahead_at(&self, at: LocalTime) -> i64 {
        let drift = at.nanos_since(self.at) as f64 * (self.rate_ppb / 1e9);
        self.ahead.saturating_add(drift as i64)
    }

    /// How much faster the other clock runs, in parts per billion.
    pub(crate) fn rate_ppb(&self) -> f64 {
        self.rate_ppb
    }

    /// How far off this was at the last reading (one standard deviation), in nanoseconds, but for what a lopsided path adds.
    pub(crate) fn uncertainty(&self) -> i64 {
        self.deviation as i64
    }

    /// The same at any moment of ours.
    pub(crate) fn uncertainty_at(&self, at: LocalTime) -> i64 {
        let x = at.nanos_since(self.at) as f64 / 1e9;
        (self.deviation + x.abs() * (self.rate_deviation + WANDER_PPB)) as i64
    }
}

/// How much longer than the quickest answers took on average, in nanoseconds.
fn mean_delay_above_least(readings: &VecDeque<Reading>) -> f64 {
    let least = readings.iter().map(Reading::delay).min().unwrap_or(0);
    let above = |reading: &Reading| reading.delay().saturating_sub(least) as f64;
    readings.iter().map(above).sum::<f64>() / readings.len() as f64
}

/// The points that a line from below can touch, of points in ascending order (Andrew's monotone chain, 1979).
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

/// Where the highest line of a slope that lies under all points is at x = 0.
fn floor(hull: &[Point], slope: f64) -> f64 {
    hull.iter().map(|point| point.y - slope * point.x).fold(f64::INFINITY, f64::min)
}

/// How densely the points lie above their line, close to it: what the line may be wrong by.
fn gap(points: &[Point], slope: f64) -> f64 {
    let floor = floor(points, slope);
    let mut above: Vec<f64> = points.iter().map(|point| point.y - slope * point.x - floor).collect();
    let near = (above.len() - 1).min(6);
    let (_, nth, _) = above.select_nth_unstable_by(near, f64::total_cmp);
    *nth / near as f64
}

/// Where a function with one peak is highest: search by golden section (Kiefer, 1953).
fn highest(of: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut a, mut b) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_a, mut at_b) = (of(a), of(b));
    for _ in 0..SEARCH_STEPS {
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
#[path = "fit_tests.rs"]
mod tests;
