//! Edits of one track's strip, instrument and effects.

use score::catalogue::{self, Parameter, Sound};
use score::edit::{Edit, TrackEdit};
use score::step::MAX_PITCH_SEMITONES;
use score::text::{MAX_SHORT_NAME_CHARS, clean_name};
use score::track::{EffectValue, MAX_CHOKE_GROUP};
use score::{TrackColour, TrackId};
use view::Command;

use super::cursor::{Context, Cursor};
use super::error::WordsError;

type Read = Result<Command, WordsError>;

fn command(track: TrackId, edit: TrackEdit) -> Command {
    Command::Edit(Edit::Track(track, edit))
}

pub(super) fn add(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let instrument = known_instrument(cursor)?;
    let name = if cursor.is_at_end() {
        clean_name(&free_name(context, &instrument), MAX_SHORT_NAME_CHARS)
    } else {
        cursor.text("name", MAX_SHORT_NAME_CHARS)?
    };
    let id = TrackId::from_random((context.random)());
    Ok(Command::Edit(Edit::AddTrack { id, instrument, name }))
}

/// An instrument by the catalogue's id; a typing error is answered with what was probably meant.
fn known_instrument(cursor: &mut Cursor<'_>) -> Result<String, WordsError> {
    let word = cursor.word("instrument")?;
    match catalogue::resolve(word) {
        Sound::Unknown(near) => {
            Err(cursor.not_a(word, &format!("a known instrument (the nearest is `{}`)", near.id)))
        }
        _ => Ok(word.to_owned()),
    }
}

/// The instrument's last word, numbered if a track is called that already, so that names stay usable.
fn free_name(context: &Context<'_>, instrument: &str) -> String {
    let base = instrument.rsplit(':').next().unwrap_or(instrument);
    unused_name(context, if base.len() > MAX_SHORT_NAME_CHARS { "sample" } else { base })
}

/// A name, numbered if a track is called that already.
pub(super) fn unused_name(context: &Context<'_>, base: &str) -> String {
    let taken = |name: &str| {
        context.score.tracks_in_order().iter().any(|(_, track)| track.name.eq_ignore_ascii_case(name))
    };
    let numbered = (2u32..).map(|number| format!("{base} {number}"));
    std::iter::once(base.to_owned()).chain(numbered).find(|name| !taken(name)).expect("some number is free")
}

pub(super) fn remove(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    Ok(command(cursor.track(context.score)?, TrackEdit::SetDeleted(true)))
}

pub(super) fn restore(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let word = cursor.word("track id")?;
    let removed = |id: &TrackId| context.score.tracks.get(id).is_some_and(|track| track.deleted);
    let by_name = || {
        context.score.tracks.iter().find(|(_, track)| track.deleted && track.name.eq_ignore_ascii_case(word))
    };
    let found = word.parse().ok().filter(removed).or_else(|| by_name().map(|(&id, _)| id));
    let present = || {
        let names = context.score.tracks.iter().filter(|(_, track)| track.deleted);
        let names: Vec<String> = names.map(|(id, track)| format!("{id} ({})", track.name)).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let id = found.ok_or_else(|| WordsError::Unknown {
        what: "removed track",
        word: word.to_owned(),
        present: present(),
    })?;
    Ok(command(id, TrackEdit::SetDeleted(false)))
}

pub(super) fn rename(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    Ok(command(track, TrackEdit::SetName(cursor.text("name", MAX_SHORT_NAME_CHARS)?)))
}

pub(super) fn instrument(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    Ok(command(track, TrackEdit::SetInstrument(known_instrument(cursor)?)))
}

pub(super) fn move_to(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    let count = context.score.tracks_in_order().len();
    Ok(command(track, TrackEdit::MoveTo(cursor.number("position", 1, count)? - 1)))
}

pub(super) fn volume(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    Ok(command(track, TrackEdit::SetVolume(cursor.number("volume", 0.0, 1.0)?)))
}

pub(super) fn pan(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    Ok(command(track, TrackEdit::SetPan(cursor.number("pan", -1.0, 1.0)?)))
}

pub(super) fn mute(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    Ok(command(cursor.track(context.score)?, TrackEdit::SetMute(true)))
}

pub(super) fn unmute(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    Ok(command(cursor.track(context.score)?, TrackEdit::SetMute(false)))
}

pub(super) fn transpose(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    let semitones = cursor.number("transposition", -MAX_PITCH_SEMITONES, MAX_PITCH_SEMITONES)?;
    Ok(command(track, TrackEdit::SetTranspose(semitones)))
}

pub(super) fn gate(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    Ok(command(track, TrackEdit::SetGate(cursor.switch()?)))
}

pub(super) fn choke(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    let group = match cursor.peek() {
        Some("off") => cursor.word("group").map(|_| 0)?,
        _ => cursor.number("choke group", 0, MAX_CHOKE_GROUP)?,
    };
    Ok(command(track, TrackEdit::SetChoke(group)))
}

pub(super) fn colour(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    let wanted = || format!("{} or own", TrackColour::ALL.map(TrackColour::id).join(", "));
    let colour = match cursor.word("colour")? {
        "own" => None,
        word => Some(word.parse().map_err(|_| cursor.not_a(word, &wanted()))?),
    };
    Ok(command(track, TrackEdit::SetColour(colour)))
}

pub(super) fn param(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    settings(cursor, |parameter, value| {
        Edit::Track(track, TrackEdit::SetParam(parameter.id.to_owned(), value.map(widen)))
    })
}

pub(super) fn effect(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    if cursor.peek() == Some("master") {
        cursor.word("master")?;
        return settings(cursor, |parameter, value| {
            Edit::SetMasterEffect(parameter.id.to_owned(), value.map(|value| stored(parameter, value)))
        });
    }
    let track = cursor.track(context.score)?;
    settings(cursor, |parameter, value| {
        let value = value.map(|value| stored(parameter, value));
        Edit::Track(track, TrackEdit::SetEffect(parameter.id.to_owned(), value))
    })
}

/// Reads `NAME=VALUE` words, `default` taking a setting back, into one act.
fn settings(cursor: &mut Cursor<'_>, edit: impl Fn(&'static Parameter, Option<f32>) -> Edit) -> Read {
    let mut edits = Vec::new();
    while edits.is_empty() || !cursor.is_at_end() {
        let word = cursor.word("setting (NAME=VALUE)")?;
        let (name, value) = word.split_once('=').ok_or_else(|| cursor.not_a(word, "NAME=VALUE"))?;
        let parameter = read_parameter(cursor, name)?;
        let value = if value == "default" { None } else { Some(parameter.parse(value)?) };
        edits.push(edit(parameter, value));
    }
    Ok(Command::Edit(if edits.len() == 1 { edits.remove(0) } else { Edit::All(edits) }))
}

/// The parameter with an id.
pub(super) fn read_parameter(cursor: &Cursor<'_>, name: &str) -> Result<&'static Parameter, WordsError> {
    catalogue::parameter(name).ok_or_else(|| cursor.not_a(name, "a parameter (such as cutoff or delay.wet)"))
}

/// The shortest decimal that names the same `f32`, so that 0.3 is stored as 0.3.
pub(super) fn widen(value: f32) -> f64 {
    value.to_string().parse().expect("a printed number reads back")
}

fn stored(parameter: &Parameter, value: f32) -> EffectValue {
    if parameter.choices.is_empty() {
        EffectValue::Number(widen(value))
    } else {
        EffectValue::Text(parameter.text(value))
    }
}
