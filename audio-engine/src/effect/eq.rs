//! The equaliser: a low shelf, a bell and a high shelf.
//!
//! State-variable shelves and bell after A. Simper, "Solving the continuous SVF equations using trapezoidal integration",
//! Cytomic 2013: with `A = 10^(dB/40)`, the mixes of direct, band-pass and low-pass given at [`Band::coefficients`].

use super::lanes::{Block, Desk, Dial, Line, others};
use super::slot::Effect;
use super::svf::{CONTROL_FRAMES, Coefficients, Svf};
use super::{Knob, Quantum, Settings};
use crate::dsp::curves::{exp2, gain, prewarped};
use wide::f32x4;

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
    decibels: Dial,
    octave: Dial,
    damping: Dial,
}

impl Band {
    fn new(shape: Shape) -> Self {
        let rest = Dial::at(0.0);
        Self { shape, decibels: rest, octave: rest, damping: Dial::at(1.0) }
    }

    fn go(&mut self, strip: usize, decibels: f32, hertz: f32, damping: f32, at_once: bool) {
        self.decibels.go(strip, decibels, at_once);
        self.octave.go(strip, libm::log2f(hertz), at_once);
        self.damping.go(strip, damping, at_once);
    }

    /// How the band moves through the next quantum.
    fn advance(&mut self, strips: [bool; 2]) -> [Line; 3] {
        [&mut self.decibels, &mut self.octave, &mut self.damping].map(|dial| dial.advance(strips))
    }
}

impl Shape {
    fn coefficients(self, [decibels, octave, damping]: [f32x4; 3]) -> Coefficients {
        let (one, a) = (f32x4::ONE, gain(decibels * f32x4::splat(0.5)));
        let root = gain(decibels * f32x4::splat(0.25));
        let g = prewarped(exp2(octave));
        match self {
            Shape::LowShelf => {
                Coefficients::mixed(g / root, damping, [one, damping * (a - one), a * a - one])
            }
            Shape::Bell => {
                let damping = damping / a;
                Coefficients::mixed(g, damping, [one, damping * (a * a - one), f32x4::ZERO])
            }
            Shape::HighShelf => {
                let mix = [a * a, damping * (one - a) * a, one - a * a];
                Coefficients::mixed(g * root, damping, mix)
            }
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
    now: [Coefficients; 3],
    /// Nothing moves, and `now` says so.
    is_settled: bool,
    filters: [Svf; 3],
}

impl Eq {
    pub(super) fn new() -> Self {
        Self {
            on: Knob::named("eq.on"),
            gains: ["eq.low_gain", "eq.mid_gain", "eq.high_gain"].map(Knob::named),
            frequencies: ["eq.low_frequency", "eq.mid_frequency", "eq.high_frequency"].map(Knob::named),
            mid_q: Knob::named("eq.mid_q"),
            bands: [Shape::LowShelf, Shape::Bell, Shape::HighShelf].map(Band::new),
            now: [Coefficients::neutral(); 3],
            is_settled: false,
            filters: [Svf::default(); 3],
        }
    }
}

impl Effect for Eq {
    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let dampings = [SHELF_DAMPING, 1.0 / settings.get(self.mid_q).max(0.1), SHELF_DAMPING];
        let mut is_flat = true;
        for (i, band) in self.bands.iter_mut().enumerate() {
            let decibels = settings.get(self.gains[i]);
            is_flat &= decibels == 0.0;
            band.go(strip, decibels, settings.get(self.frequencies[i]), dampings[i], at_once);
        }
        self.is_settled = false;
        if settings.is_on(self.on) && !is_flat { 1.0 } else { 0.0 }
    }

    fn render(
        &mut self,
        dry: &Block,
        wet: &mut Block,
        _: &mut Desk,
        Quantum { frames, strips, .. }: Quantum,
    ) {
        let lines = (!self.is_settled).then(|| self.bands.each_mut().map(|band| band.advance(strips)));
        let is_still = lines.iter().flatten().flatten().all(|line| line.is_flat());
        let chunks = dry[..frames].chunks(CONTROL_FRAMES).zip(wet.chunks_mut(CONTROL_FRAMES));
        for (chunk, (dry, wet)) in chunks.enumerate() {
            if let Some(lines) = lines.filter(|_| !self.is_settled) {
                let place = (chunk * CONTROL_FRAMES + dry.len()) as f32 / frames as f32;
                for ((now, band), lines) in self.now.iter_mut().zip(&self.bands).zip(lines) {
                    *now = band.shape.coefficients(lines.map(|line| line.at(place)));
                }
                self.is_settled = is_still;
            }
            let ([low, mid, high], [mut a, mut b, mut c]) = (self.now, self.filters);
            for (x, wet) in dry.iter().zip(wet) {
                *wet = c.next(&high, b.next(&mid, a.next(&low, *x)));
            }
            self.filters = [a, b, c];
            self.filters.iter_mut().for_each(Svf::flush);
        }
    }

    fn clear(&mut self, strip: usize) {
        self.filters.iter_mut().for_each(|filter| filter.keep(others(strip)));
        // What moved when the strip was last heard moves on when it is heard again.
        self.is_settled = false;
    }
}
