//! What the clocks of others read.
//!
//! Each end of a link asks the other what its clock reads, and notes when it asked and when it was answered, as NTP does (RFC 5905,
//! section 8). From many such readings it learns how far the other clock is ahead and how much faster it runs. What is compared
//! are the machines' own clocks, which run evenly: nothing that anybody does to shared time disturbs the measurement.

pub(crate) mod fit;
mod pacing;
mod reading;

pub(crate) use fit::Fit;
pub(crate) use pacing::Pacing;
use reading::Readings;

use score::LocalTime;

use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::SECOND;
use crate::wire::{Clock, Message};

/// The clock at the other end of a link.
#[derive(Debug, Default)]
pub(crate) struct RemoteClock {
    pacing: Pacing,
    readings: Readings,
    fit: Option<Fit>,
    /// Readings since the line was drawn.
    unread: usize,
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

    /// The same, for an interface.
    pub(crate) fn shown(&self) -> Option<view::LinkClock> {
        let fit = self.fit.as_ref()?;
        let micros = |nanos: i64| u32::try_from(nanos / 1_000).unwrap_or(u32::MAX);
        Some(view::LinkClock {
            uncertainty_micros: micros(fit.uncertainty()),
            least_delay_micros: micros(self.readings.least_delay_nanos()?),
            rate_ppb: fit.rate_ppb() as i32,
        })
    }

    fn answered(&mut self, number: u32, theirs: LocalTime, now: LocalTime) -> bool {
        let Some(asked) = self.pacing.answered(number) else { return false };
        self.readings.add(asked, theirs, now, self.fit.as_ref());
        self.unread += 1;
        // Among many readings one more says little: the line is drawn anew when there is a tenth more to go on, or a second later.
        let much = 10 * self.unread >= self.readings.all().len();
        let late = self.fit.as_ref().is_none_or(|fit| fit.age_nanos(now) >= SECOND);
        if much || late {
            self.unread = 0;
            self.fit = Fit::of(self.readings.all());
        }
        true
    }
}

impl Jam {
    /// Asks what the clock at the other end reads, if it is time.
    pub(crate) fn keep_asking(&mut self, now: LocalTime, id: LinkId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if let Some(number) = link.clock.pacing.next(now) {
            self.send(id, &Message::Clock(Clock::Ask(number)));
        }
    }

    pub(crate) fn take_clock(&mut self, now: LocalTime, id: LinkId, clock: Clock) {
        match clock {
            Clock::Ask(number) => {
                self.send(id, &Message::Clock(Clock::Answer { number, at: now }));
            }
            Clock::Shared(state) => {
                self.clock_news = true;
                self.take_shared_time(id, *state);
            }
            Clock::Answer { number, at } => {
                self.clock_news = true;
                if let Some(link) = self.links.get_mut(&id) {
                    link.clock.answered(number, at, now);
                }
            }
        }
    }
}
