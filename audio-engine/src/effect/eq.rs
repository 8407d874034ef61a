//! The equaliser: a low shelf, a bell and a high shelf.
//!
//! State-variable shelves and bell after A. Simper, "Solving the continuous SVF equations using trapezoidal integration",
//! Cytomic 2013: with `A = 10^(dB/40)`, the mixes of direct, band-pass and low-pass given at [`Band::coefficients`].

use super::slot::Effect;
use super::svf::{CONTROL_FRAMES, Coefficients, Stereo, run_series};
use super::{Knob, Moment, Settings};
use crate::dsp::math::{exp2, gain, prewarped};
use crate::smooth::{Ramp, Smooth};

/// Damping of the shelves: no bump at the corner.
const SHELF_DAMPING: f32 = core::f32::consts::SQRT_2;

#[derive(Clone, Copy, Debug)]
enum Shape {
    LowShelf,
    Bell,
    HighShelf,
}

/// One band.
#[derive(Debug)]
struct Band {
    shape: Shape,
    decibels: Smooth,
    octave: Smooth,
    damping: Smooth,
    now: Coefficients,
    /// Nothing of it moves, and `now` says so.
    is_settled: bool,
}

impl Band {
    fn new(shape: Shape) -> Self {
        let rest = Smooth::at(0.0);
        let now = Coefficients::mixed(0.1, 1.0, [1.0, 0.0, 0.0]);
        Self { shape, decibels: rest, octave: rest, damping: rest, now, is_settled: false }
    }

    fn go(&mut self, decibels: f32, hertz: f32, damping: f32, at_once: bool) {
        self.decibels.go(decibels, at_once);
        self.octave.go(libm::log2f(hertz), at_once);
        self.damping.go(damping, at_once);
        self.is_settled = false;
    }

    fn coefficients(&self, decibels: f32, octave: f32, damping: f32) -> Coefficients {
        let (a, root) = (gain(decibels * 0.5), gain(decibels * 0.25));
        let g = prewarped(exp2(octave));
        match self.shape {
            Shape::LowShelf => {
                Coefficients::mixed(g / root, damping, [1.0, damping * (a - 1.0), a * a - 1.0])
            }
            Shape::Bell => {
                let damping = damping / a;
                Coefficients::mixed(g, damping, [1.0, damping * (a * a - 1.0), 0.0])
            }
            Shape::HighShelf => {
                let mix = [a * a, damping * (1.0 - a) * a, 1.0 - a * a];
                Coefficients::mixed(g * root, damping, mix)
            }
        }
    }

    /// How the band moves through the next quantum; nothing where it rests.
    fn advance(&mut self) -> Option<[Ramp; 3]> {
        if self.is_settled {
            return None;
        }
        let ramps = [self.decibels.advance(), self.octave.advance(), self.damping.advance()];
        if ramps.iter().all(|ramp| ramp.is_flat()) {
            self.now = self.coefficients(ramps[0].to, ramps[1].to, ramps[2].to);
            self.is_settled = true;
            return None;
        }
        Some(ramps)
    }

    /// Moves to a share of the way through a quantum; without ramps it stays.
    fn move_to(&mut self, ramps: Option<&[Ramp; 3]>, place: f32) {
        if let Some(ramps) = ramps {
            let [decibels, octave, damping] = ramps.map(|ramp| ramp.at(place));
            self.now = self.coefficients(decibels, octave, damping);
        }
    }
}

/// The equaliser.
#[derive(Debug)]
pub(super) struct Eq {
    on: Knob,
    gains: [Knob; 3],
    frequencies: [Knob; 3],
    mid_q: Knob,
    bands: [Band; 3],
    filters: [Stereo; 3],
}

impl Eq {
    pub(super) fn new() -> Self {
        Self {
            on: Knob::named("eq.on"),
            gains: ["eq.low_gain", "eq.mid_gain", "eq.high_gain"].map(Knob::named),
            frequencies: ["eq.low_frequency", "eq.mid_frequency", "eq.high_frequency"].map(Knob::named),
            mid_q: Knob::named("eq.mid_q"),
            bands: [Shape::LowShelf, Shape::Bell, Shape::HighShelf].map(Band::new),
            filters: [Stereo::default(); 3],
        }
    }
}

impl Effect for Eq {
    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32 {
        let dampings = [SHELF_DAMPING, 1.0 / settings.get(self.mid_q).max(0.1), SHELF_DAMPING];
        let mut is_flat = true;
        for (i, band) in self.bands.iter_mut().enumerate() {
            let decibels = settings.get(self.gains[i]);
            is_flat &= decibels == 0.0;
            band.go(decibels, settings.get(self.frequencies[i]), dampings[i], at_once);
        }
        if settings.is_on(self.on) && !is_flat { 1.0 } else { 0.0 }
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32], _: Moment) {
        let frames = left.len();
        let ramps = self.bands.each_mut().map(Band::advance);
        let is_still = ramps.iter().all(Option::is_none);
        let Self { bands, filters, .. } = self;
        for (block, (left, right)) in
            left.chunks_mut(CONTROL_FRAMES).zip(right.chunks_mut(CONTROL_FRAMES)).enumerate()
        {
            if !is_still {
                let place = (((block + 1) * CONTROL_FRAMES) as f32 / frames as f32).min(1.0);
                for (band, ramps) in bands.iter_mut().zip(&ramps) {
                    band.move_to(ramps.as_ref(), place);
                }
            }
            run_series(filters, bands.each_ref().map(|band| &band.now), left, right);
        }
    }

    fn clear(&mut self) {
        self.filters = [Stereo::default(); 3];
    }
}
