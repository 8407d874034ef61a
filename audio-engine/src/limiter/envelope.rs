//! The limiter's gain over time, on exact integers.

/// A gain of one, in units of 2^-30.
const UNITY: u32 = 1 << 30;

/// Share of the missing gain that returns per frame, as a shift: 1/4096, a time constant of 85 ms.
const RELEASE_SHIFT: u32 = 12;

/// Holds, releases and averages the gain that each frame needs, over a look-ahead of `N` frames.
#[derive(Debug)]
pub(super) struct Envelope<const N: usize> {
    minimum: SlidingMinimum<N>,
    released: u32,
    /// The last `N` released gains, their sum, and the place of the oldest.
    averaged: [u32; N],
    sum: u64,
    oldest: usize,
}

impl<const N: usize> Envelope<N> {
    const SUM_AT_REST: u64 = N as u64 * UNITY as u64;

    pub(super) fn new() -> Self {
        Self {
            minimum: SlidingMinimum::new(),
            released: UNITY,
            averaged: [UNITY; N],
            sum: Self::SUM_AT_REST,
            oldest: 0,
        }
    }

    /// Whether nothing within reach needs limiting, so that the gain stays one until something does.
    pub(super) fn is_at_rest(&self) -> bool {
        self.sum == Self::SUM_AT_REST && self.released == UNITY && self.minimum.current() == UNITY
    }

    /// Passes `frames` frames that need no limiting, while at rest.
    pub(super) fn rest(&mut self, frames: usize) {
        self.minimum.skip_unity(frames);
    }

    /// Takes the gain (0 to 1) that the newest frame needs and gives the one to apply to the frame that leaves.
    pub(super) fn next(&mut self, needed: f32) -> f32 {
        let held = self.minimum.next((needed * UNITY as f32) as u32);
        let risen = self.released + ((UNITY - self.released) >> RELEASE_SHIFT) + 1;
        self.released = held.min(risen.min(UNITY));
        let leaving = core::mem::replace(&mut self.averaged[self.oldest], self.released);
        self.sum = self.sum - u64::from(leaving) + u64::from(self.released);
        self.oldest = (self.oldest + 1) % N;
        (self.sum as f64 / Self::SUM_AT_REST as f64) as f32
    }
}

/// Entries of the sliding minimum's queue; must exceed the window of any envelope in use.
const QUEUE: usize = 128;

/// The smallest of the last `N + 2` values: the averaging length, plus both samples that an interpolated peak lies between.
///
/// A monotonic queue: a value that is followed by a smaller one can never be the minimum again and is dropped.
#[derive(Debug)]
struct SlidingMinimum<const N: usize> {
    /// (frame, value), values rising from the front.
    queue: [(u32, u32); QUEUE],
    front: usize,
    length: usize,
    frame: u32,
}

impl<const N: usize> SlidingMinimum<N> {
    const WINDOW: u32 = N as u32 + 2;

    fn new() -> Self {
        const { assert!(N + 2 < QUEUE && QUEUE.is_power_of_two()) };
        Self { queue: [(0, UNITY); QUEUE], front: 0, length: 1, frame: 0 }
    }

    fn current(&self) -> u32 {
        self.queue[self.front].1
    }

    /// Takes `frames` values of one while the minimum is one.
    fn skip_unity(&mut self, frames: usize) {
        self.frame = self.frame.wrapping_add(frames as u32);
        (self.front, self.length) = (0, 1);
        self.queue[0] = (self.frame, UNITY);
    }

    fn next(&mut self, value: u32) -> u32 {
        self.frame = self.frame.wrapping_add(1);
        while self.length > 0 && self.queue[(self.front + self.length - 1) % QUEUE].1 >= value {
            self.length -= 1;
        }
        self.queue[(self.front + self.length) % QUEUE] = (self.frame, value);
        self.length += 1;
        while self.frame.wrapping_sub(self.queue[self.front].0) >= Self::WINDOW {
            self.front = (self.front + 1) % QUEUE;
            self.length -= 1;
        }
        self.current()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sliding_minimum_is_that_of_its_window() {
        let mut minimum = SlidingMinimum::<5>::new();
        let values: Vec<u32> = (0..500u32).map(|i| i.wrapping_mul(2_654_435_761) >> 8).collect();
        for (i, &value) in values.iter().enumerate() {
            let smallest = *values[i.saturating_sub(6)..=i].iter().min().unwrap();
            assert_eq!(minimum.next(value), smallest.min(if i < 6 { UNITY } else { u32::MAX }), "at {i}");
        }
    }

    #[test]
    fn the_gain_returns_to_exactly_one() {
        let mut envelope = Envelope::<58>::new();
        envelope.next(0.1);
        let mut frames = 0;
        while !envelope.is_at_rest() {
            envelope.next(1.0);
            frames += 1;
            assert!(frames < 120_000);
        }
        assert_eq!(envelope.next(1.0).to_bits(), 1.0f32.to_bits());
    }
}
