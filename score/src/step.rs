//! One step of a pattern and the locks that it may carry.

use std::collections::BTreeMap;

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// The velocity of a step without a volume lock.
pub const DEFAULT_VELOCITY: f32 = 0.7;
/// Range of a pitch lock, a note of a chord and a transposition, in semitones either way.
pub const MAX_PITCH_SEMITONES: i8 = 24;
/// Range of a nudge, in percent of a step either way.
pub const MAX_NUDGE_PERCENT: i8 = 50;
/// Shortest gate, in percent of a step.
pub const MIN_GATE_PERCENT: u8 = 5;
/// Most repetitions of a ratcheted step.
pub const MAX_RATCHET: u8 = 8;

/// When a step plays, counted in loops of its pattern: on the `on`-th of every `every` loops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Condition {
    on: u8,
    every: u8,
}

impl Condition {
    /// The longest cycle of loops that a condition can count.
    pub const MAX_LOOPS: u8 = 16;

    /// A condition; `None` unless `1 <= on <= every <= 16`.
    pub const fn from_parts(on: u8, every: u8) -> Option<Self> {
        if on >= 1 && on <= every && every <= Self::MAX_LOOPS { Some(Self { on, every }) } else { None }
    }

    /// Which loop of the cycle plays, from 1.
    pub const fn on(self) -> u8 {
        self.on
    }

    /// How many loops the cycle has.
    pub const fn every(self) -> u8 {
        self.every
    }

    /// Whether the step plays in a loop, counted from 0.
    pub const fn holds_in(self, loop_count: u64) -> bool {
        loop_count % self.every as u64 == self.on as u64 - 1
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.on, self.every)
    }
}

/// Why a text is not a condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a condition is ON:EVERY with 1 <= ON <= EVERY <= 16, such as 2:4 (the second of every four loops)")]
pub struct ConditionError;

impl FromStr for Condition {
    type Err = ConditionError;
    fn from_str(text: &str) -> Result<Self, ConditionError> {
        let (on, every) = text.split_once(':').ok_or(ConditionError)?;
        let number = |part: &str| part.trim().parse().map_err(|_| ConditionError);
        Self::from_parts(number(on)?, number(every)?).ok_or(ConditionError)
    }
}

impl TryFrom<String> for Condition {
    type Error = ConditionError;
    fn try_from(text: String) -> Result<Self, ConditionError> {
        text.parse()
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.to_string()
    }
}

/// One cell of a pattern. A step that is off keeps its locks; they sleep until it is on again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Whether the step plays.
    pub on: bool,
    /// Semitones from the track's pitch, -24..=24.
    pub pitch: Option<i8>,
    /// Velocity, 0..=1; [`DEFAULT_VELOCITY`] where absent.
    pub volume: Option<f32>,
    /// The note of the step before is held through this one (around the loop too), and moves to this step's pitch.
    pub tie: bool,
    /// Sounding part of the step, 5..=100 percent; 100 where absent.
    pub gate_length: Option<u8>,
    /// Chance that the step plays, 0..=100 percent; 100 where absent.
    pub chance: Option<u8>,
    /// How many equal onsets the step is divided into, 1..=8; 1 where absent.
    pub ratchet: Option<u8>,
    /// Displacement, -50..=50 percent of a step; 0 where absent.
    pub nudge: Option<i8>,
    /// In which loops the step plays; all of them where absent.
    pub condition: Option<Condition>,
    /// Notes of a chord: semitones (-24..=24) to velocity (0..=1). Where there are any, they are played in place of
    /// `pitch` and `volume`.
    pub notes: BTreeMap<i8, f32>,
    /// Locks of instrument and effect parameters: parameter id to value.
    pub locks: BTreeMap<String, f64>,
}

impl Step {
    /// A plain active step.
    pub fn active() -> Self {
        Self { on: true, ..Self::default() }
    }

    /// Whether the step is off and carries nothing, so that it need not be stored.
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    /// The velocity that a single note of this step has.
    pub fn velocity(&self) -> f32 {
        self.volume.unwrap_or(DEFAULT_VELOCITY)
    }

    /// Sets one lock.
    pub fn set(&mut self, lock: StepLock) {
        match lock {
            StepLock::Pitch(value) => self.pitch = Some(value),
            StepLock::Volume(value) => self.volume = Some(value),
            StepLock::Tie => self.tie = true,
            StepLock::GateLength(value) => self.gate_length = Some(value),
            StepLock::Chance(value) => self.chance = Some(value),
            StepLock::Ratchet(value) => self.ratchet = Some(value),
            StepLock::Nudge(value) => self.nudge = Some(value),
            StepLock::Condition(value) => self.condition = Some(value),
        }
    }

    /// Removes one lock.
    pub fn clear(&mut self, kind: LockKind) {
        match kind {
            LockKind::Pitch => self.pitch = None,
            LockKind::Volume => self.volume = None,
            LockKind::Tie => self.tie = false,
            LockKind::GateLength => self.gate_length = None,
            LockKind::Chance => self.chance = None,
            LockKind::Ratchet => self.ratchet = None,
            LockKind::Nudge => self.nudge = None,
            LockKind::Condition => self.condition = None,
        }
    }

    /// The locks that this step carries, in the order of [`LockKind::ALL`].
    pub fn step_locks(&self) -> impl Iterator<Item = StepLock> {
        [
            self.pitch.map(StepLock::Pitch),
            self.volume.map(StepLock::Volume),
            self.tie.then_some(StepLock::Tie),
            self.gate_length.map(StepLock::GateLength),
            self.chance.map(StepLock::Chance),
            self.ratchet.map(StepLock::Ratchet),
            self.nudge.map(StepLock::Nudge),
            self.condition.map(StepLock::Condition),
        ]
        .into_iter()
        .flatten()
    }
}

/// A lock of a step with its value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum StepLock {
    /// See [`Step::pitch`].
    Pitch(i8),
    /// See [`Step::volume`].
    Volume(f32),
    /// See [`Step::tie`].
    Tie,
    /// See [`Step::gate_length`].
    GateLength(u8),
    /// See [`Step::chance`].
    Chance(u8),
    /// See [`Step::ratchet`].
    Ratchet(u8),
    /// See [`Step::nudge`].
    Nudge(i8),
    /// See [`Step::condition`].
    Condition(Condition),
}

/// Why a lock's value was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {value}; it must lie between {min} and {max}")]
pub struct OutOfRange {
    /// What was to be set.
    pub name: &'static str,
    /// The refused value, as text.
    pub value: String,
    /// The smallest allowed value.
    pub min: String,
    /// The largest allowed value.
    pub max: String,
}

/// Refuses a value outside a range (and NaN), naming it.
///
/// # Errors
/// [`OutOfRange`] with the name, the value and the range.
pub fn in_range<T: Copy + PartialOrd + fmt::Display>(
    name: &'static str,
    value: T,
    min: T,
    max: T,
) -> Result<T, OutOfRange> {
    if value >= min && value <= max {
        Ok(value)
    } else {
        Err(OutOfRange { name, value: value.to_string(), min: min.to_string(), max: max.to_string() })
    }
}

impl StepLock {
    /// Which lock this is.
    pub const fn kind(&self) -> LockKind {
        match self {
            Self::Pitch(_) => LockKind::Pitch,
            Self::Volume(_) => LockKind::Volume,
            Self::Tie => LockKind::Tie,
            Self::GateLength(_) => LockKind::GateLength,
            Self::Chance(_) => LockKind::Chance,
            Self::Ratchet(_) => LockKind::Ratchet,
            Self::Nudge(_) => LockKind::Nudge,
            Self::Condition(_) => LockKind::Condition,
        }
    }

    /// The lock, if its value lies in its range.
    ///
    /// # Errors
    /// [`OutOfRange`] with the lock's name, the value and the range.
    pub fn checked(self) -> Result<Self, OutOfRange> {
        match self {
            Self::Pitch(value) => {
                in_range("pitch", value, -MAX_PITCH_SEMITONES, MAX_PITCH_SEMITONES).map(Self::Pitch)
            }
            Self::Volume(value) => in_range("volume", value, 0.0, 1.0).map(Self::Volume),
            Self::GateLength(value) => in_range("gate", value, MIN_GATE_PERCENT, 100).map(Self::GateLength),
            Self::Chance(value) => in_range("chance", value, 0, 100).map(Self::Chance),
            Self::Ratchet(value) => in_range("ratchet", value, 1, MAX_RATCHET).map(Self::Ratchet),
            Self::Nudge(value) => {
                in_range("nudge", value, -MAX_NUDGE_PERCENT, MAX_NUDGE_PERCENT).map(Self::Nudge)
            }
            Self::Tie | Self::Condition(_) => Ok(self),
        }
    }
}

/// The kinds of lock that every step has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LockKind {
    /// See [`Step::pitch`].
    Pitch,
    /// See [`Step::volume`].
    Volume,
    /// See [`Step::tie`].
    Tie,
    /// See [`Step::gate_length`].
    GateLength,
    /// See [`Step::chance`].
    Chance,
    /// See [`Step::ratchet`].
    Ratchet,
    /// See [`Step::nudge`].
    Nudge,
    /// See [`Step::condition`].
    Condition,
}

impl LockKind {
    /// Every kind, in the order in which locks are written.
    pub const ALL: [Self; 8] = [
        Self::Pitch,
        Self::Volume,
        Self::Tie,
        Self::GateLength,
        Self::Chance,
        Self::Ratchet,
        Self::Nudge,
        Self::Condition,
    ];

    /// The word for this lock in notation, on the command line and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pitch => "pitch",
            Self::Volume => "volume",
            Self::Tie => "tie",
            Self::GateLength => "gate",
            Self::Chance => "chance",
            Self::Ratchet => "ratchet",
            Self::Nudge => "nudge",
            Self::Condition => "condition",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_plays_on_its_loop_of_the_cycle() {
        let condition: Condition = "2:4".parse().unwrap();
        let played: Vec<u64> = (0..9).filter(|&count| condition.holds_in(count)).collect();
        assert_eq!(played, [1, 5]);
        assert!("5:4".parse::<Condition>().is_err());
    }

    #[test]
    fn a_refused_lock_names_its_range() {
        let error = StepLock::Pitch(25).checked().unwrap_err();
        assert_eq!(error.to_string(), "pitch is 25; it must lie between -24 and 24");
        assert!(StepLock::Volume(f32::NAN).checked().is_err());
    }

    #[test]
    fn every_lock_that_is_set_can_be_cleared() {
        let mut step = Step::default();
        let condition = Condition::from_parts(1, 2).unwrap();
        for lock in [
            StepLock::Pitch(3),
            StepLock::Volume(0.4),
            StepLock::Tie,
            StepLock::GateLength(50),
            StepLock::Chance(50),
            StepLock::Ratchet(3),
            StepLock::Nudge(-10),
            StepLock::Condition(condition),
        ] {
            step.set(lock);
            assert_eq!(step.step_locks().collect::<Vec<_>>(), [lock]);
            step.clear(lock.kind());
            assert!(step.is_blank());
        }
    }
}
