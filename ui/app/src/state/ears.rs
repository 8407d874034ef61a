//! My ears: what this player alone hears differently. It goes to the engine and to nobody else.

use std::collections::BTreeMap;

use leptos::prelude::*;
use score::catalogue::{InstrumentIndex, ParamIndex};
use score::private_mix::write_private_mix;
use score::program::Setting;
use score::{PrivateMix, PrivateTrack, TrackId};

use super::row::show;
use super::{App, Row};
use crate::host;

/// How loud the metronome clicks, 1 being full scale: above a mix, and not painful alone.
const CLICK_LEVEL: f32 = 0.5;

impl App {
    /// Sets how loud this player listens, 0..=1.
    pub(crate) fn set_my_master_level(self, level: f32) {
        self.ui.level.set(level.clamp(0.0, 1.0));
        self.pass_ears();
    }

    /// Lets this player hear a click on every count, or no longer.
    pub(crate) fn hear_metronome(self, on: bool) {
        self.ui.clicks.set(on);
        self.pass_ears();
    }

    /// Hears a track alone (with the others that are heard alone), or with all again. Nobody else notices.
    pub(crate) fn toggle_solo(self, track: TrackId) {
        if let Some(row) = self.session.row(track) {
            row.solo.update(|solo| *solo = !*solo);
            self.pass_ears();
        }
    }

    /// Does not hear a track, or hears it again.
    pub(crate) fn toggle_my_mute(self, track: TrackId) {
        if let Some(row) = self.session.row(track) {
            row.my_mute.update(|mute| *mute = !*mute);
            self.pass_ears();
        }
    }

    /// Hears a track so loud on top of the shared mix, 0..=1.
    pub(crate) fn set_my_level(self, track: TrackId, level: f32) {
        if let Some(row) = self.session.row(track) {
            show(&row.my_level, level.clamp(0.0, 1.0));
            self.pass_ears();
        }
    }

    /// Hears a track through an effect's setting of this player's own; `None` for the shared one.
    pub(crate) fn set_my_effect(self, track: TrackId, parameter: ParamIndex, value: Option<f32>) {
        if let Some(row) = self.session.row(track) {
            row.my_effects.update(|effects| match value {
                Some(value) => _ = effects.insert(parameter, value),
                None => _ = effects.remove(&parameter),
            });
            self.pass_ears();
        }
    }

    /// Hears the master through an effect's setting of this player's own; `None` for the shared one.
    pub(crate) fn set_my_master_effect(self, parameter: ParamIndex, value: Option<f32>) {
        self.session.my_master.update(|effects| match value {
            Some(value) => _ = effects.insert(parameter, value),
            None => _ = effects.remove(&parameter),
        });
        self.pass_ears();
    }

    /// Hears a track on another instrument; `None` for its own.
    pub(crate) fn try_instrument(self, trial: Option<(TrackId, InstrumentIndex)>) {
        if self.ui.dock.trial.get_value() != trial {
            self.ui.dock.trial.set_value(trial);
            self.pass_ears();
        }
    }

    /// Hears everything as it is shared, as loud as before.
    pub(crate) fn hear_shared(self) {
        self.session.my_master.update(BTreeMap::clear);
        for row in self.session.rows.get_untracked() {
            show(&row.solo, false);
            show(&row.my_mute, false);
            show(&row.my_level, 1.0);
            row.my_effects.update(BTreeMap::clear);
        }
        self.pass_ears();
    }

    /// Whether this player hears something differently.
    pub(crate) fn hears_differently(self) -> bool {
        let has_own_master = !self.session.my_master.with(BTreeMap::is_empty);
        let has_own_track = self.session.rows.with(|rows| {
            rows.iter().any(|row| {
                row.solo.get()
                    || row.my_mute.get()
                    || row.my_level.get() < 1.0
                    || !row.my_effects.with(BTreeMap::is_empty)
            })
        });
        has_own_master || has_own_track
    }

    /// Tells the engine how this player hears the session.
    pub(crate) fn pass_ears(self) {
        let trial = self.ui.dock.trial.get_value();
        let rows = self.session.rows.get_untracked();
        let tracks = rows.iter().map(|row| heard(row, trial)).filter(|track| !track.is_shared()).collect();
        let master = self.session.my_master.get_untracked().into_iter();
        let mix = PrivateMix {
            level: self.ui.level.get_untracked(),
            click: if self.ui.clicks.get_untracked() { CLICK_LEVEL } else { 0.0 },
            master: master.map(|(param, value)| Setting { param, value }).collect(),
            tracks,
        };
        let mut image = Vec::new();
        write_private_mix(&mix, &mut image);
        host::ears(image);
    }
}

fn heard(row: &Row, trial: Option<(TrackId, InstrumentIndex)>) -> PrivateTrack {
    let effects = row.my_effects.get_untracked().into_iter();
    PrivateTrack {
        track: row.id,
        mute: row.my_mute.get_untracked(),
        solo: row.solo.get_untracked(),
        level: row.my_level.get_untracked(),
        instrument: trial.filter(|(track, _)| *track == row.id).map(|(_, instrument)| instrument),
        effects: effects.map(|(param, value)| Setting { param, value }).collect(),
    }
}
