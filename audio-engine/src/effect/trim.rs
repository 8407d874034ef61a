//! Level into the chain.

use super::{Knob, Settings};
use crate::dsp::math::gain;
use crate::smooth::Smooth;

/// The trim.
#[derive(Debug)]
pub(super) struct Trim {
    on: Knob,
    level: Knob,
    gain: Smooth,
}

impl Trim {
    pub(super) fn new() -> Self {
        Self { on: Knob::named("trim.on"), level: Knob::named("trim.gain"), gain: Smooth::at(1.0) }
    }

    pub(super) fn aim(&mut self, settings: &Settings, at_once: bool) {
        let target = if settings.is_on(self.on) { gain(settings.get(self.level)) } else { 1.0 };
        self.gain.go(target, at_once);
    }

    pub(super) fn is_neutral(&self) -> bool {
        self.gain.rests_at(1.0)
    }

    pub(super) fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        let ramp = self.gain.advance();
        ramp.scale(left);
        ramp.scale(right);
    }
}
