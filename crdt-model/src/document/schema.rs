//! What each register means: from its place and key to the field of the score that it is.
//!
//! Each register is one field and each field one register, so that a score maintained register by register equals one that is read
//! whole.

use automerge::ScalarValue;
use score::patch::{SessionField, TrackField};
use score::pattern::{DEFAULT_STEPS, MAX_STEPS};
use score::score::Parent;
use score::step::{MAX_NUDGE_PERCENT, MAX_PITCH_SEMITONES, MAX_RATCHET, MIN_GATE_PERCENT};
use score::text::{MAX_LABEL_CHARS, MAX_SESSION_NAME_CHARS, MAX_SHORT_NAME_CHARS};
use score::track::{DEFAULT_VOLUME, EffectValue, MAX_CHOKE_GROUP};
use score::{SceneId, Step, Tempo, UnixMillis};

use super::order::MAX_ORDER_CHARS;
use super::place::TrackMap;
use super::value::{canonical, finite, flag, integer_in, name, number, number_in, parsed, text, unsigned};

/// The version of the document's shape.
pub(crate) const SCHEMA_VERSION: u64 = 1;
/// Longest id of an instrument, in characters; `sample:` and a hash take 71.
pub(crate) const MAX_INSTRUMENT_CHARS: usize = 80;
/// Longest id of a parameter, in bytes.
pub(crate) const MAX_PARAMETER_BYTES: usize = 64;
/// Longest name of a choice of an effect parameter, in characters.
pub(crate) const MAX_CHOICE_CHARS: usize = 32;
/// Longest id of the session or beat that another comes from, in characters.
pub(crate) const MAX_PARENT_ID_CHARS: usize = 64;
/// Most change hashes that a state's heads may have.
pub(crate) const MAX_HEADS: usize = 256;

/// The session's registers, in the order in which they are written.
pub(crate) const SESSION_KEYS: [&str; 10] =
    ["name", "seed", "created_at", "parent", "tempo", "swing", "meter", "scale", "scale_lock", "loop"];

/// A track's registers, in the order in which they are written.
pub(crate) const TRACK_KEYS: [&str; 12] = [
    "name",
    "instrument",
    "order",
    "deleted",
    "volume",
    "pan",
    "mute",
    "transpose",
    "swing",
    "gate",
    "choke",
    "colour",
];

/// What a register of the session says; `None` when the key is not one of [`SESSION_KEYS`].
pub(crate) fn session_field(key: &str, value: Option<&ScalarValue>) -> Option<SessionField> {
    Some(match key {
        "name" => SessionField::Name(name(value, MAX_SESSION_NAME_CHARS).unwrap_or_default()),
        "seed" => SessionField::Seed(unsigned(value).unwrap_or_default()),
        "created_at" => SessionField::CreatedAt(moment(value)),
        "parent" => SessionField::Parent(text(value).and_then(parent)),
        "tempo" => SessionField::Tempo(tempo(value)),
        "swing" => SessionField::Swing(percent(value)),
        "meter" => SessionField::Meter(parsed(value).unwrap_or_default()),
        "scale" => SessionField::Scale(parsed(value).unwrap_or_default()),
        "scale_lock" => SessionField::ScaleLock(flag(value).unwrap_or_default()),
        "loop" => SessionField::LoopRegion(parsed(value)),
        _ => return None,
    })
}

/// What a register of a track says; `None` when the key is not one of [`TRACK_KEYS`].
pub(crate) fn track_field(key: &str, value: Option<&ScalarValue>) -> Option<TrackField> {
    Some(match key {
        "name" => TrackField::Name(name(value, MAX_SHORT_NAME_CHARS).unwrap_or_default()),
        "instrument" => TrackField::Instrument(name(value, MAX_INSTRUMENT_CHARS).unwrap_or_default()),
        "order" => TrackField::Order(order(value)),
        "deleted" => TrackField::Deleted(flag(value).unwrap_or_default()),
        "volume" => TrackField::Volume(number_in(value, 0.0, 1.0).unwrap_or(DEFAULT_VOLUME)),
        "pan" => TrackField::Pan(number_in(value, -1.0, 1.0).unwrap_or_default()),
        "mute" => TrackField::Mute(flag(value).unwrap_or_default()),
        "transpose" => TrackField::Transpose(semitones(value).unwrap_or_default()),
        "swing" => TrackField::Swing(percent(value)),
        "gate" => TrackField::Gate(flag(value).unwrap_or_default()),
        "colour" => TrackField::Colour(parsed(value)),
        "choke" => TrackField::Choke(integer_in(value, 0, MAX_CHOKE_GROUP.into()).unwrap_or_default() as u8),
        _ => return None,
    })
}

pub(crate) fn order(value: Option<&ScalarValue>) -> String {
    name(value, MAX_ORDER_CHARS).unwrap_or_default()
}

pub(crate) fn moment(value: Option<&ScalarValue>) -> UnixMillis {
    UnixMillis(integer_in(value, i64::MIN, i64::MAX).unwrap_or_default())
}

fn percent(value: Option<&ScalarValue>) -> f32 {
    number_in(value, 0.0, 100.0).unwrap_or_default()
}

fn semitones(value: Option<&ScalarValue>) -> Option<i8> {
    let max = i64::from(MAX_PITCH_SEMITONES);
    integer_in(value, -max, max).map(|value| value as i8)
}

fn tempo(value: Option<&ScalarValue>) -> Tempo {
    number(value)
        .and_then(|bpm| Tempo::from_bpm(bpm.clamp(Tempo::MIN.bpm(), Tempo::MAX.bpm())))
        .unwrap_or_default()
}

/// `<session or beat id> <heads> <name>`.
fn parent(text: &str) -> Option<Parent> {
    let (id, rest) = text.split_once(' ')?;
    let (heads, name) = rest.split_once(' ')?;
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b',');
    let bounded = id.len() <= MAX_PARENT_ID_CHARS && heads.len() <= MAX_HEADS * 65;
    (!id.is_empty() && plain(id) && plain(heads) && bounded).then(|| Parent {
        id: id.to_owned(),
        heads: heads.to_owned(),
        name: score::text::clean_name(name, MAX_SESSION_NAME_CHARS),
    })
}

pub(crate) fn parent_text(parent: Option<&Parent>) -> String {
    parent.map_or_else(String::new, |Parent { id, heads, name }| format!("{id} {heads} {name}"))
}

/// Whether a key can be a parameter's id: of this catalogue, or of a later one's.
pub(crate) fn is_parameter(key: &str) -> bool {
    !key.is_empty() && key.len() <= MAX_PARAMETER_BYTES && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// An instrument's setting; `None` when there is none.
pub(crate) fn parameter(key: &str, value: Option<&ScalarValue>) -> Option<f64> {
    if is_parameter(key) { finite(value) } else { None }
}

/// An effect's setting; `None` when there is none.
pub(crate) fn effect(key: &str, value: Option<&ScalarValue>) -> Option<EffectValue> {
    if !is_parameter(key) {
        return None;
    }
    let choice = || name(value, MAX_CHOICE_CHARS).filter(|choice| !choice.is_empty());
    finite(value).map(EffectValue::Number).or_else(|| choice().map(EffectValue::Text))
}

/// A pattern's length.
pub(crate) fn length(value: Option<&ScalarValue>) -> u16 {
    integer_in(value, 1, MAX_STEPS.into()).map_or(DEFAULT_STEPS, |steps| steps as u16)
}

/// A key of a per-step map, taken apart: `<scene>/<step>`, followed by `/<pitch>` or `/<parameter>` in `notes` and `locks`.
pub(crate) fn step_key(key: &str) -> Option<(SceneId, u16, Option<&str>)> {
    let mut parts = key.splitn(3, '/');
    let scene = parts.next()?.parse().ok()?;
    let step = canonical(parts.next()?).filter(|&step| step < MAX_STEPS)?;
    Some((scene, step, parts.next()))
}

/// Puts what a register of a per-step map says into its step.
pub(crate) fn set_step(step: &mut Step, map: TrackMap, rest: Option<&str>, value: Option<&ScalarValue>) {
    match (map, rest) {
        (TrackMap::On, None) => step.on = flag(value).unwrap_or_default(),
        (TrackMap::Pitch, None) => step.pitch = semitones(value),
        (TrackMap::VolumeLock, None) => step.volume = number_in(value, 0.0, 1.0),
        (TrackMap::Tie, None) => step.tie = flag(value).unwrap_or_default(),
        (TrackMap::GateLength, None) => step.gate_length = byte_in(value, MIN_GATE_PERCENT, 100),
        (TrackMap::Chance, None) => step.chance = byte_in(value, 0, 100),
        (TrackMap::Ratchet, None) => step.ratchet = byte_in(value, 1, MAX_RATCHET),
        (TrackMap::Nudge, None) => {
            let max = i64::from(MAX_NUDGE_PERCENT);
            step.nudge = integer_in(value, -max, max).map(|nudge| nudge as i8);
        }
        (TrackMap::Condition, None) => step.condition = parsed(value),
        (TrackMap::Notes, Some(pitch)) => set_note(step, pitch, value),
        (TrackMap::Locks, Some(key)) => match parameter(key, value) {
            Some(value) => _ = step.locks.insert(key.to_owned(), value),
            None => _ = step.locks.remove(key),
        },
        _ => {}
    }
}

fn set_note(step: &mut Step, pitch: &str, value: Option<&ScalarValue>) {
    let range = -MAX_PITCH_SEMITONES..=MAX_PITCH_SEMITONES;
    let Some(pitch) = canonical::<i8>(pitch).filter(|pitch| range.contains(pitch)) else { return };
    match number_in(value, 0.0, 1.0) {
        Some(velocity) => _ = step.notes.insert(pitch, velocity),
        None => _ = step.notes.remove(&pitch),
    }
}

fn byte_in(value: Option<&ScalarValue>, min: u8, max: u8) -> Option<u8> {
    integer_in(value, min.into(), max.into()).map(|value| value as u8)
}

/// Change hashes as one text: hexadecimal, comma-separated.
pub(crate) fn heads_text(heads: &[[u8; 32]]) -> String {
    heads.iter().map(|head| data_encoding::HEXLOWER.encode(head)).collect::<Vec<_>>().join(",")
}

/// Reads what [`heads_text`] wrote; nothing when any of it is not a hash.
pub(crate) fn heads(value: Option<&ScalarValue>) -> Vec<[u8; 32]> {
    let hash = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok();
    let listed = text(value).filter(|text| text.len() <= MAX_HEADS * 65);
    listed.and_then(|text| text.split(',').map(hash).collect()).unwrap_or_default()
}

/// Most places where a sample can be cut.
pub(crate) const MAX_SLICES: usize = 1_024;

/// Frame numbers as one text: decimal, comma-separated.
pub(crate) fn slices_text(cuts: &[u64]) -> String {
    cuts.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Reads what [`slices_text`] wrote; no cuts when they do not ascend or are too many.
pub(crate) fn slices(value: Option<&ScalarValue>) -> Option<Vec<u64>> {
    let text = text(value)?;
    let cuts: Option<Vec<u64>> = text.split(',').take(MAX_SLICES + 1).map(|cut| cut.parse().ok()).collect();
    Some(cuts.filter(|cuts| are_slices(cuts)).unwrap_or_default())
}

/// Whether these can be the cuts of a sample.
pub(crate) fn are_slices(cuts: &[u64]) -> bool {
    cuts.len() <= MAX_SLICES && cuts.is_sorted_by(|a, b| a < b)
}

/// Longest name of a sample, scene or version, from a register.
pub(crate) fn label(value: Option<&ScalarValue>) -> String {
    name(value, MAX_LABEL_CHARS).unwrap_or_default()
}
