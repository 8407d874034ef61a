//! What a player does to the session's scale and to the stretch that repeats, and with the metronome.

use leptos::prelude::*;
use score::Edit;
use score::meter::LoopRegion;
use score::scale::Scale;
use view::Gesture;

use super::App;
use crate::browser;
use crate::model::touched::Place;

/// Under which name it is kept whether the metronome is on.
const METRONOME: &str = "offbeat-metronome";

impl App {
    /// Sets the scale.
    pub(crate) fn set_scale(self, scale: Scale) {
        if self.session.scale.get_untracked() != scale && self.may_edit() {
            self.session.scale.set(scale);
            self.edit(&[Place::Scale], None, Edit::SetScale(scale));
        }
    }

    /// Offers the scale's pitches alone, or all of them.
    pub(crate) fn set_scale_lock(self, locked: bool) {
        if self.session.scale_lock.get_untracked() != locked && self.may_edit() {
            self.session.scale_lock.set(locked);
            self.edit(&[Place::ScaleLock], None, Edit::SetScaleLock(locked));
        }
    }

    /// Sets the stretch that repeats, or removes it.
    pub(crate) fn set_loop(self, region: Option<LoopRegion>, hand: Option<Gesture>) {
        if self.session.loop_region.get_untracked() != region && self.may_edit() {
            if region.is_some() {
                self.ui.last_loop.set_value(region);
            }
            self.session.loop_region.set(region);
            self.edit(&[Place::Loop], hand, Edit::SetLoop(region));
        }
    }

    /// Repeats this stretch, or plays on where it repeats already.
    pub(crate) fn toggle_loop(self, region: Option<LoopRegion>) {
        let held = self.session.loop_region.get_untracked();
        let next = if held == region { None } else { region };
        self.ui.say(next.map_or_else(
            || "The loop is off".to_owned(),
            |region| format!("Loop from step {} to {}", region.first() + 1, region.last() + 1),
        ));
        self.set_loop(next, None);
    }

    /// Lets this player hear the metronome, or no longer; it is remembered.
    pub(crate) fn toggle_metronome(self) {
        let on = !self.ui.clicks.get_untracked();
        self.ui.say(if on { "The metronome is on" } else { "The metronome is off" });
        self.hear_metronome(on);
        browser::keep(METRONOME, if on { "on" } else { "off" });
    }

    /// Begins with the metronome as this player left it.
    pub(crate) fn remember_metronome(self) {
        if browser::kept(METRONOME).as_deref() == Some("on") {
            self.hear_metronome(true);
        }
    }

    /// The stretch that the loop's switch brings back: the last one, or the whole of the longest pattern.
    pub(crate) fn remembered_loop(self) -> Option<LoopRegion> {
        self.ui.last_loop.get_value().or_else(|| {
            let longest = self
                .session
                .rows
                .with_untracked(|rows| rows.iter().map(|row| row.length.get_untracked()).max().unwrap_or(1));
            LoopRegion::from_steps(0, longest.max(1) - 1)
        })
    }
}
