//! The master strip: the sum of the tracks, its effects, and the limiter.

use super::Bus;
use crate::effect::{Bench, Chain, Moment, Settings};
use crate::limiter::Limiter;
use crate::meter::{Level, Meter};
use crate::scan::silence_non_finite;

/// The place of the sum in its chain, which has room for two.
const ALONE: usize = 0;

/// Effects, limiter and meter of the sum.
#[derive(Debug)]
pub(crate) struct Master {
    chain: Chain,
    bench: Bench,
    limiter: Limiter,
    meter: Meter,
}

impl Master {
    pub(crate) fn new() -> Self {
        Self { chain: Chain::new(), bench: Bench::new(), limiter: Limiter::new(), meter: Meter::default() }
    }

    /// Starts with these effects, while nothing sounds.
    pub(crate) fn reset(&mut self, effects: &Settings) {
        self.chain.reset(ALONE, effects);
    }

    /// Moves to these effects.
    pub(crate) fn aim(&mut self, effects: &Settings) {
        self.chain.aim(ALONE, effects);
    }

    pub(crate) fn level(&self) -> Level {
        self.meter.level()
    }

    /// Adds a track's bus to the sum.
    pub(crate) fn sum(bus: &Bus, into: &mut Bus, frames: usize) {
        into.is_silent = false;
        for (sum, sample) in into.left[..frames].iter_mut().zip(&bus.left) {
            *sum += sample;
        }
        for (sum, sample) in into.right[..frames].iter_mut().zip(&bus.right) {
            *sum += sample;
        }
    }

    /// Turns the sum into what is heard, in place. Whatever is not a number is silence from here on.
    pub(crate) fn process(&mut self, bus: &mut Bus, frames: usize, moment: Moment) {
        if !(bus.is_silent && self.chain.rests(ALONE)) {
            self.chain.process([Some(bus.stereo()), None], frames, moment, &mut self.bench);
            bus.is_silent = false;
            if bus.peak(frames).is_none() {
                self.chain.clear(ALONE);
                *bus = Bus::silent();
            }
        }
        let (left, right) = (&mut bus.left[..frames], &mut bus.right[..frames]);
        self.limiter.process(left, right);
        silence_non_finite(left);
        silence_non_finite(right);
        bus.is_silent = false;
        let peak = bus.peak(frames).unwrap_or(0.0);
        self.meter.observe(&bus.left[..frames], &bus.right[..frames], peak);
    }
}
