//! How often another clock is read: at once and often while little is known of it, rarely later, and ever more rarely the more
//! others read it as well.

use std::collections::VecDeque;

use score::LocalTime;

use crate::limits::{
    CLOCK_BURST, CLOCK_BURST_NANOS, CLOCK_EAGER, CLOCK_EAGER_NANOS, CLOCK_FIRST, CLOCK_IDLE_NANOS,
    CLOCK_LINKS, CLOCK_SETTLED, CLOCK_SETTLING_NANOS, CLOCK_SPARE_NANOS, CLOCK_STEADY_NANOS,
    MAX_CLOCK_STEADY_NANOS, MAX_OPEN_CLOCK_ASKS, SECOND,
};

/// How late a host may come before it counts as asleep: far longer than anything that keeps it busy.
const MAX_LATE_NANOS: i64 = 5 * SECOND;

/// What a clock is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Its machine may be the one whose clock is followed, once somebody plays; one of that many links.
    Likely {
        /// The links of the session.
        links: usize,
    },
    /// It is followed, while music plays or does not, by that many players.
    Followed {
        /// Whether music plays.
        playing: bool,
        /// Who follow the same clock.
        followers: u16,
    },
    /// Another one is followed.
    Spare,
}

impl Need {
    /// The pause after that many questions.
    fn pause(self, asked: u32) -> i64 {
        match (self, asked) {
            (Self::Spare, CLOCK_FIRST..) => CLOCK_SPARE_NANOS,
            (Self::Likely { links }, ..CLOCK_BURST) => CLOCK_BURST_NANOS * crowd(links),
            (Self::Likely { links }, _) => CLOCK_IDLE_NANOS * crowd(links),
            (_, ..CLOCK_BURST) => CLOCK_BURST_NANOS,
            (Self::Followed { playing: false, .. }, _) => CLOCK_IDLE_NANOS,
            (_, CLOCK_BURST..CLOCK_EAGER) => CLOCK_EAGER_NANOS,
            (_, CLOCK_EAGER..CLOCK_SETTLED) => CLOCK_SETTLING_NANOS,
            (Self::Followed { followers, .. }, _) => {
                (CLOCK_STEADY_NANOS * i64::from(followers.max(1))).min(MAX_CLOCK_STEADY_NANOS)
            }
        }
    }
}

/// How much more slowly each of many links is read.
fn crowd(links: usize) -> i64 {
    i64::try_from(links.div_ceil(CLOCK_LINKS)).unwrap_or(1).max(1)
}

/// The questions of one link.
#[derive(Debug, Default)]
pub(crate) struct Pacing {
    /// When the last one was asked.
    last: LocalTime,
    next: LocalTime,
    /// How many were asked since it started.
    asked: u32,
    number: u32,
    open: VecDeque<(u32, LocalTime)>,
}

impl Pacing {
    pub(crate) fn starting(now: LocalTime) -> Self {
        Self { last: now, next: now, ..Self::default() }
    }

    pub(crate) fn due(&self) -> LocalTime {
        self.next
    }

    /// Asks often again: something is wrong with what was read.
    pub(crate) fn again(&mut self, now: LocalTime) {
        self.asked = 0;
        self.next = self.next.min(now.plus_nanos(CLOCK_BURST_NANOS));
    }

    /// The clock is needed more than it was: the next question may come sooner.
    pub(crate) fn needed(&mut self, need: Need) {
        self.next = self.next.min(self.last.plus_nanos(need.pause(self.asked)));
    }

    /// The number of the question that is asked at `now`, if one is due.
    pub(crate) fn next(&mut self, now: LocalTime, need: Need) -> Option<u32> {
        if self.next > now {
            return None;
        }
        // A machine that slept has no idea how long: what it knew of other clocks is old, and learned anew soon.
        if now.nanos_since(self.next) > MAX_LATE_NANOS {
            self.asked = 0;
        }
        self.asked = self.asked.saturating_add(1);
        self.last = now;
        self.next = now.plus_nanos(need.pause(self.asked));
        self.number = self.number.wrapping_add(1);
        if self.open.len() == MAX_OPEN_CLOCK_ASKS {
            self.open.pop_front();
        }
        self.open.push_back((self.number, now));
        Some(self.number)
    }

    /// The question with this number left the machine at that moment.
    pub(crate) fn went(&mut self, number: u32, at: LocalTime) {
        if let Some(open) = self.open.iter_mut().rev().find(|(open, _)| *open == number) {
            open.1 = at;
        }
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

    fn asked(need: Need, end: i64) -> (Pacing, Vec<i64>) {
        let mut pacing = Pacing::starting(LocalTime(0));
        let mut asked = Vec::new();
        while pacing.due().0 < end {
            let now = pacing.due();
            asked.extend(pacing.next(now, need).map(|_| now.0));
        }
        (pacing, asked)
    }

    fn between(asked: &[i64], from: i64, to: i64) -> usize {
        asked.iter().filter(|at| (from..to).contains(*at)).count()
    }

    #[test]
    fn a_burst_comes_first_and_sleep_brings_another() {
        let need = Need::Followed { playing: true, followers: 4 };
        let (mut pacing, asked) = asked(need, 120 * SECOND);
        assert!(between(&asked, 0, SECOND / 5) >= CLOCK_FIRST as usize);
        let steady = between(&asked, 100 * SECOND, 110 * SECOND);
        assert!((9..=11).contains(&steady), "{steady} in ten seconds");
        let woken = LocalTime(300 * SECOND);
        assert!(pacing.next(woken, need).is_some());
        assert_eq!(pacing.due(), woken.plus_nanos(CLOCK_BURST_NANOS));
    }

    #[test]
    fn a_clock_that_nobody_follows_is_read_a_few_times_and_then_rarely_until_it_is_needed() {
        let (mut pacing, asked) = asked(Need::Spare, 60 * SECOND);
        assert_eq!(between(&asked, 0, SECOND), CLOCK_FIRST as usize);
        assert!(between(&asked, 10 * SECOND, 40 * SECOND) <= 5);
        let last = LocalTime(*asked.last().unwrap());
        pacing.needed(Need::Followed { playing: true, followers: 1 });
        assert_eq!(pacing.due(), last.plus_nanos(CLOCK_BURST_NANOS), "it goes on where the burst was left");
    }

    #[test]
    fn many_links_are_each_read_more_slowly() {
        let (_, few) = asked(Need::Likely { links: 2 }, SECOND);
        let (_, many) = asked(Need::Likely { links: 15 }, SECOND);
        assert!(15 * many.len() < 6 * few.len(), "{} and {}", few.len(), many.len());
    }

    #[test]
    fn an_answer_is_taken_once_and_for_a_question_that_was_asked() {
        let mut pacing = Pacing::starting(LocalTime(0));
        let number = pacing.next(LocalTime(5), Need::Spare).unwrap();
        assert_eq!(pacing.answered(number + 1), None);
        pacing.went(number, LocalTime(7));
        assert_eq!(pacing.answered(number), Some(LocalTime(7)));
        assert_eq!(pacing.answered(number), None);
    }
}
