//! Why an edit's words were not understood.

use score::step::OutOfRange;

/// Why an edit's words were not understood: what was wrong, the value, what is allowed.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(crate) enum WordsError {
    /// No word at all.
    #[error("an edit is missing; `offbeat edit --help` lists what can be edited")]
    Empty,
    /// A quote without its partner.
    #[error("a quote is not closed in `{0}`")]
    Quote(String),
    /// A first word that no edit starts with.
    #[error("`{verb}` is not an edit{hint}; `offbeat edit --help` lists them")]
    Verb {
        /// The word.
        verb: String,
        /// A guess at what was meant, or nothing.
        hint: String,
    },
    /// Too few words.
    #[error("{what} is missing; usage: {usage}")]
    Missing {
        /// The missing part.
        what: &'static str,
        /// How the edit is written.
        usage: &'static str,
    },
    /// Too many words.
    #[error("`{word}` is too much; usage: {usage}")]
    Extra {
        /// The first word that is left over.
        word: String,
        /// How the edit is written.
        usage: &'static str,
    },
    /// A word that is not what its place wants.
    #[error("`{word}` is not {wanted}; usage: {usage}")]
    NotA {
        /// The word.
        word: String,
        /// What the place wants.
        wanted: String,
        /// How the edit is written.
        usage: &'static str,
    },
    /// A track, scene or version that is not there.
    #[error("no {what} `{word}` in this session; it has {present}")]
    Unknown {
        /// Track, scene or version.
        what: &'static str,
        /// The word.
        word: String,
        /// What there is.
        present: String,
    },
    /// A name that several tracks have.
    #[error("{count} tracks are called `{word}`; say which by position or id: {present}")]
    Ambiguous {
        /// How many.
        count: usize,
        /// The name.
        word: String,
        /// Their positions and ids.
        present: String,
    },
    /// A sample's file that nobody has read.
    #[error("`{0}` cannot be brought in from here; use `offbeat edit SESSION add-sample FILE`")]
    NotBrought(String),
    /// A track that plays no sample.
    #[error("the track plays `{0}`, which is no sample; `add-sample FILE` adds a track that plays one")]
    NoSample(String),
    /// A name or a text that is too long to be kept.
    #[error("the {what} has {chars} characters, and at most {max} are kept; shorten it")]
    TooLong {
        /// What it names.
        what: &'static str,
        /// How long it is.
        chars: usize,
        /// How long it may be.
        max: usize,
    },
    /// A number outside its range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A parameter's value that it cannot take.
    #[error(transparent)]
    Value(#[from] score::catalogue::ValueError),
    /// A pattern in notation that cannot be read.
    #[error(transparent)]
    Notation(#[from] score::notation::NotationError),
}

impl WordsError {
    /// Whether the words are right and the session is not as they assume: another session, or an edit before this one, could
    /// make them fit.
    pub(crate) fn is_of_session(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::Ambiguous { .. } | Self::NoSample(_))
    }
}
