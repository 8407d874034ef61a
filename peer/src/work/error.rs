//! What can go wrong with a piece of work, in words for the player.

use crate::home::HomeError;
use crate::net::{NetError, TicketError};
use crate::server::{InvitationError, ServerError};
use crate::session::SessionError;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// The home cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The session did not do what it was asked.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The network did not.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The invitation is none.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// A server did not.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// What was given to join with leads nowhere.
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    /// The inviter cannot be reached.
    #[error("{0}; ask the other player for a fresh ticket if theirs has changed networks")]
    Unreached(String),
    /// No window is open.
    #[error("no window of this home is open")]
    NoWindow,
    /// There is no room for another session.
    #[error("{0} sessions are open in this process, which is as many as it holds; close some")]
    TooManyOpen(usize),
    /// A session's task has died.
    #[error("a session has crashed; what was reported as saved is safe: {0}")]
    Crashed(String),
    /// It failed, for a reason that was told in words.
    #[error("{0}")]
    Failed(String),
}
