//! What may be written: every refusal names the field, the value and the range.

use score::catalogue::parameter;
use score::edit::PatternOp;
use score::pattern::MAX_STEPS;
use score::step::{MAX_PITCH_SEMITONES, in_range};
use score::text::clean_name;
use score::track::EffectValue;
use score::{Pattern, Step};

use crate::document::edit_error::EditError;
use crate::document::schema::{MAX_CHOICE_CHARS, is_parameter};

/// A name fit to be stored.
pub(super) fn name(field: &'static str, name: &str, min: usize, max: usize) -> Result<String, EditError> {
    let clean = clean_name(name, usize::MAX);
    let chars = clean.chars().count();
    if (min..=max).contains(&chars) {
        Ok(clean)
    } else {
        Err(EditError::TextLength { field, chars, min, max })
    }
}

/// A number of an instrument's parameter. Ids that this version does not know are kept with any finite value.
pub(super) fn instrument_value(id: &str, value: f64) -> Result<f64, EditError> {
    known(id)?;
    match parameter(id) {
        Some(row) if row.slot.is_some() => wrong(id, "an instrument"),
        Some(row) => row.admit(value as f32).map(|_| value).map_err(Into::into),
        None => finite(value),
    }
}

/// A value of an effect's parameter, by number or by the name of a choice.
pub(super) fn effect_value(id: &str, value: &EffectValue) -> Result<(), EditError> {
    known(id)?;
    match (parameter(id), value) {
        (Some(row), _) if row.slot.is_none() => wrong(id, "an effect"),
        (Some(row), EffectValue::Number(value)) => row.admit(*value as f32).map(|_| ()).map_err(Into::into),
        (Some(row), EffectValue::Text(choice)) => row.parse(choice).map(|_| ()).map_err(Into::into),
        (None, EffectValue::Number(value)) => finite(*value).map(|_| ()),
        (None, EffectValue::Text(choice)) => name("choice", choice, 1, MAX_CHOICE_CHARS).map(|_| ()),
    }
}

/// A number that a step locks a parameter of the instrument or of an effect at.
pub(super) fn lock_value(id: &str, value: f64) -> Result<f64, EditError> {
    known(id)?;
    match parameter(id) {
        Some(row) => row.admit(value as f32).map(|_| value).map_err(Into::into),
        None => finite(value),
    }
}

fn known(id: &str) -> Result<(), EditError> {
    if is_parameter(id) { Ok(()) } else { Err(EditError::NotAParameter(id.chars().take(64).collect())) }
}

fn wrong<T>(parameter: &str, of: &'static str) -> Result<T, EditError> {
    Err(EditError::WrongParameter { parameter: parameter.to_owned(), of })
}

fn finite(value: f64) -> Result<f64, EditError> {
    Ok(in_range("a parameter's value", value, f64::MIN, f64::MAX)?)
}

pub(super) fn step_number(step: u16) -> Result<u16, EditError> {
    Ok(in_range("step", step, 0, MAX_STEPS - 1)?)
}

pub(super) fn note(pitch: i8, velocity: f32) -> Result<(), EditError> {
    in_range("pitch", pitch, -MAX_PITCH_SEMITONES, MAX_PITCH_SEMITONES)?;
    in_range("velocity", velocity, 0.0, 1.0)?;
    Ok(())
}

/// An operation on a pattern of this length.
pub(super) fn operation(operation: PatternOp, length: u16) -> Result<(), EditError> {
    match operation {
        PatternOp::Euclid { hits, .. } => in_range("hits", hits, 0, length).map(|_| ())?,
        PatternOp::Random { density, .. } => in_range("density", density, 0, 100).map(|_| ())?,
        _ => {}
    }
    Ok(())
}

/// A whole pattern, as a paste brings it.
pub(super) fn pattern(pattern: &Pattern) -> Result<(), EditError> {
    in_range("length", pattern.length, 1, MAX_STEPS)?;
    for (&number, step) in &pattern.steps {
        step_number(number)?;
        whole_step(step)?;
    }
    Ok(())
}

fn whole_step(step: &Step) -> Result<(), EditError> {
    for lock in step.step_locks() {
        lock.checked()?;
    }
    for (&pitch, &velocity) in &step.notes {
        note(pitch, velocity)?;
    }
    for (id, &value) in &step.locks {
        lock_value(id, value)?;
    }
    Ok(())
}
