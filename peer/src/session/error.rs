//! What can go wrong with an open session, in words for the player.

use crdt_model::{EditError, LoadError};
use score::id::SessionId;

use crate::store::StoreError;

/// Why a session could not be opened, or did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Its store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored is no session of this version.
    #[error("the session {session} does not open: {source}")]
    Load {
        /// The session.
        session: SessionId,
        /// What is wrong with it.
        source: LoadError,
    },
    /// A stored record cannot be read.
    #[error("the session {session} holds a {what} that cannot be read; was it written by a later Offbeat?")]
    Unreadable {
        /// The session.
        session: SessionId,
        /// What kind of record it is.
        what: &'static str,
    },
    /// The folder holds no session.
    #[error("the session {0} is not here, or its beginning has been lost")]
    Missing(SessionId),
    /// A session could not be founded.
    #[error("the session could not be made: {0}")]
    Found(#[from] EditError),
    /// The session refused a command, and says why.
    #[error("{0}")]
    Refused(String),
    /// Edits are in memory and with the peers, but not on the disk.
    #[error("not saved: {0}")]
    NotSaved(String),
    /// The operating system gave no random bytes.
    #[error("the operating system gives no random numbers: {0}")]
    Random(String),
    /// The session has been closed.
    #[error("the session is closed")]
    Closed,
}
