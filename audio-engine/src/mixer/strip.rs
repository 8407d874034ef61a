//! One track's strip, from its effects on.

use score::id::TrackId;

use super::declick::Declick;
use super::{Bus, Master};
use crate::meter::{Level, Meter};
use crate::prepared::StripPlan;
use crate::smooth::{Ramp, Smooth};

/// Fader, pan, meter and private gain of one track.
#[derive(Debug)]
pub(super) struct Strip {
    owner: Option<TrackId>,
    left: Smooth,
    right: Smooth,
    ears: Smooth,
    meter: Meter,
    declick: Declick,
}

impl Strip {
    pub(super) fn new() -> Self {
        Self {
            owner: None,
            left: Smooth::at(0.0),
            right: Smooth::at(0.0),
            ears: Smooth::at(1.0),
            meter: Meter::default(),
            declick: Declick::default(),
        }
    }

    /// Follows a program: gains move to what it says. When the strip changes hands it starts afresh instead, and tells so, that its
    /// effects do so, too, and its voices be cut.
    pub(super) fn adopt(&mut self, plan: &StripPlan) -> bool {
        let is_handed_over = self.owner != Some(plan.owner);
        if is_handed_over {
            self.owner = Some(plan.owner);
            self.declick.cut();
            self.left.jump(plan.gains.left);
            self.right.jump(plan.gains.right);
            self.meter = Meter::default();
        } else {
            self.left.aim(plan.gains.left);
            self.right.aim(plan.gains.right);
        }
        is_handed_over
    }

    /// The track is gone: what still sounds of it fades.
    pub(super) fn abandon(&mut self) {
        self.left.aim(0.0);
        self.right.aim(0.0);
    }

    /// Sets this player's own gain for the track.
    pub(super) fn set_ears(&mut self, gain: f32, at_once: bool) {
        self.ears.go(gain, at_once);
    }

    pub(super) fn level(&self) -> Level {
        self.meter.level()
    }

    /// Mixes `frames` frames of the track's bus, as its effects left it, into the master's; nothing of a strip that rests. False when a
    /// sample was not a number: this quantum is then silent, the effects should forget what they hold, and the track's voices be cut.
    #[inline(never)]
    pub(super) fn mix(&mut self, bus: &mut Bus, into: &mut Bus, frames: usize, rests: bool) -> bool {
        let gains = [self.left.advance(), self.right.advance()];
        let ears = self.ears.advance();
        let mut is_sane = true;
        if rests {
            self.meter.observe_silence();
            self.declick.remember(0.0, 0.0);
        } else {
            is_sane = self.fade(bus, frames, gains);
            let (left, right) = (&mut bus.left[..frames], &mut bus.right[..frames]);
            ears.scale(left);
            ears.scale(right);
            self.declick.remember(left[frames - 1], right[frames - 1]);
            Master::sum(bus, into, frames);
        }
        if self.declick.is_active() {
            self.declick.add(&mut into.left[..frames], &mut into.right[..frames]);
            into.is_silent = false;
        }
        bus.clear();
        is_sane
    }

    /// Fader and meter. False, and silence, when a sample was not a number.
    fn fade(&mut self, bus: &mut Bus, frames: usize, gains: [Ramp; 2]) -> bool {
        bus.is_silent = false;
        let (left, right) = (&mut bus.left[..frames], &mut bus.right[..frames]);
        gains[0].scale(left);
        gains[1].scale(right);
        let peak = bus.peak(frames);
        if let Some(peak) = peak {
            self.meter.observe(&bus.left[..frames], &bus.right[..frames], peak);
        } else {
            *bus = Bus { is_silent: false, ..Bus::silent() };
        }
        peak.is_some()
    }
}
