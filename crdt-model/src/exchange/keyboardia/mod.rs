//! The JSON of the web sequencer Keyboardia.
//!
//! Its users' files vary: fields are missing or extra, lists are shorter or longer than `stepCount`, some wrap the session in
//! `state`. Everything valid is kept; a value outside its range is brought to the nearest one inside, what has no place in a
//! session is left out, and both are reported.
//!
//! What differs in meaning: a loop region holds both its ends there and here; `soloed` is private to each player here; a
//! track's ids are replaced, since ids here have another form. The time signature is always 4/4.

mod effects;
mod fields;
mod track;

use score::meter::LoopRegion;
use score::scale::Scale;
use score::text::MAX_SESSION_NAME_CHARS;
use score::{Score, Tempo};
use serde_json::{Map, Value};

use super::report::{Report, shown};
use super::text::only_scene;
use super::{ImportError, Imported, MAX_TRACKS_IN_FILE, bounds};
use crate::document::order::spread;
use fields::Fields;

/// The place that a report names for what belongs to no track.
const SESSION: &str = "the session";

/// Keys of a session that say nothing about its music.
const SILENT_KEYS: [&str; 10] = [
    "id",
    "version",
    "state",
    "createdAt",
    "updatedAt",
    "lastAccessedAt",
    "name",
    "immutable",
    "tracks",
    "schemaVersion",
];

/// Reads a session from Keyboardia's JSON.
///
/// # Errors
/// [`ImportError`] when the file is too large, no JSON, or holds no list of tracks. Nothing else is an error.
pub fn read_keyboardia(bytes: &[u8]) -> Result<Imported, ImportError> {
    bounds::check(bytes)?;
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| ImportError::Malformed(error.to_string()))?;
    let outer = value.as_object().ok_or(ImportError::NotKeyboardia("it is no object"))?;
    let state = match outer.get("state") {
        Some(Value::Object(state)) => state,
        Some(_) => return Err(ImportError::NotKeyboardia("its `state` is no object")),
        None => outer,
    };
    let tracks = state.get("tracks").and_then(Value::as_array);
    let tracks = tracks.ok_or(ImportError::NotKeyboardia("it has no list of `tracks`"))?;
    let mut report = Report::default();
    let mut score = session_of(outer, state, &mut report);
    score.seed = seed_of(bytes);
    add_tracks(&mut score, tracks, &mut report);
    Ok(Imported { score, report: report.finish() })
}

/// Equal files give equal sessions.
fn seed_of(bytes: &[u8]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(bytes).as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn session_of(outer: &Map<String, Value>, state: &Map<String, Value>, report: &mut Report) -> Score {
    let mut score = Score::default();
    let named = if outer.contains_key("name") { outer } else { state };
    score.name = Fields::of(SESSION, named, report).name("name", MAX_SESSION_NAME_CHARS);
    let mut fields = Fields::of(SESSION, state, report);
    let default = Tempo::default().bpm();
    let (slowest, fastest) = (Tempo::MIN.bpm(), Tempo::MAX.bpm());
    let key = if state.contains_key("tempo") { "tempo" } else { "bpm" };
    let bpm = fields.number(key, slowest, fastest).unwrap_or(default);
    score.tempo = Tempo::from_bpm(bpm).unwrap_or_default();
    score.swing = fields.number("swing", 0.0, 100.0).unwrap_or(0.0) as f32;
    read_scale(&mut score, state, report);
    score.loop_region = read_loop_region(state, report);
    effects::read(&mut score.master, state, report);
    let known = ["tempo", "bpm", "swing", "scale", "loopRegion", "effects"];
    Fields::of(SESSION, outer, report).report_others(&[&SILENT_KEYS[..], &known].concat());
    if !core::ptr::eq(outer, state) {
        Fields::of(SESSION, state, report).report_others(&[&SILENT_KEYS[..], &known].concat());
    }
    score
}

fn read_scale(score: &mut Score, state: &Map<String, Value>, report: &mut Report) {
    let Some(scale) = state.get("scale").filter(|scale| !scale.is_null()) else { return };
    let text = |key: &str| scale.get(key).and_then(Value::as_str).unwrap_or_default();
    let name = format!("{} {}", text("root"), text("scaleId"));
    match name.parse::<Scale>() {
        Ok(scale) => score.scale = scale,
        Err(error) => report.add(SESSION, format!("scale `{}`", shown(&name)), error.to_string()),
    }
    score.scale_lock = scale.get("locked").and_then(Value::as_bool).unwrap_or(false);
}

fn read_loop_region(state: &Map<String, Value>, report: &mut Report) -> Option<LoopRegion> {
    let region = state.get("loopRegion").filter(|region| !region.is_null())?;
    let step = |key: &str| region.get(key).and_then(Value::as_u64).and_then(|step| u16::try_from(step).ok());
    let read = step("start").zip(step("end")).and_then(|(first, last)| LoopRegion::from_steps(first, last));
    if read.is_none() {
        let why = format!("needs whole numbers `start` and `end`, in order, up to {}", LoopRegion::MAX_STEP);
        report.add(SESSION, "loopRegion", why);
    }
    read
}

fn add_tracks(score: &mut Score, tracks: &[Value], report: &mut Report) {
    if tracks.len() > MAX_TRACKS_IN_FILE {
        let what = format!("{} tracks", tracks.len() - MAX_TRACKS_IN_FILE);
        report.add(SESSION, what, format!("at most {MAX_TRACKS_IN_FILE} are read"));
    }
    let (scene, scenes) = only_scene();
    score.scenes = scenes;
    let orders = spread(tracks.len().min(MAX_TRACKS_IN_FILE));
    for (number, (value, order)) in tracks.iter().zip(orders).enumerate() {
        match value.as_object() {
            Some(fields) => track::add(score, scene, number, order, fields, report),
            None => report.add(SESSION, format!("track {}", number + 1), "it is no object: left out"),
        }
    }
    let parked = score.tracks.len().saturating_sub(score::track::MAX_TRACKS);
    if parked > 0 {
        let why = format!("{} play; the others are parked: silent, editable", score::track::MAX_TRACKS);
        report.add(SESSION, format!("{parked} tracks past the sixteenth"), why);
    }
}

#[cfg(test)]
mod tests;
