//! This machine's clocks, as values.

use std::str::FromStr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use score::time::{LocalTime, UnixMillis};

/// Names how wrong the clock of this process is to be, see [`Skew`]. For tests with several processes on one machine.
pub const SKEW_VARIABLE: &str = "OFFBEAT_CLOCK_SKEW";

/// Nanoseconds of one second; parts per billion are of it.
const SECOND: i128 = 1_000_000_000;

/// The machine's monotonic clock, counted from the moment this value was made. Copies read alike, so one is made per
/// process and handed to whoever needs the time.
#[derive(Debug, Clone, Copy)]
pub struct HostClock {
    origin: Instant,
    skew: Option<Skew>,
}

/// How a clock is wrong: so that machines whose clocks differ can be tried on one.
///
/// As text: how much too fast it runs in parts per million, and, each after a comma, by how many milliseconds it is ahead, after
/// how many it is set, and by how many then: `150`, `-200,5000`, `0,0,20000,-300`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skew {
    /// How much too fast it runs, in parts per billion. At most a thousandth either way counts.
    pub ppb: i64,
    /// What it reads at its beginning, in nanoseconds.
    pub ahead_nanos: i64,
    /// When it is set, in nanoseconds after its beginning.
    pub set_after_nanos: i64,
    /// What is added to it then.
    pub set_by_nanos: i64,
}

/// A text that says nothing about a clock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no skew: up to four whole numbers with commas between, such as 150 or -200,5000,20000,-300"
)]
pub struct SkewError(String);

impl HostClock {
    /// A clock that begins at zero.
    pub fn start() -> Self {
        Self { origin: Instant::now(), skew: None }
    }

    /// A clock that is wrong.
    pub fn skewed(skew: Skew) -> Self {
        let ppb = skew.ppb.clamp(-1_000_000, 1_000_000);
        Self { skew: Some(Skew { ppb, ..skew }), ..Self::start() }
    }

    /// The clock of a process: as wrong as [`SKEW_VARIABLE`] says, and right where that says nothing.
    pub fn of_process() -> Self {
        let Ok(text) = std::env::var(SKEW_VARIABLE) else { return Self::start() };
        match text.parse() {
            Ok(skew) => Self::skewed(skew),
            Err(error) => {
                tracing::warn!(%error, "the clock is left as it is");
                Self::start()
            }
        }
    }

    /// The monotonic time. Real-time safe.
    pub fn now(&self) -> LocalTime {
        self.at(Instant::now())
    }

    /// What it reads at a moment of the operating system's clock; 0 before its beginning.
    pub fn at(&self, instant: Instant) -> LocalTime {
        let passed = instant.saturating_duration_since(self.origin).as_nanos() as i64;
        LocalTime(self.skew.map_or(passed, |skew| skew.reads(passed)))
    }

    /// The moment of the operating system's clock at which [`now`](Self::now) reads `time`, for timers.
    pub fn instant(&self, time: LocalTime) -> Instant {
        let passed = self.skew.map_or(time.0, |skew| skew.passed(time.0));
        self.origin + Duration::from_nanos(passed.max(0) as u64)
    }

    /// The calendar. A machine whose clock stands before 1970 is taken to stand at 1970.
    pub fn calendar() -> UnixMillis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMillis(since.as_millis() as i64)
    }
}

impl Skew {
    /// What the clock reads when so much has passed.
    fn reads(&self, passed: i64) -> i64 {
        let gained = i128::from(passed) * i128::from(self.ppb) / SECOND;
        let set = if passed >= self.set_after_nanos { self.set_by_nanos } else { 0 };
        self.ahead_nanos.saturating_add(passed).saturating_add(gained as i64).saturating_add(set)
    }

    /// How much has passed when the clock reads that for the first time. A reading that it jumps over is the moment of the jump.
    fn passed(&self, reads: i64) -> i64 {
        let until = |reads: i64| (i128::from(reads) * SECOND / (SECOND + i128::from(self.ppb))) as i64;
        let before = until(reads.saturating_sub(self.ahead_nanos));
        if before < self.set_after_nanos {
            return before;
        }
        until(reads.saturating_sub(self.ahead_nanos).saturating_sub(self.set_by_nanos))
            .max(self.set_after_nanos)
    }
}

impl FromStr for Skew {
    type Err = SkewError;

    fn from_str(text: &str) -> Result<Self, SkewError> {
        const MILLI: i64 = 1_000_000;
        let wrong = || SkewError(text.chars().take(64).collect());
        let mut numbers = [0; 4];
        let mut places = numbers.iter_mut();
        for number in text.split(',') {
            *places.next().ok_or_else(wrong)? = number.trim().parse::<i32>().map_err(|_| wrong())?;
        }
        let [ppm, ahead, set_after, set_by] = numbers.map(i64::from);
        Ok(Self {
            ppb: ppm * 1_000,
            ahead_nanos: ahead * MILLI,
            set_after_nanos: set_after * MILLI,
            set_by_nanos: set_by * MILLI,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_gains_and_is_set_as_it_is_told() {
        let skew = "-200, 5000, 20000, -300".parse::<Skew>().unwrap();
        let milli = 1_000_000;
        assert_eq!(skew.reads(0), 5_000 * milli);
        assert_eq!(skew.reads(10_000 * milli), (15_000 - 2) * milli);
        assert_eq!(skew.reads(20_000 * milli), (25_000 - 4 - 300) * milli);
        for text in ["", "a", "1,2,3,4,5", "1.5"] {
            assert!(text.parse::<Skew>().is_err(), "{text}");
        }
    }

    #[test]
    fn timers_of_a_wrong_clock_end_when_it_reads_so() {
        for text in ["150,0,1000,400", "-200,70000,1000,-400", "0"] {
            let skew = text.parse::<Skew>().unwrap();
            let mut before = i64::MIN;
            for milli in (0..3_000).step_by(7) {
                let reads = skew.ahead_nanos + milli * 1_000_000;
                let passed = skew.passed(reads);
                assert!(passed >= before && skew.reads(passed) >= reads - 2, "{text}: at {milli} ms");
                before = passed;
            }
        }
    }

    #[test]
    fn a_skewed_clock_runs_on() {
        let clock = HostClock::skewed(Skew { ppb: 100_000, ahead_nanos: 7, ..Skew::default() });
        let (first, second) = (clock.now(), clock.now());
        assert!(first.0 >= 7 && second >= first);
    }
}
