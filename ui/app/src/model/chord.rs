//! Chords of a step, by name.

use score::Step;
use score::step::MAX_PITCH_SEMITONES;

/// Semitones above the lowest note.
pub(crate) type Intervals = &'static [i8];

/// The chords that can be chosen, the single note first.
pub(crate) const CHORDS: [(&str, Intervals); 8] = [
    ("Single", &[]),
    ("Octave", &[0, 12]),
    ("Fifth", &[0, 7]),
    ("Minor", &[0, 3, 7]),
    ("Major", &[0, 4, 7]),
    ("Sus 4", &[0, 5, 7]),
    ("Minor 7", &[0, 3, 7, 10]),
    ("Major 7", &[0, 4, 7, 11]),
];

/// The named chord that a step plays.
pub(crate) fn of(step: &Step) -> Option<Intervals> {
    let lowest = step.notes.keys().next().copied().unwrap_or(0);
    CHORDS.into_iter().map(|(_, intervals)| intervals).find(|intervals| {
        intervals.len() == step.notes.len()
            && intervals.iter().all(|by| step.notes.contains_key(&(lowest + by)))
    })
}

/// Makes a step play a chord on the note that it plays, or that note alone.
pub(crate) fn put(step: &mut Step, intervals: Intervals) {
    let lowest = step.notes.keys().next().copied().or(step.pitch).unwrap_or(0);
    let velocity = step.notes.values().copied().reduce(f32::max).unwrap_or_else(|| step.velocity());
    if intervals.is_empty() {
        if !step.notes.is_empty() {
            step.pitch = (lowest != 0).then_some(lowest);
            step.volume = Some(velocity);
        }
        step.notes.clear();
        return;
    }
    let pitches = intervals.iter().map(|by| lowest.saturating_add(*by));
    let pitches = pitches.filter(|pitch| pitch.abs() <= MAX_PITCH_SEMITONES);
    step.notes = pitches.map(|pitch| (pitch, velocity)).collect();
}

/// Moves a note of a chord to another pitch and velocity (in percent), or takes it out.
pub(crate) fn set_note(step: &mut Step, pitch: i8, to: Option<(i8, f64)>) {
    step.notes.remove(&pitch);
    if let Some((pitch, percent)) = to {
        step.notes.insert(pitch, (percent / 100.0).clamp(0.0, 1.0) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chord_is_built_on_the_note_that_plays_and_leaves_it_behind() {
        let mut step = Step { pitch: Some(-3), volume: Some(0.5), ..Step::active() };
        for (name, intervals) in CHORDS {
            put(&mut step, intervals);
            assert_eq!(of(&step), Some(intervals), "{name}");
        }
        assert_eq!(step.notes.keys().copied().collect::<Vec<_>>(), [-3, 1, 4, 8]);
        assert!(step.notes.values().all(|velocity| velocity.to_bits() == 0.5f32.to_bits()));
        put(&mut step, &[]);
        assert_eq!(step, Step { pitch: Some(-3), volume: Some(0.5), ..Step::active() });
    }

    #[test]
    fn notes_out_of_range_are_left_out() {
        let mut step = Step { pitch: Some(20), ..Step::active() };
        put(&mut step, &[0, 4, 7]);
        assert_eq!(step.notes.keys().copied().collect::<Vec<_>>(), [20, 24]);
        assert_eq!(of(&step), None);
    }

    #[test]
    fn a_note_moves_and_goes() {
        let mut step = Step { notes: [(0, 0.5), (7, 0.5)].into(), ..Step::active() };
        set_note(&mut step, 7, Some((8, 90.0)));
        set_note(&mut step, 0, None);
        assert_eq!(step.notes, [(8, 0.9)].into());
    }
}
