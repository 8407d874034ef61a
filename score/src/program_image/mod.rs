//! A program as flat bytes: how the control half hands one to a processor in another memory.
//!
//! All numbers are little-endian and fixed in size, in the order in which [`write_image`] writes them: a header, the tracks,
//! then the three pools. The image says how many elements follow, and [`read_image`] believes none of it: every count is held
//! against its maximum and against the bytes that are there, every span against its pool, every number against its range.
//! Reading into a program made by [`Program::with_full_capacity`] allocates nothing.

mod fields;

use crate::id::{SampleHash, TrackId};
use crate::meter::{LoopRegion, Meter};
use crate::pattern::MAX_STEPS;
use crate::program::{
    ChordNote, MAX_PROGRAM_NOTES, MAX_PROGRAM_SETTINGS, MAX_PROGRAM_STEPS, Program, ProgramStep,
    ProgramTrack, Setting, Span,
};
use crate::step::{Condition, MAX_NUDGE_PERCENT, MAX_PITCH_SEMITONES, MAX_RATCHET, MIN_GATE_PERCENT};
use crate::time::Tempo;
use crate::track::{MAX_CHOKE_GROUP, MAX_TRACKS};
use fields::{Fields, Writer};

/// The first bytes of every image: what it is, and the version of its layout.
const MAGIC: [u8; 4] = *b"OBP1";

/// Why bytes are not a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// It does not start like an image of this version.
    #[error("these bytes are not a program image of version 1")]
    Version,
    /// It ends too early.
    #[error("the program image ends in the middle of its {0}")]
    Truncated(&'static str),
    /// Bytes follow the end.
    #[error("{0} bytes follow the end of the program image")]
    Trailing(usize),
    /// More elements than a program can have.
    #[error("the program image has {count} {what}; at most {max} are allowed")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many the image says.
        count: usize,
        /// The most that a program can have.
        max: usize,
    },
    /// A number outside its range, or not a number.
    #[error("the program image holds a {0} outside its range")]
    Range(&'static str),
    /// A span that reaches past its pool, or is too long.
    #[error("the program image holds a span of {0} that reaches past its pool")]
    Span(&'static str),
}

/// Appends the image of a program to a buffer.
pub fn write_image(program: &Program, image: &mut Vec<u8>) {
    let mut to = Writer(image);
    to.bytes(&MAGIC);
    to.u64(program.seed);
    to.u32(program.tempo.milli_bpm());
    to.bytes(&[program.meter.numerator(), program.meter.denominator()]);
    to.u8(program.loop_region.is_some().into());
    to.u16(program.loop_region.map_or(0, LoopRegion::first));
    to.u16(program.loop_region.map_or(0, LoopRegion::last));
    to.span(program.master);
    for count in [program.tracks.len(), program.steps.len(), program.notes.len(), program.settings.len()] {
        to.u16(count as u16);
    }
    program.tracks.iter().for_each(|track| write_track(&mut to, track));
    program.steps.iter().for_each(|step| write_step(&mut to, step));
    for note in &program.notes {
        to.u8(note.pitch as u8);
        to.f32(note.velocity);
    }
    for setting in &program.settings {
        to.u16(setting.param.0);
        to.f32(setting.value);
    }
}

fn write_track(to: &mut Writer<'_>, track: &ProgramTrack) {
    to.bytes(track.id.as_str().as_bytes());
    to.u8(track.instrument.0);
    to.u8(track.sample.is_some().into());
    to.bytes(&track.sample.map_or([0; 32], |hash| hash.0));
    to.f32(track.volume);
    to.f32(track.pan);
    to.f32(track.swing);
    to.bytes(&[track.mute.into(), track.gate.into(), track.transpose as u8, track.choke]);
    to.span(track.steps);
    to.span(track.params);
    to.span(track.effects);
}

fn write_step(to: &mut Writer<'_>, step: &ProgramStep) {
    to.bytes(&[step.on.into(), step.tie.into(), step.pitch as u8, step.gate_percent]);
    to.bytes(&[step.chance_percent, step.ratchet, step.nudge_percent as u8]);
    to.u8(step.condition.map_or(0, Condition::on));
    to.u8(step.condition.map_or(0, Condition::every));
    to.f32(step.velocity);
    to.span(step.notes);
    to.span(step.locks);
}

/// Replaces a program by the one in an image. The target is empty after an error.
///
/// Real-time safe when the target was made by [`Program::with_full_capacity`].
///
/// # Errors
/// [`ImageError`] names the first thing that no program has.
pub fn read_image(program: &mut Program, image: &[u8]) -> Result<(), ImageError> {
    clear(program);
    let read = fill(program, image);
    if read.is_err() {
        clear(program);
    }
    read
}

fn clear(program: &mut Program) {
    program.tracks.clear();
    program.steps.clear();
    program.notes.clear();
    program.settings.clear();
    program.master = Span::default();
}

fn fill(program: &mut Program, image: &[u8]) -> Result<(), ImageError> {
    let from = &mut Fields(image);
    if from.bytes::<4>("header")? != MAGIC {
        return Err(ImageError::Version);
    }
    program.seed = from.u64("header")?;
    program.tempo = Tempo::from_milli_bpm(from.u32("header")?).ok_or(ImageError::Range("tempo"))?;
    let [numerator, denominator] = from.bytes("header")?;
    program.meter = Meter::from_parts(numerator, denominator).ok_or(ImageError::Range("meter"))?;
    program.loop_region = read_loop_region(from)?;
    program.master = from.span("header")?;
    let tracks = from.count("tracks", MAX_TRACKS)?;
    let steps = from.count("steps", MAX_PROGRAM_STEPS)?;
    let notes = from.count("notes", MAX_PROGRAM_NOTES)?;
    let settings = from.count("settings", MAX_PROGRAM_SETTINGS)?;
    for _ in 0..tracks {
        program.tracks.push(read_track(from)?);
    }
    for _ in 0..steps {
        program.steps.push(read_step(from)?);
    }
    for _ in 0..notes {
        let pitch = from.semitones("notes", "pitch of a note")?;
        program.notes.push(ChordNote { pitch, velocity: from.share("notes", "velocity of a note")? });
    }
    for _ in 0..settings {
        program.settings.push(read_setting(from)?);
    }
    if !from.0.is_empty() {
        return Err(ImageError::Trailing(from.0.len()));
    }
    check_spans(program)
}

fn read_loop_region(from: &mut Fields<'_>) -> Result<Option<LoopRegion>, ImageError> {
    let present = from.flag("header", "loop switch")?;
    let (first, last) = (from.u16("header")?, from.u16("header")?);
    let region = LoopRegion::from_steps(first, last).ok_or(ImageError::Range("loop region"))?;
    Ok(present.then_some(region))
}

fn read_track(from: &mut Fields<'_>) -> Result<ProgramTrack, ImageError> {
    const WHERE: &str = "tracks";
    let id = TrackId::from_raw(from.bytes(WHERE)?).ok_or(ImageError::Range("track id"))?;
    let instrument = crate::catalogue::InstrumentIndex(from.u8(WHERE)?);
    instrument.get().ok_or(ImageError::Range("instrument"))?;
    let sampled = from.flag(WHERE, "sample switch")?;
    let hash = SampleHash(from.bytes(WHERE)?);
    let volume = from.share(WHERE, "volume")?;
    let pan = from.within(WHERE, "pan", -1.0, 1.0)?;
    let swing = from.share(WHERE, "swing")?;
    Ok(ProgramTrack {
        id,
        instrument,
        sample: sampled.then_some(hash),
        volume,
        pan,
        swing,
        mute: from.flag(WHERE, "mute switch")?,
        gate: from.flag(WHERE, "gate switch")?,
        transpose: from.semitones(WHERE, "transposition")?,
        choke: from.byte_within(WHERE, "choke group", 0, MAX_CHOKE_GROUP)?,
        steps: from.span(WHERE)?,
        params: from.span(WHERE)?,
        effects: from.span(WHERE)?,
    })
}

fn read_step(from: &mut Fields<'_>) -> Result<ProgramStep, ImageError> {
    const WHERE: &str = "steps";
    let (on, tie) = (from.flag(WHERE, "step switch")?, from.flag(WHERE, "tie")?);
    let pitch = from.semitones(WHERE, "pitch")?;
    let gate_percent = from.byte_within(WHERE, "gate", MIN_GATE_PERCENT, 100)?;
    let chance_percent = from.byte_within(WHERE, "chance", 0, 100)?;
    let ratchet = from.byte_within(WHERE, "ratchet", 1, MAX_RATCHET)?;
    let nudge_percent = from.u8(WHERE)? as i8;
    if !(-MAX_NUDGE_PERCENT..=MAX_NUDGE_PERCENT).contains(&nudge_percent) {
        return Err(ImageError::Range("nudge"));
    }
    let condition = match from.bytes(WHERE)? {
        [0, 0] => None,
        [on, every] => Some(Condition::from_parts(on, every).ok_or(ImageError::Range("condition"))?),
    };
    let velocity = from.share(WHERE, "velocity")?;
    let (notes, locks) = (from.span(WHERE)?, from.span(WHERE)?);
    Ok(ProgramStep {
        on,
        tie,
        pitch,
        velocity,
        gate_percent,
        chance_percent,
        ratchet,
        nudge_percent,
        condition,
        notes,
        locks,
    })
}

fn read_setting(from: &mut Fields<'_>) -> Result<Setting, ImageError> {
    let param = crate::catalogue::ParamIndex(from.u16("settings")?);
    let row = param.get().ok_or(ImageError::Range("parameter"))?;
    Ok(Setting { param, value: from.within("settings", "setting", row.min, row.max)? })
}

/// Holds every span against its pool.
fn check_spans(program: &Program) -> Result<(), ImageError> {
    let fits = |what, span: Span, pool: usize| {
        if span.indices().end <= pool { Ok(()) } else { Err(ImageError::Span(what)) }
    };
    let settings = program.settings.len();
    fits("master effects", program.master, settings)?;
    for track in &program.tracks {
        fits("steps", track.steps, program.steps.len())?;
        if !(1..=MAX_STEPS).contains(&track.steps.count) {
            return Err(ImageError::Range("pattern length"));
        }
        fits("instrument settings", track.params, settings)?;
        fits("effect settings", track.effects, settings)?;
    }
    for step in &program.steps {
        fits("notes", step.notes, program.notes.len())?;
        fits("locks", step.locks, settings)?;
        if usize::from(step.notes.count) > 2 * MAX_PITCH_SEMITONES as usize + 1 {
            return Err(ImageError::Range("size of a chord"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
