//! Why a session could not be served.

use crate::storage::StorageError;

/// Why a session could not be opened, or refused. None of these names the session: knowing its id is the permission to join it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomError {
    /// There is no such session here.
    #[error("this server has no such session")]
    Missing,
    /// The session is known, but nothing of it has arrived.
    #[error("nothing of this session has arrived here yet")]
    Empty,
    /// The storage does not give it, or does not take it.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What is kept of the session is no session.
    #[error("what is kept of this session cannot be opened: {0}")]
    Load(String),
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers: {0}")]
    Random(String),
    /// The session refuses a command.
    #[error("{0}")]
    Refused(String),
    /// As many sessions are open as may be.
    #[error("this server has as many sessions open as it can")]
    TooManyOpen,
    /// The server stops, or the session has just closed.
    #[error("the session has just closed")]
    Closed,
}
