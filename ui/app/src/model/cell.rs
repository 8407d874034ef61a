//! How a step looks and what it is called.

use score::Step;

/// What a cell of the grid shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    /// Words for the style sheet, separated by blanks.
    pub(crate) class: String,
    /// Velocity, 0..=100 percent: the height of the fill.
    pub(crate) velocity: u8,
    /// The pitch as a small signed number, empty for the track's own.
    pub(crate) pitch: String,
    /// How many hits the step is divided into, 1..=8.
    pub(crate) hits: u8,
}

/// The face of a step.
pub(crate) fn face(step: &Step) -> Face {
    let mut class = String::from("cell");
    let mut mark = |shown: bool, word: &str| {
        if shown {
            class.push(' ');
            class.push_str(word);
        }
    };
    mark(step.on, "on");
    mark(step.tie, "tie");
    mark(step.chance.is_some_and(|chance| chance < 100), "chance");
    mark(step.condition.is_some(), "condition");
    mark(step.ratchet.is_some_and(|hits| hits > 1), "ratchet");
    mark(step.nudge.is_some_and(|nudge| nudge < 0), "early");
    mark(step.nudge.is_some_and(|nudge| nudge > 0), "late");
    mark(!step.locks.is_empty(), "lock");
    mark(!step.notes.is_empty(), "chord");
    mark(step.gate_length.is_some_and(|gate| gate < 100), "short");
    Face { class, velocity: percent(velocity(step)), pitch: pitch(step), hits: step.ratchet.unwrap_or(1) }
}

/// What assistive technology calls a step, counted from 1: "kick, step 5 of 16, on, velocity 70 percent".
pub(crate) fn name(track: &str, number: u16, length: u16, step: &Step) -> String {
    use std::fmt::Write as _;
    let mut name = format!("{track}, step {} of {length}, ", number + 1);
    if !step.on {
        name.push_str("off");
        return name;
    }
    // Writing to a text cannot fail.
    let _ = write!(name, "on, velocity {} percent", percent(velocity(step)));
    if let Some(pitch) = step.pitch.filter(|pitch| *pitch != 0) {
        let sign = if pitch < 0 { "minus" } else { "plus" };
        let _ = write!(name, ", pitch {sign} {}", pitch.unsigned_abs());
    }
    if step.tie {
        name.push_str(", tied");
    }
    if let Some(chance) = step.chance.filter(|chance| *chance < 100) {
        let _ = write!(name, ", chance {chance} percent");
    }
    if let Some(hits) = step.ratchet.filter(|hits| *hits > 1) {
        let _ = write!(name, ", {hits} hits");
    }
    if let Some(condition) = step.condition {
        let _ = write!(name, ", loop {} of {}", condition.on(), condition.every());
    }
    if let Some(gate) = step.gate_length.filter(|gate| *gate < 100) {
        let _ = write!(name, ", gate {gate} percent");
    }
    if let Some(nudge) = step.nudge.filter(|nudge| *nudge != 0) {
        let _ =
            write!(name, ", {} {} percent", if nudge < 0 { "early" } else { "late" }, nudge.unsigned_abs());
    }
    if !step.notes.is_empty() {
        let _ = write!(name, ", chord of {}", step.notes.len());
    }
    match step.locks.len() {
        0 => {}
        1 => name.push_str(", 1 lock"),
        locks => _ = write!(name, ", {locks} locks"),
    }
    name
}

/// The loudest of a chord's notes speaks for it.
fn velocity(step: &Step) -> f32 {
    step.notes.values().copied().reduce(f32::max).unwrap_or_else(|| step.velocity())
}

fn percent(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}

fn pitch(step: &Step) -> String {
    match (step.notes.len(), step.pitch) {
        (0, None | Some(0)) => String::new(),
        (0, Some(pitch)) => format!("{pitch:+}"),
        (notes, _) => format!("×{notes}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_step_is_named_by_place_state_and_velocity() {
        assert_eq!(name("kick", 4, 16, &Step::active()), "kick, step 5 of 16, on, velocity 70 percent");
        assert_eq!(name("kick", 4, 16, &Step::default()), "kick, step 5 of 16, off");
    }

    #[test]
    fn locks_are_named_after_the_velocity_and_sleep_while_the_step_is_off() {
        let mut step =
            Step { pitch: Some(-2), ratchet: Some(3), chance: Some(50), tie: true, ..Step::active() };
        assert_eq!(
            name("bass", 0, 8, &step),
            "bass, step 1 of 8, on, velocity 70 percent, pitch minus 2, tied, chance 50 percent, 3 hits"
        );
        step.on = false;
        assert_eq!(name("bass", 0, 8, &step), "bass, step 1 of 8, off");
    }

    #[test]
    fn whatever_a_step_carries_is_in_its_name() {
        let step = Step {
            gate_length: Some(50),
            nudge: Some(-10),
            notes: [(0, 0.5), (7, 0.5)].into(),
            locks: [("cutoff".to_owned(), 3.0)].into(),
            ..Step::active()
        };
        assert_eq!(
            name("keys", 0, 4, &step),
            "keys, step 1 of 4, on, velocity 50 percent, gate 50 percent, early 10 percent, chord of 2, 1 lock"
        );
    }

    #[test]
    fn a_face_shows_what_the_step_carries() {
        let step =
            Step { pitch: Some(3), ratchet: Some(2), volume: Some(0.4), chance: Some(100), ..Step::active() };
        let shown = face(&step);
        assert_eq!((shown.class.as_str(), shown.velocity, shown.hits), ("cell on ratchet", 40, 2));
        assert_eq!(shown.pitch, "+3");
        let chord = Step { notes: [(0, 0.5), (7, 0.9)].into(), ..Step::active() };
        assert_eq!((face(&chord).velocity, face(&chord).pitch.as_str()), (90, "×2"));
    }
}
