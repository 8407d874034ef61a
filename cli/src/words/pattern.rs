//! Edits of one track's pattern.

use score::edit::{Edit, PatternEdit, PatternOp, PatternRef};
use score::step::{LockKind, MAX_PITCH_SEMITONES, StepLock};
use view::Command;

use super::cursor::{Context, Cursor, read_switch};
use super::error::WordsError;
use super::track::{read_parameter, widen};

type Read = Result<Command, WordsError>;

fn place(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<PatternRef, WordsError> {
    Ok(PatternRef { track: cursor.track(context.score)?, scene: context.scene })
}

fn command(at: PatternRef, edit: PatternEdit) -> Command {
    Command::Edit(Edit::Pattern(at, edit))
}

/// Several edits of one pattern as one act.
fn all(at: PatternRef, mut edits: Vec<PatternEdit>) -> Command {
    if edits.len() == 1 {
        return command(at, edits.remove(0));
    }
    Command::Edit(Edit::All(edits.into_iter().map(|edit| Edit::Pattern(at, edit)).collect()))
}

pub(super) fn step(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let at = place(cursor, context)?;
    Ok(command(at, PatternEdit::SetStep { step: cursor.step()?, on: cursor.switch()? }))
}

pub(super) fn pattern(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let at = place(cursor, context)?;
    let text = cursor.rest("pattern in notation")?;
    Ok(command(at, PatternEdit::Replace(score::notation::read_pattern(&text)?)))
}

pub(super) fn lock(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let at = place(cursor, context)?;
    let step = cursor.step()?;
    let mut edits = vec![lock_edit(cursor, step)?];
    while !cursor.is_at_end() {
        edits.push(lock_edit(cursor, step)?);
    }
    Ok(all(at, edits))
}

fn lock_edit(cursor: &mut Cursor<'_>, step: u16) -> Result<PatternEdit, WordsError> {
    let word = cursor.word("lock (NAME=VALUE)")?;
    let (name, value) = word.split_once('=').ok_or_else(|| cursor.not_a(word, "NAME=VALUE"))?;
    let Some(kind) = lock_kind(name) else {
        let value = widen(read_parameter(cursor, name)?.parse(value)?);
        return Ok(PatternEdit::SetParamLock { step, parameter: name.to_owned(), value: Some(value) });
    };
    let wrong = |wanted: &str| cursor.not_a(value, wanted);
    let lock = match kind {
        LockKind::Pitch => StepLock::Pitch(value.parse().map_err(|_| wrong("a pitch from -24 to 24"))?),
        LockKind::Volume => StepLock::Volume(value.parse().map_err(|_| wrong("a volume from 0 to 1"))?),
        LockKind::GateLength => {
            StepLock::GateLength(value.parse().map_err(|_| wrong("a gate from 5 to 100 percent"))?)
        }
        LockKind::Chance => {
            StepLock::Chance(value.parse().map_err(|_| wrong("a chance from 0 to 100 percent"))?)
        }
        LockKind::Ratchet => StepLock::Ratchet(value.parse().map_err(|_| wrong("a ratchet from 1 to 8"))?),
        LockKind::Nudge => {
            StepLock::Nudge(value.parse().map_err(|_| wrong("a nudge from -50 to 50 percent"))?)
        }
        LockKind::Condition => {
            StepLock::Condition(value.parse().map_err(|_| wrong("a condition such as 2:4"))?)
        }
        LockKind::Tie => match read_switch(value) {
            Some(true) => StepLock::Tie,
            Some(false) => return Ok(PatternEdit::ClearLock { step, kind }),
            None => return Err(wrong("on or off")),
        },
    };
    Ok(PatternEdit::SetLock { step, lock: lock.checked()? })
}

fn lock_kind(word: &str) -> Option<LockKind> {
    LockKind::ALL.into_iter().find(|kind| kind.word() == word)
}

pub(super) fn unlock(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let at = place(cursor, context)?;
    let step = cursor.step()?;
    let mut edits = Vec::new();
    while !cursor.is_at_end() {
        let word = cursor.word("lock")?;
        edits.push(match lock_kind(word) {
            Some(kind) => PatternEdit::ClearLock { step, kind },
            None => PatternEdit::SetParamLock { step, parameter: word.to_owned(), value: None },
        });
    }
    if edits.is_empty() {
        edits.extend(LockKind::ALL.map(|kind| PatternEdit::ClearLock { step, kind }));
        let track = &context.score.tracks[&at.track];
        if let Some(held) = track.pattern(at.scene).step(step) {
            let cleared = |parameter: &String| PatternEdit::SetParamLock {
                step,
                parameter: parameter.clone(),
                value: None,
            };
            edits.extend(held.locks.keys().map(cleared));
        }
    }
    Ok(all(at, edits))
}

pub(super) fn note(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let at = place(cursor, context)?;
    let step = cursor.step()?;
    let pitch = cursor.number("pitch", -MAX_PITCH_SEMITONES, MAX_PITCH_SEMITONES)?;
    let velocity = match cursor.peek() {
        Some("off") => cursor.word("off").map(|_| None)?,
        _ => Some(cursor.number("velocity", 0.0, 1.0)?),
    };
    Ok(command(at, PatternEdit::SetNote { step, pitch, velocity }))
}

pub(super) fn length(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let at = place(cursor, context)?;
    Ok(command(at, PatternEdit::SetLength(cursor.number("length", 1, score::pattern::MAX_STEPS)?)))
}

pub(super) fn copy(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let from = place(cursor, context)?;
    if cursor.peek() == Some("to") {
        cursor.word("to")?;
    }
    let to = place(cursor, context)?;
    let pattern = context.score.tracks[&from.track].pattern(from.scene).into_owned();
    Ok(command(to, PatternEdit::Replace(pattern)))
}

fn operate(cursor: &mut Cursor<'_>, context: &Context<'_>, op: PatternOp) -> Read {
    Ok(command(place(cursor, context)?, PatternEdit::Operate(op)))
}

pub(super) fn euclid(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let at = place(cursor, context)?;
    let hits = cursor.number("number of hits", 0, score::pattern::MAX_STEPS)?;
    let rotation = if cursor.is_at_end() { 0 } else { cursor.number("rotation", -128, 128)? };
    Ok(command(at, PatternEdit::Operate(PatternOp::Euclid { hits, rotation })))
}

pub(super) fn random(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let at = place(cursor, context)?;
    let density = cursor.number("density", 0, 100)?;
    let seed = (context.random)();
    Ok(command(at, PatternEdit::Operate(PatternOp::Random { density, seed })))
}

pub(super) fn rotate(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let at = place(cursor, context)?;
    Ok(command(at, PatternEdit::Operate(PatternOp::Rotate(cursor.number("number of steps", -128, 128)?))))
}

pub(super) fn reverse(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    operate(cursor, context, PatternOp::Reverse)
}

pub(super) fn mirror(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    operate(cursor, context, PatternOp::Mirror)
}

pub(super) fn invert(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    operate(cursor, context, PatternOp::Invert)
}

pub(super) fn clear(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    operate(cursor, context, PatternOp::Clear)
}

pub(super) fn double(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    operate(cursor, context, PatternOp::Double)
}

pub(super) fn halve(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    operate(cursor, context, PatternOp::Halve)
}
