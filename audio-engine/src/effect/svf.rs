//! The state-variable filter of the filter and equaliser slots (trapezoidal integration, A. Simper, "Linear Trapezoidal Integrated
//! State Variable Filter", Cytomic 2013).

use wide::f32x4;

use crate::dsp::math::still;

/// Frames for which coefficients stay the same, few enough that what decays in a filter cannot become denormal on the way.
pub(super) const CONTROL_FRAMES: usize = 16;

/// A filter's coefficients.
///
/// The trapezoidal equations, solved for the integrators' next states, are a linear system. With `d`, what comes in less the second
/// state: `s1' = first s1 + across d`, `s2' = s2 + across s1 + second d` and `y = out1 s1 + out2 s2 + direct x`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coefficients {
    first: f32x4,
    across: f32x4,
    second: f32x4,
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
            first: a1 + a1 - one,
            across: a2 + a2,
            second: a3 + a3,
            out: [band * a1 + low * a2, low * (one - a3) - band * a2],
            direct: direct + band * a2 + low * a3,
        }
    }

    /// What changes nothing.
    pub(super) fn neutral() -> Self {
        Self::mixed(f32x4::splat(0.1), f32x4::ONE, [f32x4::ONE, f32x4::ZERO, f32x4::ZERO])
    }
}

/// The two integrators.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Svf([f32x4; 2]);

impl Svf {
    /// Filters one frame.
    #[inline]
    pub(super) fn next(&mut self, c: &Coefficients, x: f32x4) -> f32x4 {
        let [first, second] = self.0;
        let d = x - second;
        self.0 = [c.first * first + c.across * d, (second + c.across * first) + c.second * d];
        (c.out[0] * first + c.out[1] * second) + c.direct * x
    }

    /// Makes what is too small to matter zero, after each [`CONTROL_FRAMES`] frames.
    #[inline]
    pub(super) fn flush(&mut self) {
        self.0 = self.0.map(still);
    }

    /// Forgets the sound of all lanes but these.
    pub(super) fn keep(&mut self, lanes: f32x4) {
        self.0 = self.0.map(|state| state & lanes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::noise::Noise;

    /// The same filter as its paper has it, in double precision.
    fn plain(g: f64, damping: f64, [direct, band, low]: [f64; 3], input: &[f32]) -> Vec<f64> {
        let (mut first, mut second) = (0.0, 0.0);
        let next = |x: &f32| {
            let x = f64::from(*x);
            let v1 = (g * (x - second) + first) / (1.0 + g * (g + damping));
            let v2 = second + g * v1;
            (first, second) = (2.0 * v1 - first, 2.0 * v2 - second);
            direct * x + band * v1 + low * v2
        };
        input.iter().map(next).collect()
    }

    #[test]
    fn the_recursion_is_the_filter_of_the_paper() {
        let mut noise = Noise::seeded(3);
        let input: Vec<f32> = (0..300).flat_map(|_| noise.block()).collect();
        for mix in [[0.0, 0.0, 1.0], [1.0, -0.3, -1.0], [0.0, 0.3, 0.0]] {
            for (g, damping) in [(0.002f32, 1.41f32), (0.03, 0.05), (0.4, 0.3), (2.4, 2.0)] {
                let expected = plain(f64::from(g), f64::from(damping), mix.map(f64::from), &input);
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
