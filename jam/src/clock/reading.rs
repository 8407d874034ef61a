//! Readings of another clock.

use std::collections::VecDeque;

use score::LocalTime;

use super::Fit;
use crate::limits::{CLOCK_MEMORY_NANOS, MAX_CLOCK_READINGS, MILLISECOND};

/// One reading: what the other clock read, between asking and being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The middle between asking and being answered, by our clock.
    pub(crate) at: LocalTime,
    /// What the other clock read, less what ours read when it was asked, in nanoseconds.
    pub(crate) there: i64,
    /// What ours read when it was answered, less what the other had read.
    pub(crate) back: i64,
}

impl Reading {
    /// How long the answer took, in nanoseconds.
    pub(crate) fn delay(&self) -> i64 {
        self.there.saturating_add(self.back)
    }

    /// How far the other clock was ahead of ours if both ways took equally long. Wrong by half the delay at most.
    fn ahead(&self) -> i64 {
        self.there.saturating_sub(self.delay() / 2)
    }
}

/// The last readings.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    all: VecDeque<Reading>,
    /// Readings in a row that cannot be true if those before them are.
    contradicting: usize,
}

/// Readings in a row that contradict all earlier ones before those are given up: one of the clocks was set, or stood still.
const MAX_CONTRADICTING: usize = 3;

impl Readings {
    pub(crate) fn all(&self) -> &VecDeque<Reading> {
        &self.all
    }

    pub(crate) fn least_delay_nanos(&self) -> Option<i64> {
        self.all.iter().map(Reading::delay).min()
    }

    /// Adds a reading: `theirs` lies somewhere between `asked` and `answered`.
    pub(crate) fn add(
        &mut self,
        asked: LocalTime,
        theirs: LocalTime,
        answered: LocalTime,
        fit: Option<&Fit>,
    ) {
        let at = asked.plus_nanos(answered.nanos_since(asked) / 2);
        let reading = Reading { at, there: theirs.nanos_since(asked), back: answered.nanos_since(theirs) };
        self.note_contradiction(&reading, fit);
        if self.all.len() == MAX_CLOCK_READINGS {
            self.all.pop_front();
        }
        self.all.push_back(reading);
        while self.all.front().is_some_and(|first| answered.nanos_since(first.at) > CLOCK_MEMORY_NANOS) {
            self.all.pop_front();
        }
    }

    fn note_contradiction(&mut self, reading: &Reading, fit: Option<&Fit>) {
        let possible = fit.is_none_or(|fit| {
            let off = reading.ahead().saturating_sub(fit.ahead_at(reading.at)).saturating_abs();
            off <= (reading.delay() / 2)
                .saturating_add(MILLISECOND)
                .saturating_add(fit.uncertainty_at(reading.at).saturating_mul(6))
        });
        self.contradicting = if possible { 0 } else { self.contradicting + 1 };
        if self.contradicting == MAX_CONTRADICTING {
            self.contradicting = 0;
            let latest = self.all.len().saturating_sub(MAX_CONTRADICTING - 1);
            self.all.drain(..latest);
        }
    }
}
