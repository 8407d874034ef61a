//! Reading the locks in braces: `{5:pitch=3,chance=50;7:notes=0+3+7}`.

use super::read::{Cursor, shown};
use super::{NOTES, NotationError};
use crate::catalogue::{Parameter, Unit, parameter};
use crate::pattern::Pattern;
use crate::step::{
    Condition, DEFAULT_VELOCITY, LockKind, MAX_PITCH_SEMITONES, MAX_RATCHET, MIN_GATE_PERCENT, Step,
    StepLock, in_range,
};

/// Reads one pair of braces.
pub(super) fn read_block(cursor: &mut Cursor<'_>, pattern: &mut Pattern) -> Result<(), NotationError> {
    if !cursor.take('{') {
        return Err(cursor.expected("`{` (steps come before all locks)"));
    }
    loop {
        let number = read_step_number(cursor, pattern.length)?;
        let mut step = pattern.step(number).cloned().unwrap_or_default();
        read_locks(cursor, &mut step)?;
        pattern.change_step(number, |held| *held = step);
        // The locks of a step end at `;` or `}`.
        if !cursor.take(';') {
            cursor.take('}');
            return Ok(());
        }
    }
}

/// Reads `5:` and gives the step's number from 0.
fn read_step_number(cursor: &mut Cursor<'_>, length: u16) -> Result<u16, NotationError> {
    cursor.skip_blanks();
    let column = cursor.column();
    let digits = cursor.take_while(|c| c.is_ascii_digit());
    if digits.is_empty() {
        return Err(cursor.expected("a step number from 1, as in {5:pitch=3}"));
    }
    let number = digits.parse().ok().filter(|number| (1..=length).contains(number));
    let no_such_step = NotationError::NoSuchStep { column, found: shown(digits), length: length.into() };
    let number: u16 = number.ok_or(no_such_step)?;
    cursor.skip_blanks();
    if !cursor.take(':') {
        return Err(cursor.expected("`:` after the step number"));
    }
    Ok(number - 1)
}

/// Reads `pitch=3,tie,cutoff=12` up to `;` or `}`.
fn read_locks(cursor: &mut Cursor<'_>, step: &mut Step) -> Result<(), NotationError> {
    loop {
        cursor.skip_blanks();
        read_lock(cursor, step)?;
        cursor.skip_blanks();
        match cursor.peek() {
            Some(',') => _ = cursor.next(),
            Some(';' | '}') => return Ok(()),
            _ => return Err(cursor.expected("`,`, `;` or `}`")),
        }
    }
}

fn read_lock(cursor: &mut Cursor<'_>, step: &mut Step) -> Result<(), NotationError> {
    let column = cursor.column();
    if cursor.peek() == Some('"') {
        let id = read_quoted(cursor)?;
        let (column, text) = read_value(cursor)?;
        let value = text.parse().ok().filter(|value: &f64| value.is_finite());
        let refused = || value_error(column, "a parameter in quotes", text, "a number");
        step.locks.insert(id, value.ok_or_else(refused)?);
        return Ok(());
    }
    let word = cursor.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if word.is_empty() {
        return Err(cursor.expected("a lock such as pitch=3"));
    }
    if let Some(kind) = LockKind::ALL.into_iter().find(|kind| kind.word() == word) {
        if kind == LockKind::Tie {
            step.set(StepLock::Tie);
            return Ok(());
        }
        let (column, text) = read_value(cursor)?;
        step.set(step_lock(kind, column, text)?);
    } else if word == NOTES {
        let (column, text) = read_value(cursor)?;
        for note in text.split('+') {
            let (pitch, velocity) = read_note(column, note.trim())?;
            step.notes.insert(pitch, velocity);
        }
    } else {
        let row = parameter(word).ok_or_else(|| NotationError::UnknownLock { column, found: shown(word) })?;
        let (column, text) = read_value(cursor)?;
        step.locks.insert(word.to_owned(), param_value(row, column, text)?);
    }
    Ok(())
}

/// Reads `=` and the text up to `,`, `;` or `}`.
fn read_value<'a>(cursor: &mut Cursor<'a>) -> Result<(usize, &'a str), NotationError> {
    cursor.skip_blanks();
    if !cursor.take('=') {
        return Err(cursor.expected("`=` and a value"));
    }
    cursor.skip_blanks();
    let column = cursor.column();
    Ok((column, cursor.take_while(|c| !matches!(c, ',' | ';' | '}')).trim()))
}

/// Reads a text in double quotes, in which a backslash stands before `"` and `\`.
pub(super) fn read_quoted(cursor: &mut Cursor<'_>) -> Result<String, NotationError> {
    cursor.take('"');
    let mut text = String::new();
    loop {
        match cursor.next() {
            Some('"') => return Ok(text),
            Some('\\') => text.extend(cursor.next()),
            Some(c) => text.push(c),
            None => return Err(cursor.expected("a closing `\"`")),
        }
    }
}

fn value_error(column: usize, what: &'static str, found: &str, allowed: &'static str) -> NotationError {
    NotationError::Value { column, what, found: shown(found), allowed }
}

fn step_lock(kind: LockKind, column: usize, text: &str) -> Result<StepLock, NotationError> {
    let whole = |min: i64, max: i64| {
        let number = text.parse().map_err(|_| value_error(column, kind.word(), text, "a whole number"))?;
        in_range(kind.word(), number, min, max).map_err(|error| NotationError::OutOfRange { column, error })
    };
    Ok(match kind {
        LockKind::Pitch => {
            let reach = i64::from(MAX_PITCH_SEMITONES);
            StepLock::Pitch(whole(-reach, reach)? as i8)
        }
        LockKind::Volume => StepLock::Volume(velocity(kind.word(), column, text)?),
        LockKind::Tie => StepLock::Tie,
        LockKind::GateLength => StepLock::GateLength(whole(MIN_GATE_PERCENT.into(), 100)? as u8),
        LockKind::Chance => StepLock::Chance(whole(0, 100)? as u8),
        LockKind::Ratchet => StepLock::Ratchet(whole(1, MAX_RATCHET.into())? as u8),
        LockKind::Nudge => {
            let reach = i64::from(crate::step::MAX_NUDGE_PERCENT);
            StepLock::Nudge(whole(-reach, reach)? as i8)
        }
        LockKind::Condition => {
            let allowed = "ON:EVERY with 1 <= ON <= EVERY <= 16, such as 2:4";
            let condition = text.parse::<Condition>();
            StepLock::Condition(condition.map_err(|_| value_error(column, kind.word(), text, allowed))?)
        }
    })
}

/// Reads `7` or `7@0.5`.
fn read_note(column: usize, text: &str) -> Result<(i8, f32), NotationError> {
    let (pitch, volume) = text.split_once('@').map_or((text, None), |(pitch, volume)| (pitch, Some(volume)));
    let allowed = "semitones joined by +, such as 0+3+7, each with a velocity if wanted, such as 0+7@0.5";
    let pitch = pitch.parse().map_err(|_| value_error(column, NOTES, text, allowed))?;
    let reach = i64::from(MAX_PITCH_SEMITONES);
    let pitch =
        in_range(NOTES, pitch, -reach, reach).map_err(|error| NotationError::OutOfRange { column, error })?;
    let volume = volume.map_or(Ok(DEFAULT_VELOCITY), |volume| velocity(NOTES, column, volume))?;
    Ok((pitch as i8, volume))
}

fn velocity(what: &'static str, column: usize, text: &str) -> Result<f32, NotationError> {
    let number: f32 = text.parse().map_err(|_| value_error(column, what, text, "a number from 0 to 1"))?;
    in_range(what, number, 0.0, 1.0).map_err(|error| NotationError::OutOfRange { column, error })
}

/// A value that the parameter can take: a number, or the name of a choice.
fn param_value(row: &'static Parameter, column: usize, text: &str) -> Result<f64, NotationError> {
    let refused = |error| NotationError::Parameter { column, error };
    match (row.unit, text.parse::<f64>()) {
        (Unit::Choice | Unit::Switch, _) | (_, Err(_)) => row.parse(text).map(f64::from).map_err(refused),
        (_, Ok(number)) => row.admit(number as f32).map(|_| number).map_err(refused),
    }
}
