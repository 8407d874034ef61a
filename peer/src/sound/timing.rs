//! From the sound card's timestamps to a line between frames and time.

use arrayvec::ArrayVec;
use score::time::LocalTime;
use view::FrameLine;

/// How quickly the line follows the timestamps, in hertz: slow enough that the scatter of callbacks (about 1 ms) is
/// averaged away, quick enough that a card's own speed is learned within seconds.
const BANDWIDTH_HZ: f64 = 0.2;

/// A timestamp that is this far off, in nanoseconds, says nothing alone: on a busy machine some stray by tens of milliseconds, and the
/// music is not to stray with them.
const STRAY_NANOS: f64 = 2e6;

/// So many in a row whose median is that far off say that the stream has moved, by a gap for one. The line moves by the median, and
/// keeps the card's speed.
const MOVED_WORDS: usize = 9;

/// A prediction this far off, in nanoseconds, is no scatter and no gap: the stream has stalled, and the line starts anew at once.
const LOST_AT_NANOS: f64 = 100e6;

/// How long a stream's timestamps are not believed, in nanoseconds: devices fill their buffers first. Until then frames are counted;
/// then the line begins where the second half of that time has seen it.
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
    /// The errors that were seen while the stream settled: their sum and number.
    seen: (f64, f64),
    /// By how much the last timestamps were later than the line had them, in nanoseconds.
    late_by: ArrayVec<f64, MOVED_WORDS>,
}

impl TimingLoop {
    /// A loop for a card that is said to play `rate` frames of the engine a second.
    pub(super) fn new(rate: f64) -> Self {
        let nominal_nanos = 1e9 / rate;
        Self {
            nominal_nanos,
            nanos_per_frame: nominal_nanos,
            frame: 0.0,
            heard_at: 0.0,
            started_at: None,
            seen: (0.0, 0.0),
            late_by: ArrayVec::new_const(),
        }
    }

    /// Begins anew, at the speed that the card was seen to have: the stream was interrupted.
    fn reset(&mut self) {
        *self = Self { nanos_per_frame: self.nanos_per_frame, ..Self::new(1e9 / self.nominal_nanos) };
    }

    /// Takes in that the card claims to play `frame` at `heard_at`, and gives the line as it lies then.
    pub(super) fn observe(&mut self, frame: f64, heard_at: LocalTime) -> Anchor {
        let measured = heard_at.0 as f64;
        let passed = frame - self.frame;
        let predicted = self.heard_at + passed * self.nanos_per_frame;
        let error = measured - predicted;
        let was_settled = self.is_settled();
        let goes_on = passed > 0.0 && error.abs() < LOST_AT_NANOS;
        match self.started_at {
            Some(started_at) if goes_on => {
                self.heard_at = predicted;
                if was_settled {
                    self.follow(error, passed);
                } else {
                    self.settle(error, predicted - started_at);
                }
            }
            _ => {
                self.reset();
                self.heard_at = measured;
                self.started_at = Some(measured);
            }
        }
        self.frame = frame;
        let heard_at = LocalTime(self.heard_at as i64);
        let line = FrameLine { frame, heard_at, nanos_per_frame: self.nanos_per_frame };
        Anchor { line, settled: self.is_settled() }
    }

    fn is_settled(&self) -> bool {
        self.started_at.is_some_and(|started_at| self.heard_at - started_at > SETTLING_NANOS)
    }

    /// Damped critically-ish: b = sqrt(2) w, c = w^2, with w the loop's turn per block.
    fn follow(&mut self, error: f64, passed: f64) {
        if error.abs() < STRAY_NANOS {
            let turn = std::f64::consts::TAU * BANDWIDTH_HZ * passed * self.nominal_nanos * 1e-9;
            self.heard_at += std::f64::consts::SQRT_2 * turn * error;
            self.nanos_per_frame += turn * turn * error / passed;
        }
        if self.late_by.is_full() {
            self.late_by.remove(0);
        }
        self.late_by.push(error);
        self.move_on();
    }

    fn move_on(&mut self) {
        let mut sorted = self.late_by.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let median = sorted.get(MOVED_WORDS / 2).filter(|_| sorted.is_full());
        if let Some(median) = median.filter(|median| median.abs() >= STRAY_NANOS) {
            self.heard_at += median;
            self.late_by.clear();
        }
    }

    /// Counts frames, and takes note of what the second half of the settling sees; once it is over the line begins there.
    fn settle(&mut self, error: f64, age: f64) {
        let (sum, number) = &mut self.seen;
        if age * 2.0 > SETTLING_NANOS {
            *sum += error;
            *number += 1.0;
        }
        if self.is_settled() && self.seen.1 > 0.0 {
            self.heard_at += self.seen.0 / self.seen.1;
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

    #[test]
    fn strays_of_a_busy_machine_hardly_move_the_line() {
        let mut timing = TimingLoop::new(48_000.0);
        let (settled, _) = run(&mut timing, 0.0, 500, 5);
        let nanos = 1e9 / 48_000.0;
        for block in 1..=2_000 {
            let frame = settled.line.frame + f64::from(block) * 512.0;
            let stray = if block % 10 == 0 { 40e6 } else { 0.0 };
            let anchor = timing.observe(frame, LocalTime((frame * nanos + stray) as i64));
            let error = anchor.line.heard_at.0 as f64 - frame * nanos;
            assert!(anchor.settled && error.abs() < 500_000.0, "block {block}: {error} ns off");
        }
    }

    #[test]
    fn a_stream_that_has_moved_for_good_is_followed_within_ten_blocks_at_the_same_speed() {
        let mut timing = TimingLoop::new(48_000.0);
        let (settled, _) = run(&mut timing, 0.0, 3_000, 6);
        let nanos = 1e9 / 48_000.0;
        for by in [15e6, -15e6] {
            let from = timing.frame;
            let mut anchor = settled;
            for block in 1..=10 {
                let frame = from + f64::from(block) * 512.0;
                anchor = timing.observe(frame, LocalTime((frame * nanos + by) as i64));
            }
            let error = anchor.line.heard_at.0 as f64 - anchor.line.frame * nanos - by;
            assert!(error.abs() < 500_000.0, "{error} ns off: {anchor:?}");
            assert!((anchor.line.nanos_per_frame - settled.line.nanos_per_frame).abs() < 0.2, "{anchor:?}");
            assert!(anchor.settled);
        }
    }

    #[test]
    fn a_stream_that_has_moved_for_good_is_followed_within_two_seconds() {
        let mut timing = TimingLoop::new(48_000.0);
        let (settled, _) = run(&mut timing, 0.0, 500, 6);
        let nanos = 1e9 / 48_000.0;
        let moved = |block: u32| {
            let frame = settled.line.frame + f64::from(block) * 512.0;
            (frame, frame * nanos + 50e6)
        };
        for block in 1..190 {
            let (frame, heard_at) = moved(block);
            timing.observe(frame, LocalTime(heard_at as i64));
        }
        let (frame, heard_at) = moved(190);
        let anchor = timing.observe(frame, LocalTime(heard_at as i64));
        assert!((anchor.line.heard_at.0 as f64 - heard_at).abs() < 100_000.0, "{anchor:?}");
        assert!(anchor.settled);
    }

    #[test]
    fn while_a_device_fills_its_buffers_frames_are_counted() {
        let mut timing = TimingLoop::new(48_000.0);
        let nanos = 1e9 / 48_000.0;
        let mut before = timing.observe(0.0, LocalTime(0));
        for block in 1..=200_u32 {
            let frame = f64::from(block) * 512.0;
            // What waits in the device grows to 15 ms in the first 0.3 s.
            let filled = 15e6 * (frame * nanos / 3e8).min(1.0);
            let anchor = timing.observe(frame, LocalTime((frame * nanos + filled) as i64));
            if !anchor.settled {
                let passed = anchor.line.heard_at.nanos_since(before.line.heard_at) as f64;
                assert!((passed - 512.0 * nanos).abs() < 2.0, "block {block}: {passed}");
            }
            before = anchor;
        }
        let heard_at = 200.0 * 512.0 * nanos + 15e6;
        assert!((before.line.heard_at.0 as f64 - heard_at).abs() < 100_000.0, "{before:?}");
    }
}
