//! What every state-variable filter in lanes goes on by: the trapezoidal equations (A. Simper, "Linear Trapezoidal Integrated State Variable
//! Filter", Cytomic 2013), solved for the next states of the integrators.

use wide::f32x4;

use super::math::still;

/// How the states of one frame follow from those of the one before and from its input, in each lane: `first' = stay first + across d` and
/// `second' = second + across first + rise d`, where `d` is what comes in less the second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) stay: f32x4,
    pub(crate) across: f32x4,
    pub(crate) rise: f32x4,
}

/// Both integrators of four filters, each in a lane.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Integrators {
    pub(crate) first: f32x4,
    pub(crate) second: f32x4,
}

impl Integrators {
    /// Those of the next frame.
    #[inline]
    pub(crate) fn after(self, step: &Step, x: f32x4) -> Self {
        let apart = x - self.second;
        Self {
            first: step.stay * self.first + step.across * apart,
            second: (self.second + step.across * self.first) + step.rise * apart,
        }
    }

    /// What they hold, without what is too small to matter.
    #[inline]
    pub(crate) fn flushed(self) -> Self {
        self.map(still)
    }

    /// The same done to both.
    #[inline]
    pub(crate) fn map(self, to: impl Fn(f32x4) -> f32x4) -> Self {
        Self { first: to(self.first), second: to(self.second) }
    }
}

/// The filter as its paper has it, frame by frame in double precision: with the integrator gain `g`, 1/Q as damping, and a mix of input,
/// band-pass and low-pass as output.
#[cfg(test)]
pub(crate) fn by_the_paper(g: f32, damping: f32, mix: [f32; 3], input: &[f32]) -> Vec<f64> {
    let (g, damping, [direct, band, low]) = (f64::from(g), f64::from(damping), mix.map(f64::from));
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
