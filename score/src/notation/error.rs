//! Why a text is not a pattern.

use crate::catalogue::ValueError;
use crate::pattern::MAX_STEPS;
use crate::step::{LockKind, OutOfRange};

/// Why a text is not a pattern. Columns count characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotationError {
    /// More text than any pattern needs.
    #[error("the line has {0} bytes; at most {max} are read", max = super::MAX_LINE_BYTES)]
    TooLong(usize),
    /// No cell at all.
    #[error("there is no step: write one cell per step, such as `X...x...`")]
    Empty,
    /// More cells than a pattern can have.
    #[error("there are more than {MAX_STEPS} steps; a pattern has 1 to {MAX_STEPS}")]
    TooManySteps,
    /// Something that is no cell.
    #[error(
        "column {column}: `{found}` is not a step; use X (velocity 1.0), x (0.7), o (0.4), _ (tie) or . (off), then locks such as {{5:pitch=3}}"
    )]
    Cell {
        /// Where.
        column: usize,
        /// What stands there.
        found: char,
    },
    /// Something else was expected.
    #[error("column {column}: expected {expected}, found {found}")]
    Expected {
        /// Where.
        column: usize,
        /// What stands there, quoted.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// A lock on a step that the pattern does not have.
    #[error("column {column}: there is no step {found}; the pattern has steps 1 to {length}")]
    NoSuchStep {
        /// Where.
        column: usize,
        /// The step's number as written.
        found: String,
        /// The pattern's length.
        length: usize,
    },
    /// A lock that nobody knows.
    #[error(
        "column {column}: `{found}` is not a lock; use {locks}, notes, or the id of a parameter such as cutoff or delay.wet (in quotes if this version does not know it)",
        locks = LockKind::ALL.map(LockKind::word).join(", ")
    )]
    UnknownLock {
        /// Where.
        column: usize,
        /// The word.
        found: String,
    },
    /// A lock's value outside its range.
    #[error("column {column}: {error}")]
    OutOfRange {
        /// Where.
        column: usize,
        /// Which lock, and its range.
        error: OutOfRange,
    },
    /// A parameter's value outside its range.
    #[error("column {column}: {error}")]
    Parameter {
        /// Where.
        column: usize,
        /// Which parameter, and its range.
        error: ValueError,
    },
    /// A value of another kind.
    #[error("column {column}: {what} cannot be `{found}`: give {allowed}")]
    Value {
        /// Where.
        column: usize,
        /// Which lock.
        what: &'static str,
        /// The text.
        found: String,
        /// What would be accepted.
        allowed: &'static str,
    },
}

impl NotationError {
    /// The character that it is about, counted from 1; `None` where it is about the whole line.
    pub const fn column(&self) -> Option<usize> {
        match self {
            Self::TooLong(_) | Self::Empty | Self::TooManySteps => None,
            Self::Cell { column, .. }
            | Self::Expected { column, .. }
            | Self::NoSuchStep { column, .. }
            | Self::UnknownLock { column, .. }
            | Self::OutOfRange { column, .. }
            | Self::Parameter { column, .. }
            | Self::Value { column, .. } => Some(*column),
        }
    }
}
