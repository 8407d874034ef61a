//! Questions and answers.

use score::LocalTime;

use super::{Need, Theirs};
use crate::effect::Effect;
use crate::event::LinkId;
use crate::jam::Jam;
use crate::wire::{self, Clock, Kind, Message};

/// The answer to a question that came at a moment and is answered at another, by the clock of whoever answers; `None` if the
/// frame is no question.
///
/// For hosts that answer where frames arrive, ahead of everything that waits for the session: so the answer says exactly when
/// the question came.
pub fn answer(frame: &[u8], came: LocalTime, now: LocalTime) -> Option<Vec<u8>> {
    if Kind::of(frame) != Ok(Kind::Clock) {
        return None;
    }
    let Ok(Message::Clock(Clock::Ask(number))) = wire::decode(frame) else { return None };
    let held_nanos = u32::try_from(now.nanos_since(came)).unwrap_or(0);
    Some(wire::encode(&Message::Clock(Clock::Answer { number, came, held_nanos })))
}

impl Jam {
    /// Asks what the clock at the other end reads, if it is time.
    pub(crate) fn keep_asking(&mut self, now: LocalTime, id: LinkId) {
        if self.links.get(&id).is_none_or(|link| link.clock.due() > now) {
            return;
        }
        let need = self.need_of(id);
        let Some(link) = self.links.get_mut(&id) else { return };
        if let Some(number) = link.clock.pacing.next(now, need) {
            self.send_datagram(id, &Clock::Ask(number), Some(number));
        }
    }

    /// A question left this machine, which is later than it was asked: the reading is as much better.
    pub fn asked(&mut self, link: LinkId, number: u32, at: LocalTime) {
        if let Some(link) = self.links.get_mut(&link) {
            link.clock.pacing.went(number, at);
        }
    }

    /// What the clock of a link is read for.
    pub(crate) fn need_of(&self, id: LinkId) -> Need {
        match &self.shared {
            None => Need::Likely { links: self.links.len() },
            Some(shared) if shared.parent == Some(id) => Need::Followed {
                playing: self.timeline.is_playing(),
                followers: self.epoch_players().saturating_sub(1),
            },
            Some(_) => Need::Spare,
        }
    }

    /// What came on a link at a moment, and is handled at another.
    pub(crate) fn take_clock(&mut self, now: LocalTime, came: LocalTime, id: LinkId, clock: Clock) {
        match clock {
            Clock::Ask(number) => {
                let held_nanos = u32::try_from(now.nanos_since(came)).unwrap_or(0);
                self.send_datagram(id, &Clock::Answer { number, came, held_nanos }, None);
            }
            Clock::Shared(state) => {
                self.clock_news = true;
                self.take_shared_time(id, *state);
            }
            Clock::Answer { number, came: theirs, held_nanos } => {
                self.clock_news = true;
                if let Some(link) = self.links.get_mut(&id) {
                    link.clock.answered(number, Theirs { came: theirs, held_nanos }, came);
                }
            }
        }
    }

    /// Sends what is of no use if it comes late.
    fn send_datagram(&mut self, id: LinkId, clock: &Clock, asks: Option<u32>) {
        if self.links.contains_key(&id) {
            let frame = wire::encode(&Message::Clock(clock.clone()));
            self.count_frame(&frame);
            self.push(Effect::Datagram { link: id, frame: frame.into(), asks });
        }
    }
}
