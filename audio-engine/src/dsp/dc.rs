//! Keeps a constant offset out of the sound.

use super::Block;
use super::math::flushed;

/// A one-pole high-pass at 8 Hz: what asymmetric waves and bends leave behind does not reach the loudspeaker.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DcBlocker {
    input: f32,
    output: f32,
}

/// The pole, `1 - 2 pi 8 / 48000`.
const POLE: f32 = 0.998_953;

impl DcBlocker {
    /// Filters a chunk in place.
    #[inline]
    pub(crate) fn run(&mut self, block: &mut Block) {
        let (mut input, mut output) = (self.input, self.output);
        for x in block.iter_mut() {
            output = *x - input + POLE * output;
            input = *x;
            *x = output;
        }
        (self.input, self.output) = (flushed(input), flushed(output));
    }
}
