//! Signal building blocks of the instruments.
//!
//! Everything works on [`Block`]s of [`CHUNK`] frames: loops of a known length over plain arrays, which the
//! compiler turns into lanes without changing a bit. Envelopes and modulation move once per chunk and are
//! interpolated inside it. No platform transcendental is called: sines, powers and tangents are the
//! polynomials of [`math`], and `libm` where a note begins.

pub(crate) mod bend;
pub(crate) mod cascade;
pub(crate) mod curves;
pub(crate) mod dc;
pub(crate) mod edge;
pub(crate) mod envelope;
pub(crate) mod integrators;
pub(crate) mod kept;
pub(crate) mod ladder;
pub(crate) mod math;
pub(crate) mod noise;
pub(crate) mod oscillator;
pub(crate) mod svf;
pub(crate) mod wave;

/// Frames per second; the engine runs at no other rate.
pub(crate) const SAMPLE_RATE: f32 = 48_000.0;

/// Frames per control step.
pub(crate) const CHUNK: usize = 32;

/// Seconds per control step.
pub(crate) const CHUNK_SECONDS: f32 = CHUNK as f32 / SAMPLE_RATE;

/// One chunk of one signal.
pub(crate) type Block = [f32; CHUNK];

/// A chunk of silence.
pub(crate) const SILENCE: Block = [0.0; CHUNK];

/// A straight line from `from` (just before the chunk) to `to` (its last frame).
#[inline]
pub(crate) fn ramp(from: f32, to: f32) -> Block {
    let step = (to - from) * (1.0 / CHUNK as f32);
    let mut line = SILENCE;
    for (i, x) in line.iter_mut().enumerate() {
        *x = from + step * (i as f32 + 1.0);
    }
    line
}
