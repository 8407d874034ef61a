//! The state-variable filter (trapezoidal integration, after Simper's and Zavalishin's papers).

use wide::f32x4;

use super::Block;
use super::math::{prewarped, still};

/// Frames that are filtered at once.
const LANES: usize = 4;

/// What of the filter is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    Lowpass,
    Highpass,
    Bandpass,
}

/// A filter's coefficients for one chunk.
///
/// The trapezoidal equations, solved for the integrators' next states, are a linear system, `s' = A s + B x` and
/// `y = C s + D x`. Written out for four frames at once they are products of small matrices (`A^4`, `C A^k`, `C A^k B`), so
/// that a chunk waits four times for the states instead of sixteen, and the lanes do the rest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coefficients {
    /// States after four frames from those before: both from the first, both from the second.
    carry: f32x4,
    /// States after four frames from the input: both from each frame, two frames to an entry.
    take: [f32x4; 2],
    /// The four outputs from either state.
    ring: [f32x4; 2],
    /// The four outputs from each frame of the input.
    answer: [f32x4; 4],
}

/// The system for one frame.
#[derive(Debug, Clone, Copy)]
struct Frame {
    step: Step,
    /// States from the input, the output from the states, and from the input.
    into: [f32; 2],
    out: [f32; 2],
    direct: f32,
}

impl Coefficients {
    /// A response at `hertz`; `damping` is 1/Q: 2 is gentle, 1.41 flat, 0.05 rings. The band-pass has unit gain at its
    /// centre.
    pub(crate) fn new(response: Response, hertz: f32, damping: f32) -> Self {
        let damping = damping.clamp(0.02, 4.0);
        let mix = match response {
            Response::Lowpass => [0.0, 0.0, 1.0],
            Response::Highpass => [1.0, -damping, -1.0],
            Response::Bandpass => [0.0, damping, 0.0],
        };
        Self::mixed(prewarped(hertz), damping, mix)
    }

    /// A filter with the integrator gain `g` whose output is a mix of its input, its band-pass and its low-pass.
    #[inline]
    fn mixed(g: f32, damping: f32, [direct, band, low]: [f32; 3]) -> Self {
        let a1 = 1.0 / (1.0 + g * (g + damping));
        let (a2, a3) = (g * a1, g * g * a1);
        Self::unrolled(Frame {
            step: Step { first: 2.0 * a1 - 1.0, across: 2.0 * a2, second: 1.0 - 2.0 * a3 },
            into: [2.0 * a2, 2.0 * a3],
            out: [band * a1 + low * a2, low * (1.0 - a3) - band * a2],
            direct: direct + band * a2 + low * a3,
        })
    }

    /// The system of one frame, four frames at a time.
    #[inline]
    fn unrolled(once: Frame) -> Self {
        let Frame { step, into, out, direct } = once;
        let twice = step.squared();
        let four = twice.squared();
        // The input's way into the states, and the states' way out, side by side: at once and a frame later, then two frames on.
        let (later, earlier) = (step.apply(into), step.transposed(out));
        let near = [into[0], later[0], out[0], earlier[0]].into();
        let near = [near, [into[1], later[1], out[1], earlier[1]].into()];
        let far = twice.both(near);
        let [x, y] = [near[0].to_array(), near[1].to_array()];
        let [u, v] = [far[0].to_array(), far[1].to_array()];
        let ring = [f32x4::new([x[2], x[3], u[2], u[3]]), f32x4::new([y[2], y[3], v[2], v[3]])];
        let heard = ring[0] * f32x4::splat(into[0]) + ring[1] * f32x4::splat(into[1]);
        let [h1, h2, h3, _] = heard.to_array();
        Self {
            carry: f32x4::new([four.first, four.across, -four.across, four.second]),
            take: [f32x4::new([u[1], v[1], u[0], v[0]]), f32x4::new([x[1], y[1], x[0], y[0]])],
            ring,
            answer: [
                f32x4::new([direct, h1, h2, h3]),
                f32x4::new([0.0, direct, h1, h2]),
                f32x4::new([0.0, 0.0, direct, h1]),
                f32x4::new([0.0, 0.0, 0.0, direct]),
            ],
        }
    }
}

/// What becomes of the two states without input: the matrix `[first, -across; across, second]`. Its powers are of the same form.
#[derive(Debug, Clone, Copy)]
struct Step {
    first: f32,
    across: f32,
    second: f32,
}

impl Step {
    fn squared(self) -> Self {
        let square = self.across * self.across;
        Self {
            first: self.first * self.first - square,
            across: self.across * (self.first + self.second),
            second: self.second * self.second - square,
        }
    }

    fn apply(self, [first, second]: [f32; 2]) -> [f32; 2] {
        [self.first * first - self.across * second, self.across * first + self.second * second]
    }

    /// A row of outputs, one step earlier: the transposed matrix.
    fn transposed(self, [first, second]: [f32; 2]) -> [f32; 2] {
        [self.first * first + self.across * second, self.second * second - self.across * first]
    }

    /// [`Step::apply`] in the first two lanes, [`Step::transposed`] in the others.
    fn both(self, [first, second]: [f32x4; 2]) -> [f32x4; 2] {
        let c = self.across;
        let across = f32x4::new([-c, -c, c, c]);
        [
            f32x4::splat(self.first) * first + across * second,
            f32x4::splat(self.second) * second - across * first,
        ]
    }
}

/// The two integrators of one channel.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Svf {
    /// First, second, and both again.
    states: f32x4,
}

impl Svf {
    /// Filters a chunk in place.
    #[inline]
    pub(crate) fn run(&mut self, c: &Coefficients, block: &mut Block) {
        for x in block.as_chunks_mut().0 {
            *x = self.four(c, *x);
        }
        self.flush();
    }

    /// Four frames.
    #[inline]
    fn four(&mut self, c: &Coefficients, x: [f32; LANES]) -> [f32; LANES] {
        let [first, second, ..] = self.states.to_array();
        let held = f32x4::new([first, first, second, second]);
        let (early, late) = (f32x4::new([x[0], x[0], x[1], x[1]]), f32x4::new([x[2], x[2], x[3], x[3]]));
        let halves = (c.take[0] * early + c.take[1] * late) + c.carry * held;
        let [a, b, d, e] = halves.to_array();
        self.states = halves + f32x4::new([d, e, a, b]);
        let [x0, x1, x2, x3] =
            [f32x4::splat(x[0]), f32x4::splat(x[1]), f32x4::splat(x[2]), f32x4::splat(x[3])];
        let driven = (c.answer[0] * x0 + c.answer[1] * x1) + (c.answer[2] * x2 + c.answer[3] * x3);
        (driven + (c.ring[0] * f32x4::splat(first) + c.ring[1] * f32x4::splat(second))).to_array()
    }

    fn flush(&mut self) {
        self.states = still(self.states);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::CHUNK;
    use crate::dsp::integrators::by_the_paper;
    use crate::dsp::noise::Noise;

    /// The mix of input, band-pass and low-pass that is a response.
    fn mix(response: Response, damping: f32) -> [f32; 3] {
        match response {
            Response::Lowpass => [0.0, 0.0, 1.0],
            Response::Highpass => [1.0, -damping, -1.0],
            Response::Bandpass => [0.0, damping, 0.0],
        }
    }

    #[test]
    fn four_frames_at_once_are_the_filter_of_the_paper() {
        let mut noise = Noise::seeded(3);
        let input: Vec<f32> = (0..300).flat_map(|_| noise.block()).collect();
        for response in [Response::Lowpass, Response::Highpass, Response::Bandpass] {
            for (hertz, damping) in [(30.0, 1.41), (440.0, 0.05), (5_000.0, 0.3), (18_000.0, 2.0)] {
                let expected = by_the_paper(prewarped(hertz), damping, mix(response, damping), &input);
                let coefficients = Coefficients::new(response, hertz, damping);
                let (mut filter, mut output) = (Svf::default(), input.clone());
                for block in output.as_chunks_mut::<CHUNK>().0 {
                    filter.run(&coefficients, block);
                }
                let peak = expected.iter().fold(1.0_f64, |peak, y| peak.max(y.abs()));
                let off = output.iter().zip(&expected).map(|(x, y)| (f64::from(*x) - y).abs());
                let furthest = off.fold(0.0, f64::max) / peak;
                assert!(furthest < 1e-4, "{response:?} at {hertz} Hz: off by {furthest}");
            }
        }
    }
}
