//! The stereo state-variable filter of the filter and equaliser slots.

use crate::dsp::math::{flushed, prewarped};

/// Frames for which coefficients stay the same.
pub(super) const CONTROL_FRAMES: usize = 16;

/// Coefficients: the integrators' and the mix of direct, band-pass and low-pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coefficients {
    a1: f32,
    a2: f32,
    a3: f32,
    mix: [f32; 3],
}

impl Coefficients {
    /// A filter with its corner at `hertz`; `damping` is 1/Q.
    pub(super) fn new(hertz: f32, damping: f32, mix: [f32; 3]) -> Self {
        Self::prewarped(prewarped(hertz), damping, mix)
    }

    /// A filter with the integrator gain `g`.
    pub(super) fn prewarped(g: f32, damping: f32, mix: [f32; 3]) -> Self {
        let a1 = 1.0 / (1.0 + g * (g + damping));
        let a2 = g * a1;
        Self { a1, a2, a3: g * a2, mix }
    }
}

/// The integrators of both channels.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stereo {
    first: [f32; 2],
    second: [f32; 2],
}

impl Stereo {
    /// Filters in place.
    pub(super) fn run(&mut self, c: &Coefficients, left: &mut [f32], right: &mut [f32]) {
        for (l, r) in left.iter_mut().zip(right.iter_mut()) {
            [*l, *r] = self.next(c, [*l, *r]);
        }
    }

    /// Filters in place, keeping `1 - share` of what came in.
    pub(super) fn run_partly(&mut self, c: &Coefficients, share: f32, left: &mut [f32], right: &mut [f32]) {
        for (l, r) in left.iter_mut().zip(right.iter_mut()) {
            let [fl, fr] = self.next(c, [*l, *r]);
            *l += (fl - *l) * share;
            *r += (fr - *r) * share;
        }
    }

    /// Both channels in one written order, so that their dependent operations overlap.
    #[inline]
    fn next(&mut self, c: &Coefficients, x: [f32; 2]) -> [f32; 2] {
        core::array::from_fn(|i| {
            let v3 = x[i] - self.second[i];
            let v1 = c.a1 * self.first[i] + c.a2 * v3;
            let v2 = self.second[i] + c.a2 * self.first[i] + c.a3 * v3;
            self.first[i] = flushed(2.0 * v1 - self.first[i]);
            self.second[i] = flushed(2.0 * v2 - self.second[i]);
            c.mix[0] * x[i] + c.mix[1] * v1 + c.mix[2] * v2
        })
    }
}
