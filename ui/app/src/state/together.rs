//! The others: who they are, who is followed, what the others are told of this player.

use std::collections::BTreeSet;

use leptos::prelude::*;
use score::text::{MAX_SHORT_NAME_CHARS, clean_name};
use score::{PlayerKey, TrackId};
use view::{Command, Cursor, Guise, Playing, Selected, Timeline};

use super::App;
use crate::model::guise::isolated;
use crate::model::selection::Cell;

impl App {
    /// How a player looks here; tracks who is here.
    pub(crate) fn guise(self, key: PlayerKey) -> Guise {
        self.session.guises.with(|guises| guises.get(&key).cloned()).unwrap_or_else(|| Guise::alone(key))
    }

    /// Follows a player from here on, or no longer.
    pub(crate) fn follow(self, key: PlayerKey) {
        if self.ui.following.get_untracked() == Some(key) {
            return self.stop_following();
        }
        self.ui.following.set(Some(key));
        let name = untrack(|| self.guise(key)).name;
        self.ui.say(format!("Following {}", isolated(&name)));
    }

    /// Goes where this player wants from here on.
    pub(crate) fn stop_following(self) {
        if let Some(key) = self.ui.following.get_untracked() {
            self.ui.following.set(None);
            let name = untrack(|| self.guise(key)).name;
            self.ui.say(format!("No longer following {}", isolated(&name)));
        }
    }

    /// Takes another name; the empty one for an animal again.
    pub(crate) fn rename_me(self, name: &str) {
        let clean = self.fitting(name, MAX_SHORT_NAME_CHARS);
        self.command(&[], Command::Rename(clean));
    }

    /// A name as it can be kept. One that is too long is cut, and the player is told.
    pub(crate) fn fitting(self, name: &str, max_chars: usize) -> String {
        let whole = clean_name(name, usize::MAX);
        let clean = clean_name(&whole, max_chars);
        if clean != whole {
            self.ui.remark(format!("That name is too long; its first {max_chars} characters are kept."));
        }
        clean
    }

    /// Somebody came or went.
    pub(crate) fn passing(self, key: PlayerKey, name: &str, came: bool) {
        let name = isolated(name);
        let colour = untrack(|| self.guise(key)).colour;
        let was_followed = !came && self.ui.following.get_untracked() == Some(key);
        let line = match (came, was_followed) {
            (true, _) => format!("{name} joined"),
            (false, true) => format!("{name} left; you look where you like again"),
            (false, false) => format!("{name} left"),
        };
        if was_followed {
            self.ui.following.set(None);
        }
        self.ui.remark_of(colour, line);
    }

    /// Has it said when somebody else starts or ends the music.
    pub(crate) fn transport_changed(self, to: Timeline) {
        let Some(by) = to.by.filter(|by| self.session.me.get_untracked() != Some(*by)) else { return };
        let did = match to.playing {
            Playing::Playing => "started the music",
            Playing::Paused => "paused the music",
            Playing::Stopped => "stopped the music",
        };
        let name = untrack(|| self.guise(by)).name;
        self.ui.say(format!("{} {did}", isolated(&name)));
    }

    /// Where the others are told that this player is: where the pointer or the keyboard was last, with what is selected.
    pub(crate) fn own_cursor(self) -> Option<Cursor> {
        let (track, step): (TrackId, u16) = self.ui.pointed.get()?;
        let selected = self.ui.selection.with(|selection| {
            self.session.rows.with(|rows| {
                let order: Vec<TrackId> = rows.iter().map(|row| row.id).collect();
                around(&order, selection.cells())
            })
        });
        Some(Cursor { scene: self.session.scene(), track, step, selected })
    }
}

/// The rectangle around the selected steps, on tracks in this order.
fn around(order: &[TrackId], cells: &BTreeSet<Cell>) -> Option<Selected> {
    let places: Vec<usize> =
        cells.iter().filter_map(|(track, _)| order.iter().position(|id| id == track)).collect();
    let (top, bottom) = (*places.iter().min()?, *places.iter().max()?);
    let steps = || cells.iter().map(|(_, step)| *step);
    let (step, last) = (steps().min()?, steps().max()?);
    Some(Selected { track: order[top], step, steps: last - step + 1, tracks: (bottom - top + 1) as u16 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_is_around_all_that_is_selected() {
        let [a, b, c] = [3, 1, 2].map(TrackId::from_random);
        let cells = [(c, 2), (b, 7), (TrackId::from_random(9), 0)].into();
        let selected = around(&[a, b, c], &cells);
        assert_eq!(selected, Some(Selected { track: b, step: 0, steps: 8, tracks: 2 }));
        assert_eq!(around(&[a], &BTreeSet::new()), None);
    }
}
