//! Writing a pattern as text.

use std::fmt::Write;

use super::{ACCENT, GHOST, NOTES};
use crate::catalogue::{Unit, parameter};
use crate::pattern::Pattern;
use crate::step::{DEFAULT_VELOCITY, LockKind, Step, StepLock};

/// A pattern as one line of text.
pub fn write_pattern(pattern: &Pattern) -> String {
    let blank = Step::default();
    let step = |number| pattern.step(number).unwrap_or(&blank);
    let mut line: String = (0..pattern.length).map(|number| cell(step(number))).collect();
    let mut separator = '{';
    for number in 0..pattern.length {
        let locks = locks_beside_cell(step(number));
        if !locks.is_empty() {
            // Writing into a string cannot fail.
            _ = write!(line, "{separator}{}:{}", number + 1, locks.join(","));
            separator = ';';
        }
    }
    if separator == ';' {
        line.push('}');
    }
    line
}

#[allow(clippy::float_cmp, reason = "the cells stand for exactly these velocities")]
fn cell(step: &Step) -> char {
    match step.volume {
        _ if !step.on => '.',
        _ if step.tie => '_',
        Some(ACCENT) => 'X',
        Some(GHOST) => 'o',
        _ => 'x',
    }
}

/// What a step holds that its cell does not say.
fn locks_beside_cell(step: &Step) -> Vec<String> {
    let said = match cell(step) {
        '_' => Some(LockKind::Tie),
        'X' | 'o' => Some(LockKind::Volume),
        _ => None,
    };
    let mut locks: Vec<String> =
        step.step_locks().filter(|lock| Some(lock.kind()) != said).map(step_lock).collect();
    if !step.notes.is_empty() {
        let notes: Vec<String> = step.notes.iter().map(|(&pitch, &velocity)| note(pitch, velocity)).collect();
        locks.push(format!("{NOTES}={}", notes.join("+")));
    }
    // A line has no place for line breaks, nor a value for what is no number; no player can have set either.
    let writable = |id: &str, value: f64| value.is_finite() && !id.contains(char::is_control);
    let params = step.locks.iter().filter(|&(id, &value)| writable(id, value));
    locks.extend(params.map(|(id, &value)| param_lock(id, value)));
    locks
}

fn step_lock(lock: StepLock) -> String {
    let word = lock.kind().word();
    match lock {
        StepLock::Tie => word.to_owned(),
        StepLock::Pitch(value) | StepLock::Nudge(value) => format!("{word}={value}"),
        StepLock::GateLength(value) | StepLock::Chance(value) | StepLock::Ratchet(value) => {
            format!("{word}={value}")
        }
        StepLock::Volume(value) => format!("{word}={value}"),
        StepLock::Condition(value) => format!("{word}={value}"),
    }
}

#[allow(clippy::float_cmp, reason = "the default is left unsaid, and nothing near it")]
fn note(pitch: i8, velocity: f32) -> String {
    if velocity == DEFAULT_VELOCITY { pitch.to_string() } else { format!("{pitch}@{velocity}") }
}

/// A parameter lock; in quotes where the catalogue does not know the id, or does not allow the value.
fn param_lock(id: &str, value: f64) -> String {
    match parameter(id) {
        Some(row) if row.admit(value as f32).is_ok() => match row.unit {
            Unit::Choice | Unit::Switch => format!("{id}={}", row.text(value as f32)),
            _ => format!("{id}={value}"),
        },
        _ => format!("{}={value}", quoted(id)),
    }
}

/// A text in double quotes, in which a backslash stands before `"` and `\`.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
