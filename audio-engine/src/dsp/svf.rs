//! The state-variable filter (trapezoidal integration, after Simper's and Zavalishin's papers).

use super::math::{flushed, prewarped};
use super::{Block, CHUNK, SILENCE};

/// What of the filter is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    Lowpass,
    Highpass,
    Bandpass,
}

/// A filter's coefficients for one chunk: the trapezoidal equations solved for the integrators' next states, which leaves
/// two multiplications and two additions between one frame and the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coefficients {
    /// Next first integrator from the first, the second, and the input.
    first: [f32; 3],
    second: [f32; 3],
    out: [f32; 3],
}

impl Coefficients {
    /// A response at `hertz`; `damping` is 1/Q: 2 is gentle, 1.41 flat, 0.05 rings. The band-pass has unit gain at its
    /// centre.
    pub(crate) fn new(response: Response, hertz: f32, damping: f32) -> Self {
        let (g, k) = (prewarped(hertz), damping.clamp(0.02, 4.0));
        let a1 = 1.0 / (1.0 + g * (g + k));
        let (a2, a3) = (g * a1, g * g * a1);
        let (direct, band, low) = match response {
            Response::Lowpass => (0.0, 0.0, 1.0),
            Response::Highpass => (1.0, -k, -1.0),
            Response::Bandpass => (0.0, k, 0.0),
        };
        Self {
            first: [2.0 * a1 - 1.0, -2.0 * a2, 2.0 * a2],
            second: [2.0 * a2, 1.0 - 2.0 * a3, 2.0 * a3],
            out: [band * a1 + low * a2, low * (1.0 - a3) - band * a2, direct + band * a2 + low * a3],
        }
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
        let (mut firsts, mut seconds) = (SILENCE, SILENCE);
        for i in 0..CHUNK {
            firsts[i] = self.first;
            seconds[i] = self.second;
            self.step(c, block[i]);
        }
        self.flush();
        mix(c, &firsts, &seconds, block);
    }

    #[inline]
    fn step(&mut self, c: &Coefficients, x: f32) {
        let first = (c.first[0] * self.first + c.first[2] * x) + c.first[1] * self.second;
        self.second = (c.second[1] * self.second + c.second[2] * x) + c.second[0] * self.first;
        self.first = first;
    }

    fn flush(&mut self) {
        (self.first, self.second) = (flushed(self.first), flushed(self.second));
    }
}

/// Filters both channels at once: their chains of dependent operations overlap.
#[inline]
pub(crate) fn run_stereo(pair: &mut [Svf; 2], c: &Coefficients, left: &mut Block, right: &mut Block) {
    let [mut l, mut r] = *pair;
    let mut states = [SILENCE; 4];
    for i in 0..CHUNK {
        (states[0][i], states[1][i], states[2][i], states[3][i]) = (l.first, l.second, r.first, r.second);
        l.step(c, left[i]);
        r.step(c, right[i]);
    }
    l.flush();
    r.flush();
    *pair = [l, r];
    mix(c, &states[0], &states[1], left);
    mix(c, &states[2], &states[3], right);
}

/// Filters a chunk through two stages at once: the second works on one frame while the first is at the next.
#[inline]
pub(crate) fn run_cascade(stages: [&mut Svf; 2], c: [&Coefficients; 2], block: &mut Block) {
    let [a, b] = stages;
    for x in block.iter_mut() {
        let between = c[0].out[0] * a.first + c[0].out[1] * a.second + c[0].out[2] * *x;
        a.step(c[0], *x);
        *x = c[1].out[0] * b.first + c[1].out[1] * b.second + c[1].out[2] * between;
        b.step(c[1], between);
    }
    a.flush();
    b.flush();
}

/// The output from the states before each frame and the frame.
#[inline]
fn mix(c: &Coefficients, firsts: &Block, seconds: &Block, block: &mut Block) {
    for i in 0..CHUNK {
        block[i] = c.out[0] * firsts[i] + c.out[1] * seconds[i] + c.out[2] * block[i];
    }
}
