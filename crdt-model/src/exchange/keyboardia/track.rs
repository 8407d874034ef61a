//! One track with its steps and locks.

use score::catalogue::{Sound, parameter, resolve};
use score::pattern::{DEFAULT_STEPS, MAX_STEPS, Pattern};
use score::step::MAX_PITCH_SEMITONES;
use score::text::MAX_SHORT_NAME_CHARS;
use score::{SceneId, Score, Track};
use serde_json::{Map, Value};

use super::Report;
use super::fields::{Fields, brief};
use crate::document::schema::MAX_INSTRUMENT_CHARS;
use crate::exchange::text::{place_of, track_id};

/// The volume of a track whose file names none.
const FULL_VOLUME: f64 = 1.0;

/// Keys of a track that are read, or that say nothing about its music.
const KNOWN_KEYS: [&str; 14] = [
    "id",
    "name",
    "sampleId",
    "steps",
    "parameterLocks",
    "volume",
    "pan",
    "muted",
    "soloed",
    "transpose",
    "stepCount",
    "swing",
    "fmParams",
    "playbackMode",
];

pub(super) fn add(
    score: &mut Score,
    scene: SceneId,
    number: usize,
    order: String,
    object: &Map<String, Value>,
    report: &mut Report,
) {
    let name = Fields::of(&place_of(number, ""), object, report).name("name", MAX_SHORT_NAME_CHARS);
    let place = &place_of(number, &name);
    let pattern = read_pattern(place, object, report);
    let mut fields = Fields::of(place, object, report);
    let reach = i64::from(MAX_PITCH_SEMITONES);
    let mut track = Track {
        name,
        order,
        instrument: fields.name("sampleId", MAX_INSTRUMENT_CHARS),
        volume: fields.number("volume", 0.0, 1.0).unwrap_or(FULL_VOLUME) as f32,
        pan: fields.number("pan", -1.0, 1.0).unwrap_or(0.0) as f32,
        mute: fields.flag("muted"),
        transpose: fields.whole("transpose", -reach, reach).unwrap_or(0) as i8,
        swing: fields.number("swing", 0.0, 100.0).unwrap_or(0.0) as f32,
        gate: object.get("playbackMode").and_then(Value::as_str) == Some("gate"),
        ..Track::default()
    };
    let soloed = fields.flag("soloed");
    fields.report_others(&KNOWN_KEYS);
    if soloed {
        report.add(place, "soloed", "solo is each player's own here: left out");
    }
    report_unknown_instrument(place, &track.instrument, report);
    read_fm_params(place, &mut track, object, report);
    if !pattern.is_blank() {
        track.patterns.insert(scene, pattern);
    }
    score.tracks.insert(track_id(number), track);
}

fn report_unknown_instrument(place: &str, id: &str, report: &mut Report) {
    if let Sound::Unknown(nearest) = resolve(id) {
        let why = format!("this instrument is not known: it is kept, and played by `{}`", nearest.id);
        report.add(place, format!("sampleId `{id}`"), why);
    }
}

fn read_fm_params(place: &str, track: &mut Track, object: &Map<String, Value>, report: &mut Report) {
    let Some(Value::Object(params)) = object.get("fmParams") else { return };
    for (theirs, ours) in [("harmonicity", "harmonicity"), ("modulationIndex", "modulation_index")] {
        let Some(row) = parameter(ours) else { continue };
        let value = Fields::of(place, params, report).number(theirs, row.min.into(), row.max.into());
        track.params.extend(value.map(|value| (ours.to_owned(), value)));
    }
    Fields::of(place, params, report).report_others(&["harmonicity", "modulationIndex"]);
}

/// Reads steps and locks. Those past the length are kept, up to the longest pattern.
fn read_pattern(place: &str, object: &Map<String, Value>, report: &mut Report) -> Pattern {
    let empty = Vec::new();
    let list = |key: &str| object.get(key).and_then(Value::as_array).unwrap_or(&empty);
    let (steps, locks) = (list("steps"), list("parameterLocks"));
    let written =
        if steps.is_empty() { DEFAULT_STEPS.into() } else { steps.len().min(MAX_STEPS.into()) as i64 };
    let length = Fields::of(place, object, report).whole("stepCount", 1, MAX_STEPS.into()).unwrap_or(written);
    let mut pattern = Pattern { length: length as u16, ..Pattern::default() };
    for (number, value) in (0..MAX_STEPS).zip(steps) {
        match value {
            Value::Bool(on) => pattern.change_step(number, |step| step.on = *on),
            Value::Null => {}
            _ => {
                let why = "a step is true or false: left out";
                report.add(place, format!("step {}: {}", number + 1, brief(value)), why);
            }
        }
    }
    for (number, value) in (0..MAX_STEPS).zip(locks) {
        match value {
            Value::Object(lock) => read_lock(place, &mut pattern, number, lock, report),
            Value::Null => {}
            _ => {
                let why = "it is no object: left out";
                report.add(place, format!("lock of step {}: {}", number + 1, brief(value)), why);
            }
        }
    }
    let past = |list: &[Value], empty: &dyn Fn(&Value) -> bool| {
        list.iter().skip(MAX_STEPS.into()).filter(|value| !empty(value)).count()
    };
    let lost =
        past(steps, &|step| *step == Value::Bool(false) || step.is_null()) + past(locks, &Value::is_null);
    if lost > 0 {
        let what = format!("{lost} steps and locks past step {MAX_STEPS}");
        report.add(place, what, format!("a pattern has at most {MAX_STEPS} steps: left out"));
    }
    pattern
}

fn read_lock(
    place: &str,
    pattern: &mut Pattern,
    number: u16,
    lock: &Map<String, Value>,
    report: &mut Report,
) {
    let place = format!("{place}, step {}", number + 1);
    let mut fields = Fields::of(&place, lock, report);
    let reach = i64::from(MAX_PITCH_SEMITONES);
    let pitch = fields.whole("pitch", -reach, reach).map(|pitch| pitch as i8);
    let volume = fields.number("volume", 0.0, 1.0).map(|volume| volume as f32);
    let tie = fields.flag("tie");
    fields.report_others(&["pitch", "volume", "tie"]);
    pattern.change_step(number, |step| (step.pitch, step.volume, step.tie) = (pitch, volume, tie));
}
