//! Four all-passes in a row, which thicken a sound.

use wide::f32x4;

use super::delay_line::{Channel, IN_ONE_PIECE};
use super::lanes::{four, set};
use crate::smooth::QUANTUM_FRAMES;

/// Gain of the all-passes.
const DIFFUSION: f32 = 0.62;

/// All-passes in a row: as their delays are longer than a quantum, four frames of it go through all of them at a time.
#[derive(Debug)]
pub(super) struct Diffuser([Allpass; 4]);

/// A ring that is exactly as long as the delay, so that what is read makes room for what is written.
///
/// Its first [`QUANTUM_FRAMES`] samples stand behind its end again, so that a quantum lies in one piece.
#[derive(Debug)]
struct Allpass {
    ring: Box<[f32]>,
    at: usize,
}

impl Diffuser {
    /// All-passes with delays of so many frames, longer than a quantum.
    #[inline(never)]
    pub(super) fn new(delays: [usize; 4]) -> Self {
        let ring = |delay: usize| vec![0.0; delay.max(QUANTUM_FRAMES) + QUANTUM_FRAMES].into_boxed_slice();
        Self(delays.map(|delay| Allpass { ring: ring(delay), at: 0 }))
    }

    /// Filters the first frames of a quantum in place.
    pub(super) fn run(&mut self, quantum: &mut Channel, frames: usize) {
        let mut held = self.0.each_mut().map(Allpass::held);
        for at in (0..frames).step_by(4) {
            let mut x = four(quantum, at);
            for held in &mut held {
                let delayed = four(held, at);
                let inner = x - f32x4::splat(DIFFUSION) * delayed;
                x = delayed + f32x4::splat(DIFFUSION) * inner;
                set(held, at, if frames - at < 4 { only(frames - at, inner, delayed) } else { inner });
            }
            set(quantum, at, x);
        }
        for allpass in &mut self.0 {
            allpass.advance(frames);
        }
    }

    pub(super) fn clear(&mut self) {
        for allpass in &mut self.0 {
            allpass.ring.fill(0.0);
        }
    }
}

/// The first lanes as they are, the others as they were.
#[cold]
fn only(count: usize, now: f32x4, before: f32x4) -> f32x4 {
    let is_first = f32x4::new([0.0, 1.0, 2.0, 3.0]).simd_lt(f32x4::splat(count as f32));
    is_first.bitselect(now, before)
}

impl Allpass {
    /// What comes out of the ring next, and the place for what goes in.
    fn held(&mut self) -> &mut Channel {
        self.ring[self.at..].first_chunk_mut().expect(IN_ONE_PIECE)
    }

    /// Goes on by so many frames.
    fn advance(&mut self, frames: usize) {
        let (length, end) = (self.ring.len() - QUANTUM_FRAMES, self.at + frames);
        if end > length {
            self.ring.copy_within(length..end, 0);
        }
        if self.at < QUANTUM_FRAMES {
            self.ring.copy_within(self.at..end.min(QUANTUM_FRAMES), length + self.at);
        }
        self.at = if end >= length { end - length } else { end };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_any_length_are_the_plain_recursion() {
        let delays = [113, 163, 241, 397];
        let input: Vec<f32> = (0..2_000_u32).map(|n| ((n * 7_919) % 200) as f32 / 100.0 - 1.0).collect();
        let mut expected = input.clone();
        for delay in delays {
            let mut inner = vec![0.0f32; input.len()];
            for n in 0..input.len() {
                let delayed = if n < delay { 0.0 } else { inner[n - delay] };
                inner[n] = expected[n] - 0.62 * delayed;
                expected[n] = delayed + 0.62 * inner[n];
            }
        }
        let mut diffuser = Diffuser::new(delays);
        let (mut done, mut sizes) = (0, [64, 64, 13, 64, 1, 50, 64].into_iter().cycle());
        while done < input.len() {
            let frames = sizes.next().unwrap_or(1).min(input.len() - done);
            let mut quantum = [9.0; QUANTUM_FRAMES];
            quantum[..frames].copy_from_slice(&input[done..][..frames]);
            diffuser.run(&mut quantum, frames);
            for (frame, (x, y)) in quantum.iter().zip(&expected[done..]).take(frames).enumerate() {
                assert!((x - y).abs() < 1e-5, "frame {}: {x}, {y}", done + frame);
            }
            done += frames;
        }
    }
}
