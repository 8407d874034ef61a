//! A pattern: the steps of one track in one scene.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::step::Step;

/// Most steps that a pattern can have.
pub const MAX_STEPS: u16 = 128;
/// Steps of a pattern whose length was never set.
pub const DEFAULT_STEPS: u16 = 16;

/// The steps of one track in one scene. Steps past the length are kept, silent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pattern {
    /// How many steps play before the pattern repeats, 1..=128.
    pub length: u16,
    /// Every step that is on or carries a lock, by its number from 0 (below [`MAX_STEPS`]); blank ones are absent.
    pub steps: BTreeMap<u16, Step>,
}

impl Default for Pattern {
    fn default() -> Self {
        Self { length: DEFAULT_STEPS, steps: BTreeMap::new() }
    }
}

impl Pattern {
    /// The step with this number, if it is on or carries a lock.
    pub fn step(&self, number: u16) -> Option<&Step> {
        self.steps.get(&number)
    }

    /// Changes a step in place, keeping the map free of blank steps.
    pub fn change_step(&mut self, number: u16, change: impl FnOnce(&mut Step)) {
        let step = self.steps.entry(number).or_default();
        change(step);
        if step.is_blank() {
            self.steps.remove(&number);
        }
    }

    /// Whether the pattern is as it was when its track was made.
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}
