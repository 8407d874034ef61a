//! From a form to a score, holding every value against its range.

use std::collections::BTreeMap;

use score::pattern::{DEFAULT_STEPS, MAX_STEPS, Pattern};
use score::score::{Scene, SongEntry, Version};
use score::step::{MAX_PITCH_SEMITONES, in_range};
use score::text::{
    MAX_CHAT_CHARS, MAX_LABEL_CHARS, MAX_SESSION_NAME_CHARS, MAX_SHORT_NAME_CHARS, clean_name,
};
use score::track::{EffectSettings, EffectValue, MAX_CHOKE_GROUP};
use score::{SceneId, Score, Step, Tempo, Track, TrackId};

use super::SessionJsonError;
use super::form::{
    EffectForm, EffectsForm, EntryForm, PatternForm, SceneForm, SessionForm, StepForm, TrackForm,
};
use crate::document::order::spread;
use crate::document::schema::{MAX_CHOICE_CHARS, MAX_INSTRUMENT_CHARS, MAX_PARAMETER_BYTES};
use crate::exchange::MAX_TRACKS_IN_FILE;

/// Most times that an entry of the song is played.
const MAX_REPEATS: u8 = 64;

type Read<T> = Result<T, SessionJsonError>;

pub(super) fn score_of(form: SessionForm) -> Read<Score> {
    let scenes = scenes_of(form.scenes, form.removed.scenes);
    let mut score = Score {
        name: clean_name(&form.name, MAX_SESSION_NAME_CHARS),
        seed: seed_of(&form.seed)?,
        created_at: form.created_at,
        parent: form.parent,
        tempo: tempo_of(form.tempo.map_or(Tempo::default().bpm(), |tempo| tempo.0))?,
        swing: ranged("the session", "swing", form.swing.0, 0.0, 100.0)?,
        meter: form.meter,
        scale: form.scale,
        scale_lock: form.scale_lock,
        loop_region: form.loop_region,
        master: effects_of("the master", form.master)?,
        scenes,
        song: song_of(form.song, form.removed.song)?,
        samples: form.samples,
        slices: form.slices,
        ..Score::default()
    };
    let first = score.first_scene();
    score.tracks = tracks_of(form.tracks, form.removed.tracks, first)?;
    score.versions = form
        .versions
        .into_iter()
        .map(|(id, version)| {
            let heads = version.heads.into_iter().map(|head| head.0).collect();
            let name = clean_name(&version.name, MAX_LABEL_CHARS);
            (id, Version { name, heads, by: version.by, at: version.at })
        })
        .collect();
    score.chat = form.chat;
    for message in score.chat.values_mut() {
        message.text = clean_name(&message.text, MAX_CHAT_CHARS);
    }
    Ok(score)
}

fn ranged<T: Copy + PartialOrd + core::fmt::Display>(
    place: &str,
    name: &'static str,
    value: T,
    min: T,
    max: T,
) -> Read<T> {
    in_range(name, value, min, max)
        .map_err(|error| SessionJsonError::Value { place: place.to_owned(), problem: error.to_string() })
}

fn refused(place: &str, problem: &str) -> SessionJsonError {
    SessionJsonError::Value { place: place.to_owned(), problem: problem.to_owned() }
}

fn seed_of(text: &str) -> Read<u64> {
    if text.is_empty() {
        return Ok(0);
    }
    u64::from_str_radix(text, 16).map_err(|_| refused("the session", "seed must be 16 hexadecimal digits"))
}

fn tempo_of(bpm: f64) -> Read<Tempo> {
    Tempo::from_bpm(bpm)
        .ok_or_else(|| refused("the session", &format!("tempo is {bpm}; it must lie between 20 and 300")))
}

fn scenes_of(kept: Vec<SceneForm>, removed: Vec<SceneForm>) -> BTreeMap<SceneId, Scene> {
    let orders = spread(kept.len());
    let kept = kept.into_iter().zip(orders.into_iter().map(Some)).map(|(form, order)| (form, order, false));
    let removed = removed.into_iter().map(|form| (form, None, true));
    kept.chain(removed)
        .map(|(form, order, deleted)| {
            let name = clean_name(&form.name, MAX_LABEL_CHARS);
            (form.id, Scene { name, order: form.order.or(order).unwrap_or_default(), deleted })
        })
        .collect()
}

fn song_of(kept: Vec<EntryForm>, removed: Vec<EntryForm>) -> Read<BTreeMap<score::EntryId, SongEntry>> {
    let orders = spread(kept.len());
    let kept = kept.into_iter().zip(orders.into_iter().map(Some)).map(|(form, order)| (form, order, false));
    let removed = removed.into_iter().map(|form| (form, None, true));
    kept.chain(removed)
        .map(|(form, order, deleted)| {
            let repeats = ranged("the song", "repeats", form.repeats, 1, MAX_REPEATS)?;
            let order = form.order.or(order).unwrap_or_default();
            Ok((form.id, SongEntry { scene: form.scene, repeats, order, deleted }))
        })
        .collect()
}

fn tracks_of(
    kept: Vec<TrackForm>,
    removed: Vec<TrackForm>,
    first: SceneId,
) -> Read<BTreeMap<TrackId, Track>> {
    let count = kept.len() + removed.len();
    if count > MAX_TRACKS_IN_FILE {
        return Err(SessionJsonError::TooManyTracks(count));
    }
    let orders = spread(kept.len());
    let kept = kept.into_iter().zip(orders.into_iter().map(Some)).map(|(form, order)| (form, order, false));
    let removed = removed.into_iter().map(|form| (form, None, true));
    let mut tracks = BTreeMap::new();
    for (number, (form, order, deleted)) in kept.chain(removed).enumerate() {
        let place = format!("track {} ({})", number + 1, clean_name(&form.name, MAX_SHORT_NAME_CHARS));
        let id = form.id.unwrap_or_else(|| TrackId::from_random(score::chance::hash(&[number as u64])));
        let mut track = track_of(&place, form, first)?;
        track.deleted = deleted;
        if track.order.is_empty() {
            track.order = order.unwrap_or_default();
        }
        if tracks.insert(id, track).is_some() {
            return Err(refused(&place, &format!("its id {id} is another track's too")));
        }
    }
    Ok(tracks)
}

fn track_of(place: &str, form: TrackForm, first: SceneId) -> Read<Track> {
    let reach = MAX_PITCH_SEMITONES;
    let pattern = PatternForm { length: form.length, steps: form.steps, beyond: form.beyond };
    let mut patterns = BTreeMap::from([(first, pattern_of(place, pattern)?)]);
    for (scene, pattern) in form.scenes {
        patterns.insert(scene, pattern_of(&format!("{place}, scene {scene}"), pattern)?);
    }
    patterns.retain(|_, pattern| !pattern.is_blank());
    Ok(Track {
        name: clean_name(&form.name, MAX_SHORT_NAME_CHARS),
        instrument: clean_name(&form.instrument, MAX_INSTRUMENT_CHARS),
        order: form.order.unwrap_or_default(),
        deleted: false,
        volume: ranged(place, "volume", form.volume.0, 0.0, 1.0)?,
        pan: ranged(place, "pan", form.pan.0, -1.0, 1.0)?,
        mute: form.mute,
        transpose: ranged(place, "transpose", form.transpose, -reach, reach)?,
        swing: ranged(place, "swing", form.swing.0, 0.0, 100.0)?,
        gate: form.gate,
        colour: form.colour,
        choke: ranged(place, "choke", form.choke, 0, MAX_CHOKE_GROUP)?,
        params: settings_of(place, form.params.into_iter().map(|(id, value)| (id, value.0)))?,
        effects: effects_of(place, form.effects)?,
        patterns,
    })
}

fn pattern_of(place: &str, form: PatternForm) -> Read<Pattern> {
    let written = u16::try_from(form.steps.len()).unwrap_or(u16::MAX);
    let implied = if written == 0 { DEFAULT_STEPS } else { written };
    let length = ranged(place, "length", form.length.unwrap_or(implied), 1, MAX_STEPS)?;
    ranged(place, "the number of steps", written, 0, MAX_STEPS)?;
    let mut pattern = Pattern { length, ..Pattern::default() };
    let listed = (0..).zip(form.steps).filter_map(|(number, step)| Some((number, step?)));
    for (number, step) in listed.chain(form.beyond) {
        ranged(place, "the number of a step", number, 0, MAX_STEPS - 1)?;
        let step = step_of(&format!("{place}, step {}", number + 1), step)?;
        pattern.change_step(number, |held| *held = step);
    }
    Ok(pattern)
}

fn step_of(place: &str, form: StepForm) -> Read<Step> {
    let reach = MAX_PITCH_SEMITONES;
    let note = |note: super::form::NoteForm| {
        let pitch = ranged(place, "the pitch of a note", note.pitch, -reach, reach)?;
        Ok((pitch, ranged(place, "the velocity of a note", note.velocity.0, 0.0, 1.0)?))
    };
    let step = Step {
        on: form.on,
        pitch: form.pitch,
        volume: form.volume.map(|volume| volume.0),
        tie: form.tie,
        gate_length: form.gate,
        chance: form.chance,
        ratchet: form.ratchet,
        nudge: form.nudge,
        condition: form.condition,
        notes: form.notes.into_iter().map(note).collect::<Read<_>>()?,
        locks: settings_of(place, form.locks.into_iter().map(|(id, value)| (id, value.0)))?,
    };
    for lock in step.step_locks() {
        lock.checked().map_err(|error| refused(place, &error.to_string()))?;
    }
    Ok(step)
}

fn settings_of(place: &str, settings: impl Iterator<Item = (String, f64)>) -> Read<BTreeMap<String, f64>> {
    settings.map(|(id, value)| Ok((parameter_id(place, id)?, value))).collect()
}

fn effects_of(place: &str, effects: EffectsForm) -> Read<EffectSettings> {
    let value = |form| match form {
        EffectForm::Number(number) => EffectValue::Number(number.0),
        EffectForm::Text(text) => EffectValue::Text(clean_name(&text, MAX_CHOICE_CHARS)),
    };
    effects.into_iter().map(|(id, form)| Ok((parameter_id(place, id)?, value(form)))).collect()
}

fn parameter_id(place: &str, id: String) -> Read<String> {
    if id.is_empty() || id.len() > MAX_PARAMETER_BYTES {
        let shown: String = id.chars().take(24).collect();
        let problem = format!("`{shown}` is no parameter: ids have 1 to {MAX_PARAMETER_BYTES} bytes");
        return Err(refused(place, &problem));
    }
    Ok(id)
}
