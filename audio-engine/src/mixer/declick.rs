//! Hides the edge where a sound is cut off.

/// Share of the remainder that survives each frame: it falls by 60 dB in 5 ms.
const DECAY: f32 = 0.972;

/// A remainder below this is dropped.
const INAUDIBLE: f32 = 1.0e-7;

/// Continues the last sample before a cut and lets it die away, so that the wave has no step in it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Declick {
    last: [f32; 2],
    remainder: [f32; 2],
}

impl Declick {
    /// Remembers where the wave stood at the end of a quantum.
    pub(crate) fn remember(&mut self, left: f32, right: f32) {
        self.last = [left, right];
    }

    /// The sound is cut here: what comes starts from silence.
    pub(crate) fn cut(&mut self) {
        for (remainder, last) in self.remainder.iter_mut().zip(&mut self.last) {
            *remainder += core::mem::take(last);
        }
    }

    /// Whether there is something to add.
    pub(crate) fn is_active(&self) -> bool {
        self.remainder.iter().any(|remainder| remainder.abs() > 0.0)
    }

    /// Adds the dying remainder.
    pub(crate) fn add(&mut self, left: &mut [f32], right: &mut [f32]) {
        for (remainder, channel) in self.remainder.iter_mut().zip([left, right]) {
            for sample in channel {
                *sample += *remainder;
                *remainder *= DECAY;
            }
            if remainder.abs() < INAUDIBLE {
                *remainder = 0.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_leaves_no_step_and_falls_silent() {
        let mut declick = Declick::default();
        declick.remember(0.5, -0.25);
        declick.cut();
        let (mut left, mut right) = ([0.0f32; 64], [0.0f32; 64]);
        declick.add(&mut left, &mut right);
        assert_eq!((left[0], right[0]), (0.5, -0.25));
        assert!(left.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.015));
        let mut quanta = 0;
        while declick.is_active() {
            declick.add(&mut left, &mut right);
            quanta += 1;
        }
        assert!(quanta < 20);
    }
}
