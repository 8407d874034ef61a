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
    /// Of a question that was asked and answered then by our clock, and came and was answered then by the other.
    pub(crate) fn new(asked: LocalTime, theirs: Theirs, answered: LocalTime) -> Self {
        let at = asked.plus_nanos(answered.nanos_since(asked) / 2);
        let Theirs { came, held_nanos } = theirs;
        let went = came.plus_nanos(i64::from(held_nanos));
        Self { at, there: came.nanos_since(asked), back: answered.nanos_since(went) }
    }

    /// How long the answer took, in nanoseconds.
    pub(crate) fn delay(&self) -> i64 {
        self.there.saturating_add(self.back)
    }

    /// How far the other clock was ahead of ours if both ways took equally long. Wrong by half the delay at most.
    fn ahead(&self) -> i64 {
        self.there.saturating_sub(self.delay() / 2)
    }
}

/// What the other clock read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Theirs {
    /// When the question came.
    pub(crate) came: LocalTime,
    /// How long it waited for its answer.
    pub(crate) held_nanos: u32,
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

    /// Whether the latest readings cannot be true if those before them are.
    pub(crate) fn is_contradicted(&self) -> bool {
        self.contradicting > 0
    }

    /// Adds a reading. They are kept in their order, whichever was answered first.
    pub(crate) fn add(&mut self, reading: Reading, fit: Option<&Fit>) {
        self.note_contradiction(&reading, fit);
        if self.all.len() == MAX_CLOCK_READINGS {
            self.all.pop_front();
        }
        let place = self.all.iter().rposition(|before| before.at <= reading.at).map_or(0, |place| place + 1);
        self.all.insert(place, reading);
        while self.all.front().is_some_and(|first| reading.at.nanos_since(first.at) > CLOCK_MEMORY_NANOS) {
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
