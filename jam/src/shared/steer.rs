//! Following a line without a jump.

use score::{LocalTime, SharedTime};

use super::Line;
use crate::limits::{
    MAX_JOINING_SLEW_PPT, MAX_SLEW_PPT, MAX_SLEWED_NANOS, SECOND, STEER_NANOS, STEER_SECONDS,
};

/// How shared time may be corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Correction {
    /// By a jump: nothing plays.
    Jump,
    /// Quickly: the music was joined a moment ago.
    Joining,
    /// Unheard.
    Playing,
}

/// Shared time as this machine uses it: it comes nearer to what it should be by running a little faster or slower, so that it
/// never goes back, and nobody hears it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steered {
    line: Line,
    /// Whether it is not yet where it should be.
    is_off: bool,
}

impl Steered {
    pub(crate) fn at(line: Line) -> Self {
        Self { line, is_off: false }
    }

    pub(crate) fn line(&self) -> &Line {
        &self.line
    }

    pub(crate) fn now(&self, now: LocalTime) -> SharedTime {
        self.line.shared_at(now)
    }

    /// When to steer again.
    pub(crate) fn due(&self) -> Option<LocalTime> {
        self.is_off.then(|| self.line.local.plus_nanos(STEER_NANOS))
    }

    /// How far it is behind a line, in nanoseconds.
    pub(crate) fn behind(&self, target: &Line, now: LocalTime) -> i64 {
        target.shared_at(now).nanos_since(self.now(now))
    }

    /// Steers towards a line: with a jump where that is allowed, or where nothing else helps.
    pub(crate) fn towards(&mut self, target: &Line, now: LocalTime, correction: Correction) {
        let off = self.behind(target, now);
        if correction == Correction::Jump || off.saturating_abs() > MAX_SLEWED_NANOS {
            *self = Self::at(target.from(now));
            return;
        }
        let most = if correction == Correction::Joining { MAX_JOINING_SLEW_PPT } else { MAX_SLEW_PPT };
        // Nanoseconds a second are parts per 10^9.
        let slew = (off.saturating_mul(1_000) / STEER_SECONDS).clamp(-most, most);
        let line = Line { local: now, shared: self.now(now), rate_ppt: target.rate_ppt.saturating_add(slew) };
        *self = Self { line, is_off: off.abs() > SECOND / 1_000_000 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::MILLISECOND;

    #[test]
    fn an_error_is_slewed_away_and_time_never_runs_back() {
        for off in [-20 * MILLISECOND, 20 * MILLISECOND] {
            let target = Line { local: LocalTime(0), shared: SharedTime(off), rate_ppt: -50_000_000 };
            let mut steered = Steered::at(Line { shared: SharedTime(0), ..target });
            let mut before = steered.now(LocalTime(0));
            for tick in 1..600 {
                let now = LocalTime(tick * SECOND / 10);
                let step = steered.now(now).nanos_since(before);
                before = steered.now(now);
                let fastest = SECOND / 10 + SECOND / 10 / 1_000 + SECOND / 10 / 10_000;
                assert!(step > 0 && step <= fastest, "{step} ns in a tenth of a second");
                if steered.due().is_none_or(|due| due <= now) {
                    steered.towards(&target, now, Correction::Playing);
                }
            }
            let left =
                target.shared_at(LocalTime(60 * SECOND)).nanos_since(steered.now(LocalTime(60 * SECOND)));
            assert!(left.abs() < 100_000, "{left} ns left");
        }
    }

    proptest::proptest! {
        /// Whatever is aimed at next, as long as it is near enough to be steered to.
        #[test]
        fn time_never_runs_back(
            aims in proptest::collection::vec((1..3_000_i64, -49..=49_i64, -500..=500_i64, proptest::bool::ANY), 1..100)
        ) {
            let mut steered = Steered::at(Line { local: LocalTime(0), shared: SharedTime(7), rate_ppt: 0 });
            let (mut now, mut before) = (LocalTime(0), steered.now(LocalTime(0)));
            for (millis, off, ppm, joining) in aims {
                for _ in 0..10 {
                    now = now.plus_nanos(millis * MILLISECOND / 10);
                    proptest::prop_assert!(steered.now(now) > before);
                    before = steered.now(now);
                }
                let shared = before.plus_nanos(off * MILLISECOND);
                let target = Line { local: now, shared, rate_ppt: ppm * 1_000_000 };
                let correction = if joining { Correction::Joining } else { Correction::Playing };
                steered.towards(&target, now, correction);
                proptest::prop_assert_eq!(steered.now(now), before);
            }
        }
    }

    #[test]
    fn what_would_take_minutes_is_done_at_once() {
        let target = Line { local: LocalTime(0), shared: SharedTime(SECOND), rate_ppt: 0 };
        let mut steered = Steered::at(Line { shared: SharedTime(0), ..target });
        steered.towards(&target, LocalTime(1), Correction::Playing);
        assert_eq!(steered.now(LocalTime(1)), SharedTime(SECOND + 1));
    }
}
