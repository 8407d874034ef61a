//! When the frames of a browser's sound are heard, by the page's clock.
//!
//! A browser says now and then which frame it plays at which moment, some to a twentieth of a millisecond, some only to five. So a line is
//! laid through what it said in the last twenty seconds, whose slope is believed as far as the scatter allows. Sound that stalls
//! goes on elsewhere: then only what was said since counts.

use std::collections::VecDeque;

use score::LocalTime;
use score::time::SAMPLE_RATE;
use view::FrameLine;

/// Moments that are kept: twenty seconds of them.
const MAX_READINGS: usize = 200;
/// So many are taken as they come; then one in a tenth of a second.
const EAGER_READINGS: usize = 16;
/// Frames between two moments that are kept.
const APART_FRAMES: f64 = 4_800.0;
/// Fewer do not tell how fast the card runs.
const MIN_FOR_SPEED: usize = 12;
/// How fast a card's clock is taken to be wrong before anything is known, in nanoseconds a second: 0.01 %.
const USUAL_SKEW: f64 = 1e5;
/// Off by so much, in nanoseconds, it is no scatter.
const STALLED_NANOS: f64 = 20e6;
/// So many in a row that are off to one side show that the sound has moved.
const MOVED_READINGS: usize = 6;
/// Off by less, in nanoseconds, is never taken for that.
const MOVED_NANOS: f64 = 1e6;

/// What a browser said, and the line through it.
#[derive(Debug, Default)]
pub(crate) struct SoundClock {
    readings: VecDeque<(f64, LocalTime)>,
    line: Option<FrameLine>,
    /// How much the readings scatter, in nanoseconds.
    scatter: f64,
    /// Readings in a row that were off to one side; negative to the other.
    moved: i32,
}

impl SoundClock {
    /// Takes in that a frame is heard at a moment. The line as it is then, where that is news.
    pub(crate) fn read(&mut self, frame: f64, at: LocalTime) -> Option<FrameLine> {
        let is_eager = self.readings.len() < EAGER_READINGS;
        let last = self.readings.back().map(|(last, _)| frame - last);
        match last {
            Some(since) if since < 0.0 => *self = Self::default(),
            Some(since) if since == 0.0 || (since < APART_FRAMES && !is_eager) => return None,
            _ => {}
        }
        self.forget_what_has_moved(frame, at);
        if self.readings.len() == MAX_READINGS {
            self.readings.pop_front();
        }
        self.readings.push_back((frame, at));
        self.lay(frame, at);
        self.line
    }

    /// The line, once there is one.
    pub(crate) fn line(&self) -> Option<FrameLine> {
        self.line
    }

    fn forget_what_has_moved(&mut self, frame: f64, at: LocalTime) {
        let Some(line) = &self.line else { return };
        let off = at.nanos_since(line.time_at(frame)) as f64;
        let is_off = off.abs() > (2.0 * self.scatter).max(MOVED_NANOS);
        let side = if off > 0.0 { 1 } else { -1 };
        self.moved = match (is_off, self.moved.signum() == -side) {
            (false, _) => 0,
            (true, true) => side,
            (true, false) => self.moved + side,
        };
        if off.abs() > STALLED_NANOS {
            *self = Self::default();
        } else if self.moved.unsigned_abs() as usize >= MOVED_READINGS {
            let keep = self.readings.len().saturating_sub(MOVED_READINGS - 1);
            self.readings.drain(..keep);
            self.moved = 0;
        }
    }

    /// Lays the line anew, through the moments as they are seen from the last one.
    fn lay(&mut self, frame: f64, at: LocalTime) {
        let nominal = 1e9 / f64::from(SAMPLE_RATE);
        let count = self.readings.len() as f64;
        // Seconds of sound, and by how much each moment is later than a card without a fault would have it.
        let points = || {
            self.readings.iter().map(|&(other, moment)| {
                let frames = other - frame;
                (frames / f64::from(SAMPLE_RATE), moment.nanos_since(at) as f64 - frames * nominal)
            })
        };
        let (x, y) = points().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
        let (xx, xy, yy) = points().fold((0.0, 0.0, 0.0), |(xx, xy, yy), point| {
            let (dx, dy) = (point.0 - x, point.1 - y);
            (xx + dx * dx, xy + dx * dy, yy + dy * dy)
        });
        let is_long = self.readings.len() >= MIN_FOR_SPEED && xx > 0.0;
        let variance = (yy - if is_long { xy * xy / xx } else { 0.0 }).max(0.0) / count;
        let skew = if is_long { xy / (xx + variance / (USUAL_SKEW * USUAL_SKEW)) } else { 0.0 };
        self.scatter = variance.sqrt();
        self.line = Some(FrameLine {
            frame,
            heard_at: at.plus_nanos((y - skew * x) as i64),
            nanos_per_frame: nominal + skew / f64::from(SAMPLE_RATE),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A moment far from zero, as browsers count.
    const ORIGIN: i64 = 1_760_000_000_000_000_000;

    /// Reads a card that runs `ppm` fast at every sixtieth of a second from a frame on, scattered by up to `scatter` nanoseconds;
    /// returns by how much the line is off at worst after two seconds.
    fn read(clock: &mut SoundClock, from: u32, seconds: u32, ppm: f64, scatter: i64, late: i64) -> f64 {
        let mut random = 7_u64;
        let mut worst = 0.0_f64;
        for tick in 0..seconds * 60 {
            let frame = f64::from(from + tick * 800);
            let truth = LocalTime(ORIGIN + late + (frame / 48_000.0 * (1e9 - ppm * 1e3)) as i64);
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let noise = (random >> 33) as i64 % (2 * scatter + 1) - scatter;
            clock.read(frame, truth.plus_nanos(noise));
            if tick > 120 {
                worst = worst.max(clock.line().unwrap().time_at(frame).nanos_since(truth).abs() as f64);
            }
        }
        worst
    }

    #[test]
    fn a_browser_that_tells_exactly_is_believed_to_a_fiftieth_of_a_millisecond() {
        for ppm in [0.0, 120.0, -200.0] {
            let worst = read(&mut SoundClock::default(), 0, 60, ppm, 50_000, 0);
            assert!(worst < 60_000.0, "{ppm} ppm: {worst} ns off");
        }
    }

    #[test]
    fn one_that_tells_to_five_milliseconds_is_known_to_one() {
        let worst = read(&mut SoundClock::default(), 0, 60, 80.0, 5_000_000, 0);
        assert!(worst < 2_000_000.0, "{worst} ns off");
    }

    #[test]
    fn sound_that_stalled_is_found_again_within_two_seconds() {
        for late in [8_000_000, 300_000_000] {
            let mut clock = SoundClock::default();
            read(&mut clock, 0, 30, 0.0, 50_000, 0);
            let worst = read(&mut clock, 30 * 48_000, 10, 0.0, 50_000, late);
            assert!(worst < 200_000.0, "{late} ns late: {worst} ns off");
        }
    }

    #[test]
    fn another_device_begins_anew() {
        let mut clock = SoundClock::default();
        clock.read(48_000.0, LocalTime(ORIGIN));
        assert_eq!(clock.read(48_000.0, LocalTime(ORIGIN)), None, "it said nothing new");
        let line = clock.read(100.0, LocalTime(ORIGIN + 5)).unwrap();
        assert_eq!((line.frame as u32, line.heard_at.0), (100, ORIGIN + 5));
    }
}
