//! What a player does to steps.

use score::edit::{PatternEdit, PatternRef};
use score::pattern::MAX_STEPS;
use score::step::{MAX_PITCH_SEMITONES, MAX_RATCHET};
use score::{Edit, Step, TrackId};
use view::Gesture;

use super::row::show;
use super::{App, clipboard};
use crate::model::step_edits;
use crate::model::touched::Place;

impl App {
    /// Changes a step; it is shown at once.
    pub(crate) fn change_step(
        self,
        track: TrackId,
        number: u16,
        hand: Option<Gesture>,
        change: impl FnOnce(&mut Step),
    ) {
        let Some(row) = self.session.row(track) else { return };
        let from = row.step(number);
        let mut to = from.clone();
        change(&mut to);
        let at = PatternRef { track, scene: self.session.scene() };
        let Some(edit) = step_edits::between(at, number, &from, &to) else { return };
        if !self.may_edit() {
            return;
        }
        if let Some(cell) = row.cell(number) {
            show(cell, to);
        }
        self.edit(&[Place::Cell(track, number)], hand, edit);
    }

    /// Switches a step on or off.
    pub(crate) fn switch_step(self, track: TrackId, number: u16, on: bool, hand: Option<Gesture>) {
        self.change_step(track, number, hand, |step| step.on = on);
    }

    /// Sets a step's velocity, 0..=1; a chord's notes keep their proportions.
    pub(crate) fn set_velocity(self, track: TrackId, number: u16, velocity: f32, hand: Option<Gesture>) {
        let velocity = (velocity.clamp(0.0, 1.0) * 100.0).round() / 100.0;
        self.change_step(track, number, hand, |step| {
            let loudest = step.notes.values().copied().fold(0.0, f32::max);
            for note in step.notes.values_mut() {
                *note = if loudest > 0.0 { (*note / loudest * velocity).clamp(0.0, 1.0) } else { velocity };
            }
            if step.notes.is_empty() {
                step.volume = Some(velocity);
            }
        });
    }

    /// Sets a step's pitch in semitones; the track's own is no lock.
    pub(crate) fn set_pitch(self, track: TrackId, number: u16, pitch: i8, hand: Option<Gesture>) {
        let pitch = pitch.clamp(-MAX_PITCH_SEMITONES, MAX_PITCH_SEMITONES);
        self.change_step(track, number, hand, |step| step.pitch = (pitch != 0).then_some(pitch));
    }

    /// Divides a step into so many hits.
    pub(crate) fn set_ratchet(self, track: TrackId, number: u16, hits: u8, hand: Option<Gesture>) {
        let hits = hits.clamp(1, MAX_RATCHET);
        self.change_step(track, number, hand, |step| step.ratchet = (hits > 1).then_some(hits));
    }

    /// Puts the copied step here.
    pub(crate) fn paste(self, track: TrackId, number: u16) {
        match clipboard::copied() {
            Some(copied) => self.change_step(track, number, None, |step| *step = copied),
            None => self.ui.remark("Nothing was copied yet."),
        }
    }

    /// Sets how many steps a track's pattern has, 1..=128.
    pub(crate) fn set_length(self, track: TrackId, length: u16, hand: Option<Gesture>) {
        let Some(row) = self.session.row(track) else { return };
        let length = length.clamp(1, MAX_STEPS);
        if !self.may_edit() {
            return;
        }
        show(&row.length, length);
        let at = PatternRef { track, scene: self.session.scene() };
        self.edit(&[Place::Length(track)], hand, Edit::Pattern(at, PatternEdit::SetLength(length)));
    }
}
