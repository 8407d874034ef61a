//! Frames of a link that is to be read more slowly.
//!
//! A page cannot keep a WebSocket from delivering, so what comes during a pause is held here, up to a bound.

use std::collections::VecDeque;

use jam::limits::MAX_FRAME_BYTES;
use score::LocalTime;

/// Most bytes that are held: the largest burst of a catch-up. A server that sends on past it is not ours.
const MAX_HELD_BYTES: usize = 8 * MAX_FRAME_BYTES;

/// What to do with a frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Hand it on.
    Pass(Vec<u8>),
    /// It waits.
    Held,
    /// There is no room for it: give the link up.
    Overflow,
}

/// Frames in the order they came.
#[derive(Debug, Default)]
pub(crate) struct Held {
    until: Option<LocalTime>,
    frames: VecDeque<Vec<u8>>,
    bytes: usize,
}

impl Held {
    /// Lets nothing through until then.
    pub(crate) fn pause(&mut self, until: LocalTime) {
        self.until = Some(self.until.map_or(until, |earlier| earlier.max(until)));
    }

    /// When to ask for what was held, if anything is.
    pub(crate) fn due(&self) -> Option<LocalTime> {
        if self.frames.is_empty() { None } else { self.until }
    }

    /// A frame has come.
    pub(crate) fn take(&mut self, now: LocalTime, frame: Vec<u8>) -> Verdict {
        if self.frames.is_empty() && self.until.is_none_or(|until| until <= now) {
            self.until = None;
            return Verdict::Pass(frame);
        }
        if self.bytes + frame.len() > MAX_HELD_BYTES {
            return Verdict::Overflow;
        }
        self.bytes += frame.len();
        self.frames.push_back(frame);
        Verdict::Held
    }

    /// The next frame that was held and may pass.
    pub(crate) fn next(&mut self, now: LocalTime) -> Option<Vec<u8>> {
        if self.until.is_some_and(|until| until > now) {
            return None;
        }
        let frame = self.frames.pop_front()?;
        self.bytes -= frame.len();
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: LocalTime = LocalTime(100);
    const LATER: LocalTime = LocalTime(200);

    #[test]
    fn frames_wait_for_the_end_of_the_pause_and_keep_their_order() {
        let mut held = Held::default();
        assert_eq!(held.take(NOW, vec![1]), Verdict::Pass(vec![1]));
        held.pause(LATER);
        assert_eq!(held.take(NOW, vec![2]), Verdict::Held);
        assert_eq!((held.next(NOW), held.due()), (None, Some(LATER)));
        assert_eq!(held.take(LATER, vec![3]), Verdict::Held, "it must not overtake the one that waits");
        assert_eq!(
            (held.next(LATER), held.next(LATER), held.next(LATER)),
            (Some(vec![2]), Some(vec![3]), None)
        );
        assert_eq!(held.take(LATER, vec![4]), Verdict::Pass(vec![4]));
    }

    #[test]
    fn a_pause_during_the_catching_up_holds_the_rest() {
        let mut held = Held::default();
        held.pause(LATER);
        held.take(NOW, vec![1]);
        held.take(NOW, vec![2]);
        assert_eq!(held.next(LATER), Some(vec![1]));
        held.pause(LocalTime(300));
        assert_eq!((held.next(LATER), held.due()), (None, Some(LocalTime(300))));
    }

    #[test]
    fn room_is_bounded() {
        let mut held = Held::default();
        held.pause(LATER);
        for _ in 0..8 {
            assert_eq!(held.take(NOW, vec![0; MAX_FRAME_BYTES]), Verdict::Held);
        }
        assert_eq!(held.take(NOW, vec![0]), Verdict::Overflow);
    }
}
