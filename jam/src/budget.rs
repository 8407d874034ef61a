//! How fast a link may speak.

use score::LocalTime;

use crate::config::Limits;
use crate::limits::{FRAME_BYTES_PER_MESSAGE, SECOND};

/// A token bucket, kept as the moment at which it would be full: messages move it on, time catches up with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    full_at: LocalTime,
}

impl Budget {
    pub(crate) fn full(now: LocalTime) -> Self {
        Self { full_at: now }
    }

    /// Takes a frame out of the budget. `Some` when it is spent: read no more until then.
    ///
    /// The frame at hand is served all the same: it was read already, and dropping it would break the order of the link.
    pub(crate) fn spend(&mut self, now: LocalTime, frame_bytes: usize, limits: &Limits) -> Option<LocalTime> {
        let nanos_per_message = SECOND / i64::from(limits.messages_per_second.max(1));
        let burst_nanos = i64::from(limits.burst_messages) * nanos_per_message;
        let messages = 1 + (frame_bytes / FRAME_BYTES_PER_MESSAGE) as i64;
        self.full_at = self.full_at.max(now).plus_nanos(messages * nanos_per_message);
        let resume = self.full_at.plus_nanos(-burst_nanos);
        (resume > now).then_some(resume)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{LINK_BURST_MESSAGES, LINK_MESSAGES_PER_SECOND};

    const NANOS_PER_MESSAGE: i64 = SECOND / LINK_MESSAGES_PER_SECOND as i64;

    fn spend(budget: &mut Budget, now: LocalTime, bytes: usize) -> Option<LocalTime> {
        budget.spend(now, bytes, &Limits::default())
    }

    #[test]
    fn a_burst_passes_and_a_flood_is_read_at_the_steady_rate() {
        let mut budget = Budget::full(LocalTime(0));
        let mut now = LocalTime(0);
        assert!((0..LINK_BURST_MESSAGES).all(|_| spend(&mut budget, now, 100).is_none()));
        for _ in 0..1_000 {
            now = spend(&mut budget, now, 100).unwrap_or(now);
        }
        assert_eq!(now.0, 1_000 * NANOS_PER_MESSAGE);
    }

    #[test]
    fn silence_fills_the_budget_again_but_not_past_the_burst() {
        let mut budget = Budget::full(LocalTime(0));
        let later = LocalTime(1_000 * SECOND);
        let passed =
            (0..2 * LINK_BURST_MESSAGES).take_while(|_| spend(&mut budget, later, 100).is_none()).count();
        assert_eq!(passed, LINK_BURST_MESSAGES as usize);
    }

    #[test]
    fn large_frames_count_for_more() {
        let mut budget = Budget::full(LocalTime(0));
        let frames = (0..LINK_BURST_MESSAGES)
            .take_while(|_| spend(&mut budget, LocalTime(0), 1 << 20).is_none())
            .count();
        assert_eq!(frames, LINK_BURST_MESSAGES as usize / 17);
    }
}
