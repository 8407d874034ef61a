//! Edits of the session's own registers, the master, samples, versions and messages.

use score::id::{MessageId, SampleHash};
use score::score::{ChatMessage, Sample, Version};
use score::step::in_range;
use score::text::{MAX_CHAT_CHARS, MAX_LABEL_CHARS, MAX_SESSION_NAME_CHARS};
use score::{Edit, PlayerKey, Score, VersionId};

use super::{Context, Write, Writes, check};
use crate::document::edit_error::EditError;
use crate::document::place::{Place, Root};
use crate::document::schema::{SCHEMA_VERSION, are_slices, heads_text, parent_text, slices_text};

/// Frames per second that a sample may have.
const SAMPLE_RATES: (u32, u32) = (8_000, 192_000);

/// An edit that none of the other files plans.
pub(super) fn change(context: Context<'_>, edit: &Edit) -> Result<Vec<Write>, EditError> {
    let Context { score, me, heads } = context;
    match edit {
        Edit::SetMasterEffect(key, value) => {
            value.iter().try_for_each(|value| check::effect_value(key, value))?;
            let mut writes = Writes::at(Place::Root(Root::Master));
            writes.set_optional(key, score.master.get(key), value.as_ref());
            Ok(writes.writes)
        }
        Edit::AddSample(hash, sample) => add_sample(score, *hash, sample),
        Edit::SetSlices(hash, cuts) => set_slices(score, *hash, cuts),
        Edit::SaveVersion { id, name, by, at } => {
            let name = check::name("a version's name", name, 1, MAX_LABEL_CHARS)?;
            own_name(me, *by)?;
            add_version(score, *id, &Version { name, heads: heads.to_vec(), by: *by, at: *at })
        }
        Edit::Say { id, by, at, text } => {
            let text = check::name("a message", text, 1, MAX_CHAT_CHARS)?;
            own_name(me, *by)?;
            say(score, *id, &ChatMessage { by: *by, at: *at, text })
        }
        edit => registers(score, edit),
    }
}

fn own_name(me: PlayerKey, by: PlayerKey) -> Result<(), EditError> {
    if me == by { Ok(()) } else { Err(EditError::NotYourName) }
}

fn registers(score: &Score, edit: &Edit) -> Result<Vec<Write>, EditError> {
    let mut after = own_registers(score);
    match edit {
        Edit::SetName(name) => {
            after.name = check::name("the session's name", name, 0, MAX_SESSION_NAME_CHARS)?;
        }
        Edit::SetTempo(tempo) => after.tempo = *tempo,
        Edit::SetSwing(swing) => after.swing = in_range("swing", *swing, 0.0, 100.0)?,
        Edit::SetMeter(meter) => after.meter = *meter,
        Edit::SetScale(scale) => after.scale = *scale,
        Edit::SetScaleLock(lock) => after.scale_lock = *lock,
        Edit::SetLoop(region) => after.loop_region = *region,
        _ => {}
    }
    Ok(write_registers(score, &after))
}

/// A score with the session's own registers alone.
fn own_registers(score: &Score) -> Score {
    Score {
        name: score.name.clone(),
        seed: score.seed,
        created_at: score.created_at,
        parent: score.parent.clone(),
        tempo: score.tempo,
        swing: score.swing,
        meter: score.meter,
        scale: score.scale,
        scale_lock: score.scale_lock,
        loop_region: score.loop_region,
        ..Score::default()
    }
}

/// Writes what differs between the session's own registers that players may edit.
pub(super) fn write_registers(before: &Score, after: &Score) -> Vec<Write> {
    let mut writes = Writes::at(Place::Session);
    writes.set("name", &before.name, &after.name);
    writes.set("tempo", &before.tempo, &after.tempo);
    writes.set("swing", &before.swing, &after.swing);
    writes.set("meter", &before.meter, &after.meter);
    writes.set("scale", &before.scale, &after.scale);
    writes.set("scale_lock", &before.scale_lock, &after.scale_lock);
    writes.set("loop", &before.loop_region, &after.loop_region);
    writes.writes
}

/// Writes all of the session's own registers, as the founder does.
pub(super) fn found_registers(score: &Score) -> Vec<Write> {
    let mut writes = Writes::at(Place::Session);
    writes.put("schema", &SCHEMA_VERSION);
    writes.put("name", &score.name);
    writes.put("seed", &score.seed);
    writes.put("created_at", &score.created_at.0);
    writes.put("parent", &parent_text(score.parent.as_ref()));
    writes.put("tempo", &score.tempo);
    writes.put("swing", &score.swing);
    writes.put("meter", &score.meter);
    writes.put("scale", &score.scale);
    writes.put("scale_lock", &score.scale_lock);
    writes.put("loop", &score.loop_region);
    writes.writes
}

fn add_sample(score: &Score, hash: SampleHash, sample: &Sample) -> Result<Vec<Write>, EditError> {
    let name = check::name("a sample's name", &sample.name, 1, MAX_LABEL_CHARS)?;
    in_range("channels", sample.channels, 1, 2)?;
    in_range("rate", sample.rate, SAMPLE_RATES.0, SAMPLE_RATES.1)?;
    // Whoever adds the same file again tells nothing that the others do not know.
    if score.samples.contains_key(&hash) {
        return Ok(Vec::new());
    }
    Ok(make_sample(hash, &Sample { name, ..sample.clone() }))
}

pub(super) fn make_sample(hash: SampleHash, sample: &Sample) -> Vec<Write> {
    let mut writes = Writes::made(Place::Sample(hash));
    writes.put("name", &sample.name);
    writes.put("frames", &sample.frames);
    writes.put("channels", &sample.channels);
    writes.put("rate", &sample.rate);
    writes.put("bytes", &sample.bytes);
    writes.put("by", &sample.by.to_string());
    writes.put("at", &sample.at.0);
    writes.writes
}

fn set_slices(score: &Score, hash: SampleHash, cuts: &[u64]) -> Result<Vec<Write>, EditError> {
    let frames = score.samples.get(&hash).ok_or(EditError::UnknownSample(hash))?.frames;
    if !are_slices(cuts) || cuts.last().is_some_and(|&last| last >= frames) {
        return Err(EditError::BadSlices { frames });
    }
    Ok(write_slices(score, hash, cuts))
}

pub(super) fn write_slices(before: &Score, hash: SampleHash, cuts: &[u64]) -> Vec<Write> {
    let mut writes = Writes::at(Place::Root(Root::Slices));
    let held = before.slices.get(&hash).map_or(&[][..], Vec::as_slice);
    if held != cuts {
        writes.put(hash.to_string(), &slices_text(cuts));
    }
    writes.writes
}

fn add_version(score: &Score, id: VersionId, version: &Version) -> Result<Vec<Write>, EditError> {
    if score.versions.contains_key(&id) {
        return Err(EditError::Exists { what: "version", id: id.to_string() });
    }
    let mut writes = Writes::made(Place::Version(id));
    writes.put("name", &version.name);
    writes.put("heads", &heads_text(&version.heads));
    writes.put("by", &version.by.to_string());
    writes.put("at", &version.at.0);
    Ok(writes.writes)
}

fn say(score: &Score, id: MessageId, message: &ChatMessage) -> Result<Vec<Write>, EditError> {
    if score.chat.contains_key(&id) {
        return Err(EditError::Exists { what: "message", id: id.to_string() });
    }
    let mut writes = Writes::made(Place::Message(id));
    writes.put("by", &message.by.to_string());
    writes.put("at", &message.at.0);
    writes.put("text", &message.text);
    Ok(writes.writes)
}
