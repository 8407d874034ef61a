//! A straight line through readings of another clock.
//!
//! A message is never quicker than its path allows, and the quickest ones lie close to that. So the way there and the way back are
//! each taken as a line that all readings lie above: the two lines have opposite slopes (what one clock gains the other loses),
//! and half their difference is how far the other clock is ahead. (Moon, Skelly and Towsley, "Estimation and removal of clock
//! skew from network delay measurements", 1999, for both directions at once.)
//!
//! How likely a slope is follows from how high the two lines can lie at it: each nanosecond lower makes it as much less likely as
//! readings are dense there. What is known of clocks beforehand, that none is wrong by much more than a ten-thousandth, counts as
//! well. The answer is the mean over all slopes by their likelihood, not the likeliest one, which touches chance readings at both
//! ends: over paths of which the truth is known that halves the error. How far the slopes are spread is the uncertainty.
//!
//! Of n readings the quickest is off by about an n-th of the usual jitter; an average would be off by that over the root of n.
//!
//! A path that always takes longer in one direction than in the other looks like a clock that is ahead: half the difference
//! remains, and cannot be seen from inside.

use std::collections::VecDeque;

use score::LocalTime;

use super::floor::{Floor, Point, highest};
use super::reading::Reading;

/// How well a reading can be at best: what a machine takes to notice a message, in nanoseconds.
const FINEST_NANOS: f64 = 2_000.0;
/// How much two clocks differ in speed before anything was measured, in parts per billion (one standard deviation).
const USUAL_RATE_PPB: f64 = 150_000.0;
/// No clock that works is wrong by more, in parts per billion.
pub(crate) const MAX_RATE_PPB: f64 = 1_000_000.0;
/// Readings from which on the line counts: the first alone could be the slowest.
const MIN_READINGS: usize = 3;
/// Slopes that the mean is taken over, and how unlikely the outermost of them are (as a logarithm).
const SLOPES: usize = 40;
const UNLIKELY: f64 = -6.0;
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

impl Fit {
    /// The line through readings; `None` while there are too few.
    pub(crate) fn of(readings: &VecDeque<Reading>) -> Option<Self> {
        let last = readings.back().filter(|_| readings.len() >= MIN_READINGS)?;
        let floor = |way: fn(&Reading) -> i64| {
            let point = |reading: &Reading| Point {
                x: reading.at.nanos_since(last.at) as f64 / 1e9,
                y: way(reading).saturating_sub(way(last)) as f64,
            };
            Floor::of(readings.iter().map(point).collect())
        };
        let slopes = Slopes::of(&floor(|reading| reading.there), &floor(|reading| reading.back));
        Some(Self {
            at: last.at,
            ahead: (last.there.saturating_sub(last.back) / 2).saturating_add(slopes.ahead as i64),
            rate_ppb: slopes.rate,
            deviation: slopes.deviation,
            rate_deviation: slopes.rate_deviation,
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

    /// How far off this may be at a moment of ours (one standard deviation), in nanoseconds, but for what a lopsided path adds.
    pub(crate) fn uncertainty_at(&self, at: LocalTime) -> i64 {
        let x = at.nanos_since(self.at) as f64 / 1e9;
        (self.deviation + x.abs() * (self.rate_deviation + WANDER_PPB)) as i64
    }
}

/// What the readings say once every slope has counted as much as it is likely.
struct Slopes {
    ahead: f64,
    rate: f64,
    deviation: f64,
    rate_deviation: f64,
}

impl Slopes {
    fn of(there: &Floor, back: &Floor) -> Self {
        let prior = |rate: f64| (rate / USUAL_RATE_PPB).powi(2) / 2.0;
        let height = |rate: f64| there.at(rate) + back.at(-rate);
        // The density of readings near the lines is known once the lines are, and the other way round: the second look settles it.
        let mut gap = FINEST_NANOS;
        let mut best = 0.0;
        for _ in 0..2 {
            best = highest(|rate| height(rate) / gap - prior(rate), -MAX_RATE_PPB, MAX_RATE_PPB);
            gap = f64::midpoint(there.gap(best), back.gap(-best)) + FINEST_NANOS / 2.0;
        }
        let likelihood = |rate: f64| height(rate) / gap - prior(rate);
        let top = likelihood(best);
        let edge = |towards: f64| {
            let mut step = 1.0;
            while likelihood(best + towards * step) - top > UNLIKELY && step < MAX_RATE_PPB {
                step *= 1.3;
            }
            best + towards * step
        };
        let (low, high) = (edge(-1.0), edge(1.0));
        let slope = |n: usize| low + (high - low) * n as f64 / SLOPES as f64;
        let weighed = |rate: f64| {
            let ahead = (there.at(rate) - back.at(-rate)) / 2.0;
            ((likelihood(rate) - top).exp(), ahead, rate)
        };
        let all: Vec<(f64, f64, f64)> = (0..=SLOPES).map(slope).map(weighed).collect();
        let sum: f64 = all.iter().map(|(weight, ..)| weight).sum();
        let mean = |of: &dyn Fn(f64, f64) -> f64| {
            all.iter().map(|&(weight, ahead, rate)| weight * of(ahead, rate)).sum::<f64>() / sum
        };
        let (ahead, rate) = (mean(&|ahead, _| ahead), mean(&|_, rate| rate));
        let spread = mean(&|of, _| (of - ahead).powi(2));
        // At one slope each line is too high by one gap, give or take: half the difference of the two.
        let deviation = (spread + gap * gap / 2.0).sqrt();
        Self { ahead, rate, deviation, rate_deviation: mean(&|_, of| (of - rate).powi(2)).sqrt() }
    }
}

#[cfg(test)]
#[path = "fit_tests.rs"]
mod tests;
