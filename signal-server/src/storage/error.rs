//! What can go wrong with what is kept.

use std::path::PathBuf;

/// Why something was not kept or not found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The folder or file cannot be used.
    #[error("cannot open {}: {reason}", path.display())]
    Open {
        /// Which.
        path: PathBuf,
        /// What stood in the way.
        reason: String,
    },
    /// Another version of the program has written it.
    #[error("{} is of version {found}; this program reads version {known}: use the newer program", path.display())]
    Version {
        /// Which file.
        path: PathBuf,
        /// The version that it says.
        found: i64,
        /// The version that is known here.
        known: i64,
    },
    /// A row is longer than any may be.
    #[error("{0} bytes for one row; at most {max} are kept", max = super::MAX_ROW_BYTES)]
    TooLong(usize),
    /// Rows were handed over for a session that was never founded, or was forgotten.
    #[error("this session is not here")]
    NoSession,
    /// The database refuses.
    #[error("the database refuses: {0}")]
    Database(String),
    /// What is kept cannot be read: it was damaged, or written by a newer program.
    #[error("what is kept of {what} cannot be read")]
    Unreadable {
        /// Of what.
        what: &'static str,
    },
    /// The storage has been closed.
    #[error("the server is stopping")]
    Closed,
}
