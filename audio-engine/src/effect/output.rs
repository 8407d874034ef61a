//! Level, pan and width out of the chain: the `gain` slot.

use wide::f32x4;

use super::lanes::{Block, Dial, Line, Quiet, crossed};
use super::{Knob, Quantum, Settings};
use crate::dsp::math::{gain, still};
use crate::prepared::pan_gains;
use crate::smooth::Ramp;

/// The output stage.
#[derive(Debug)]
pub(super) struct Output {
    on: Knob,
    level: Knob,
    pan: Knob,
    width: Knob,
    left: Dial,
    right: Dial,
    /// How much of its difference from the other each channel gains: half of what the width is more than one.
    apart: Dial,
}

impl Output {
    pub(super) fn new() -> Self {
        Self {
            on: Knob::named("gain.on"),
            level: Knob::named("gain.gain"),
            pan: Knob::named("gain.pan"),
            width: Knob::named("gain.width"),
            left: Dial::at(1.0),
            right: Dial::at(1.0),
            apart: Dial::at(0.0),
        }
    }

    pub(super) fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) {
        let [mut left, mut right, mut width] = [1.0; 3];
        if settings.is_on(self.on) {
            let (level, pan) = (gain(settings.get(self.level)), pan_gains(settings.get(self.pan)));
            (left, right, width) = (level * pan.left, level * pan.right, settings.get(self.width));
        }
        self.left.go(strip, left, at_once);
        self.right.go(strip, right, at_once);
        self.apart.go(strip, 0.5 * (width - 1.0), at_once);
    }

    pub(super) fn is_neutral(&self, strip: usize) -> bool {
        self.left.rests_at(strip, 1.0) && self.right.rests_at(strip, 1.0) && self.apart.rests_at(strip, 0.0)
    }

    /// Puts the sound out, what is too small to matter as zero, and tells of which strips it is inaudible.
    pub(super) fn process(&mut self, block: &mut Block, quantum: Quantum) -> [bool; 2] {
        let [left, right] = [&mut self.left, &mut self.right].map(|dial| dial.ramps(quantum.strips));
        let both =
            |of: fn(&Ramp) -> f32| f32x4::new([of(&left[0]), of(&right[0]), of(&left[1]), of(&right[1])]);
        let mut gains = Line { from: both(|ramp| ramp.from), to: both(|ramp| ramp.to) }.over(quantum.frames);
        let mut apart = self.apart.advance(quantum.strips).over(quantum.frames);
        let mut quiet = Quiet::new();
        for x in &mut block[..quantum.frames] {
            let wide = *x + (*x - crossed(*x)) * apart.step();
            *x = still(wide * gains.step());
            quiet.hear(*x);
        }
        quiet.strips()
    }
}
