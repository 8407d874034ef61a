//! How long to wait before trying a peer again.

use std::time::Duration;

/// The shortest wait: a peer that restarts is back within it.
pub const SHORTEST_WAIT: Duration = Duration::from_millis(500);

/// The longest wait: a laptop that wakes up is found while its owner is still looking.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Waits that grow while a peer cannot be reached, for ever, and are spread at random so that players who lost each
/// other at one moment do not all come back at one moment.
#[derive(Debug, Clone)]
pub struct Backoff {
    ceiling: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { ceiling: SHORTEST_WAIT }
    }
}

impl Backoff {
    /// The next wait: between [`SHORTEST_WAIT`] and a ceiling that doubles up to [`LONGEST_WAIT`]. `random` is where
    /// between the two, 0 being the shortest and `u32::MAX` the longest.
    pub fn next_wait(&mut self, random: u32) -> Duration {
        self.ceiling = (self.ceiling * 2).min(LONGEST_WAIT);
        let spread = self.ceiling.saturating_sub(SHORTEST_WAIT);
        SHORTEST_WAIT + spread.mul_f64(f64::from(random) / f64::from(u32::MAX))
    }

    /// Begins again with short waits, once a link has proven itself.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_half_a_second_to_thirty_and_stay_there() {
        let mut backoff = Backoff::default();
        let longest = (0..10).map(|_| backoff.next_wait(u32::MAX).as_millis()).collect::<Vec<_>>();
        assert_eq!(longest, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
        assert_eq!(backoff.next_wait(0), SHORTEST_WAIT);
        backoff.reset();
        assert_eq!(backoff.next_wait(u32::MAX).as_millis(), 1000);
    }
}
