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

    /// Mixes `frames` frames of the track's bus into the master's. False when a sample was not a number: this quantum is then
    /// silent, the effects forget what they hold, and the track's voices should be cut.
    pub(crate) fn mix(&mut self, bus: &mut Bus, into: &mut Bus, frames: usize, moment: Moment) -> bool {
        let gains = [self.left.advance(), self.right.advance()];
        let ears = self.ears.advance();
        let mut is_sane = true;
        if bus.is_silent && self.chain.is_idle() {
            self.meter.observe_silence();
            self.declick.remember(0.0, 0.0);
        } else {
            is_sane = self.process(bus, frames, moment, gains);
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

    /// Effects, fader and meter. False, and silence, when a sample was not a number.
    fn process(&mut self, bus: &mut Bus, frames: usize, moment: Moment, gains: [Ramp; 2]) -> bool {
        bus.is_silent = false;
        let (left, right) = (&mut bus.left[..frames], &mut bus.right[..frames]);
        self.chain.process(left, right, moment);
        gains[0].scale(left);
        gains[1].scale(right);
        let peak = bus.peak(frames);
        if let Some(peak) = peak {
            self.meter.observe(&bus.left[..frames], &bus.right[..frames], peak);
        } else {
            self.chain.clear();
            *bus = Bus { is_silent: false, ..Bus::silent() };
        }
        peak.is_some()
    }
}

#[cfg(test)]
mod tests {
    use score::time::Tempo;

    use super::*;
    use crate::effect::Overrides;
    use crate::prepared::Gains;

    fn strip() -> Strip {
        let mut strip = Strip::new();
        let gains = Gains { left: 1.0, right: 0.5 };
        let owner = TrackId::from_random(1);
        let plan = StripPlan {
            owner,
            gains,
            effects: Settings::neutral(),
            own_effects: Overrides::NONE,
            locks_effects: false,
        };
        assert!(strip.adopt(&plan), "the strip changes hands");
        assert!(!strip.adopt(&plan), "and keeps its owner");
        strip
    }

    fn mix(strip: &mut Strip, sample: f32) -> (bool, Bus) {
        let mut bus = Bus { left: [sample; 64], right: [sample; 64], is_silent: false };
        let mut sum = Bus::silent();
        let is_sane = strip.mix(&mut bus, &mut sum, 64, Moment { tempo: Tempo::default() });
        assert_eq!(bus.peak(64), Some(0.0), "the bus is ready for the next quantum");
        (is_sane, sum)
    }

    #[test]
    fn a_fresh_strip_mixes_at_its_gains_at_once() {
        let (is_sane, sum) = mix(&mut strip(), 0.5);
        assert!(is_sane);
        assert!(sum.left.iter().all(|sample| (sample - 0.5).abs() < 1e-6));
        assert!(sum.right.iter().all(|sample| (sample - 0.25).abs() < 1e-6));
    }

    #[test]
    fn what_is_not_a_number_is_silent_and_told() {
        let mut strip = strip();
        for bad in [f32::NAN, f32::INFINITY] {
            let (is_sane, sum) = mix(&mut strip, bad);
            assert!(!is_sane);
            assert_eq!(sum.peak(64), Some(0.0));
            let (is_sane, sum) = mix(&mut strip, 0.5);
            assert!(is_sane);
            assert_eq!(sum.peak(64), Some(0.5));
        }
    }
}
