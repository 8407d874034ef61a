//! A place in the chain: fades its effect in and out, and does nothing while it is out.

use super::{Moment, Settings};
use crate::smooth::{QUANTUM_FRAMES, Ramp, Smooth};

/// Something that changes the sound in place.
pub(super) trait Effect {
    /// How dry and processed sound share the output.
    const LAW: Law = Law::Linear;

    /// Follows the settings, `at_once` when nothing of the effect is heard; gives the effect's share of the output, 0..=1: 0
    /// switches it off.
    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32;

    /// Processes up to [`QUANTUM_FRAMES`] frames.
    fn render(&mut self, left: &mut [f32], right: &mut [f32], moment: Moment);

    /// Forgets all sound.
    fn clear(&mut self);

    /// Frames for which the effect may be silent before it sounds again by itself.
    fn memory_frames(&self) -> usize {
        0
    }
}

/// How dry and processed sound share the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    /// `1 - wet` and `wet`: for sounds that are much alike.
    Linear,
    /// `1 - wet^2` and `1 - (1 - wet)^2`, close to constant power: for sounds that are not.
    Power,
}

/// An effect and its share of the output.
#[derive(Debug)]
pub(super) struct Slot<E> {
    effect: E,
    share: Smooth,
    /// The effect holds sound or moving values.
    is_used: bool,
}

impl<E: Effect> Slot<E> {
    pub(super) fn new(effect: E) -> Self {
        Self { effect, share: Smooth::at(0.0), is_used: false }
    }

    /// Follows the settings.
    pub(super) fn aim(&mut self, settings: &Settings) {
        let share = self.effect.aim(settings, !self.is_used);
        self.share.aim(share);
    }

    /// Starts afresh with the settings.
    pub(super) fn reset(&mut self, settings: &Settings) {
        self.clear();
        let share = self.effect.aim(settings, true);
        self.share.jump(share);
    }

    /// Forgets all sound.
    pub(super) fn clear(&mut self) {
        if self.is_used {
            self.effect.clear();
            self.is_used = false;
        }
    }

    /// Whether the slot changes nothing and will not until it is told to.
    pub(super) fn is_out(&self) -> bool {
        !self.is_used && self.share.rests_at(0.0)
    }

    /// Frames for which the slot may be silent before it sounds again by itself.
    pub(super) fn memory_frames(&self) -> usize {
        if self.is_used { self.effect.memory_frames() } else { 0 }
    }

    pub(super) fn process(&mut self, left: &mut [f32], right: &mut [f32], moment: Moment) {
        let share = self.share.advance();
        if share.is_flat() && share.to <= 0.0 {
            self.clear();
            return;
        }
        self.is_used = true;
        if share.is_flat() && share.to >= 1.0 {
            self.effect.render(left, right, moment);
            return;
        }
        let frames = left.len();
        let (mut wet_left, mut wet_right) = ([0.0; QUANTUM_FRAMES], [0.0; QUANTUM_FRAMES]);
        wet_left[..frames].copy_from_slice(left);
        wet_right[..frames].copy_from_slice(right);
        self.effect.render(&mut wet_left[..frames], &mut wet_right[..frames], moment);
        E::LAW.mix(share, left, &wet_left);
        E::LAW.mix(share, right, &wet_right);
    }
}

impl Law {
    /// Mixes processed sound into the dry.
    fn mix(self, share: Ramp, dry: &mut [f32], wet: &[f32; QUANTUM_FRAMES]) {
        let gains = |share: f32| match self {
            Law::Linear => [1.0 - share, share],
            Law::Power => [1.0 - share * share, share * (2.0 - share)],
        };
        if share.is_flat() {
            let [to_dry, to_wet] = gains(share.to);
            dry.iter_mut().zip(wet).for_each(|(x, wet)| *x = *x * to_dry + wet * to_wet);
            return;
        }
        let slope = share.slope(dry.len());
        for (i, (x, wet)) in dry.iter_mut().zip(wet).enumerate() {
            let [to_dry, to_wet] = gains(share.from + slope * (i + 1) as f32);
            *x = *x * to_dry + wet * to_wet;
        }
    }
}
