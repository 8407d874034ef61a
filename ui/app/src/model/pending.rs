//! What this player has done and the session has not confirmed.
//!
//! An edit is shown at once. Until its answer comes, patches that touch the same place are not shown there: they may be older
//! than what the player sees. With the answer the place shows what the session holds.

use std::collections::BTreeMap;

use view::AskId;

use super::touched::Place;

/// The places that show a prediction, each with the last request that it waits for.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    places: BTreeMap<Place, Awaited>,
}

#[derive(Debug)]
struct Awaited {
    ask: AskId,
    /// Whether the session said something about the place meanwhile.
    is_stale: bool,
}

impl Pending {
    /// These places show what a request will have made of them.
    pub(crate) fn predict(&mut self, places: &[Place], ask: AskId) {
        self.places.extend(places.iter().map(|&place| (place, Awaited { ask, is_stale: false })));
    }

    /// Whether a place that a patch touches is to show what the session holds; if not, it will with the answer.
    pub(crate) fn shows(&mut self, place: Place) -> bool {
        match self.places.get_mut(&place) {
            Some(awaited) => {
                awaited.is_stale = true;
                false
            }
            None => true,
        }
    }

    /// A request was answered: the places that are to show what the session holds.
    pub(crate) fn answered(&mut self, ask: AskId, is_ok: bool) -> Vec<Place> {
        let places: Vec<Place> =
            self.places.iter().filter(|(_, awaited)| awaited.ask == ask).map(|(&place, _)| place).collect();
        let mut stale = Vec::new();
        for place in places {
            let was_touched = self.places.remove(&place).is_some_and(|awaited| awaited.is_stale);
            // Where the patch is still on its way, the place shows already what it will say.
            if was_touched || !is_ok {
                stale.push(place);
            }
        }
        stale
    }

    /// Another session is shown.
    pub(crate) fn clear(&mut self) {
        self.places.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_patch_does_not_undo_what_the_player_sees() {
        let mut pending = Pending::default();
        pending.predict(&[Place::Tempo], AskId(1));
        pending.predict(&[Place::Tempo], AskId(2));
        assert!(!pending.shows(Place::Tempo), "the patch of the first request");
        assert!(pending.shows(Place::Swing));
        assert_eq!(pending.answered(AskId(1), true), []);
        assert_eq!(pending.answered(AskId(2), true), [Place::Tempo]);
        assert!(pending.shows(Place::Tempo));
    }

    #[test]
    fn a_refused_edit_is_taken_back() {
        let mut pending = Pending::default();
        pending.predict(&[Place::Name], AskId(1));
        assert_eq!(pending.answered(AskId(1), false), [Place::Name]);
    }

    #[test]
    fn an_answer_before_its_patch_changes_nothing() {
        let mut pending = Pending::default();
        pending.predict(&[Place::Name], AskId(1));
        assert_eq!(pending.answered(AskId(1), true), []);
        assert!(pending.shows(Place::Name), "the patch that follows is shown");
    }
}
