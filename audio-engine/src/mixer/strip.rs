//! One track's strip.

use score::id::TrackId;

use super::declick::Declick;
use super::{Bus, Master};
use crate::effect::{Chain, Moment, Settings};
use crate::meter::{Level, Meter};
use crate::prepared::StripPlan;
use crate::smooth::{Ramp, Smooth};

/// Effects, fader, pan, meter and private gain of one track.
#[derive(Debug)]
pub(crate) struct Strip {
    owner: Option<TrackId>,
    chain: Chain,
    left: Smooth,
    right: Smooth,
    ears: Smooth,
    meter: Meter,
    declick: Declick,
}

impl Strip {
    pub(crate) fn new() -> Self {
        Self {
            owner: None,
            chain: Chain::new(),
            left: Smooth::at(0.0),
            right: Smooth::at(0.0),
            ears: Smooth::at(1.0),
            meter: Meter::default(),
            declick: Declick::default(),
        }
    }

    /// Follows a program: gains and effects move to what it says. When the strip changes hands it starts afresh instead,
    /// and tells so, that its voices be cut.
    pub(crate) fn adopt(&mut self, plan: &StripPlan) -> bool {
        let is_handed_over = self.owner != Some(plan.owner);
        if is_handed_over {
            self.owner = Some(plan.owner);
            self.declick.cut();
            self.chain.reset(&plan.effects);
            self.left.jump(plan.gains.left);
            self.right.jump(plan.gains.right);
            self.meter = Meter::default();
        } else {
            self.chain.aim(&plan.effects);
            self.left.aim(plan.gains.left);
            self.right.aim(plan.gains.right);
        }
        is_handed_over
    }

    /// The track is gone: what still sounds of it fades.
    pub(crate) fn abandon(&mut self) {
        self.left.aim(0.0);
        self.right.aim(0.0);
    }

    /// Moves the effects to other settings, as a step's locks ask.
    pub(crate) fn aim_effects(&mut self, effects: &Settings) {
        self.chain.aim(effects);
    }

    /// Sets this player's own gain for the track.
    pub(crate) fn set_ears(&mut self, gain: f32, at_once: bool) {
        self.ears.go(gain, at_once);
    }

    pub(crate) fn level(&self) -> Level {
        self.meter.level()
    }

    /// Mixes `frames` frames of the track's bus into the master's. False when the voices gave something that is not a
    /// number; they are then silenced, and should be cut.
    pub(crate) fn mix(&mut self, bus: &mut Bus, into: &mut Bus, frames: usize, moment: Moment) -> bool {
        let is_sane = bus.peak(frames).is_some();
        if !is_sane {
            bus.clear();
        }
        let gains = [self.left.advance(), self.right.advance()];
        let ears = self.ears.advance();
        if bus.is_silent && self.chain.is_idle() {
            self.meter.observe_silence();
            self.declick.remember(0.0, 0.0);
        } else {
            self.process(bus, frames, moment, gains, ears);
            Master::sum(bus, into, frames);
        }
        if self.declick.is_active() {
            self.declick.add(&mut into.left[..frames], &mut into.right[..frames]);
            into.is_silent = false;
        }
        bus.clear();
        is_sane
    }

    fn process(&mut self, bus: &mut Bus, frames: usize, moment: Moment, gains: [Ramp; 2], ears: Ramp) {
        bus.is_silent = false;
        let (left, right) = (&mut bus.left[..frames], &mut bus.right[..frames]);
        self.chain.process(left, right, moment);
        gains[0].scale(left);
        gains[1].scale(right);
        if let Some(peak) = bus.peak(frames) {
            self.meter.observe(&bus.left[..frames], &bus.right[..frames], peak);
        } else {
            self.chain.clear();
            *bus = Bus { is_silent: false, ..Bus::silent() };
        }
        let (left, right) = (&mut bus.left[..frames], &mut bus.right[..frames]);
        ears.scale(left);
        ears.scale(right);
        self.declick.remember(left[frames - 1], right[frames - 1]);
    }
}
