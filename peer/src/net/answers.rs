//! What the time is, for whoever asks: answered where questions arrive, ahead of everything that waits for a session.

use jam::limits::MAX_DATAGRAM_BYTES;
use score::time::LocalTime;

use crate::clock::HostClock;

/// Answers a second that one asker is given; who asks more often is not answered. An honest one asks for eighty, for two seconds.
const MAX_ANSWERS_PER_SECOND: i64 = 200;

/// Answers that are given at once after a silence.
const MAX_ANSWERS_AT_ONCE: i64 = 400;

/// Answers to one asker.
#[derive(Debug)]
pub struct Answers {
    clock: HostClock,
    /// The moment at which as many may be given at once as ever.
    full_at: LocalTime,
}

/// What there is to say to a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// This.
    Is(Vec<u8>),
    /// Nothing, for it was asked too often.
    TooOften,
    /// Nothing, for the frame is no question for the time.
    NotAsked,
}

impl Answers {
    /// By a clock.
    pub fn by(clock: HostClock) -> Self {
        Self { clock, full_at: LocalTime(i64::MIN) }
    }

    /// The answer to a frame that arrives at this moment.
    pub fn answer(&mut self, frame: &[u8]) -> Answer {
        let came = self.clock.now();
        if frame.len() > MAX_DATAGRAM_BYTES {
            return Answer::NotAsked;
        }
        match jam::answer_clock(frame, came, self.clock.now()) {
            None => Answer::NotAsked,
            Some(_) if !self.may_answer(came) => Answer::TooOften,
            Some(answer) => Answer::Is(answer),
        }
    }

    fn may_answer(&mut self, now: LocalTime) -> bool {
        const EACH: i64 = 1_000_000_000 / MAX_ANSWERS_PER_SECOND;
        let full_at = self.full_at.max(now).plus_nanos(EACH);
        let may = full_at.nanos_since(now) <= EACH * MAX_ANSWERS_AT_ONCE;
        if may {
            self.full_at = full_at;
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jam::wire::{self, Clock, Message};

    #[test]
    fn a_question_is_answered_with_its_number_and_nothing_else_is() {
        let mut answers = Answers::by(HostClock::start());
        let question = wire::encode(&Message::Clock(Clock::Ask(7)));
        let Answer::Is(answer) = answers.answer(&question) else { panic!("no answer") };
        assert!(matches!(wire::decode(&answer), Ok(Message::Clock(Clock::Answer { number: 7, .. }))));
        for frame in [answer, wire::encode(&Message::Ping(7)), vec![0; MAX_DATAGRAM_BYTES + 1], Vec::new()] {
            assert_eq!(answers.answer(&frame), Answer::NotAsked);
        }
    }

    #[test]
    fn a_flood_of_questions_is_answered_at_a_steady_rate() {
        let mut answers = Answers::by(HostClock::start());
        let at_once = (0..10_000).filter(|_| answers.may_answer(LocalTime(0))).count();
        assert_eq!(at_once as i64, MAX_ANSWERS_AT_ONCE);
        let second = (0..10_000).filter(|n| answers.may_answer(LocalTime(n * 100_000))).count();
        assert!((190..=210).contains(&second), "{second} in a second");
    }
}
