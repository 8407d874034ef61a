//! This machine's clocks, as values.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use score::time::{LocalTime, UnixMillis};

/// The machine's monotonic clock, counted from the moment this value was made. Copies read alike, so one is made per
/// process and handed to whoever needs the time.
#[derive(Debug, Clone, Copy)]
pub struct HostClock {
    origin: Instant,
}

impl HostClock {
    /// A clock that begins at zero.
    pub fn start() -> Self {
        Self { origin: Instant::now() }
    }

    /// The monotonic time. Real-time safe.
    pub fn now(&self) -> LocalTime {
        LocalTime(self.origin.elapsed().as_nanos() as i64)
    }

    /// The moment of the operating system's clock at which [`now`](Self::now) reads `time`, for timers.
    pub fn instant(&self, time: LocalTime) -> Instant {
        self.origin + std::time::Duration::from_nanos(time.0.max(0) as u64)
    }

    /// The calendar. A machine whose clock stands before 1970 is taken to stand at 1970.
    pub fn calendar() -> UnixMillis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMillis(since.as_millis() as i64)
    }
}
