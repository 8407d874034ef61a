//! A delay line that is read and written a block at a time.

use crate::dsp::math::flushed;
use crate::smooth::QUANTUM_FRAMES;

/// Frames over which a changed delay time fades over: 21 ms, without the pitch bend of a moving tap.
const GLIDE_FRAMES: u32 = 1_024;

/// A ring of samples. Clearing it is instant: what was not written since reads as silence.
#[derive(Debug)]
pub(super) struct DelayLine {
    ring: Box<[f32]>,
    /// Where the next sample goes.
    at: usize,
    /// Samples written since it was cleared, up to its length.
    written: usize,
}

impl DelayLine {
    /// A silent line that reaches back at least `frames` frames.
    pub(super) fn new(frames: usize) -> Self {
        // No more than that: lines of equal powers of two would all compete for the same places of the processor's cache.
        let length = frames + QUANTUM_FRAMES;
        Self { ring: vec![0.0; length].into_boxed_slice(), at: 0, written: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.written = 0;
    }

    /// What was written `delay` frames before each of the next frames, which are not written yet; `delay` is at least
    /// their number.
    pub(super) fn read(&self, delay: usize, out: &mut [f32]) {
        let unwritten = delay.saturating_sub(self.written).min(out.len());
        out[..unwritten].fill(0.0);
        let out = &mut out[unwritten..];
        let back = delay - unwritten;
        let from = if back <= self.at { self.at - back } else { self.at + self.ring.len() - back };
        let straight = out.len().min(self.ring.len() - from);
        let (head, tail) = out.split_at_mut(straight);
        head.copy_from_slice(&self.ring[from..from + straight]);
        tail.copy_from_slice(&self.ring[..tail.len()]);
    }

    /// Reads at a delay that may be gliding to another.
    pub(super) fn read_gliding(&self, glide: &Glide, out: &mut [f32]) {
        self.read(glide.now, out);
        if glide.left > 0 {
            let mut next = [0.0; QUANTUM_FRAMES];
            self.read(glide.next, &mut next[..out.len()]);
            for (i, (sample, next)) in out.iter_mut().zip(&next).enumerate() {
                let left = glide.left.saturating_sub(i as u32 + 1) as f32 / GLIDE_FRAMES as f32;
                *sample = next + (*sample - next) * left;
            }
        }
    }

    /// A single sample between those `delay` frames before the frame last written, by a cubic through its four neighbours
    /// (Catmull and Rom); silence where not all of them are written.
    #[inline]
    pub(super) fn tap(&self, delay: f32) -> f32 {
        let whole = delay as usize;
        let t = delay - whole as f32;
        if whole + 2 >= self.written {
            return 0.0;
        }
        // `back` frames before the newest; what lies before the ring's start is at its end.
        let sample = |back: usize| {
            let from = if back < self.at { self.at } else { self.at + self.ring.len() };
            self.ring[from - 1 - back]
        };
        let (a, b, c, d) =
            (sample(whole.saturating_sub(1)), sample(whole), sample(whole + 1), sample(whole + 2));
        let slope = 0.5 * (c - a);
        let bend = a - 2.5 * b + 2.0 * c - 0.5 * d;
        let twist = 0.5 * (d - a) + 1.5 * (b - c);
        b + t * (slope + t * (bend + t * twist))
    }

    /// Appends the next frames, at most as many as the line is long.
    pub(super) fn write(&mut self, samples: &[f32]) {
        let straight = samples.len().min(self.ring.len() - self.at);
        let (head, tail) = samples.split_at(straight);
        for (place, sample) in self.ring[self.at..].iter_mut().zip(head) {
            *place = flushed(*sample);
        }
        for (place, sample) in self.ring.iter_mut().zip(tail) {
            *place = flushed(*sample);
        }
        self.at += samples.len();
        if self.at >= self.ring.len() {
            self.at -= self.ring.len();
        }
        self.written = (self.written + samples.len()).min(self.ring.len());
    }
}

/// A delay time that fades over to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glide {
    now: usize,
    next: usize,
    target: usize,
    left: u32,
}

impl Glide {
    pub(super) fn at(frames: usize) -> Self {
        Self { now: frames, next: frames, target: frames, left: 0 }
    }

    /// Goes to `frames`: at once, or after what is fading over has done so.
    pub(super) fn aim(&mut self, frames: usize, at_once: bool) {
        if at_once {
            *self = Self::at(frames);
        } else {
            self.target = frames;
            self.depart();
        }
    }

    /// Moves on after `frames` frames were read.
    pub(super) fn advance(&mut self, frames: usize) {
        if self.left > 0 {
            self.left = self.left.saturating_sub(frames as u32);
            if self.left == 0 {
                self.now = self.next;
            }
        }
        self.depart();
    }

    fn depart(&mut self) {
        if self.left == 0 && self.target != self.now {
            self.next = self.target;
            self.left = GLIDE_FRAMES;
        }
    }

    /// The longest delay in use.
    pub(super) fn longest(&self) -> usize {
        self.now.max(self.next).max(self.target)
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::*;

    #[test]
    fn a_block_read_gives_what_was_written_that_long_ago() {
        let mut line = DelayLine::new(300);
        let mut written = Vec::new();
        for block in 0..40 {
            let samples: Vec<f32> = (0..64).map(|i| (block * 64 + i + 1) as f32).collect();
            let mut out = [9.0; 64];
            line.read(200, &mut out);
            for (i, sample) in out.iter().enumerate() {
                let index = (written.len() + i).checked_sub(200);
                let expected: f32 = index.map_or(0.0, |index| written[index]);
                assert_eq!(sample.to_bits(), expected.to_bits());
            }
            line.write(&samples);
            written.extend(samples);
        }
        line.clear();
        let mut out = [9.0; 64];
        line.read(200, &mut out);
        assert_eq!(out, [0.0; 64]);
    }

    #[test]
    fn a_tap_between_samples_lies_between_them() {
        let mut line = DelayLine::new(100);
        line.write(&(0..80).map(|i| i as f32).collect::<Vec<_>>());
        assert!((line.tap(10.0) - 69.0).abs() < 1e-4);
        assert!((line.tap(10.25) - 68.75).abs() < 1e-4);
    }

    #[test]
    fn a_glide_ends_at_its_last_target() {
        let mut glide = Glide::at(100);
        glide.aim(500, false);
        glide.aim(200, false);
        for _ in 0..40 {
            glide.advance(64);
        }
        assert_eq!((glide.now, glide.left), (200, 0));
    }
}
