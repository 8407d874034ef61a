//! Telling the links what shared time is by our clock.

use score::LocalTime;

use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::{MAX_CLOCK_HOPS, MAX_UNTOLD_NANOS, TELL_SHARED_NANOS};
use crate::wire::{Clock, Message, SharedClockState};

/// What a link was told.
#[derive(Debug, Default)]
pub(crate) struct ToldShared {
    state: Option<SharedClockState>,
    at: LocalTime,
    /// Whether there is news that had to wait.
    is_waiting: bool,
}

impl ToldShared {
    pub(crate) fn due(&self) -> Option<LocalTime> {
        self.is_waiting.then(|| self.at.plus_nanos(TELL_SHARED_NANOS))
    }

    /// Whether the other end, which follows us or does not, should hear of `state`.
    fn lacks(&self, state: &SharedClockState, now: LocalTime, follows: bool) -> bool {
        let Some(told) = &self.state else { return true };
        let differs = (told.epoch, told.root, &told.path, told.players)
            != (state.epoch, state.root, &state.path, state.players);
        let off = state.line.shared_at(now).nanos_since(told.line.shared_at(now));
        // What is known badly moves much, and telling it each time would help nobody.
        let bearable = MAX_UNTOLD_NANOS.max(i64::from(state.uncertainty_micros) * 1_000 / 4);
        differs || (follows && off.saturating_abs() > bearable)
    }
}

impl Jam {
    fn shared_state(&self) -> Option<SharedClockState> {
        let shared = self.shared.as_ref()?;
        let towards = shared.parent.and_then(|parent| self.links.get(&parent));
        let mut path =
            towards.and_then(|link| link.shared.as_ref()).map_or_else(Vec::new, |theirs| theirs.path.clone());
        path.push(self.config.key);
        path.truncate(MAX_CLOCK_HOPS);
        Some(SharedClockState {
            epoch: shared.epoch,
            root: shared.root,
            path,
            line: shared.target,
            uncertainty_micros: shared.uncertainty_micros,
            players: self.epoch_players(),
        })
    }

    /// Tells the links what is news to them: a few times a second at most, and its followers alone what moved a little.
    pub(crate) fn tell_shared_time(&mut self, now: LocalTime) {
        let Some(state) = self.shared_state() else { return };
        let ids: Vec<LinkId> = self.ready_links().map(|(id, _)| id).collect();
        for id in ids {
            let Some(link) = self.links.get_mut(&id) else { continue };
            let its_path = link.shared.as_ref().map(|theirs| &theirs.path[..]);
            let follows = its_path.is_some_and(|path| path.iter().rev().nth(1) == Some(&self.config.key));
            if !link.told_shared.lacks(&state, now, follows) {
                link.told_shared.is_waiting = false;
                continue;
            }
            let first = link.told_shared.state.is_none();
            if first || now.nanos_since(link.told_shared.at) >= TELL_SHARED_NANOS {
                link.told_shared = ToldShared { state: Some(state.clone()), at: now, is_waiting: false };
                self.send(id, &Message::Clock(Clock::Shared(Box::new(state.clone()))));
            } else {
                link.told_shared.is_waiting = true;
            }
        }
    }

    pub(crate) fn take_shared_time(&mut self, id: LinkId, state: SharedClockState) {
        if let Some(link) = self.links.get_mut(&id) {
            link.shared = Some(state);
        }
    }
}
