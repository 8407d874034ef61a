//! From a score to its form.

use score::pattern::Pattern;
use score::score::{Scene, SongEntry};
use score::track::{EffectSettings, EffectValue};
use score::{EntryId, SampleHash, SceneId, Score, SessionId, Step, Track, TrackId};

use super::form::{
    EffectForm, EffectsForm, EntryForm, NoteForm, PatternForm, RemovedForm, SceneForm, SessionForm, StepForm,
    TrackForm, VersionForm,
};
use crate::exchange::layout::to_json;
use crate::exchange::number::{Number, Single};

/// A session as canonical JSON: equal scores give equal bytes.
///
/// The id stands first where it is given; a file that is no session's own has none.
pub fn write_session_json(id: Option<SessionId>, score: &Score) -> String {
    to_json(&session_form(id, score))
}

fn session_form(id: Option<SessionId>, score: &Score) -> SessionForm {
    let first = score.first_scene();
    let versions = score.versions.iter().map(|(&id, version)| {
        let heads = version.heads.iter().map(|&head| SampleHash(head)).collect();
        (id, VersionForm { name: version.name.clone(), heads, by: version.by, at: version.at })
    });
    SessionForm {
        id,
        name: score.name.clone(),
        tempo: Some(Number(score.tempo.bpm())),
        swing: Single(score.swing),
        meter: score.meter,
        scale: score.scale,
        tracks: score.tracks_in_order().into_iter().map(|(id, track)| track_form(id, track, first)).collect(),
        scale_lock: score.scale_lock,
        loop_region: score.loop_region,
        master: effects_form(&score.master),
        scenes: score.scenes_in_order().into_iter().map(scene_form).collect(),
        song: score.song_in_order().into_iter().map(entry_form).collect(),
        samples: score.samples.clone(),
        slices: score.slices.clone(),
        versions: versions.collect(),
        chat: score.chat.clone(),
        seed: format!("{:016x}", score.seed),
        created_at: score.created_at,
        parent: score.parent.clone(),
        removed: removed_form(score, first),
    }
}

/// What players removed and may want back.
fn removed_form(score: &Score, first: SceneId) -> RemovedForm {
    let tracks = score.tracks.iter().filter(|(_, track)| track.deleted);
    let scenes = score.scenes.iter().filter(|(_, scene)| scene.deleted);
    let song = score.song.iter().filter(|(_, entry)| entry.deleted);
    RemovedForm {
        tracks: tracks.map(|(&id, track)| track_form(id, track, first)).collect(),
        scenes: scenes.map(|(&id, scene)| scene_form((id, scene))).collect(),
        song: song.map(|(&id, entry)| entry_form((id, entry))).collect(),
    }
}

fn track_form(id: TrackId, track: &Track, first: SceneId) -> TrackForm {
    let pattern = pattern_form(&track.pattern(first));
    let others = track.patterns.iter().filter(|&(&scene, pattern)| scene != first && !pattern.is_blank());
    TrackForm {
        id: Some(id),
        name: track.name.clone(),
        instrument: track.instrument.clone(),
        length: pattern.length,
        volume: Single(track.volume),
        pan: Single(track.pan),
        mute: track.mute,
        transpose: track.transpose,
        swing: Single(track.swing),
        steps: pattern.steps,
        beyond: pattern.beyond,
        gate: track.gate,
        choke: track.choke,
        colour: track.colour,
        params: track.params.iter().map(|(id, &value)| (id.clone(), Number(value))).collect(),
        effects: effects_form(&track.effects),
        scenes: others.map(|(&scene, pattern)| (scene, pattern_form(pattern))).collect(),
        order: Some(track.order.clone()),
    }
}

fn pattern_form(pattern: &Pattern) -> PatternForm {
    let beyond = pattern.steps.range(pattern.length..);
    PatternForm {
        length: Some(pattern.length),
        steps: (0..pattern.length).map(|number| pattern.step(number).map(step_form)).collect(),
        beyond: beyond.map(|(&number, step)| (number, step_form(step))).collect(),
    }
}

fn step_form(step: &Step) -> StepForm {
    StepForm {
        on: step.on,
        pitch: step.pitch,
        volume: step.volume.map(Single),
        tie: step.tie,
        gate: step.gate_length,
        chance: step.chance,
        ratchet: step.ratchet,
        nudge: step.nudge,
        condition: step.condition,
        notes: step
            .notes
            .iter()
            .map(|(&pitch, &volume)| NoteForm { pitch, velocity: Single(volume) })
            .collect(),
        locks: step.locks.iter().map(|(id, &value)| (id.clone(), Number(value))).collect(),
    }
}

fn effects_form(effects: &EffectSettings) -> EffectsForm {
    let form = |value: &EffectValue| match value {
        EffectValue::Number(number) => EffectForm::Number(Number(*number)),
        EffectValue::Text(text) => EffectForm::Text(text.clone()),
    };
    effects.iter().map(|(id, value)| (id.clone(), form(value))).collect()
}

fn scene_form((id, scene): (SceneId, &Scene)) -> SceneForm {
    SceneForm { id, name: scene.name.clone(), order: Some(scene.order.clone()) }
}

fn entry_form((id, entry): (EntryId, &SongEntry)) -> EntryForm {
    EntryForm { id, scene: entry.scene, repeats: entry.repeats, order: Some(entry.order.clone()) }
}
