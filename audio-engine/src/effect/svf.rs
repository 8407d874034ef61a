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
    /// One sample of both channels through one filter.
    #[inline]
    fn next(&mut self, c: &Coefficients, x: [f32; 2]) -> [f32; 2] {
        core::array::from_fn(|i| {
            let v3 = x[i] - self.second[i];
            let v1 = c.a1 * self.first[i] + c.a2 * v3;
            let v2 = self.second[i] + c.a2 * self.first[i] + c.a3 * v3;
            self.first[i] = 2.0 * v1 - self.first[i];
            self.second[i] = 2.0 * v2 - self.second[i];
            c.mix[0] * x[i] + c.mix[1] * v1 + c.mix[2] * v2
        })
    }

    fn flush(&mut self) {
        self.first = self.first.map(flushed);
        self.second = self.second.map(flushed);
    }
}

/// Filters up to [`CONTROL_FRAMES`] frames in place, one filter after the other. They run in one loop, so that one filter's sample
/// is computed while the next one still works on the sample before.
pub(super) fn run_series<const N: usize>(
    filters: &mut [Stereo; N],
    coefficients: &[Coefficients; N],
    left: &mut [f32],
    right: &mut [f32],
) {
    let mut states = *filters;
    for (l, r) in left.iter_mut().zip(right.iter_mut()) {
        let mut x = [*l, *r];
        for (state, c) in states.iter_mut().zip(coefficients) {
            x = state.next(c, x);
        }
        [*l, *r] = x;
    }
    states.iter_mut().for_each(Stereo::flush);
    *filters = states;
}

/// Like [`run_series`] with two filters, of which the second one's share of the output is `share`.
pub(super) fn run_first_and_share(
    filters: &mut [Stereo; 2],
    [first, second]: &[Coefficients; 2],
    share: f32,
    left: &mut [f32],
    right: &mut [f32],
) {
    let [mut one, mut two] = *filters;
    for (l, r) in left.iter_mut().zip(right.iter_mut()) {
        let x = one.next(first, [*l, *r]);
        let y = two.next(second, x);
        [*l, *r] = core::array::from_fn(|i| x[i] + (y[i] - x[i]) * share);
    }
    *filters = [one, two];
    filters.iter_mut().for_each(Stereo::flush);
}
