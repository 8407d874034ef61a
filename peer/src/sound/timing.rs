//! From the sound card's timestamps to a line between frames and time.

use score::time::LocalTime;
use view::FrameLine;

/// How quickly the line follows the timestamps, in hertz: slow enough that the scatter of callbacks (about 1 ms) is
/// averaged away, quick enough that a card's own speed is learned within seconds.
const BANDWIDTH_HZ: f64 = 0.2;

/// A prediction this far off, in nanoseconds, is no scatter: the stream has stalled or moved, and the line starts anew.
const LOST_AT_NANOS: f64 = 20e6;

/// How long a stream's timestamps are not believed: devices fill their buffers first.
const SETTLING_NANOS: f64 = 1e9;

/// When frames are heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    /// The line between the engine's frames and time, with the card's own speed.
    pub line: FrameLine,
    /// Whether the stream has run long enough to be believed.
    pub settled: bool,
}

/// A delay-locked loop over the timestamps of audio callbacks (F. Adriaensen, "Using a DLL to filter time", 2005), for
/// blocks of varying length. Real-time safe.
#[derive(Debug, Clone)]
pub(super) struct TimingLoop {
    nominal_nanos: f64,
    nanos_per_frame: f64,
    frame: f64,
    heard_at: f64,
    started_at: Option<f64>,
}

impl TimingLoop {
    /// A loop for a card that is said to play `rate` frames of the engine a second.
    pub(super) fn new(rate: f64) -> Self {
        let nominal_nanos = 1e9 / rate;
        Self { nominal_nanos, nanos_per_frame: nominal_nanos, frame: 0.0, heard_at: 0.0, started_at: None }
    }

    /// Begins anew: the stream was interrupted.
    pub(super) fn reset(&mut self) {
        *self = Self::new(1e9 / self.nominal_nanos);
    }

    /// Takes in that the card claims to play `frame` at `heard_at`, and gives the line as it lies then.
    pub(super) fn observe(&mut self, frame: f64, heard_at: LocalTime) -> Anchor {
        let measured = heard_at.0 as f64;
        let passed = frame - self.frame;
        let predicted = self.heard_at + passed * self.nanos_per_frame;
        let error = measured - predicted;
        let started_at = match self.started_at {
            Some(started_at) if error.abs() < LOST_AT_NANOS && passed > 0.0 => {
                // Damped critically-ish: b = sqrt(2) w, c = w^2, with w the loop's turn per block.
                let turn = std::f64::consts::TAU * BANDWIDTH_HZ * passed * self.nominal_nanos * 1e-9;
                self.heard_at = predicted + std::f64::consts::SQRT_2 * turn * error;
                self.nanos_per_frame += turn * turn * error / passed;
                started_at
            }
            _ => {
                self.heard_at = measured;
                self.nanos_per_frame = self.nominal_nanos;
                self.started_at = Some(measured);
                measured
            }
        };
        self.frame = frame;
        let heard_at = LocalTime(self.heard_at as i64);
        Anchor {
            line: FrameLine { frame, heard_at, nanos_per_frame: self.nanos_per_frame },
            settled: self.heard_at - started_at > SETTLING_NANOS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::simulated_disk::Seeded;

    /// Feeds callbacks of a card that runs `ppm` fast, each timestamp scattered by up to 1 ms, and returns the line.
    fn run(timing: &mut TimingLoop, ppm: f64, blocks: usize, seed: u64) -> (Anchor, f64) {
        let nanos = 1e9 / (48_000.0 * (1.0 + ppm * 1e-6));
        let mut random = Seeded(seed);
        let mut anchor = timing.observe(0.0, LocalTime(0));
        for block in 1..=blocks {
            let frame = block as f64 * 512.0;
            let scatter = (random.below(2_001) as f64 - 1_000.0) * 1_000.0;
            anchor = timing.observe(frame, LocalTime((frame * nanos + scatter) as i64));
        }
        (anchor, blocks as f64 * 512.0 * nanos)
    }

    #[test]
    fn scatter_is_filtered_and_the_cards_own_speed_learned() {
        for (seed, ppm) in [(1, 0.0), (2, 200.0), (3, -150.0)] {
            let mut timing = TimingLoop::new(48_000.0);
            let (anchor, truth) = run(&mut timing, ppm, 3_000, seed);
            assert!(anchor.settled);
            let error = (anchor.line.heard_at.0 as f64 - truth).abs();
            assert!(error < 250_000.0, "{ppm} ppm: {error} ns off");
            let learned = (1e9 / 48_000.0 / anchor.line.nanos_per_frame - 1.0) * 1e6;
            assert!((learned - ppm).abs() < 60.0, "{ppm} ppm learned as {learned}");
        }
    }

    #[test]
    fn a_stall_starts_the_line_anew_instead_of_bending_it() {
        let mut timing = TimingLoop::new(48_000.0);
        let (before, _) = run(&mut timing, 0.0, 500, 4);
        let late = before.line.heard_at.plus_nanos(500_000_000);
        let anchor = timing.observe(before.line.frame + 512.0, late);
        assert_eq!(anchor.line.heard_at, late);
        assert!(!anchor.settled);
        timing.reset();
        assert!(!timing.observe(0.0, late).settled);
    }
}
