//! A delay line that is read and written a block at a time.

use wide::{f32x4, i32x4};

use crate::dsp::math::flushed;
use crate::smooth::QUANTUM_FRAMES;

/// Frames over which a changed delay time fades over: 21 ms, without the pitch bend of a moving tap.
const GLIDE_FRAMES: u32 = 1_024;

/// Most frames that one block of [`DelayLine::taps`] may reach over: a quantum, and what a moving delay adds to it.
const SPAN: usize = 2 * QUANTUM_FRAMES + 8;

/// How many frames less far back each of four lies that follow one another.
const IN_TURN: i32x4 = i32x4::new([0, 1, 2, 3]);

/// A ring of samples. Clearing it is instant: what was not written since reads as silence.
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
        let length = frames + QUANTUM_FRAMES;
        Self { ring: vec![0.0; length].into_boxed_slice(), length, at: 0, written: 0 }
    }

    /// A silent line that is always read at a delay of `frames` frames, at least [`QUANTUM_FRAMES`].
    pub(super) fn exactly(frames: usize) -> Self {
        let mut line = Self::new(frames);
        line.fit(frames);
        line.written = 0;
        line
    }

    /// Whether all of the last `frames` frames are there.
    fn holds(&self, frames: usize) -> bool {
        self.written >= frames
    }

    /// Reaches back `frames` frames from here on and keeps what was written within them.
    fn fit(&mut self, frames: usize) {
        let length = frames.clamp(QUANTUM_FRAMES, self.ring.len());
        // A little too long is left alone: a tempo that drifts should not move the memory again and again.
        if length == self.length || (length < self.length && self.length - length < length / 8) {
            return;
        }
        // Oldest first, from the start of the ring on.
        self.ring[..self.length].rotate_left(self.at % self.length);
        let kept = self.written.min(self.length).min(length);
        self.ring.copy_within(self.length - kept..self.length, 0);
        (self.length, self.written, self.at) = (length, kept, kept % length);
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
        let from = if back <= self.at { self.at - back } else { self.at + self.length - back };
        let straight = out.len().min(self.length - from);
        // Mostly a whole quantum in one piece, whose length the compiler knows.
        if let (Some((out, [])), Some(piece)) =
            (out.split_first_chunk_mut::<QUANTUM_FRAMES>(), self.ring[from..from + straight].first_chunk())
        {
            *out = *piece;
            return;
        }
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
        self.read(oldest + 1, &mut frames[..span]);
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

    /// Appends the next frames, at most as many as the line is long.
    pub(super) fn write(&mut self, samples: &[f32]) {
        let straight = samples.len().min(self.length - self.at);
        let (head, tail) = samples.split_at(straight);
        keep(&mut self.ring[self.at..][..straight], head);
        keep(&mut self.ring[..tail.len()], tail);
        self.at += samples.len();
        if self.at >= self.length {
            self.at -= self.length;
        }
        self.written = (self.written + samples.len()).min(self.length);
    }
}

/// Copies samples, those too small to matter as zeros.
#[inline]
fn keep(places: &mut [f32], samples: &[f32]) {
    if let (Some((places, [])), Some((samples, []))) =
        (places.split_first_chunk_mut::<QUANTUM_FRAMES>(), samples.split_first_chunk::<QUANTUM_FRAMES>())
    {
        places.iter_mut().zip(samples).for_each(|(place, x)| *place = flushed(*x));
    } else {
        places.iter_mut().zip(samples).for_each(|(place, x)| *place = flushed(*x));
    }
}

/// The cubic through four neighbours, at a share of the way from the second to the third.
fn between([a, b, c, d]: [f32x4; 4], share: f32x4) -> f32x4 {
    let half = f32x4::splat(0.5);
    let slope = half * (c - a);
    let bend = a - f32x4::splat(2.5) * b + f32x4::splat(2.0) * c - half * d;
    let twist = half * (d - a) + f32x4::splat(1.5) * (b - c);
    b + share * (slope + share * (bend + share * twist))
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

    /// Goes to `frames` frames in these lines, which are fitted to it: at once, or as soon as the lines hold so much and what is
    /// fading over has done so. To be called before each block.
    pub(super) fn follow(&mut self, frames: usize, lines: &mut [DelayLine], at_once: bool) {
        let longest = if at_once { frames } else { self.longest().max(frames) };
        for line in lines.iter_mut() {
            line.fit(longest);
        }
        if at_once || lines.iter().all(|line| line.holds(frames)) {
            self.aim(frames, at_once);
        }
    }

    /// Goes to `frames`: at once, or after what is fading over has done so.
    fn aim(&mut self, frames: usize, at_once: bool) {
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
    fn a_line_that_is_fitted_keeps_what_it_reaches() {
        let mut line = DelayLine::new(1_000);
        line.fit(300);
        line.write(&(1..=500).map(|i| i as f32).collect::<Vec<_>>()[..250]);
        line.write(&(251..=500).map(|i| i as f32).collect::<Vec<_>>());
        let newest = |line: &DelayLine, delay: usize| {
            let mut out = [0.0; 1];
            line.read(delay, &mut out);
            out[0]
        };
        assert_eq!((newest(&line, 1), newest(&line, 300)), (500.0, 201.0));
        line.fit(700);
        assert_eq!((newest(&line, 1), newest(&line, 300)), (500.0, 201.0));
        assert_eq!(newest(&line, 301), 0.0, "what was not kept is silence");
        line.write(&[501.0; 64]);
        line.write(&[500.0; 64]);
        line.write(&[501.0; 64]);
        assert_eq!((newest(&line, 1), newest(&line, 65)), (501.0, 500.0));
        line.fit(100);
        assert_eq!((newest(&line, 64), newest(&line, 65)), (501.0, 500.0));
        line.write(&[502.0; 64]);
        assert_eq!((newest(&line, 64), newest(&line, 65), newest(&line, 100)), (502.0, 501.0, 501.0));
    }

    #[test]
    fn a_tap_between_samples_lies_between_them() {
        let mut line = DelayLine::new(100);
        line.write(&(0..80).map(|i| i as f32).collect::<Vec<_>>());
        let mut taps = [0.0; 3];
        line.taps(10.0, 0.25, &mut taps);
        for (tap, expected) in taps.iter().zip([68.75, 68.5, 68.25]) {
            assert!((tap - expected).abs() < 1e-4, "{taps:?}");
        }
        line.taps(79.5, 1.0, &mut taps);
        assert_eq!(taps[2], 0.0, "what was never written");
    }

    #[test]
    fn a_longer_delay_is_heard_when_the_line_holds_it() {
        let (mut glide, mut lines) = (Glide::at(100), [DelayLine::new(1_000)]);
        glide.follow(100, &mut lines, true);
        let mut blocks = 0;
        while glide.now != 500 {
            glide.follow(500, &mut lines, false);
            assert!(glide.left == 0 || lines[0].written >= 500);
            lines[0].write(&[1.0; 64]);
            glide.advance(64);
            blocks += 1;
        }
        assert_eq!(blocks, 8 + 16, "until the line holds it, and to fade over");
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
