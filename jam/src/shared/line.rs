//! Shared time by one machine's clock.

use score::{LocalTime, SharedTime};
use serde::{Deserialize, Serialize};

use crate::clock::Fit;

/// One part, of which a rate counts millionths of millionths.
const PART: i128 = 1_000_000_000_000;
/// Nobody's clock is followed further away from ours than this: two thousandths.
const MAX_RATE_PPT: i64 = 2_000_000_000;

/// What shared time is by a machine's clock: a straight line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// A moment of the machine's clock.
    pub local: LocalTime,
    /// The same moment in shared time.
    pub shared: SharedTime,
    /// How much faster shared time runs than the machine's clock, in parts per 10^12.
    pub rate_ppt: i64,
}

impl Line {
    /// The same line, at a speed that can be true.
    pub(crate) fn bounded(self) -> Self {
        Self { rate_ppt: self.rate_ppt.clamp(-MAX_RATE_PPT, MAX_RATE_PPT), ..self }
    }

    /// Shared time at a moment of the machine's clock.
    pub fn shared_at(&self, local: LocalTime) -> SharedTime {
        let nanos = i128::from(local.nanos_since(self.local));
        let gained = nanos * i128::from(self.rate_ppt) / PART;
        self.shared.plus_nanos(saturated(nanos + gained))
    }

    /// When shared time is this, by the machine's clock.
    pub fn local_at(&self, shared: SharedTime) -> LocalTime {
        let nanos = i128::from(shared.nanos_since(self.shared));
        self.local.plus_nanos(saturated(nanos * PART / (PART + i128::from(self.rate_ppt))))
    }

    /// The same shared time by our clock, where this is what it is by a clock that `fit` tells of.
    pub(crate) fn by_our_clock(&self, fit: &Fit, now: LocalTime) -> Self {
        let shared = self.shared_at(now.plus_nanos(fit.ahead_at(now)));
        let theirs = fit.rate_ppb() * 1_000.0;
        let rate = self.rate_ppt as f64 + theirs + self.rate_ppt as f64 * theirs / 1e12;
        Self { local: now, shared, rate_ppt: rate as i64 }.bounded()
    }

    /// This line from another moment on.
    pub(crate) fn from(&self, local: LocalTime) -> Self {
        Self { local, shared: self.shared_at(local), rate_ppt: self.rate_ppt }
    }
}

fn saturated(nanos: i128) -> i64 {
    nanos.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_where_it_began() {
        let line = Line { local: LocalTime(-5_000_000_000), shared: SharedTime(77), rate_ppt: 123_456_789 };
        for nanos in [0, 1, -1, 3_600_000_000_000, -86_400_000_000_000] {
            let back = line.local_at(line.shared_at(LocalTime(nanos)));
            assert!((back.0 - nanos).abs() <= 1);
        }
    }

    #[test]
    fn absurd_times_do_not_wrap() {
        let line =
            Line { local: LocalTime(i64::MIN), shared: SharedTime(i64::MAX), rate_ppt: i64::MAX }.bounded();
        assert_eq!(line.shared_at(LocalTime(i64::MAX)), SharedTime(i64::MAX));
        assert!(line.local_at(SharedTime(i64::MIN)) <= LocalTime(0));
    }
}
