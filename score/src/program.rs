//! A score compiled for the audio engine: complete, bounded and flat.
//!
//! All per-step data lies in three pools shared by the tracks, so that a program prepared with [`Program::with_full_capacity`]
//! can take over any other without allocating, and its byte image is a plain walk.

use core::ops::Range;

use crate::catalogue::{InstrumentIndex, ParamIndex};
use crate::id::{SampleHash, TrackId};
use crate::meter::{LoopRegion, Meter};
use crate::pattern::MAX_STEPS;
use crate::step::Condition;
use crate::time::{Beats, Tempo};
use crate::track::MAX_TRACKS;

/// Most steps of a program: every track at its longest.
pub const MAX_PROGRAM_STEPS: usize = MAX_TRACKS * MAX_STEPS as usize;
/// Most chord notes of a program; lowering leaves out those past it.
pub const MAX_PROGRAM_NOTES: usize = 8_192;
/// Most parameter settings of a program (locks, instrument settings, effect settings together); lowering leaves out those
/// past it.
pub const MAX_PROGRAM_SETTINGS: usize = 16_384;

/// A range of one of the program's pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Index of the first element.
    pub start: u16,
    /// Number of elements.
    pub count: u16,
}

impl Span {
    /// The span as indices.
    pub fn indices(self) -> Range<usize> {
        usize::from(self.start)..usize::from(self.start) + usize::from(self.count)
    }
}

/// A parameter's value: a number in the parameter's unit, or the index of a choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Which parameter.
    pub param: ParamIndex,
    /// Its value, within the parameter's range.
    pub value: f32,
}

/// One note of a chord.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChordNote {
    /// Semitones, -24..=24.
    pub pitch: i8,
    /// 0..=1.
    pub velocity: f32,
}

/// A step, with every default filled in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProgramStep {
    /// Whether it plays.
    pub on: bool,
    /// Whether it holds the note before it.
    pub tie: bool,
    /// Semitones, -24..=24.
    pub pitch: i8,
    /// 0..=1.
    pub velocity: f32,
    /// 5..=100 percent of a step.
    pub gate_percent: u8,
    /// 0..=100 percent.
    pub chance_percent: u8,
    /// 1..=8.
    pub ratchet: u8,
    /// -50..=50 percent of a step.
    pub nudge_percent: i8,
    /// In which loops it plays.
    pub condition: Option<Condition>,
    /// The chord in [`Program::notes`]; when empty, the step plays `pitch` at `velocity`.
    pub notes: Span,
    /// The parameter locks in [`Program::settings`].
    pub locks: Span,
}

/// A track as the engine plays it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramTrack {
    /// The track's id: it seeds chance, and identifies the track across programs.
    pub id: TrackId,
    /// The instrument that plays (the nearest built one).
    pub instrument: InstrumentIndex,
    /// The sample that plays in place of the instrument, if any.
    pub sample: Option<SampleHash>,
    /// Fader, 0..=1.
    pub volume: f32,
    /// -1..=1.
    pub pan: f32,
    /// Silent in the shared mix.
    pub mute: bool,
    /// Semitones, -24..=24.
    pub transpose: i8,
    /// The session's and the track's swing combined (`g + t - g*t`), 0..=1.
    pub swing: f32,
    /// Cut one-shots at the end of their step.
    pub gate: bool,
    /// Choke group, 0 for none.
    pub choke: u8,
    /// The steps in [`Program::steps`]: as many as the pattern is long, at least 1.
    pub steps: Span,
    /// Instrument settings in [`Program::settings`].
    pub params: Span,
    /// Effect settings in [`Program::settings`].
    pub effects: Span,
}

/// What to play: an immutable, complete description, compiled from a [`Score`](crate::Score).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// Seed of everything that plays by chance.
    pub seed: u64,
    /// The tempo that the document holds (the transport's is what plays).
    pub tempo: Tempo,
    /// The time signature.
    pub meter: Meter,
    /// The repeated stretch, if any.
    pub loop_region: Option<LoopRegion>,
    /// At most [`MAX_TRACKS`], in the players' order.
    pub tracks: Vec<ProgramTrack>,
    /// Effect settings of the master in [`Program::settings`].
    pub master: Span,
    /// Pool of steps, at most [`MAX_PROGRAM_STEPS`].
    pub steps: Vec<ProgramStep>,
    /// Pool of chord notes, at most [`MAX_PROGRAM_NOTES`].
    pub notes: Vec<ChordNote>,
    /// Pool of parameter settings, at most [`MAX_PROGRAM_SETTINGS`].
    pub settings: Vec<Setting>,
}

impl Program {
    /// An empty program with room for any other, so that filling it allocates nothing.
    pub fn with_full_capacity() -> Self {
        Self {
            tracks: Vec::with_capacity(MAX_TRACKS),
            steps: Vec::with_capacity(MAX_PROGRAM_STEPS),
            notes: Vec::with_capacity(MAX_PROGRAM_NOTES),
            settings: Vec::with_capacity(MAX_PROGRAM_SETTINGS),
            ..Self::default()
        }
    }

    /// Where its music begins: at its loop, or at its first step.
    pub fn start(&self) -> Beats {
        self.loop_region.map_or(Beats::ZERO, |region| Beats::from_steps(i64::from(region.first())))
    }

    /// The steps of a track.
    pub fn steps_of(&self, track: &ProgramTrack) -> &[ProgramStep] {
        &self.steps[track.steps.indices()]
    }

    /// The chord of a step.
    pub fn notes_of(&self, step: &ProgramStep) -> &[ChordNote] {
        &self.notes[step.notes.indices()]
    }

    /// The settings of a span.
    pub fn settings_of(&self, span: Span) -> &[Setting] {
        &self.settings[span.indices()]
    }
}
