//! How fast one link may send.

use std::time::{Duration, Instant};

use super::Limits;

/// Measures one link's messages against a rate with a burst, by the generic cell rate algorithm (ITU-T I.371): each message
/// moves a theoretical arrival time on, and what lies further ahead of now than the burst allows has to be waited for.
///
/// A link that is over its rate loses nothing: its carrier waits before it reads on, the peer's stream fills up, and the
/// peer sends in larger pieces.
#[derive(Clone, Debug)]
pub struct Pace {
    interval: Duration,
    burst: Duration,
    arrival: Instant,
}

impl Pace {
    /// The pace of a link that opens at `now`.
    pub fn new(limits: &Limits, now: Instant) -> Self {
        let interval = Duration::from_secs(1) / limits.messages_per_second.max(1);
        Self { interval, burst: interval * limits.message_burst, arrival: now }
    }

    /// Counts a message that arrived at `now`. Returns how long to wait before the next is read: nothing within the burst.
    #[must_use = "the link has to be read that much more slowly"]
    pub fn count(&mut self, now: Instant) -> Duration {
        self.arrival = self.arrival.max(now) + self.interval;
        self.arrival.saturating_duration_since(now).saturating_sub(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(now: Instant) -> Pace {
        Pace::new(&Limits { messages_per_second: 200, message_burst: 2_000, ..Limits::default() }, now)
    }

    #[test]
    fn a_burst_passes_and_what_follows_keeps_the_rate() {
        let start = Instant::now();
        let mut pace = pace(start);
        assert!((0..2_000).all(|_| pace.count(start).is_zero()));
        let mut now = start;
        for _ in 0..400 {
            now += pace.count(now);
        }
        assert_eq!(now - start, Duration::from_secs(2));
    }

    #[test]
    fn a_link_within_its_rate_never_waits_and_gets_its_burst_back() {
        let start = Instant::now();
        let mut pace = pace(start);
        let steady = (0..10_000).map(|message| start + Duration::from_millis(5) * message);
        assert!(steady.into_iter().all(|now| pace.count(now).is_zero()));
        let later = start + Duration::from_mins(2);
        assert!((0..2_000).all(|_| pace.count(later).is_zero()));
        assert!(!pace.count(later).is_zero());
    }

    #[test]
    fn limits_of_nothing_still_let_a_link_live() {
        let now = Instant::now();
        let limits = Limits { messages_per_second: 0, message_burst: 0, ..Limits::default() };
        assert_eq!(Pace::new(&limits, now).count(now), Duration::from_secs(1));
    }
}
