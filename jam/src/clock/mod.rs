//! What the clocks of others read.
//!
//! Each end of a link asks the other what its clock reads, and notes when it asked and when it was answered, as NTP does (RFC 5905,
//! section 8). From many such readings it learns how far the other clock is ahead and how much faster it runs. What is compared
//! are the machines' own clocks, which run evenly: nothing that anybody does to shared time disturbs the measurement.

mod asking;
pub(crate) mod fit;
mod floor;
mod pacing;
mod reading;

pub use asking::answer;
pub(crate) use fit::Fit;
pub(crate) use pacing::{Need, Pacing};
use reading::{Reading, Readings, Theirs};

use score::LocalTime;

use crate::limits::{MAX_USABLE_UNCERTAINTY_NANOS, SECOND};

/// Readings after which a clock is taken as it is known, however badly: its path allows no better.
const ENOUGH_READINGS: usize = 60;

/// The clock at the other end of a link.
#[derive(Debug, Default)]
pub(crate) struct RemoteClock {
    pacing: Pacing,
    readings: Readings,
    fit: Option<Fit>,
    /// Readings since the line was drawn.
    unread: usize,
    /// What an interface was last shown, and when: figures that change a hundred times a second are shown once.
    shown: Option<(LocalTime, view::LinkClock)>,
}

impl RemoteClock {
    /// When it is to be asked next.
    pub(crate) fn due(&self) -> LocalTime {
        self.pacing.due()
    }

    /// What is known of it.
    pub(crate) fn fit(&self) -> Option<&Fit> {
        self.fit.as_ref()
    }

    /// The same, once it is good enough to play by.
    pub(crate) fn usable(&self, now: LocalTime) -> Option<&Fit> {
        let is_enough = self.readings.all().len() >= ENOUGH_READINGS;
        self.fit.as_ref().filter(|fit| is_enough || fit.uncertainty_at(now) < MAX_USABLE_UNCERTAINTY_NANOS)
    }

    /// How far off that may be now (one standard deviation), in microseconds.
    pub(crate) fn uncertainty_micros(&self, now: LocalTime) -> Option<u32> {
        Some(u32::try_from(self.fit.as_ref()?.uncertainty_at(now) / 1_000).unwrap_or(u32::MAX))
    }

    /// The least time that an answer took, in nanoseconds.
    pub(crate) fn least_delay_nanos(&self) -> Option<i64> {
        self.readings.least_delay_nanos()
    }

    /// The bytes take another way: delays are learned anew, and soon.
    pub(crate) fn path_changed(&mut self, now: LocalTime) {
        self.readings = Readings::default();
        self.unread = 0;
        self.pacing = Pacing::starting(now);
    }

    /// It is needed more than it was.
    pub(crate) fn needed(&mut self, need: Need) {
        self.pacing.needed(need);
    }

    /// What an interface shows of it: at most once a second something else, unless it is known twice as well.
    pub(crate) fn shown(&self) -> Option<view::LinkClock> {
        self.shown.map(|(_, shown)| shown)
    }

    fn note_shown(&mut self, now: LocalTime) {
        let micros = |nanos: i64| u32::try_from(nanos / 1_000).unwrap_or(u32::MAX);
        if let (Some(fit), Some(least)) = (&self.fit, self.readings.least_delay_nanos()) {
            let is_news = self.shown.is_none_or(|(at, shown)| {
                let better = micros(fit.uncertainty_at(now).saturating_mul(2)) < shown.uncertainty_micros;
                better || now.nanos_since(at) >= SECOND
            });
            if !is_news {
                return;
            }
            let shown = view::LinkClock {
                ahead_micros: fit.ahead_at(now) / 1_000,
                uncertainty_micros: micros(fit.uncertainty_at(now)),
                least_delay_micros: micros(least),
                rate_ppb: fit.rate_ppb() as i32,
            };
            self.shown = Some((now, shown));
        }
    }

    fn answered(&mut self, number: u32, theirs: Theirs, now: LocalTime) {
        let Some(asked) = self.pacing.answered(number) else { return };
        self.readings.add(Reading::new(asked, theirs, now), self.fit.as_ref());
        if self.readings.is_contradicted() {
            self.pacing.again(now);
        }
        self.unread += 1;
        // Among many readings one more says little: the line is drawn anew when there is a tenth more to go on, or a second later.
        let much = 10 * self.unread >= self.readings.all().len();
        let late = self.fit.as_ref().is_none_or(|fit| fit.age_nanos(now) >= SECOND);
        if much || late {
            self.unread = 0;
            self.fit = Fit::of(self.readings.all());
        }
        self.note_shown(now);
    }
}
