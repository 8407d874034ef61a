//! Which step of a pattern is heard at a linear step, and where it lies on the track's grid.

use crate::meter::LoopRegion;
use crate::time::{Beats, STEP};

/// The mapping from linear steps to one pattern's steps and to time.
#[derive(Clone, Copy)]
pub(super) struct StepClock {
    region: Option<LoopRegion>,
    /// Steps of the pattern, at least 1.
    length: i64,
    /// How late odd steps are, in micro-beats.
    swing_delay: i64,
}

impl StepClock {
    /// The clock of a pattern; `None` for one without steps.
    pub(super) fn for_pattern(region: Option<LoopRegion>, length: usize, swing: f32) -> Option<Self> {
        let length = i64::try_from(length).ok().filter(|&length| length > 0)?;
        // The cast takes NaN to 0.
        let swing_delay = (f64::from(swing.clamp(0.0, 1.0)) * 0.5 * STEP.0 as f64) as i64;
        Some(Self { region, length, swing_delay })
    }

    /// The step of the session that is heard: folded into the loop region.
    fn heard(&self, linear: i64) -> i64 {
        match self.region {
            Some(region) if linear > i64::from(region.last()) => {
                let first = i64::from(region.first());
                first + (linear - first) % i64::from(region.steps())
            }
            _ => linear,
        }
    }

    /// The step of the pattern that is heard.
    pub(super) fn local(&self, linear: i64) -> u16 {
        self.heard(linear).rem_euclid(self.length) as u16
    }

    /// How many times the pattern has been through.
    pub(super) fn loop_count(&self, linear: i64) -> u64 {
        (linear.max(0) / self.length) as u64
    }

    /// Whether nothing comes before a linear step: playback starts here, or enters its loop region.
    pub(super) fn is_start(&self, linear: i64) -> bool {
        linear <= 0 || self.region.is_some_and(|region| linear == i64::from(region.first()))
    }

    /// The steps of the pattern that a listener hears over and over: first and count, both within the pattern.
    ///
    /// A region at least as long as the pattern lets all of it be heard.
    pub(super) fn repeated(&self) -> (i64, i64) {
        match self.region {
            Some(region) if i64::from(region.steps()) < self.length => {
                (i64::from(region.first()), i64::from(region.steps()))
            }
            _ => (0, self.length),
        }
    }

    /// How many steps are played once, before the loop region.
    pub(super) fn heard_once(&self) -> i64 {
        self.region.map_or(0, |region| region.first().into())
    }

    /// Whether a linear step is the first of what is heard over and over.
    pub(super) fn is_top(&self, linear: i64) -> bool {
        match self.region {
            Some(region) if i64::from(region.steps()) < self.length => {
                linear >= i64::from(region.first()) && self.heard(linear) == i64::from(region.first())
            }
            _ => self.local(linear) == 0,
        }
    }

    /// The pattern's length.
    pub(super) fn length(&self) -> i64 {
        self.length
    }

    /// The place of a linear step on the grid, swing included.
    pub(super) fn grid(&self, linear: i64) -> Beats {
        let delay = if self.local(linear) % 2 == 1 { self.swing_delay } else { 0 };
        Beats::from_steps(linear) + Beats(delay)
    }
}
