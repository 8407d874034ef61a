//! Level, pan and width out of the chain: the `gain` slot.

use super::{Knob, Settings};
use crate::dsp::math::gain;
use crate::prepared::pan_gains;
use crate::smooth::Smooth;

/// The output stage.
#[derive(Debug)]
pub(super) struct Output {
    on: Knob,
    level: Knob,
    pan: Knob,
    width: Knob,
    left: Smooth,
    right: Smooth,
    side: Smooth,
}

impl Output {
    pub(super) fn new() -> Self {
        Self {
            on: Knob::named("gain.on"),
            level: Knob::named("gain.gain"),
            pan: Knob::named("gain.pan"),
            width: Knob::named("gain.width"),
            left: Smooth::at(1.0),
            right: Smooth::at(1.0),
            side: Smooth::at(1.0),
        }
    }

    pub(super) fn aim(&mut self, settings: &Settings, at_once: bool) {
        let mut targets = [1.0; 3];
        if settings.is_on(self.on) {
            let (level, pan) = (gain(settings.get(self.level)), pan_gains(settings.get(self.pan)));
            targets = [level * pan.left, level * pan.right, settings.get(self.width)];
        }
        for (smooth, target) in [&mut self.left, &mut self.right, &mut self.side].into_iter().zip(targets) {
            smooth.go(target, at_once);
        }
    }

    pub(super) fn is_neutral(&self) -> bool {
        [self.left, self.right, self.side].iter().all(|gain| gain.rests_at(1.0))
    }

    pub(super) fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        let side = self.side.advance();
        if !(side.is_flat() && side.to.to_bits() == 1.0f32.to_bits()) {
            let slope = side.slope(left.len());
            for (i, (l, r)) in left.iter_mut().zip(right.iter_mut()).enumerate() {
                let middle = 0.5 * (*l + *r);
                let difference = 0.5 * (*l - *r) * (side.from + slope * (i + 1) as f32);
                (*l, *r) = (middle + difference, middle - difference);
            }
        }
        self.left.advance().scale(left);
        self.right.advance().scale(right);
    }
}
