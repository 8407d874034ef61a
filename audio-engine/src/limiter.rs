//! The master's last stage: a look-ahead limiter that keeps the true peak under -1 dBFS.
//!
//! The signal is delayed by [`LATENCY_FRAMES`]. Meanwhile the true peak of what is coming is measured on a four times
//! oversampled signal, turned into the gain that it needs, held by a sliding minimum, released exponentially, and averaged
//! over the look-ahead. As every averaged value is at most the gain that the peak needs, the gain has come down by the time
//! the peak leaves. (Structure: D. Giannoulis, M. Massberg, J. Reiss, "Digital Dynamic Range Compressor Design", JAES 60(6), 2012;
//! true peak: ITU-R BS.1770-4, annex 2.)
//!
//! The gain is computed on integers, so its running sums stay exact however long the engine runs, and a signal that needs
//! no limiting passes bit for bit.

mod envelope;
mod true_peak;

use envelope::Envelope;
use true_peak::{TAPS, TruePeak};

use crate::scan::finite_peak;
use crate::smooth::QUANTUM_FRAMES;

/// Frames by which the limiter delays the sound (2 ms); hosts count it as output latency, offline rendering removes it.
pub const LATENCY_FRAMES: usize = 96;

/// The look-ahead over which the gain comes down; the rest of the latency is the centre of the oversampling filter.
const LOOK_AHEAD_FRAMES: usize = LATENCY_FRAMES - TAPS / 2;

/// Gain target, -1.3 dBFS: the ceiling of -1 dB less what a four times oversampled measurement may miss of sound up to
/// 20 kHz.
const TARGET: f32 = 0.860_994;

/// A stereo limiter.
#[derive(Debug)]
pub(crate) struct Limiter {
    left: DelayLine,
    right: DelayLine,
    detector: TruePeak,
    envelope: Envelope<LOOK_AHEAD_FRAMES>,
}

type DelayLine = [f32; LATENCY_FRAMES + QUANTUM_FRAMES];

impl Limiter {
    /// A limiter at rest.
    pub(crate) fn new() -> Self {
        Self {
            left: [0.0; LATENCY_FRAMES + QUANTUM_FRAMES],
            right: [0.0; LATENCY_FRAMES + QUANTUM_FRAMES],
            detector: TruePeak::new(),
            envelope: Envelope::new(),
        }
    }

    /// Limits up to [`QUANTUM_FRAMES`] frames in place; the samples must be finite.
    pub(crate) fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        let frames = left.len();
        self.left[LATENCY_FRAMES..][..frames].copy_from_slice(left);
        self.right[LATENCY_FRAMES..][..frames].copy_from_slice(right);
        let is_low = [&self.left, &self.right].map(|line| self.is_low(line, frames));
        if self.envelope.is_at_rest() && is_low == [true; 2] {
            self.envelope.rest(frames);
            left.copy_from_slice(&self.left[..frames]);
            right.copy_from_slice(&self.right[..frames]);
        } else {
            self.limit(left, right, is_low);
        }
        self.left.copy_within(frames..LATENCY_FRAMES + frames, 0);
        self.right.copy_within(frames..LATENCY_FRAMES + frames, 0);
    }

    /// What the detector sees of a channel: the samples that its taps cover for the newest `frames` frames.
    fn recent(line: &DelayLine, frames: usize) -> &[f32] {
        &line[LATENCY_FRAMES + 1 - TAPS..LATENCY_FRAMES + frames]
    }

    /// Whether no interpolation of a channel's recent samples can exceed the target, so that measuring is needless.
    fn is_low(&self, line: &DelayLine, frames: usize) -> bool {
        let bound = TARGET / self.detector.largest_gain();
        finite_peak(Self::recent(line, frames)).is_some_and(|peak| peak <= bound)
    }

    fn limit(&mut self, left: &mut [f32], right: &mut [f32], is_low: [bool; 2]) {
        let frames = left.len();
        let mut peaks = [0.0; QUANTUM_FRAMES];
        for (line, is_low) in [&self.left, &self.right].into_iter().zip(is_low) {
            if !is_low {
                self.detector.raise(&mut peaks[..frames], Self::recent(line, frames));
            }
        }
        for i in 0..frames {
            let needed = if peaks[i] > TARGET { TARGET / peaks[i] } else { 1.0 };
            let gain = self.envelope.next(needed);
            left[i] = self.left[i] * gain;
            right[i] = self.right[i] * gain;
        }
    }
}

#[cfg(test)]
mod tests;
