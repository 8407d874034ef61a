//! Smoothing: a value that follows its target without a click.

/// Frames rendered at a time. Everything that changes at control rate changes at multiples of this many song frames, so
/// the host's block size cannot be heard.
pub const QUANTUM_FRAMES: usize = 64;

/// How far a value moves towards its target in one quantum: a time constant of 5 ms, `1 - exp(-64 / (0.005 * 48000))`.
const APPROACH: f32 = 0.234;

/// Below this distance the value is set equal to the target, so that a settled value costs nothing and never creeps
/// through denormals.
const SETTLED: f32 = 1.0e-5;

/// A control value that approaches its target exponentially, linearly interpolated within each quantum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Smooth {
    value: f32,
    target: f32,
}

/// The straight line that a [`Smooth`] follows through one quantum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ramp {
    /// Value before the first frame.
    pub(crate) from: f32,
    /// Value at the last frame.
    pub(crate) to: f32,
}

impl Ramp {
    /// Whether the value stays where it is.
    pub(crate) fn is_flat(self) -> bool {
        self.from.to_bits() == self.to.to_bits()
    }

    /// Multiplies `buffer` by the line.
    pub(crate) fn scale(self, buffer: &mut [f32]) {
        if self.is_flat() {
            if self.to.to_bits() != 1.0f32.to_bits() {
                for sample in buffer {
                    *sample *= self.to;
                }
            }
            return;
        }
        let slope = self.slope(buffer.len());
        for (i, sample) in buffer.iter_mut().enumerate() {
            *sample *= self.from + slope * (i + 1) as f32;
        }
    }

    /// The change per frame over `frames` frames.
    pub(crate) fn slope(self, frames: usize) -> f32 {
        (self.to - self.from) / frames.max(1) as f32
    }
}

impl Smooth {
    /// A value at rest.
    pub(crate) const fn at(value: f32) -> Self {
        Self { value, target: value }
    }

    /// Where the value is.
    pub(crate) fn value(self) -> f32 {
        self.value
    }

    /// Whether the value is this one and stays there.
    pub(crate) fn rests_at(self, value: f32) -> bool {
        self.value.to_bits() == value.to_bits() && self.target.to_bits() == value.to_bits()
    }

    /// Sets where the value goes.
    pub(crate) fn aim(&mut self, target: f32) {
        self.target = target;
    }

    /// Sets where the value goes, or arrives there at once.
    pub(crate) fn go(&mut self, target: f32, at_once: bool) {
        if at_once { self.jump(target) } else { self.aim(target) }
    }

    /// Arrives at once: for the moments when nothing sounds that could click.
    pub(crate) fn jump(&mut self, value: f32) {
        *self = Self::at(value);
    }

    /// Is where it goes at once.
    pub(crate) fn arrive(&mut self) {
        self.value = self.target;
    }

    /// Moves on by one quantum.
    pub(crate) fn advance(&mut self) -> Ramp {
        let from = self.value;
        let distance = self.target - from;
        self.value = if distance.abs() < SETTLED { self.target } else { from + distance * APPROACH };
        Ramp { from, to: self.value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smoothed_value_arrives_exactly_and_within_60_ms() {
        let mut gain = Smooth::at(0.0);
        gain.aim(0.8);
        for _ in 0..(48 * 60 / QUANTUM_FRAMES) {
            gain.advance();
        }
        assert_eq!(gain.advance(), Ramp { from: 0.8, to: 0.8 });
    }

    #[test]
    fn a_jump_of_the_target_never_jumps_the_value() {
        let mut gain = Smooth::at(0.0);
        gain.aim(1.0);
        let (mut last, mut largest) = (0.0f32, 0.0f32);
        for _ in 0..50 {
            let mut buffer = [1.0; QUANTUM_FRAMES];
            gain.advance().scale(&mut buffer);
            for sample in buffer {
                largest = largest.max((sample - last).abs());
                last = sample;
            }
        }
        assert!(largest < 0.004, "steps of {largest}");
    }
}
