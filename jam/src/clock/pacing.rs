//! How often another clock is read: at once and often while little is known of it, rarely later.

use std::collections::VecDeque;

use score::LocalTime;

use crate::limits::{
    CLOCK_BURST, CLOCK_BURST_NANOS, CLOCK_EAGER, CLOCK_EAGER_NANOS, CLOCK_SETTLED, CLOCK_SETTLING_NANOS,
    CLOCK_STEADY_NANOS, MAX_OPEN_CLOCK_ASKS, SECOND,
};

/// How late a host may come before it counts as asleep: far longer than anything that keeps it busy.
const MAX_LATE_NANOS: i64 = 5 * SECOND;

/// The questions of one link.
#[derive(Debug, Default)]
pub(crate) struct Pacing {
    next: LocalTime,
    /// How many were asked since it started.
    asked: u32,
    number: u32,
    open: VecDeque<(u32, LocalTime)>,
}

impl Pacing {
    pub(crate) fn starting(now: LocalTime) -> Self {
        Self { next: now, ..Self::default() }
    }

    pub(crate) fn due(&self) -> LocalTime {
        self.next
    }

    /// The number of the question that is asked at `now`, if one is due.
    pub(crate) fn next(&mut self, now: LocalTime) -> Option<u32> {
        if self.next > now {
            return None;
        }
        // A machine that slept has no idea how long: what it knew of other clocks is old, and learned anew soon.
        if now.nanos_since(self.next) > MAX_LATE_NANOS {
            self.asked = 0;
        }
        self.asked = self.asked.saturating_add(1);
        let pause = match self.asked {
            ..CLOCK_BURST => CLOCK_BURST_NANOS,
            CLOCK_BURST..CLOCK_EAGER => CLOCK_EAGER_NANOS,
            CLOCK_EAGER..CLOCK_SETTLED => CLOCK_SETTLING_NANOS,
            _ => CLOCK_STEADY_NANOS,
        };
        self.next = now.plus_nanos(pause);
        self.number = self.number.wrapping_add(1);
        if self.open.len() == MAX_OPEN_CLOCK_ASKS {
            self.open.pop_front();
        }
        self.open.push_back((self.number, now));
        Some(self.number)
    }

    /// When the question was asked that is answered.
    pub(crate) fn answered(&mut self, number: u32) -> Option<LocalTime> {
        let place = self.open.iter().position(|(open, _)| *open == number)?;
        self.open.remove(place).map(|(_, asked)| asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_comes_first_and_sleep_brings_another() {
        let mut pacing = Pacing::starting(LocalTime(0));
        let mut asked = Vec::new();
        while pacing.due().0 < 120 * SECOND {
            let now = pacing.due();
            asked.extend(pacing.next(now).map(|_| now.0));
        }
        let within = |nanos: i64| asked.iter().filter(|at| **at < nanos).count();
        assert_eq!(within(SECOND / 5), CLOCK_BURST as usize);
        let steady = within(110 * SECOND) - within(100 * SECOND);
        assert!((6..=7).contains(&steady), "{steady} in ten seconds");
        let woken = LocalTime(300 * SECOND);
        assert!(pacing.next(woken).is_some());
        assert_eq!(pacing.due(), woken.plus_nanos(CLOCK_BURST_NANOS));
    }

    #[test]
    fn an_answer_is_taken_once_and_for_a_question_that_was_asked() {
        let mut pacing = Pacing::starting(LocalTime(0));
        let number = pacing.next(LocalTime(5)).unwrap();
        assert_eq!(pacing.answered(number + 1), None);
        assert_eq!(pacing.answered(number), Some(LocalTime(5)));
        assert_eq!(pacing.answered(number), None);
    }
}
