//! The notes of a step, on a melodic grid: one note, a chord, or none.

use std::collections::BTreeSet;

use score::Step;
use score::catalogue::{Family, Instrument};
use score::scale::Scale;
use score::step::MAX_PITCH_SEMITONES;

/// The key of a sound that has no pitch of its own: C4.
const MIDDLE: i16 = 60;

const NAMES: [&str; 12] = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

/// A row of the melodic grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PitchRow {
    /// Semitones from the track's own pitch.
    pub(crate) pitch: i8,
    /// The MIDI key that sounds.
    pub(crate) key: i16,
    /// Whether it belongs to the scale.
    pub(crate) in_scale: bool,
    /// Whether it is the scale's root.
    pub(crate) is_root: bool,
}

impl PitchRow {
    /// A row of a track whose own pitch is this key.
    pub(crate) fn of(pitch: i8, base: i16, scale: Scale) -> Self {
        let key = base + i16::from(pitch);
        let is_root = key.rem_euclid(12) == i16::from(scale.root());
        Self { pitch, key, in_scale: scale.contains(key), is_root }
    }

    /// As musicians call it: E♭ is D♯ here.
    pub(crate) fn name(self) -> String {
        format!("{}{}", NAMES[self.key.rem_euclid(12) as usize], self.key.div_euclid(12) - 1)
    }

    /// Whether it is a black key.
    pub(crate) fn is_black(self) -> bool {
        matches!(self.key.rem_euclid(12), 1 | 3 | 6 | 8 | 10)
    }
}

/// The MIDI key of a track's own pitch.
pub(crate) fn base_key(instrument: Option<&Instrument>, transpose: i8) -> i16 {
    let own = instrument.filter(|row| row.family != Family::Drums).map_or(MIDDLE, |row| row.base_note.into());
    own + i16::from(transpose)
}

/// The rows of the melodic grid from high to low: every semitone, or those of the scale and those in use.
pub(crate) fn pitch_rows(base: i16, scale: Scale, locked: bool, used: &BTreeSet<i8>) -> Vec<PitchRow> {
    (-MAX_PITCH_SEMITONES..=MAX_PITCH_SEMITONES)
        .rev()
        .map(|pitch| PitchRow::of(pitch, base, scale))
        .filter(|row| !locked || row.in_scale || used.contains(&row.pitch))
        .collect()
}

/// What a step plays: pitches and their velocities, low to high.
pub(crate) fn notes(step: &Step) -> Vec<(i8, f32)> {
    match (step.on, step.notes.is_empty()) {
        (false, _) => Vec::new(),
        (true, true) => vec![(step.pitch.unwrap_or(0), step.velocity())],
        (true, false) => step.notes.iter().map(|(&pitch, &velocity)| (pitch, velocity)).collect(),
    }
}

/// Adds a note to a step; a second one makes a chord.
pub(crate) fn add_note(step: &mut Step, pitch: i8, velocity: Option<f32>) {
    let pitch = pitch.clamp(-MAX_PITCH_SEMITONES, MAX_PITCH_SEMITONES);
    let mut held = notes(step);
    held.retain(|(other, _)| *other != pitch);
    step.on = true;
    if held.is_empty() {
        step.notes.clear();
        step.pitch = (pitch != 0).then_some(pitch);
        step.volume = velocity.or(step.volume);
        return;
    }
    let velocity = velocity.unwrap_or_else(|| step.velocity());
    step.notes = held.into_iter().chain([(pitch, velocity)]).collect();
}

/// Takes a note away; the last one switches the step off.
pub(crate) fn remove_note(step: &mut Step, pitch: i8) {
    let mut held = notes(step);
    held.retain(|(other, _)| *other != pitch);
    match held.as_slice() {
        [] => {
            step.on = false;
            step.notes.clear();
            step.pitch = None;
        }
        [(last, velocity)] if !step.notes.is_empty() => {
            (step.pitch, step.volume) = ((*last != 0).then_some(*last), Some(*velocity));
            step.notes.clear();
        }
        _ => step.notes = if step.notes.is_empty() { step.notes.clone() } else { held.into_iter().collect() },
    }
}

/// Sets how hard a step is played, 0..=1; a chord's notes keep their proportions.
pub(crate) fn set_velocity(step: &mut Step, velocity: f32) {
    let velocity = (velocity.clamp(0.0, 1.0) * 100.0).round() / 100.0;
    let loudest = step.notes.values().copied().fold(0.0, f32::max);
    for note in step.notes.values_mut() {
        *note = if loudest > 0.0 { (*note / loudest * velocity).clamp(0.0, 1.0) } else { velocity };
    }
    if step.notes.is_empty() {
        step.volume = Some(velocity);
    }
}

/// How hard a step is played: its loudest note.
pub(crate) fn velocity(step: &Step) -> f32 {
    notes(step).into_iter().map(|(_, velocity)| velocity).fold(0.0, f32::max)
}

/// The semitones above the keyboard's lowest C that a key of a computer's keyboard plays, by its place on the board: two rows
/// of white keys with their black ones above.
pub(crate) fn computer_key(code: &str) -> Option<i8> {
    const LOWER: [&str; 17] = [
        "KeyZ",
        "KeyS",
        "KeyX",
        "KeyD",
        "KeyC",
        "KeyV",
        "KeyG",
        "KeyB",
        "KeyH",
        "KeyN",
        "KeyJ",
        "KeyM",
        "Comma",
        "KeyL",
        "Period",
        "Semicolon",
        "Slash",
    ];
    const UPPER: [&str; 17] = [
        "KeyQ", "Digit2", "KeyW", "Digit3", "KeyE", "KeyR", "Digit5", "KeyT", "Digit6", "KeyY", "Digit7",
        "KeyU", "KeyI", "Digit9", "KeyO", "Digit0", "KeyP",
    ];
    let at = |row: &[&str; 17]| row.iter().position(|key| *key == code).map(|place| place as i8);
    at(&LOWER).or_else(|| at(&UPPER).map(|place| place + 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pitches(step: &Step) -> Vec<i8> {
        notes(step).into_iter().map(|(pitch, _)| pitch).collect()
    }

    #[test]
    fn one_note_is_a_pitch_and_two_are_a_chord() {
        let mut step = Step::default();
        add_note(&mut step, 0, None);
        assert_eq!(step, Step::active(), "the track's own pitch needs no lock");
        add_note(&mut step, 7, Some(0.9));
        assert_eq!((pitches(&step), step.pitch), (vec![0, 7], None));
        remove_note(&mut step, 0);
        assert_eq!(
            (pitches(&step), step.notes.len(), step.pitch, step.volume),
            (vec![7], 0, Some(7), Some(0.9))
        );
        remove_note(&mut step, 7);
        assert!(!step.on && step.notes.is_empty() && step.pitch.is_none());
        remove_note(&mut step, 7);
        assert!(!step.on);
    }

    #[test]
    fn a_note_that_is_there_is_not_there_twice_and_a_far_one_comes_nearer() {
        let mut step = Step::default();
        add_note(&mut step, 5, None);
        add_note(&mut step, 5, None);
        add_note(&mut step, 99, None);
        assert_eq!(pitches(&step), [5, 24]);
        remove_note(&mut step, 3);
        assert_eq!(pitches(&step), [5, 24]);
    }

    #[test]
    fn a_chord_keeps_its_proportions() {
        let mut step = Step { on: true, notes: [(0, 0.4), (7, 0.8)].into(), ..Step::default() };
        set_velocity(&mut step, 0.4);
        assert_eq!(notes(&step), [(0, 0.2), (7, 0.4)]);
        assert!((velocity(&step) - 0.4).abs() < 1e-6);
    }

    #[test]
    fn a_locked_scale_offers_its_pitches_and_those_in_use() {
        let scale = Scale::default();
        let free = pitch_rows(60, scale, false, &BTreeSet::new());
        assert_eq!((free.len(), free[0].pitch, free[0].name()), (49, 24, "C6".to_owned()));
        let locked = pitch_rows(60, scale, true, &BTreeSet::from([1]));
        let near: Vec<i8> =
            locked.iter().map(|row| row.pitch).filter(|pitch| (0..12).contains(pitch)).collect();
        assert_eq!(near, [10, 7, 5, 3, 1, 0]);
        assert!(locked.iter().all(|row| row.in_scale || row.pitch == 1));
    }

    #[test]
    fn two_rows_of_a_computer_keyboard_are_two_octaves() {
        assert_eq!(
            ["KeyZ", "KeyS", "KeyM", "KeyQ", "Digit2", "KeyP", "Enter"].map(computer_key),
            [Some(0), Some(1), Some(11), Some(12), Some(13), Some(28), None]
        );
    }
}
