//! A delay line that is read and written a quantum at a time.

use wide::{f32x4, i32x4};

use super::glide::{GLIDE_FRAMES, Glide};
use crate::smooth::QUANTUM_FRAMES;

/// Most frames that one block of [`DelayLine::taps`] may reach over: a quantum, and what a moving delay adds to it.
const SPAN: usize = 2 * QUANTUM_FRAMES + 8;

/// How many frames less far back each of four lies that follow one another.
const IN_TURN: i32x4 = i32x4::new([0, 1, 2, 3]);

/// A ring of samples. Clearing it is instant: what was not written since reads as silence.
///
/// The first [`SPAN`] samples of the ring stand behind its end again, so that whatever is read or written lies in one piece.
#[derive(Debug)]
pub(super) struct DelayLine {
    ring: Box<[f32]>,
    /// How much of the ring is in use: as much as the longest delay needs, so that little memory is walked through.
    length: usize,
    /// Where the next sample goes.
    at: usize,
    /// Samples written since it was cleared, up to its length.
    written: usize,
}

impl DelayLine {
    /// A silent line that reaches back at least `frames` frames.
    pub(super) fn new(frames: usize) -> Self {
        // No more than that: lines of equal powers of two would all compete for the same places of the processor's cache.
        let length = length_for(frames);
        Self { ring: vec![0.0; length + SPAN].into_boxed_slice(), length, at: 0, written: 0 }
    }

    /// Whether all of the last `frames` frames are there.
    pub(super) fn holds(&self, frames: usize) -> bool {
        self.written >= frames
    }

    /// Reaches back `frames` frames from here on and keeps what was written within them.
    pub(super) fn fit(&mut self, frames: usize) {
        let length = length_for(frames).min(self.ring.len() - SPAN);
        // A little too long is left alone: a tempo that drifts should not move the memory again and again.
        if length == self.length || (length < self.length && self.length - length < length / 8) {
            return;
        }
        // Oldest first, from the start of the ring on.
        self.ring[..self.length].rotate_left(self.at % self.length);
        let kept = self.written.min(self.length).min(length);
        self.ring.copy_within(self.length - kept..self.length, 0);
        (self.length, self.written, self.at) = (length, kept, kept % length);
        self.ring.copy_within(..SPAN, length);
    }

    pub(super) fn clear(&mut self) {
        self.written = 0;
    }

    /// What was written `delay` frames before each of the next frames, which are not written yet; `delay` is at least
    /// their number, and at most what the line reaches back.
    #[inline]
    fn read<const N: usize>(&self, delay: usize, out: &mut [f32; N]) {
        let from =
            if delay <= self.at { self.at - delay } else { (self.at + self.length).saturating_sub(delay) };
        if let Some(piece) = self.ring[from..].first_chunk() {
            *out = *piece;
        }
        if delay > self.written {
            out[..(delay - self.written).min(N)].fill(0.0);
        }
    }

    /// Reads at a delay that may be gliding to another.
    pub(super) fn read_gliding(&self, glide: &Glide, out: &mut [f32; QUANTUM_FRAMES]) {
        self.read(glide.now, out);
        if glide.left > 0 {
            let mut next = [0.0; QUANTUM_FRAMES];
            self.read(glide.next, &mut next);
            for (i, (sample, next)) in out.iter_mut().zip(&next).enumerate() {
                let left = glide.left.saturating_sub(i as u32 + 1) as f32 / GLIDE_FRAMES as f32;
                *sample = next + (*sample - next) * left;
            }
        }
    }

    /// Samples between those of the line, by a cubic through their four neighbours (Catmull and Rom): the n-th of them, counted
    /// from one, lies `delay + n * slope` frames before the frame last written. What was not written is silence.
    pub(super) fn taps(&self, delay: f32, slope: f32, out: &mut [f32]) {
        let ends = [delay + slope, delay + slope * out.len() as f32];
        let (near, far) = (ends[0].min(ends[1]).max(1.0), ends[0].max(ends[1]).max(1.0));
        let oldest = far as usize + 2;
        let span = oldest + 2 - near as usize;
        if span > SPAN {
            out.fill(0.0);
            return;
        }
        let mut frames = [0.0; SPAN];
        self.read(oldest + 1, &mut frames);
        let (near, far) = (f32x4::splat(near), f32x4::splat(far));
        let (delay, slope) = (f32x4::splat(delay), f32x4::splat(slope));
        let first = f32x4::new([1.0, 2.0, 3.0, 4.0]);
        for (four, out) in out.chunks_mut(4).enumerate() {
            // Past the end, where only some of the four are wanted, the others are any.
            let numbers = first + f32x4::splat((four * 4) as f32);
            let delays = (delay + slope * numbers).fast_max(near).fast_min(far);
            let whole = delays.fast_trunc_int();
            let shares = delays - f32x4::from_i32x4(whole);
            let from = |at: usize| f32x4::new(frames[at..].first_chunk().copied().unwrap_or_default());
            let place = |whole: i32| (oldest - 2).saturating_sub(whole as usize);
            let wholes = whole.to_array();
            // Mostly the four lie one after the other, and so do their neighbours.
            let [d, c, b, a] = if (whole + IN_TURN).simd_eq(i32x4::splat(wholes[0])).all() {
                [0, 1, 2, 3].map(|next| from(place(wholes[0]) + next))
            } else {
                f32x4::transpose(wholes.map(|whole| from(place(whole))))
            };
            let taps = between([a, b, c, d], shares).to_array();
            out.copy_from_slice(&taps[..out.len()]);
        }
    }

    /// Appends the first `frames` of these samples.
    #[inline]
    pub(super) fn write(&mut self, samples: &[f32; QUANTUM_FRAMES], frames: usize) {
        // All of them: what lies right behind the last is too old to be read again.
        let end = self.at + QUANTUM_FRAMES;
        self.ring[self.at..end].copy_from_slice(samples);
        if end > self.length {
            self.ring.copy_within(self.length..end, 0);
        }
        if self.at < SPAN {
            self.ring.copy_within(self.at..end.min(SPAN), self.length + self.at);
        }
        self.at += frames;
        if self.at >= self.length {
            self.at -= self.length;
        }
        self.written = (self.written + frames).min(self.length);
    }
}

/// The length of a ring that reaches back `frames` frames.
fn length_for(frames: usize) -> usize {
    frames.max(SPAN) + QUANTUM_FRAMES
}

/// The cubic through four neighbours, at a share of the way from the second to the third.
fn between([a, b, c, d]: [f32x4; 4], share: f32x4) -> f32x4 {
    let half = f32x4::splat(0.5);
    let slope = half * (c - a);
    let bend = a - f32x4::splat(2.5) * b + f32x4::splat(2.0) * c - half * d;
    let twist = half * (d - a) + f32x4::splat(1.5) * (b - c);
    b + share * (slope + share * (bend + share * twist))
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use core::array::from_fn;

    use super::*;

    #[test]
    fn a_block_read_gives_what_was_written_that_long_ago() {
        let mut line = DelayLine::new(300);
        let mut written = Vec::new();
        for block in 0..40 {
            let samples: [f32; 64] = from_fn(|i| (block * 64 + i + 1) as f32);
            let mut out = [9.0; 64];
            line.read(200, &mut out);
            for (i, sample) in out.iter().enumerate() {
                let index = (written.len() + i).checked_sub(200);
                let expected: f32 = index.map_or(0.0, |index| written[index]);
                assert_eq!(sample.to_bits(), expected.to_bits());
            }
            line.write(&samples, 64);
            written.extend(samples);
        }
        line.clear();
        let mut out = [9.0; 64];
        line.read(200, &mut out);
        assert_eq!(out, [0.0; 64]);
    }

    #[test]
    fn a_line_that_is_fitted_keeps_what_it_reaches() {
        let mut line = DelayLine::new(1_000);
        let mut newest_number = 0;
        let mut write = |line: &mut DelayLine, frames: usize| {
            line.write(&from_fn(|i| (newest_number + i + 1) as f32), frames);
            newest_number += frames;
        };
        line.fit(300);
        (0..10).for_each(|_| write(&mut line, 50));
        let newest = |line: &DelayLine, delay: usize| {
            let mut out = [0.0; 1];
            line.read(delay, &mut out);
            out[0]
        };
        assert_eq!((newest(&line, 1), newest(&line, 300)), (500.0, 201.0));
        line.fit(700);
        assert_eq!((newest(&line, 1), newest(&line, 300)), (500.0, 201.0));
        assert_eq!(newest(&line, 700), 0.0, "what was not kept is silence");
        (0..5).for_each(|_| write(&mut line, 64));
        assert_eq!((newest(&line, 1), newest(&line, 320), newest(&line, 620)), (820.0, 501.0, 201.0));
        line.fit(200);
        assert_eq!((newest(&line, 64), newest(&line, 200)), (757.0, 621.0));
        (0..9).for_each(|_| write(&mut line, 63));
        assert_eq!((newest(&line, 64), newest(&line, 65), newest(&line, 200)), (1_324.0, 1_323.0, 1_188.0));
    }

    #[test]
    fn a_tap_between_samples_lies_between_them() {
        let mut line = DelayLine::new(100);
        line.write(&from_fn(|i| i as f32), 16);
        line.write(&from_fn(|i| (i + 16) as f32), 64);
        let mut taps = [0.0; 3];
        line.taps(10.0, 0.25, &mut taps);
        for (tap, expected) in taps.iter().zip([68.75, 68.5, 68.25]) {
            assert!((tap - expected).abs() < 1e-4, "{taps:?}");
        }
        line.taps(79.5, 1.0, &mut taps);
        assert_eq!(taps[2], 0.0, "what was never written");
    }
}
