//! Two strips side by side: the lanes of a frame are the left and right of the first strip, then those of the second.
//!
//! No lane ever looks at another strip's, and a strip that does not take part is silence, so that the bits of a strip do not
//! depend on its neighbour.

use core::array::from_fn;

use wide::f32x4;

use super::room::LINES;
use crate::smooth::{QUANTUM_FRAMES, Ramp, Smooth};

/// A quantum of both strips, a frame to an entry.
pub(super) type Block = [f32x4; QUANTUM_FRAMES];

/// The same, each channel by itself: left and right of the first strip, then of the second.
pub(super) type Channels = [[f32; QUANTUM_FRAMES]; 4];

/// Room to work in, for all chains in turn. What it holds is whatever was last put there: to clear so much for each quantum would take
/// as long as an effect does.
#[derive(Debug)]
pub(crate) struct Bench {
    /// The sound as it goes through the chain, what an effect makes of it, and the sound of one strip alone.
    pub(super) blocks: [Block; 3],
    /// For the effects.
    pub(super) desk: Desk,
}

/// An effect's part of the [`Bench`].
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) block: Block,
    pub(super) channels: Channels,
    /// Where the channels go of which nothing is wanted.
    pub(super) spare: Channels,
    pub(super) lines: [[f32; QUANTUM_FRAMES]; LINES],
}

impl Bench {
    pub(crate) fn new() -> Self {
        let (block, channels) = ([f32x4::ZERO; QUANTUM_FRAMES], [SILENCE; 4]);
        Self { blocks: [block; 3], desk: Desk { block, channels, spare: channels, lines: [SILENCE; LINES] } }
    }
}

/// A channel in which there is nothing.
pub(super) const SILENCE: [f32; QUANTUM_FRAMES] = [0.0; QUANTUM_FRAMES];

/// So little that it is lost in anything heard, and yet so much that what is reckoned with it cannot become denormal. Added
/// where sound goes round, it is what remains of a tail.
pub(super) const BIAS: f32x4 = f32x4::splat(1.0e-24);

/// A number for each strip, in its lanes.
#[inline]
pub(super) fn beside([first, second]: [f32; 2]) -> f32x4 {
    f32x4::new([first, first, second, second])
}

/// All lanes of the strips that are meant.
pub(super) fn mask(strips: [bool; 2]) -> f32x4 {
    beside(strips.map(f32::from)).simd_gt(f32x4::ZERO)
}

/// All lanes but those of one strip.
#[inline(never)]
pub(super) fn others(strip: usize) -> f32x4 {
    mask([strip != 0, strip != 1])
}

/// Left and right of each strip, changed about.
#[inline]
pub(super) fn crossed(lanes: f32x4) -> f32x4 {
    let [a, b, c, d] = lanes.to_array();
    f32x4::new([b, a, d, c])
}

/// Four frames of a channel, from `at` on.
#[inline]
pub(super) fn four(channel: &[f32; QUANTUM_FRAMES], at: usize) -> f32x4 {
    f32x4::new(channel[at..].first_chunk().copied().unwrap_or_default())
}

/// Puts four frames in a channel, from `at` on.
#[inline]
pub(super) fn set(channel: &mut [f32; QUANTUM_FRAMES], at: usize, frames: f32x4) {
    if let Some(place) = channel[at..].first_chunk_mut() {
        *place = frames.to_array();
    }
}

/// Channels, as frames.
#[inline(never)]
pub(super) fn together(channels: [&[f32; QUANTUM_FRAMES]; 4], block: &mut Block) {
    let fours = channels.map(|channel| channel.as_chunks::<4>().0);
    for (at, frames) in block.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        *frames = f32x4::transpose(fours.map(|four| f32x4::new(four[at])));
    }
}

/// Frames, as channels.
#[inline(never)]
pub(super) fn apart(block: &Block, channels: [&mut [f32; QUANTUM_FRAMES]; 4]) {
    let mut fours = channels.map(|channel| channel.as_chunks_mut::<4>().0);
    for (at, frames) in block.as_chunks::<4>().0.iter().enumerate() {
        for (four, lanes) in fours.iter_mut().zip(f32x4::transpose(*frames)) {
            four[at] = lanes.to_array();
        }
    }
}

/// Below this, -120 dBFS, nothing is heard.
const INAUDIBLE: f32x4 = f32x4::splat(1.0e-6);

/// Listens for strips of which nothing is heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quiet(f32x4);

impl Quiet {
    pub(super) fn new() -> Self {
        Self(mask([true; 2]))
    }

    #[inline]
    pub(super) fn hear(&mut self, frame: f32x4) {
        self.0 &= frame.abs().simd_lt(INAUDIBLE);
    }

    /// Of which strips nothing was heard.
    pub(super) fn strips(self) -> [bool; 2] {
        let lanes = self.0.to_bitmask();
        [lanes & 0b11 == 0b11, lanes & 0b1100 == 0b1100]
    }
}

/// A smoothed value of either strip.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dial([Smooth; 2]);

impl Dial {
    /// Both at rest.
    pub(super) const fn at(value: f32) -> Self {
        Self([Smooth::at(value); 2])
    }

    /// Sends one strip's value to a target, or puts it there.
    pub(super) fn go(&mut self, strip: usize, target: f32, at_once: bool) {
        self.0[strip].go(target, at_once);
    }

    /// Where one strip's value is.
    pub(super) fn value(&self, strip: usize) -> f32 {
        self.0[strip].value()
    }

    /// Whether one strip's value is this one and stays there.
    pub(super) fn rests_at(&self, strip: usize, value: f32) -> bool {
        self.0[strip].rests_at(value)
    }

    /// Moves on by one quantum in the strips that are meant; in the others the value stays.
    #[inline(never)]
    pub(super) fn ramps(&mut self, strips: [bool; 2]) -> [Ramp; 2] {
        from_fn(|strip| {
            let value = self.0[strip].value();
            if strips[strip] { self.0[strip].advance() } else { Ramp { from: value, to: value } }
        })
    }

    /// [`Dial::ramps`], in lanes.
    pub(super) fn advance(&mut self, strips: [bool; 2]) -> Line {
        Line::beside(self.ramps(strips))
    }
}

/// The straight lines that values follow through one quantum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) from: f32x4,
    pub(super) to: f32x4,
}

impl Line {
    /// One for each strip.
    pub(super) fn beside(ramps: [Ramp; 2]) -> Self {
        Self { from: beside(ramps.map(|ramp| ramp.from)), to: beside(ramps.map(|ramp| ramp.to)) }
    }

    /// Whether no value moves.
    pub(super) fn is_flat(self) -> bool {
        self.from.simd_eq(self.to).all()
    }

    /// The values at a share of the way, 0..=1.
    pub(super) fn at(self, place: f32) -> f32x4 {
        self.from + (self.to - self.from) * f32x4::splat(place)
    }

    /// The values frame by frame, over so many frames.
    #[inline]
    pub(super) fn over(self, frames: usize) -> Steps {
        Steps { now: self.from, slope: (self.to - self.from) / f32x4::splat(frames.max(1) as f32) }
    }
}

/// The values of a [`Line`], one frame after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    now: f32x4,
    slope: f32x4,
}

impl Steps {
    /// At the next frame.
    #[inline]
    pub(super) fn step(&mut self) -> f32x4 {
        self.now += self.slope;
        self.now
    }
}
