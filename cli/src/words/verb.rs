//! The table of verbs: what each edit is called, how it is written, and what reads it.

use view::Command;

use super::cursor::{Context, Cursor};
use super::error::WordsError;
use super::{music, pattern, sample, session, track};

/// Reads the words after a verb.
type Read = fn(&mut Cursor<'_>, &mut Context<'_>) -> Result<Command, WordsError>;

/// One verb of `offbeat edit`.
pub(super) struct Verb {
    pub(super) name: &'static str,
    pub(super) usage: &'static str,
    pub(super) does: &'static str,
    pub(super) read: Read,
}

/// A row of the table.
const fn verb(name: &'static str, usage: &'static str, does: &'static str, read: Read) -> Verb {
    Verb { name, usage, does, read }
}

/// Every verb, in the order of the help.
pub(super) const VERBS: &[Verb] = &[
    verb("step", "step TRACK STEP on|off", "switch a step; steps count from 1", pattern::step),
    verb(
        "pattern",
        "pattern TRACK NOTATION",
        "write a whole pattern, such as X...x...X..o....",
        pattern::pattern,
    ),
    verb(
        "lock",
        "lock TRACK STEP NAME=VALUE...",
        "set locks: pitch volume tie gate chance ratchet nudge condition, or any parameter",
        pattern::lock,
    ),
    verb(
        "unlock",
        "unlock TRACK STEP [NAME...]",
        "remove locks, all of them when none is named",
        pattern::unlock,
    ),
    verb(
        "note",
        "note TRACK STEP PITCH VELOCITY|off",
        "add a note to a step's chord, or remove it",
        pattern::note,
    ),
    verb("length", "length TRACK STEPS", "1 to 128 steps", pattern::length),
    verb("euclid", "euclid TRACK HITS [ROTATION]", "spread hits evenly", pattern::euclid),
    verb("random", "random TRACK DENSITY", "fill at random, DENSITY in percent", pattern::random),
    verb("rotate", "rotate TRACK STEPS", "move every step later, or earlier when negative", pattern::rotate),
    verb("reverse", "reverse TRACK", "play the pattern backwards", pattern::reverse),
    verb("mirror", "mirror TRACK", "the second half mirrors the first", pattern::mirror),
    verb("invert", "invert TRACK", "swap active and silent steps", pattern::invert),
    verb("clear", "clear TRACK", "empty the pattern", pattern::clear),
    verb("double", "double TRACK", "repeat the pattern in twice the length", pattern::double),
    verb("halve", "halve TRACK", "half the length", pattern::halve),
    verb("copy", "copy TRACK to TRACK", "copy a pattern to another track", pattern::copy),
    verb("add-track", "add-track INSTRUMENT [NAME]", "add a track", track::add),
    verb(
        "add-sample",
        "add-sample FILE [NAME]",
        "bring in a WAV, FLAC, MP3 or Ogg Vorbis file, at most 30 s, and add a track that plays it",
        sample::add,
    ),
    verb("slices", "slices TRACK COUNT|off", "cut a track's sample into equal slices", sample::slices),
    verb("remove-track", "remove-track TRACK", "remove a track (undo brings it back)", track::remove),
    verb("restore-track", "restore-track ID", "bring a removed track back", track::restore),
    verb("rename", "rename TRACK NAME", "rename a track", track::rename),
    verb(
        "instrument",
        "instrument TRACK INSTRUMENT",
        "play a track with another instrument",
        track::instrument,
    ),
    verb("move", "move TRACK POSITION", "move a track to a position, from 1", track::move_to),
    verb("volume", "volume TRACK VOLUME", "0 to 1", track::volume),
    verb("pan", "pan TRACK PAN", "-1 (left) to 1 (right)", track::pan),
    verb("mute", "mute TRACK", "mute in the shared mix", track::mute),
    verb("unmute", "unmute TRACK", "the opposite", track::unmute),
    verb("transpose", "transpose TRACK SEMITONES", "-24 to 24", track::transpose),
    verb("gate", "gate TRACK on|off", "cut one-shots at the end of their step", track::gate),
    verb("choke", "choke TRACK GROUP|off", "notes of a group (1-8) silence each other", track::choke),
    verb(
        "colour",
        "colour TRACK amber|violet|blue|rose|green|teal|own",
        "its colour in the grid, or its family's own",
        track::colour,
    ),
    verb("param", "param TRACK NAME=VALUE|NAME=default...", "set instrument parameters", track::param),
    verb(
        "effect",
        "effect TRACK|master SLOT.NAME=VALUE...",
        "set effect parameters, such as delay.wet=0.3",
        track::effect,
    ),
    verb("tempo", "tempo BPM", "20 to 300", session::tempo),
    verb("swing", "swing [TRACK] PERCENT", "0 to 100, of the session or one track", session::swing),
    verb("meter", "meter N/D", "1-16 over 4 or 8", session::meter),
    verb("scale", "scale ROOT KIND", "such as C minor-pentatonic", session::scale),
    verb("scale-lock", "scale-lock on|off", "keep the melodic grid to the scale", session::scale_lock),
    verb("loop", "loop FIRST-LAST|off", "repeat a stretch of steps, such as 1-32", session::loop_region),
    verb("name", "name NAME", "name the session", session::name),
    verb(
        "add-scene",
        "add-scene NAME",
        "add a scene that starts as a copy of the present one",
        session::add_scene,
    ),
    verb("save-version", "save-version NAME", "name the present state", session::save_version),
    verb("restore", "restore VERSION", "return to a named version (can be undone)", session::restore),
    verb(
        "play",
        "play",
        "start the music for everybody who listens, where the session is hosted",
        music::play,
    ),
    verb("pause", "pause", "hold it where it is", music::pause),
    verb("stop", "stop", "end it, and return to the start or to the loop", music::stop),
    verb("go", "go BAR", "go on from another bar, from 1", music::go_to_bar),
    verb("say", "say TEXT", "write to the chat", session::say),
    verb("undo", "undo", "take back your last act", session::undo),
    verb("redo", "redo", "make it again", session::redo),
];

/// Reads one edit. `in SCENE` before it edits the patterns of another scene than the first.
///
/// # Errors
/// [`WordsError`] says which word was not understood and how the edit is written.
pub(crate) fn parse(words: &[String], context: &mut Context<'_>) -> Result<Command, WordsError> {
    let (name, rest) = words.split_first().ok_or(WordsError::Empty)?;
    if name == "in" {
        return session::in_scene(rest, context);
    }
    let verb = VERBS.iter().find(|verb| verb.name == name).ok_or_else(|| unknown(name))?;
    let mut cursor = Cursor::over(rest, verb.usage);
    let command = (verb.read)(&mut cursor, context)?;
    cursor.end()?;
    Ok(command)
}

fn unknown(name: &str) -> WordsError {
    let close = VERBS.iter().find(|verb| verb.name.contains(name) || name.contains(verb.name));
    let hint = close.map_or_else(String::new, |verb| format!("; did you mean `{}`?", verb.usage));
    WordsError::Verb { verb: name.to_owned(), hint }
}

/// The verbs that change what the words after them mean (a track's name or place), or that are read against what the edits
/// before them write (a copied pattern).
pub(super) const ALONE: &[&str] = &[
    "in",
    "unlock",
    "copy",
    "add-track",
    "add-sample",
    "remove-track",
    "restore-track",
    "rename",
    "move",
    "add-scene",
    "save-version",
    "restore",
    "undo",
    "redo",
];

/// Whether an edit is to be made by itself, and the session looked at before and after it.
pub(crate) fn stands_alone(words: &[String]) -> bool {
    words.first().is_some_and(|verb| ALONE.contains(&verb.as_str()))
}

/// The table as help text.
pub(crate) fn help() -> String {
    let width = VERBS.iter().map(|verb| verb.usage.len()).max().unwrap_or(0);
    let rows = VERBS.iter().map(|verb| format!("  {:width$}  {}", verb.usage, verb.does));
    format!(
        "Edits (several separated by `;`; `in SCENE` before one edits another scene than the first):\n{}\n\n\
         A track is named by its name (any case), #position or id.",
        rows.collect::<Vec<_>>().join("\n")
    )
}
