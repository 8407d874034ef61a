//! How fast the window is told things.
//!
//! The channel to a webview has no end to its patience: what it cannot show in time piles up in memory. So it is given as much as
//! it can take in, and the rest waits where a bound is kept.

use std::time::Duration;

use tokio::time::Instant;

/// How many messages the window is sent in one [`TURN`]: half of what WebKit was measured to take in.
const MAX_MESSAGES_A_TURN: u32 = 40;

/// A turn: half of a picture on a common screen.
const TURN: Duration = Duration::from_millis(8);

/// Counts messages.
#[derive(Debug)]
pub(crate) struct Pace {
    turn_ends: Instant,
    sent: u32,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { turn_ends: Instant::now() + TURN, sent: 0 }
    }

    /// Returns when one more message may be sent: at once but in a flood.
    pub(crate) async fn turn(&mut self) {
        let now = Instant::now();
        if now >= self.turn_ends {
            (self.turn_ends, self.sent) = (now + TURN, 0);
        } else if self.sent >= MAX_MESSAGES_A_TURN {
            tokio::time::sleep_until(self.turn_ends).await;
            (self.turn_ends, self.sent) = (Instant::now() + TURN, 0);
        }
        self.sent += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_few_messages_go_at_once_and_a_flood_at_a_steady_rate() {
        let start = Instant::now();
        let mut pace = Pace::new();
        for _ in 0..MAX_MESSAGES_A_TURN {
            pace.turn().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..10 * MAX_MESSAGES_A_TURN {
            pace.turn().await;
        }
        assert_eq!(start.elapsed(), 10 * TURN);
    }
}
