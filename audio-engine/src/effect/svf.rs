//! The state-variable filter of the filter and equaliser slots (trapezoidal integration, A. Simper, "Linear Trapezoidal Integrated
//! State Variable Filter", Cytomic 2013).

use wide::f32x4;

use crate::dsp::integrators::{Integrators, Step};

/// Frames for which coefficients stay the same, few enough that what decays in a filter cannot become denormal on the way.
pub(super) const CONTROL_FRAMES: usize = 16;

/// A filter's coefficients: how its integrators go on, and `y = out1 first + out2 second + direct x`, by the states before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coefficients {
    step: Step,
    out: [f32x4; 2],
    direct: f32x4,
}

impl Coefficients {
    /// A filter with the integrator gain `g`, whose damping is 1/Q, and whose output is a mix of its input, its band-pass and its low-pass.
    pub(super) fn mixed(g: f32x4, damping: f32x4, [direct, band, low]: [f32x4; 3]) -> Self {
        let one = f32x4::ONE;
        let a1 = one / (one + g * (g + damping));
        let (a2, a3) = (g * a1, g * g * a1);
        Self {
            step: Step { stay: a1 + a1 - one, across: a2 + a2, rise: a3 + a3 },
            out: [band * a1 + low * a2, low * (one - a3) - band * a2],
            direct: direct + band * a2 + low * a3,
        }
    }

    /// What changes nothing.
    pub(super) fn neutral() -> Self {
        Self::mixed(f32x4::splat(0.1), f32x4::ONE, [f32x4::ONE, f32x4::ZERO, f32x4::ZERO])
    }
}

/// The filters of both strips.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Svf(Integrators);

impl Svf {
    /// Filters one frame.
    #[inline]
    pub(super) fn next(&mut self, c: &Coefficients, x: f32x4) -> f32x4 {
        let Integrators { first, second } = self.0;
        self.0 = self.0.after(&c.step, x);
        (c.out[0] * first + c.out[1] * second) + c.direct * x
    }

    /// Makes what is too small to matter zero, after each [`CONTROL_FRAMES`] frames.
    #[inline]
    pub(super) fn flush(&mut self) {
        self.0 = self.0.flushed();
    }

    /// Forgets the sound of all lanes but these.
    pub(super) fn keep(&mut self, lanes: f32x4) {
        self.0 = self.0.map(|state| state & lanes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::integrators::by_the_paper;
    use crate::dsp::noise::Noise;

    #[test]
    fn the_recursion_is_the_filter_of_the_paper() {
        let mut noise = Noise::seeded(3);
        let input: Vec<f32> = (0..300).flat_map(|_| noise.block()).collect();
        for mix in [[0.0, 0.0, 1.0], [1.0, -0.3, -1.0], [0.0, 0.3, 0.0]] {
            for (g, damping) in [(0.002f32, 1.41f32), (0.03, 0.05), (0.4, 0.3), (2.4, 2.0)] {
                let expected = by_the_paper(g, damping, mix, &input);
                let [at_g, at_damping] = [g, damping].map(f32x4::splat);
                let c = Coefficients::mixed(at_g, at_damping, mix.map(f32x4::splat));
                let mut filter = Svf::default();
                let peak = expected.iter().fold(1.0_f64, |peak, y| peak.max(y.abs()));
                for (x, y) in input.iter().zip(&expected) {
                    let [heard, ..] = filter.next(&c, f32x4::splat(*x)).to_array();
                    assert!((f64::from(heard) - y).abs() < 1e-4 * peak, "{mix:?} at {g}: {heard}, {y}");
                }
            }
        }
    }
}
