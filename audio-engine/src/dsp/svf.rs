//! The state-variable filter (trapezoidal integration, after Simper's and Zavalishin's papers).

use super::Block;
use super::math::{flushed, prewarped};

/// What of the filter is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    Lowpass,
    Highpass,
    Bandpass,
}

/// A filter's coefficients for one chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coefficients {
    a1: f32,
    a2: f32,
    a3: f32,
    direct: f32,
    band: f32,
    low: f32,
}

impl Coefficients {
    /// A response at `hertz`; `damping` is 1/Q: 2 is gentle, 1.41 flat, 0.05 rings. The band-pass has unit gain at its
    /// centre.
    pub(crate) fn new(response: Response, hertz: f32, damping: f32) -> Self {
        let (g, k) = (prewarped(hertz), damping.clamp(0.02, 4.0));
        let a1 = 1.0 / (1.0 + g * (g + k));
        let a2 = g * a1;
        let (direct, band, low) = match response {
            Response::Lowpass => (0.0, 0.0, 1.0),
            Response::Highpass => (1.0, -k, -1.0),
            Response::Bandpass => (0.0, k, 0.0),
        };
        Self { a1, a2, a3: g * a2, direct, band, low }
    }
}

/// The two integrators of one channel.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Svf {
    first: f32,
    second: f32,
}

impl Svf {
    /// Filters a chunk in place.
    #[inline]
    pub(crate) fn run(&mut self, c: &Coefficients, block: &mut Block) {
        let (mut s1, mut s2) = (self.first, self.second);
        for x in block.iter_mut() {
            let v3 = *x - s2;
            let v1 = c.a1 * s1 + c.a2 * v3;
            let v2 = s2 + c.a2 * s1 + c.a3 * v3;
            s1 = 2.0 * v1 - s1;
            s2 = 2.0 * v2 - s2;
            *x = c.direct * *x + c.band * v1 + c.low * v2;
        }
        (self.first, self.second) = (flushed(s1), flushed(s2));
    }
}

/// Filters both channels at once: their chains of dependent operations overlap.
#[inline]
pub(crate) fn run_stereo(pair: &mut [Svf; 2], c: &Coefficients, left: &mut Block, right: &mut Block) {
    let [l, r] = pair;
    let (mut l1, mut l2, mut r1, mut r2) = (l.first, l.second, r.first, r.second);
    for (x, y) in left.iter_mut().zip(right.iter_mut()) {
        let (lv3, rv3) = (*x - l2, *y - r2);
        let (lv1, rv1) = (c.a1 * l1 + c.a2 * lv3, c.a1 * r1 + c.a2 * rv3);
        let (lv2, rv2) = (l2 + c.a2 * l1 + c.a3 * lv3, r2 + c.a2 * r1 + c.a3 * rv3);
        (l1, r1) = (2.0 * lv1 - l1, 2.0 * rv1 - r1);
        (l2, r2) = (2.0 * lv2 - l2, 2.0 * rv2 - r2);
        *x = c.direct * *x + c.band * lv1 + c.low * lv2;
        *y = c.direct * *y + c.band * rv1 + c.low * rv2;
    }
    *l = Svf { first: flushed(l1), second: flushed(l2) };
    *r = Svf { first: flushed(r1), second: flushed(r2) };
}
