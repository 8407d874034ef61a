//! What a player does to the session and its tracks.

use std::collections::BTreeMap;

use leptos::prelude::*;
use score::catalogue::{Sound, resolve};
use score::edit::{PatternEdit, PatternOp, PatternRef, TrackEdit};
use score::text::{MAX_SESSION_NAME_CHARS, MAX_SHORT_NAME_CHARS, clean_name};
use score::track::{EffectValue, MAX_TRACKS};
use score::{Edit, Meter, Tempo, TrackId};
use view::{Ask, Command, Gesture};

use super::App;
use super::row::show;
use crate::host;
use crate::model::touched::{Facet, Place};

impl App {
    /// Names the session.
    pub(crate) fn set_name(self, name: &str) {
        let name = self.fitting(name, MAX_SESSION_NAME_CHARS);
        if !name.is_empty() && self.session.name.get_untracked() != name && self.may_edit() {
            self.session.name.set(name.clone());
            self.edit(&[Place::Name], None, Edit::SetName(name));
        }
    }

    /// Sets the tempo in beats per minute.
    pub(crate) fn set_tempo(self, bpm: f64, hand: Option<Gesture>) {
        let Some(tempo) = Tempo::from_bpm(bpm) else { return };
        if self.session.tempo.get_untracked() != tempo && self.may_edit() {
            self.session.tempo.set(tempo);
            self.edit(&[Place::Tempo], hand, Edit::SetTempo(tempo));
        }
    }

    /// Sets the session's swing in percent.
    pub(crate) fn set_swing(self, percent: f64, hand: Option<Gesture>) {
        if self.may_edit() {
            self.session.swing.set(percent as f32);
            self.edit(&[Place::Swing], hand, Edit::SetSwing(percent as f32));
        }
    }

    /// Sets the time signature.
    pub(crate) fn set_meter(self, meter: Meter) {
        if self.may_edit() {
            self.session.meter.set(meter);
            self.edit(&[Place::Meter], None, Edit::SetMeter(meter));
        }
    }

    /// Adds a track with an instrument, named after it.
    pub(crate) fn add_track(self, instrument: &str) -> Option<TrackId> {
        if !self.may_edit() {
            return None;
        }
        if self.session.rows.with_untracked(Vec::len) >= MAX_TRACKS {
            self.ui.remark(format!("A session has at most {MAX_TRACKS} tracks. Remove one to add another."));
            return None;
        }
        let id = TrackId::from_random(host::random());
        let name = instrument_name(instrument).to_lowercase();
        let edit = Edit::AddTrack {
            id,
            instrument: instrument.to_owned(),
            name: clean_name(&name, MAX_SHORT_NAME_CHARS),
        };
        self.edit(&[], None, edit);
        Some(id)
    }

    /// Removes a track. It can be brought back by undo.
    pub(crate) fn remove_track(self, track: TrackId) {
        let Some(row) = self.session.row(track) else { return };
        if self.may_edit() {
            self.edit(&[], None, Edit::Track(track, TrackEdit::SetDeleted(true)));
            self.ui.remark(format!("{} is removed. Undo brings it back.", row.name.get_untracked()));
        }
    }

    /// Moves a track to a place in the order, from 0.
    pub(crate) fn move_track_to(self, track: TrackId, place: usize) {
        let last = self.session.rows.with_untracked(Vec::len).saturating_sub(1);
        if self.may_edit() {
            self.edit(&[], None, Edit::Track(track, TrackEdit::MoveTo(place.min(last))));
        }
    }

    /// Moves a track up or down by one.
    pub(crate) fn move_track(self, track: TrackId, by: i16) {
        let rows = self.session.rows.get_untracked();
        let Some(place) = rows.iter().position(|row| row.id == track) else { return };
        let to = place.saturating_add_signed(isize::from(by)).min(rows.len() - 1);
        if to != place {
            self.move_track_to(track, to);
            self.ui.say(format!(
                "{} is track {} of {}",
                rows[place].name.get_untracked(),
                to + 1,
                rows.len()
            ));
        }
    }

    /// Changes a property of a track; it is shown at once.
    pub(crate) fn change_track(self, track: TrackId, hand: Option<Gesture>, edit: TrackEdit) {
        let Some(row) = self.session.row(track) else { return };
        if !self.may_edit() {
            return;
        }
        let facet = match &edit {
            TrackEdit::SetName(name) => {
                show(&row.name, name.clone());
                Facet::Name
            }
            TrackEdit::SetInstrument(id) => {
                show(&row.instrument, id.clone());
                Facet::Instrument
            }
            TrackEdit::SetVolume(volume) => {
                show(&row.volume, *volume);
                Facet::Volume
            }
            TrackEdit::SetPan(pan) => {
                show(&row.pan, *pan);
                Facet::Pan
            }
            TrackEdit::SetMute(mute) => {
                show(&row.mute, *mute);
                Facet::Mute
            }
            TrackEdit::SetTranspose(semitones) => {
                show(&row.transpose, *semitones);
                Facet::Transpose
            }
            TrackEdit::SetSwing(percent) => {
                show(&row.swing, *percent);
                Facet::Swing
            }
            TrackEdit::SetGate(gate) => {
                show(&row.gate, *gate);
                Facet::Gate
            }
            TrackEdit::SetChoke(group) => {
                show(&row.choke, *group);
                Facet::Choke
            }
            TrackEdit::SetColour(colour) => {
                show(&row.colour, *colour);
                Facet::Colour
            }
            TrackEdit::SetParam(id, value) => {
                row.params.update(|params| put(params, id, *value));
                Facet::Params
            }
            TrackEdit::SetEffect(id, value) => {
                row.effects.update(|effects| put(effects, id, value.clone()));
                Facet::Effects
            }
            _ => return self.edit(&[], hand, Edit::Track(track, edit)),
        };
        self.edit(&[Place::Facet(track, facet)], hand, Edit::Track(track, edit));
    }

    /// Sets a parameter of the master's effects; `None` returns it to its default.
    pub(crate) fn change_master(self, hand: Option<Gesture>, id: &str, value: Option<EffectValue>) {
        if self.may_edit() {
            self.session.master.update(|effects| put(effects, id, value.clone()));
            self.edit(&[Place::Master], hand, Edit::SetMasterEffect(id.to_owned(), value));
        }
    }

    /// Renames a track.
    pub(crate) fn rename_track(self, track: TrackId, name: &str) {
        let name = self.fitting(name, MAX_SHORT_NAME_CHARS);
        let differs = self.session.row(track).is_some_and(|row| row.name.get_untracked() != name);
        if !name.is_empty() && differs {
            self.change_track(track, None, TrackEdit::SetName(name));
        }
    }

    /// Mutes a track for everyone, or lets it sound.
    pub(crate) fn toggle_mute(self, track: TrackId) {
        if let Some(row) = self.session.row(track) {
            self.change_track(track, None, TrackEdit::SetMute(!row.mute.get_untracked()));
        }
    }

    /// Runs an operation on a track's pattern.
    pub(crate) fn operate(self, track: TrackId, operation: PatternOp) {
        self.fill(track, operation, None);
    }

    /// The same, as part of a movement of the hand.
    pub(crate) fn fill(self, track: TrackId, operation: PatternOp, hand: Option<Gesture>) {
        if self.may_edit() {
            let at = PatternRef { track, scene: self.session.scene() };
            self.edit(&[], hand, Edit::Pattern(at, PatternEdit::Operate(operation)));
        }
    }

    /// Takes back, or makes again, this player's last act.
    pub(crate) fn undo(self, redo: bool) {
        if self.may_edit() {
            self.command(&[], if redo { Command::Redo } else { Command::Undo });
        }
    }

    /// Asks for something that the host answers by a [`view::Tell`] of its own.
    pub(crate) fn ask(self, ask: &Ask) {
        if !host::ask(ask) {
            self.ui.remark("Too much is asked at once; try again in a moment.");
        }
    }
}

/// Puts a value, or takes it away.
fn put<V>(held: &mut BTreeMap<String, V>, id: &str, value: Option<V>) {
    match value {
        Some(value) => _ = held.insert(id.to_owned(), value),
        None => _ = held.remove(id),
    }
}

/// What an instrument is called.
pub(crate) fn instrument_name(id: &str) -> &'static str {
    match resolve(id) {
        Sound::BuiltIn(row) | Sound::Unknown(row) => row.name,
        Sound::Sample(_) => "Sample",
    }
}
