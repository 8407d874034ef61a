//! A delay line that is read and written a quantum at a time.

use wide::{f32x4, i32x4};

use crate::smooth::{QUANTUM_FRAMES, Ramp};

/// Most frames that one block of [`DelayLine::taps`] may reach over: a quantum, and what a moving delay adds to it.
const SPAN: usize = 2 * QUANTUM_FRAMES + 8;

/// What holds of every ring.
pub(super) const IN_ONE_PIECE: &str = "behind every place of a ring there is a quantum";

/// A quantum of one channel.
pub(super) type Channel = [f32; QUANTUM_FRAMES];

/// A ring of samples. Clearing it is instant: what was not written since reads as silence.
///
/// The first [`SPAN`] samples of the ring stand behind its end again, so that whatever is read or written lies in one piece. Behind
/// these there is room for a quantum that is to be read but is not in the ring.
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
        Self { ring: vec![0.0; length + SPAN + QUANTUM_FRAMES].into_boxed_slice(), length, at: 0, written: 0 }
    }

    /// Whether all of the last `frames` frames are there.
    pub(super) fn holds(&self, frames: usize) -> bool {
        self.written >= frames
    }

    /// Reaches back `frames` frames from here on and keeps what was written within them.
    pub(super) fn fit(&mut self, frames: usize) {
        let length = length_for(frames).min(self.aside() - SPAN);
        // A little too long is left alone: a tempo that drifts should not move the memory again and again.
        if length == self.length || (length < self.length && self.length - length < length / 8) {
            return;
        }
        // Oldest first, from the start of the ring on.
        if self.written > 0 {
            self.ring[..self.length].rotate_left(self.at % self.length);
        }
        let kept = self.written.min(self.length).min(length);
        self.ring.copy_within(self.length - kept..self.length, 0);
        (self.length, self.written, self.at) = (length, kept, kept % length);
        self.ring.copy_within(..SPAN, length);
    }

    pub(super) fn clear(&mut self) {
        self.written = 0;
    }

    /// Where what was written `delay` frames before the next frame lies, at least its successors' number and at most what the line
    /// reaches back.
    pub(super) fn place(&self, delay: usize) -> usize {
        if delay <= self.at { self.at - delay } else { (self.at + self.length).saturating_sub(delay) }
    }

    /// What was written `delay` frames before each of the next frames, which are not written yet.
    pub(super) fn read<const N: usize>(&self, delay: usize) -> [f32; N] {
        let mut out = piece(&self.ring, self.place(delay));
        if delay > self.written {
            out[..(delay - self.written).min(N)].fill(0.0);
        }
        out
    }

    /// Lays aside what is to be read, and tells where it lies.
    pub(super) fn lay_aside(&mut self, samples: &Channel) -> usize {
        let aside = self.aside();
        self.ring[aside..].copy_from_slice(samples);
        aside
    }

    /// Where there is room for a quantum.
    fn aside(&self) -> usize {
        self.ring.len() - QUANTUM_FRAMES
    }

    /// The quantum that lies at a place.
    pub(super) fn quantum(&self, place: usize) -> &Channel {
        self.ring[place..].first_chunk().expect(IN_ONE_PIECE)
    }

    /// Room for the next quantum, to be filled before [`DelayLine::advance`].
    pub(super) fn next(&mut self) -> &mut Channel {
        self.ring[self.at..].first_chunk_mut().expect(IN_ONE_PIECE)
    }

    /// What the line was, `delay` frames before each of the `frames` frames last written, by a cubic through the four neighbours (Catmull and
    /// Rom). What was not written is silence.
    #[inline(never)]
    pub(super) fn taps(&self, delay: Ramp, frames: usize, out: &mut Channel) {
        let [near, far] = [delay.from.min(delay.to), delay.from.max(delay.to)].map(|end| end as usize);
        let oldest = frames + far + 3;
        if oldest + 2 > near + SPAN {
            out.fill(0.0);
            return;
        }
        let silenced;
        let held: &[f32; SPAN] = match self.ring[self.place(oldest)..].first_chunk() {
            Some(held) if self.holds(oldest) => held,
            _ => {
                silenced = self.read(oldest);
                &silenced
            }
        };
        let slope = f32x4::splat(delay.slope(frames));
        let mut delays = f32x4::splat(delay.from) + slope * f32x4::new([1.0, 2.0, 3.0, 4.0]);
        let fours = out.as_chunks_mut::<4>().0.iter_mut().take(frames.div_ceil(4));
        for (start, out) in (far + 1..).step_by(4).zip(fours) {
            let whole = delays.fast_trunc_int();
            let shares = delays - f32x4::from_i32x4(whole);
            let place = |whole: i32| start.saturating_sub(whole as usize).min(SPAN - 7);
            let wholes = whole.to_array();
            // Mostly the four lie one after the other, and so do their neighbours.
            let neighbours = if whole.simd_eq(i32x4::splat(wholes[0])).all() {
                let at = place(wholes[0]);
                [0, 1, 2, 3].map(|next| f32x4::new(piece(held, at + next)))
            } else {
                let [a, b, c, d] = wholes.map(place);
                f32x4::transpose([a, b + 1, c + 2, d + 3].map(|at| f32x4::new(piece(held, at))))
            };
            *out = between(neighbours, shares).to_array();
            delays += slope * f32x4::splat(4.0);
        }
    }

    /// Goes on by the `frames` frames that were put where there was room for a quantum. What lies right behind them is too old to be
    /// read again.
    pub(super) fn advance(&mut self, frames: usize) {
        let end = self.at + QUANTUM_FRAMES;
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

/// Samples from a place on.
#[inline]
fn piece<const N: usize>(samples: &[f32], at: usize) -> [f32; N] {
    samples[at..].first_chunk().copied().unwrap_or([0.0; N])
}

/// The length of a ring that reaches back `frames` frames.
fn length_for(frames: usize) -> usize {
    frames.max(SPAN) + QUANTUM_FRAMES
}

/// The cubic through four neighbours, the last frame first, at a share of the way from the third to the second.
#[inline]
fn between([d, c, b, a]: [f32x4; 4], share: f32x4) -> f32x4 {
    let half = f32x4::splat(0.5);
    let (rise, slope, next_slope) = (c - b, half * (c - a), half * (d - b));
    let twist = (slope + next_slope) - (rise + rise);
    let bend = (rise - slope) - twist;
    b + share * (slope + share * (bend + share * twist))
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use core::array::from_fn;

    use super::*;

    fn write(line: &mut DelayLine, samples: [f32; 64], frames: usize) {
        *line.next() = samples;
        line.advance(frames);
    }

    #[test]
    fn a_block_read_gives_what_was_written_that_long_ago() {
        let mut line = DelayLine::new(300);
        let mut written = Vec::new();
        for block in 0..40 {
            let samples: [f32; 64] = from_fn(|i| (block * 64 + i + 1) as f32);
            let out: [f32; 64] = line.read(200);
            for (i, sample) in out.iter().enumerate() {
                let index = (written.len() + i).checked_sub(200);
                let expected: f32 = index.map_or(0.0, |index| written[index]);
                assert_eq!(sample.to_bits(), expected.to_bits());
            }
            write(&mut line, samples, 64);
            written.extend(samples);
        }
        line.clear();
        assert_eq!(line.read(200), [0.0; 64]);
    }

    #[test]
    fn a_line_that_is_fitted_keeps_what_it_reaches() {
        let mut line = DelayLine::new(1_000);
        let mut newest_number = 0;
        let mut count = |line: &mut DelayLine, frames: usize| {
            write(line, from_fn(|i| (newest_number + i + 1) as f32), frames);
            newest_number += frames;
        };
        line.fit(300);
        (0..10).for_each(|_| count(&mut line, 50));
        let newest = |line: &DelayLine, delay: usize| line.read::<1>(delay)[0];
        assert_eq!((newest(&line, 1), newest(&line, 300)), (500.0, 201.0));
        line.fit(700);
        assert_eq!((newest(&line, 1), newest(&line, 300)), (500.0, 201.0));
        assert_eq!(newest(&line, 700), 0.0, "what was not kept is silence");
        (0..5).for_each(|_| count(&mut line, 64));
        assert_eq!((newest(&line, 1), newest(&line, 320), newest(&line, 620)), (820.0, 501.0, 201.0));
        line.fit(200);
        assert_eq!((newest(&line, 64), newest(&line, 200)), (757.0, 621.0));
        (0..9).for_each(|_| count(&mut line, 63));
        assert_eq!((newest(&line, 64), newest(&line, 65), newest(&line, 200)), (1_324.0, 1_323.0, 1_188.0));
    }

    #[test]
    fn a_tap_between_samples_lies_between_them() {
        let mut line = DelayLine::new(100);
        write(&mut line, from_fn(|i| i as f32), 16);
        write(&mut line, from_fn(|i| (i + 16) as f32), 64);
        let mut taps = [0.0; 64];
        line.taps(Ramp { from: 8.5, to: 7.0 }, 6, &mut taps);
        for (number, tap) in taps[..6].iter().enumerate() {
            let expected = 74.0 + number as f32 - 8.5 + 0.25 * (number + 1) as f32;
            assert!((tap - expected).abs() < 1e-4, "{number}: {tap}, {expected}");
        }
        line.taps(Ramp { from: 79.5, to: 82.5 }, 3, &mut taps);
        assert_eq!(taps[2], 0.0, "what was never written");
    }
}
