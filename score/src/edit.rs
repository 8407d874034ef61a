//! Everything that a player can change in a session.

use serde::{Deserialize, Serialize};

use crate::colour::TrackColour;
use crate::id::{EntryId, MessageId, PlayerKey, SampleHash, SceneId, TrackId, VersionId};
use crate::meter::{LoopRegion, Meter};
use crate::pattern::Pattern;
use crate::scale::Scale;
use crate::score::Sample;
use crate::step::{LockKind, StepLock};
use crate::time::{Tempo, UnixMillis};
use crate::track::EffectValue;

/// One edit. Applied to a document it is one change and one message, whatever it touches.
///
/// Edits carry values, never toggles, so that repeating one changes nothing. Ids of things that an edit makes are chosen by
/// its author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// Names the session.
    SetName(String),
    /// Sets the tempo.
    SetTempo(Tempo),
    /// Sets the session's swing, 0..=100 percent.
    SetSwing(f32),
    /// Sets the time signature.
    SetMeter(Meter),
    /// Sets the scale.
    SetScale(Scale),
    /// Restricts the melodic grid to the scale, or frees it.
    SetScaleLock(bool),
    /// Sets or removes the loop region.
    SetLoop(Option<LoopRegion>),
    /// Adds a track at the end.
    AddTrack {
        /// The id that it gets.
        id: TrackId,
        /// Its instrument.
        instrument: String,
        /// Its name.
        name: String,
    },
    /// Changes one property of a track.
    Track(TrackId, TrackEdit),
    /// Sets an effect parameter of the master; `None` returns it to its default.
    SetMasterEffect(String, Option<EffectValue>),
    /// Changes one pattern.
    Pattern(PatternRef, PatternEdit),
    /// Adds a scene at the end.
    AddScene {
        /// The id that it gets.
        id: SceneId,
        /// Its name.
        name: String,
        /// A scene whose patterns it starts with.
        copy_of: Option<SceneId>,
    },
    /// Changes one property of a scene.
    Scene(SceneId, SceneEdit),
    /// Adds a scene to the end of the song.
    AddSongEntry {
        /// The id that it gets.
        id: EntryId,
        /// The scene.
        scene: SceneId,
        /// How often it plays, 1..=64.
        repeats: u8,
    },
    /// Changes one property of an entry of the song.
    SongEntry(EntryId, SongEntryEdit),
    /// Tells the others of a sample.
    AddSample(SampleHash, Sample),
    /// Sets where a sample is cut: ascending frame numbers.
    SetSlices(SampleHash, Vec<u64>),
    /// Names the present state.
    SaveVersion {
        /// The id that it gets.
        id: VersionId,
        /// Its name.
        name: String,
        /// Who names it.
        by: PlayerKey,
        /// When.
        at: UnixMillis,
    },
    /// Writes a chat message.
    Say {
        /// The id that it gets.
        id: MessageId,
        /// Who writes.
        by: PlayerKey,
        /// When.
        at: UnixMillis,
        /// The message, at most 500 characters.
        text: String,
    },
    /// Several edits that are one act: a paste, a painted stroke, a dragged fader.
    All(Vec<Edit>),
}

/// A pattern's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PatternRef {
    /// The track.
    pub track: TrackId,
    /// The scene.
    pub scene: SceneId,
}

/// A change of one property of a track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrackEdit {
    /// Renames it.
    SetName(String),
    /// Gives it another instrument.
    SetInstrument(String),
    /// Moves it to a place in the order of the tracks that are not removed, from 0.
    MoveTo(usize),
    /// Removes it, or brings it back.
    SetDeleted(bool),
    /// Fader, 0..=1.
    SetVolume(f32),
    /// -1..=1.
    SetPan(f32),
    /// The shared mix's mute.
    SetMute(bool),
    /// Semitones, -24..=24.
    SetTranspose(i8),
    /// 0..=100 percent.
    SetSwing(f32),
    /// Cut one-shots at the end of their step.
    SetGate(bool),
    /// Choke group, 1..=8, or 0 for none.
    SetChoke(u8),
    /// `None` for the colour of the instrument's family.
    SetColour(Option<TrackColour>),
    /// Sets an instrument parameter; `None` returns it to the preset's value.
    SetParam(String, Option<f64>),
    /// Sets an effect parameter (`<slot>.<parameter>`); `None` returns it to its default.
    SetEffect(String, Option<EffectValue>),
}

/// A change of one pattern. Step numbers count from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PatternEdit {
    /// 1..=128 steps.
    SetLength(u16),
    /// Switches a step on or off; its locks stay.
    SetStep {
        /// The step.
        step: u16,
        /// On or off.
        on: bool,
    },
    /// Sets a lock.
    SetLock {
        /// The step.
        step: u16,
        /// The lock and its value.
        lock: StepLock,
    },
    /// Removes a lock.
    ClearLock {
        /// The step.
        step: u16,
        /// Which lock.
        kind: LockKind,
    },
    /// Sets a note of a chord, or removes it.
    SetNote {
        /// The step.
        step: u16,
        /// Semitones, -24..=24.
        pitch: i8,
        /// 0..=1; `None` removes the note.
        velocity: Option<f32>,
    },
    /// Sets or removes the lock of an instrument or effect parameter.
    SetParamLock {
        /// The step.
        step: u16,
        /// The parameter's id.
        parameter: String,
        /// Its value; `None` removes the lock.
        value: Option<f64>,
    },
    /// Puts a whole pattern (text notation, paste).
    Replace(Pattern),
    /// Runs a pattern operation within the pattern's length.
    Operate(PatternOp),
}

/// An operation on a whole pattern. Locks travel with their steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PatternOp {
    /// Moves every step to the right (later) by a number of steps, to the left when negative, around the loop.
    Rotate(i16),
    /// Plays backwards.
    Reverse,
    /// The second half becomes the mirror image of the first.
    Mirror,
    /// Switches active steps off and silent ones on.
    Invert,
    /// Spreads hits as evenly as possible (Bjorklund), moved right by a rotation.
    Euclid {
        /// 0..=length.
        hits: u16,
        /// Steps to the right.
        rotation: i16,
    },
    /// Switches each step on with a probability.
    Random {
        /// 0..=100 percent.
        density: u8,
        /// Decides which.
        seed: u64,
    },
    /// Empties the pattern; its length stays.
    Clear,
    /// Doubles the length and repeats the steps (up to 128).
    Double,
    /// Halves the length (at least 1); steps past it are kept, silent.
    Halve,
}

/// A change of one property of a scene.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SceneEdit {
    /// Renames it.
    SetName(String),
    /// Moves it to a place in the order of the scenes that are not removed, from 0.
    MoveTo(usize),
    /// Removes it, or brings it back.
    SetDeleted(bool),
}

/// A change of one property of an entry of the song.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SongEntryEdit {
    /// Plays another scene.
    SetScene(SceneId),
    /// 1..=64 times.
    SetRepeats(u8),
    /// Moves it to a place in the order of the entries that are not removed, from 0.
    MoveTo(usize),
    /// Removes it, or brings it back.
    SetDeleted(bool),
}
