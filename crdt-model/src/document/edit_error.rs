//! Why an edit was refused.

use score::catalogue::ValueError;
use score::id::{EntryId, SampleHash};
use score::step::OutOfRange;
use score::track::MAX_TRACKS;
use score::{SceneId, TrackId, VersionId};

use super::schema::{MAX_PARAMETER_BYTES, MAX_SLICES};
use crate::trust::Refusal;

/// Why an edit was refused. The document is as it was before.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The session's first change has not arrived.
    #[error("this session has not arrived yet: connect to a player who has it, then edit")]
    Empty,
    /// No track has this id.
    #[error("there is no track {0} in this session")]
    UnknownTrack(TrackId),
    /// No scene has this id.
    #[error("there is no scene {0} in this session")]
    UnknownScene(SceneId),
    /// No entry of the song has this id.
    #[error("there is no entry {0} in this session's song")]
    UnknownEntry(EntryId),
    /// No sample has this hash.
    #[error("there is no sample {0} in this session")]
    UnknownSample(SampleHash),
    /// No version has this id, or its state is not here.
    #[error("there is no version {0} in this session, or its history has not arrived")]
    UnknownVersion(VersionId),
    /// The heads do not name a state that is here.
    #[error("that state of the session is not here: its history has not arrived")]
    UnknownState,
    /// The id of something to be made is taken.
    #[error("{what} {id} exists: choose another id")]
    Exists {
        /// What was to be made.
        what: &'static str,
        /// The id that is taken.
        id: String,
    },
    /// The session is full.
    #[error("a session plays {MAX_TRACKS} tracks at most: remove one first")]
    TooManyTracks,
    /// A number outside its range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A value that its parameter cannot take.
    #[error(transparent)]
    Parameter(#[from] ValueError),
    /// The parameter belongs elsewhere.
    #[error("{parameter} is no parameter of {of}")]
    WrongParameter {
        /// The parameter's id.
        parameter: String,
        /// Where it was to be set.
        of: &'static str,
    },
    /// A text that cannot be a parameter's id.
    #[error(
        "`{0}` is not the id of a parameter: give at most {MAX_PARAMETER_BYTES} letters, digits and signs without blanks"
    )]
    NotAParameter(String),
    /// A text that is too long or empty.
    #[error("{field} has {chars} characters; it must have {min} to {max}, control characters not counted")]
    TextLength {
        /// What was to be set.
        field: &'static str,
        /// How many characters it has.
        chars: usize,
        /// The fewest that it may have.
        min: usize,
        /// The most that it may have.
        max: usize,
    },
    /// Cuts that do not ascend, are too many, or lie past the sample's end.
    #[error(
        "slices must be at most {MAX_SLICES} ascending frame numbers below the sample's length of {frames} frames"
    )]
    BadSlices {
        /// The sample's length.
        frames: u64,
    },
    /// A message or version in the name of someone else.
    #[error("messages and versions are written in one's own name")]
    NotYourName,
    /// The edit writes too much at once.
    #[error("the edit writes {writes} values; it must write at most {max}: split it")]
    TooLarge {
        /// How many registers it would write.
        writes: usize,
        /// The most that one change may.
        max: usize,
    },
    /// Edits within edits within edits.
    #[error("edits may contain each other {max} deep at most")]
    TooDeep {
        /// How deep they may.
        max: usize,
    },
    /// The change would be refused everywhere.
    #[error("the change cannot be shared: {0}")]
    Refused(#[from] Refusal),
    /// The document broke the write.
    #[error("the document cannot be written there: {0}")]
    Document(String),
}
